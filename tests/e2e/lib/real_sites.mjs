// The recorded sites of ../shared/corpus/real-sites.
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { shared } from './waymark.mjs';

export const root = shared('corpus/real-sites');
export const names = ['Wikipedia', 'Baidu', 'Sina', 'GoogleJapan', 'Reddit', 'Youtube', 'VK', 'Facebook'];

/** The site's WARC, its front page (the largest 200 HTML capture of a root) with its time, and pywb's index of it. */
export async function recorded(name) {
  const folder = path.join(root, name);
  const warc = path.join(folder, (await readdir(folder)).find((file) => file.endsWith('.warc.gz')));
  const lines = (await readFile(path.join(folder, 'pywb.cdxj'), 'utf8')).split('\n').filter(Boolean);
  const rows = lines.map((line) => ({ timestamp: /^\S+ (\d+)/.exec(line)[1], ...JSON.parse(line.replace(/^\S+ \d+ /, '')) }));
  const fronts = rows.filter((row) => row.mime === 'text/html' && row.status === '200' && new URL(row.url).pathname === '/' && !row.url.includes('?'));
  const front = fronts.toSorted((a, b) => Number(b.length) - Number(a.length))[0];
  return { name, warc, rows, front: front?.url, timestamp: front?.timestamp };
}

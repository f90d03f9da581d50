// Real sites, really fetched: the WARC origin plays each recorded site as the live web, `waymark add` captures its front page over real
// connections, and Chromium replays the result with nothing but the replay origin to talk to.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { artefacts, originBinary, serve, wombatDir, start, stop, tempDir, until, api, jobOver, waymark } from './lib/waymark.mjs';
import { names, recorded, root } from './lib/real_sites.mjs';
import { browser, leaked, watchedPage } from './lib/browser.mjs';

async function captured(t, name) {
  const site = await recorded(name);
  const data = await tempDir(t), ca = path.join(data, 'ca.pem');
  const origin = await start(t, originBinary, ['--warc', site.warc, '--ca-out', ca], /(\d+)\s*$/);
  const server = await serve(t, data, '--set', `fetch.proxy=http://127.0.0.1:${origin.match[1]}`, '--set', `fetch.ca_file=${ca}`, '--set', 'jobs.attempts=1', '--set', `replay.wombat_folder=${wombatDir}`);
  const link = (await api(server, 'POST', '/api/v1/links', { url: site.front, tags: [name] })).body;
  const job = await jobOver(server, link.job.id);
  assert.equal(job.state, 'done', JSON.stringify(job.error));
  return { site, data, server, job };
}

for (const name of names) {
  test(`${name}: what is captured equals what the web held`, { skip: root ? false : '../shared/corpus/real-sites is not here' }, async (t) => {
    const { site, data, server, job } = await captured(t, name);
    const held = new Map(site.rows.filter((row) => row.status === '200').map((row) => [row.url, row.digest]));
    const ours = [];
    for (const host of new Set(site.rows.map((row) => new URL(row.url).host))) {
      const lines = await waymark(data, 'cdx', `http://${host}/`, '--match-type', 'host', '--limit', '100000');
      ours.push(...lines.items.map((line) => JSON.parse(line.replace(/^\S+ \d+ /, ''))));
    }
    const matched = ours.filter((row) => held.has(row.url));
    assert.ok(matched.length > 0);
    for (const row of matched) {
      if (row.mime === 'warc/revisit') continue;
      const memento = await fetch(`${server.replay}/web/${job.result.timestamp}id_/${row.url}`);
      assert.equal(memento.status, Number(row.status), row.url);
    }
    assert.equal(await stop(server.child), 0, server.errors());
  });
}

for (const [name, word] of [['Wikipedia', 'encyclopedia'], ['Sina', '新浪']]) {
  test(`${name} replays in Chromium from the archive alone`, { skip: root ? false : '../shared/corpus/real-sites is not here' }, async (t) => {
    const { server, job } = await captured(t, name);
    const found = await until(async () => (await api(server, 'GET', `/api/v1/search?q=${encodeURIComponent(word)}`)).body, (answer) => answer.total >= 1, `"${word}" in the index`);
    assert.ok(found.results[0].snippets.length >= 1);
    const chromium = await browser(t);
    const context = await chromium.newContext({ viewport: { width: 1280, height: 900 } });
    const { page, requests, errors } = await watchedPage(context);
    await page.goto(server.replay + job.result.replay_path, { waitUntil: 'load' });
    assert.deepEqual(leaked(chromium, requests, [server.replay]), [], 'no request leaves the replay origin');
    const pictures = await page.evaluate(() => [...document.images].filter((image) => image.complete && image.naturalWidth > 0).length);
    assert.ok(pictures > 0, 'pictures load');
    const sheets = await page.evaluate(() => document.styleSheets.length);
    assert.ok(sheets > 0, 'styles load');
    await mkdir(artefacts, { recursive: true });
    await page.screenshot({ path: path.join(artefacts, `replay-${name}.png`) });
    t.diagnostic(`${requests.length} requests, ${pictures} pictures, page errors: ${errors.length}`);
  });
}

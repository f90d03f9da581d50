// The WARC files alone are enough: kill -9 while links change, then both indexes made anew without the old ones, come out equal.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import test from 'node:test';
import { api, binary, jobOver, serve, shared, stop, tempDir, until, waymark } from './lib/waymark.mjs';
import { site } from './lib/site.mjs';

const allow = ['--set', 'fetch.allow_private=true', '--set', 'jobs.host_pause=0ms', '--set', 'jobs.per_host=4', '--set', 'fetch.parallel=4'];

/** What a user sees of an archive. */
async function seen(server, web) {
  const answers = {};
  for (const target of ['/api/v1/links?limit=1000', '/api/v1/tags', '/api/v1/search?q=herons', '/api/v1/search?q=%E9%B8%9F', '/api/v1/search?q=noted', '/api/v1/search?q=%23birds']) {
    answers[target] = (await api(server, 'GET', target)).body;
  }
  const links = answers['/api/v1/links?limit=1000'].links;
  for (const link of links) {
    link.job = null; // jobs are of the database alone
    answers[link.id] = (await api(server, 'GET', `/api/v1/links/${link.id}/snapshots`)).body;
  }
  answers.cdx = (await (await fetch(`${server.app}/api/v1/cdx?url=${encodeURIComponent(web)}&matchType=host`)).text()).split('\n');
  return answers;
}

function lint(t, files) {
  const tool = shared('tools/warc_lint.py');
  if (!tool) { t.diagnostic('skipped: warc_lint.py is not here'); return; }
  const said = spawnSync('python3', [tool, '--profile', 'strict', '--no-warn', ...files], { encoding: 'utf8' });
  assert.equal(said.status, 0, said.stdout + said.stderr);
}

test('links, tags and notes survive the loss of the whole database', async (t) => {
  const data = await tempDir(t);
  const web = await site(t, {
    '/a': ['text/html', '<title>A</title><p>grey herons 鸟类学'],
    '/b': ['text/html', '<title>B</title><p>white herons'],
  });
  const first = await serve(t, data, ...allow);
  const ids = [];
  for (const page of ['/a', '/b', '/a?again']) {
    const link = (await api(first, 'POST', '/api/v1/links', { url: web.url + page, tags: ['Birds', '读书'], notes: `noted ${page}` })).body;
    ids.push(link.id);
    await jobOver(first, link.job.id);
  }
  // Changes one after the other, and the end comes in the middle of them.
  let acknowledged = 0;
  const changing = (async () => {
    for (let i = 0; ; ++i) {
      const answer = await api(first, 'PATCH', `/api/v1/links/${ids[0]}`, { notes: `noted ${i}` }).catch(() => null);
      if (!answer) return;
      acknowledged = i;
    }
  })();
  await until(async () => acknowledged, (count) => count >= 20, 'some changes');
  await stop(first.child, 'SIGKILL');
  await changing;

  const second = await serve(t, data, ...allow);
  await api(second, 'DELETE', `/api/v1/links/${ids[2]}`);
  const kept = (await api(second, 'GET', `/api/v1/links/${ids[0]}`)).body;
  assert.ok(Number(kept.notes.split(' ')[1]) >= acknowledged, 'what was acknowledged is there');
  await until(async () => (await api(second, 'GET', '/api/v1/search?q=herons')).body.total, (total) => total === 2, 'both pages to be found');
  const refused = await waymark(data, 'reindex');
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /server runs/);
  const before = await seen(second, web.url);
  assert.equal(await stop(second.child), 0, second.errors());
  const journal = (await readdir(`${data}/warcs/_links`)).map((name) => `${data}/warcs/_links/${name}`);
  lint(t, journal);
  const checked = await waymark(data, 'verify');
  assert.equal(checked.code, 0, checked.text);

  // A reindex that is killed leaves all as it was; at whatever moment.
  for (const delay of [50, 150, 400]) {
    const child = spawn(binary, ['reindex', '--data', data], { stdio: 'ignore' });
    const ended = once(child, 'exit');
    setTimeout(() => child.kill('SIGKILL'), delay);
    await ended;
  }
  await rm(`${data}/db`, { recursive: true });
  await rm(`${data}/search`, { recursive: true });
  const made = await waymark(data, 'reindex');
  assert.equal(made.code, 0, made.errors);
  assert.equal(made.items.at(-1).findings, 0, made.text);
  assert.equal(made.items.at(-1).accounts_kept, false);
  assert.equal(existsSync(`${data}/reindex`), false);
  const third = await serve(t, data, ...allow);
  assert.deepEqual(await seen(third, web.url), before);
  const added = (await api(third, 'POST', '/api/v1/links', { url: `${web.url}/new`, capture: false })).body;
  assert.ok(added.id > ids[2], 'numbers are not given out again');
  assert.equal(await stop(third.child), 0, third.errors());
});

// kill -9 in the middle of a capture: nothing half is seen, the job runs again, earlier data is intact.
import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import test from 'node:test';
import { api, jobOver, serve, stop, tempDir, until, waymark } from './lib/waymark.mjs';
import { png, site } from './lib/site.mjs';

const allow = ['--set', 'fetch.allow_private=true', '--set', 'jobs.host_pause=0ms', '--set', 'jobs.per_host=4'];

test('kill -9 during a capture', async (t) => {
  const data = await tempDir(t);
  let hold = true, asked;
  const reached = new Promise((resolve) => { asked = resolve; });
  const web = await site(t, {
    '/good': ['text/html', '<title>Good</title><p>earlier words</p>'],
    '/slow': ['text/html', '<title>Slow</title><p>later words</p><img src="/held.png">'],
    '/held.png': (request, response) => {
      if (hold) { asked(); return; } // never answered: the capture hangs here
      response.writeHead(200, { 'Content-Type': 'image/png' });
      response.end(png);
    },
  });
  const first = await serve(t, data, ...allow);
  const good = (await api(first, 'POST', '/api/v1/links', { url: `${web.url}/good` })).body;
  assert.equal((await jobOver(first, good.job.id)).state, 'done');
  await until(async () => (await api(first, 'GET', '/api/v1/search?q=earlier')).body, (answer) => answer.total === 1, 'the earlier page');
  const slow = (await api(first, 'POST', '/api/v1/links', { url: `${web.url}/slow` })).body;
  await reached;
  await stop(first.child, 'SIGKILL');
  hold = false;

  const second = await serve(t, data, ...allow);
  const job = await jobOver(second, slow.job.id);
  assert.equal(job.state, 'done', JSON.stringify(job));
  assert.equal((await api(second, 'GET', `/api/v1/links/${slow.id}/snapshots`)).body.snapshots.length, 1);
  const lines = (await waymark(data, 'cdx', web.url, '--match-type', 'host')).items.filter((line) => !line.includes('/favicon.ico'));
  assert.equal(lines.length, 3, 'the good page, the slow page and its picture, each once');
  assert.match(await (await fetch(`${second.replay}/web/id_/${web.url}/good`, { redirect: 'follow' })).text(), /earlier words/);
  await until(async () => (await api(second, 'GET', '/api/v1/search?q=later')).body, (answer) => answer.total === 1, 'the later page');
  assert.equal((await api(second, 'GET', '/api/v1/search?q=earlier')).body.total, 1);
  const left = (await readdir(`${data}/warcs`, { recursive: true })).filter((name) => name.endsWith('.open'));
  assert.deepEqual(left, [], 'unfinished files are gone');
  assert.equal(await stop(second.child), 0, second.errors());
});

test('SIGTERM during a capture puts the job back and ends in order', async (t) => {
  const data = await tempDir(t);
  let hold = true, asked;
  const reached = new Promise((resolve) => { asked = resolve; });
  const web = await site(t, { '/': (request, response) => { if (hold) { asked(); return; } response.writeHead(200, { 'Content-Type': 'text/html' }); response.end('<p>words'); } });
  const first = await serve(t, data, ...allow);
  const link = (await api(first, 'POST', '/api/v1/links', { url: `${web.url}/` })).body;
  await reached;
  assert.equal(await stop(first.child), 0, first.errors());
  hold = false;
  const second = await serve(t, data, ...allow);
  const job = await jobOver(second, link.job.id);
  assert.equal(job.state, 'done');
  assert.equal(job.attempts, 1, 'the shutdown was not its fault');
});

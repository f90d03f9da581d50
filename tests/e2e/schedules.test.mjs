// What is to be archived again: by tag, by search, by link; and what came of it.
import assert from 'node:assert/strict';
import test from 'node:test';
import { serve, tempDir } from './lib/waymark.mjs';
import { site } from './lib/site.mjs';

const call = async (server, method, path, body) => {
  const answer = await fetch(server.app + path, { method, body: body && JSON.stringify(body), headers: body ? { 'Content-Type': 'application/json' } : {} });
  const text = await answer.text();
  return { status: answer.status, json: text ? JSON.parse(text) : null };
};

async function until(condition, what) {
  const end = Date.now() + 30000;
  while (Date.now() < end) {
    const value = await condition();
    if (value) return value;
    await new Promise((done) => setTimeout(done, 50));
  }
  assert.fail(`waited in vain until ${what}`);
}

const newest = async (server, id) => (await call(server, 'GET', `/api/v1/links/${id}`)).json;
const finished = (server, id, job) => until(async () => {
  const link = await newest(server, id);
  return link.job && link.job.id > job && link.job.state === 'done' && link;
}, 'the capture is done');

/** Snapshots are told apart by the second they were made in. */
const laterThan = (timestamp) => until(() => new Date().toISOString().replace(/\D/g, '').slice(0, 14) > timestamp, 'the clock goes on');

test('a schedule captures its links again and tells whether the page changed', async (t) => {
  const data = await tempDir(t);
  const pages = { '/': ['text/html', '<title>News</title><p>first edition</p>'] };
  const web = await site(t, pages);
  const server = await serve(t, data, '--set', 'fetch.allow_private=true', '--set', 'jobs.host_pause=0ms');
  const added = await call(server, 'POST', '/api/v1/links', { url: `${web.url}/`, tags: ['news'] });
  assert.equal(added.status, 201);
  const id = added.json.id;
  const first = await finished(server, id, 0);
  assert.equal(first.job.result.changed, null, 'there is nothing to compare the first one with');

  const made = await call(server, 'POST', '/api/v1/schedules', { when: 'every 7d', tag: 'news' });
  assert.equal(made.status, 201, JSON.stringify(made.json));
  assert.ok(Date.parse(made.json.next) > Date.now() + 6 * 86400e3);
  const run = () => call(server, 'POST', `/api/v1/schedules/${made.json.id}/run`);
  await laterThan(first.snapshot.timestamp);
  assert.equal((await run()).status, 202);
  const second = await finished(server, id, first.job.id);
  assert.equal(second.job.result.changed.page, false);
  assert.equal(second.job.result.changed.since, first.snapshot.timestamp);

  await until(async () => (await call(server, 'GET', `/api/v1/schedules/${made.json.id}`)).json.last_queued === 1, 'the run is noted');
  pages['/'] = ['text/html', '<title>News</title><p>second edition</p>'];
  await laterThan(second.snapshot.timestamp);
  assert.equal((await run()).status, 202);
  const third = await finished(server, id, second.job.id);
  assert.equal(third.job.result.changed.page, true);

  assert.equal((await call(server, 'POST', '/api/v1/schedules', { when: '0 3 * * mon', search: 'edition' })).status, 201);
  assert.equal((await call(server, 'POST', '/api/v1/schedules', { when: '0 3 * * mon', link: String(id) })).status, 201);
  for (const wrong of [{ when: 'now and then', tag: 'x' }, { when: 'every 7d' }, { tag: 'x' }, { when: 'every 7d', tag: 'x', search: 'y' }]) {
    assert.equal((await call(server, 'POST', '/api/v1/schedules', wrong)).status, 400, JSON.stringify(wrong));
  }
  assert.equal((await call(server, 'POST', '/api/v1/schedules', { when: 'every 7d', link: '999' })).status, 404);
  const list = (await call(server, 'GET', '/api/v1/schedules')).json;
  assert.equal(list.total, 3);
  for (const one of list.schedules) assert.equal((await call(server, 'DELETE', `/api/v1/schedules/${one.id}`)).status, 204);
  assert.equal((await call(server, 'DELETE', `/api/v1/schedules/${made.json.id}`)).status, 404);
});

// Links, tags, rules and searches as a user keeps them: over REST, by search, on the command line; and the description of the API.
import assert from 'node:assert/strict';
import test from 'node:test';
import { Validator } from '@seriousme/openapi-schema-validator';
import { api, jobOver, serve, stop, tempDir, until, waymark } from './lib/waymark.mjs';
import { png, site } from './lib/site.mjs';

const allow = ['--set', 'fetch.allow_private=true', '--set', 'jobs.host_pause=0ms', '--set', 'jobs.attempts=1'];
const pages = {
  '/': ['text/html; charset=utf-8', '<!doctype html><title>Heron notes</title><link rel="icon" href="/i.png" sizes="32x32"><meta property="og:image" content="/p.png"><img src="/p.png"><p>图书馆里的白鹭 stand still.'],
  '/old': ['text/html', '<title>Old</title><p>An old page.'],
  '/i.png': ['image/png', png], '/p.png': ['image/png', png],
};
const found = async (server, query) => (await api(server, 'GET', `/api/v1/links?q=${encodeURIComponent(query)}`)).body.links.map((link) => link.id).toSorted();
const finds = (server, query, ids) => until(() => found(server, query), (now) => JSON.stringify(now) === JSON.stringify(ids), `${query} to find ${ids}`);

test('states, tags and rules are searched, and the page gives its pictures', async (t) => {
  const data = await tempDir(t), web = await site(t, pages);
  const server = await serve(t, data, ...allow);
  assert.equal((await api(server, 'POST', '/api/v1/rules', { text: '/白鹭|heron/', tags: ['birds/herons'] })).status, 201);
  const first = (await api(server, 'POST', '/api/v1/links', { url: `${web.url}/`, tags: ['读书'], unread: true })).body;
  const gone = (await api(server, 'POST', '/api/v1/links', { url: `${web.url}/missing` })).body;
  for (const link of [first, gone]) await jobOver(server, link.job.id);
  const captured = (await api(server, 'GET', `/api/v1/links/${first.id}`)).body;
  assert.deepEqual(captured.tags, ['birds/herons', '读书']);
  for (const picture of [captured.favicon, captured.preview]) {
    const response = await fetch(server.app + picture);
    assert.equal(response.status, 200, picture);
    assert.equal(response.headers.get('content-type'), 'image/png');
    assert.match(response.headers.get('content-security-policy'), /sandbox/);
  }
  assert.equal((await api(server, 'GET', `/api/v1/links/${gone.id}`)).body.broken, 'HTTP 404');
  await finds(server, '白鹭 is:unread', [first.id]);
  await finds(server, '#birds', [first.id]);
  await finds(server, 'is:broken', [gone.id]);
  assert.equal((await api(server, 'PATCH', `/api/v1/links/${first.id}`, { unread: false, archived: true, favourite: true })).status, 200);
  await finds(server, 'is:unread', []);
  await finds(server, 'is:archived is:fav', [first.id]);

  // The trash hides a link from searches with its page's text, and gives both back.
  assert.equal((await api(server, 'DELETE', `/api/v1/links/${first.id}`)).status, 204);
  await finds(server, '白鹭', []);
  await finds(server, '白鹭 is:trashed', [first.id]);
  const back = await waymark(data, 'restore', '--link', String(first.id));
  assert.equal(back.code, 0, back.errors);
  await finds(server, '白鹭', [first.id]);

  // All that a search finds, at once.
  const bulk = await api(server, 'POST', '/api/v1/links/bulk', { query: 'is:broken', add_tags: ['dead'], deleted: true });
  const job = await jobOver(server, bulk.body.job_id);
  assert.equal(job.result.changed, 1, JSON.stringify(job));
  assert.equal((await api(server, 'GET', '/api/v1/links?state=trashed')).body.links[0].tags[0], 'dead');
});

test('a rename of many links that a crash interrupts comes to its end', async (t) => {
  const data = await tempDir(t);
  const first = await serve(t, data, ...allow);
  const lines = Array.from({ length: 700 }, (_, i) => i);
  for (let at = 0; at < lines.length; at += 50) {
    await Promise.all(lines.slice(at, at + 50).map((i) => api(first, 'POST', '/api/v1/links', { url: `http://a.example/${i}`, tags: ['ml/vision'], capture: false })));
  }
  const renamed = await api(first, 'PATCH', '/api/v1/tags/ml', { tag: 'ai' });
  assert.equal(renamed.status, 202);
  await stop(first.child, 'SIGKILL');
  const second = await serve(t, data, ...allow);
  // Until the last link has moved the old name means the new tag.
  await until(async () => (await api(second, 'GET', '/api/v1/tags/ml')).status, (status) => status === 404, 'the old name to be free');
  assert.equal((await api(second, 'GET', '/api/v1/links?tag=ml')).body.total, 0);
  assert.equal((await api(second, 'GET', '/api/v1/links?tag=ai')).body.total, 700);
});

test('the command line does the same', async (t) => {
  const data = await tempDir(t);
  const server = await serve(t, data, ...allow);
  assert.equal((await api(server, 'POST', '/api/v1/links', { url: 'http://a.example/a', tags: ['x'], capture: false })).status, 201);
  const through = await waymark(data, 'tag', 'set', 'y', '--colour', '#112233', '--alias', 'why');
  assert.equal(through.code, 0, through.errors);
  assert.equal(through.items[0].colour, '#112233');
  assert.equal((await waymark(data, 'edit', '1', '--title', 'One', '--tag', 'why', '--untag', 'x', '--unread', '--fav')).items[0].title, 'One');
  const listed = await waymark(data, 'ls', '--tag', 'y', '--state', 'unread', '--sort', 'title');
  assert.deepEqual(listed.items.map((link) => [link.id, link.tags, link.favourite]), [[1, ['y'], true]]);
  assert.equal((await waymark(data, 'tag', 'rename', 'y', 'z', '--keep-alias')).items[0].tag, 'z');
  assert.deepEqual((await waymark(data, 'tag', 'ls')).items.map((tag) => [tag.tag, tag.links]), [['x', 0], ['z', 1]]);
  assert.deepEqual((await waymark(data, 'tag', 'ls', '--unused')).items.map((tag) => tag.tag), ['x']);
  assert.equal((await waymark(data, 'tag', 'add', 'w', '1')).code, 0);
  assert.equal((await waymark(data, 'tag', 'add', 'w', '99')).code, 1);
  assert.equal((await waymark(data, 'rules', 'add', '--site', 'docs.example', '--tag', 'docs')).items[0].site, 'docs.example');
  assert.equal((await waymark(data, 'rules', 'add', '--url', '/(/', '--tag', 'docs')).code, 2);
  assert.equal((await waymark(data, 'rules', 'preview', '--site', 'a.example', '--tag', 'q')).items[0].id, 1);
  assert.equal((await waymark(data, 'searches', 'add', 'Later', 'is:unread')).items[0].query, 'is:unread');
  assert.equal((await waymark(data, 'searches', 'ls')).items.length, 1);
  assert.equal((await waymark(data, 'searches', 'delete', '1')).code, 0);
  assert.equal((await waymark(data, 'edit', '99', '--read')).code, 1);
  assert.equal((await waymark(data, 'edit', '1')).code, 2);
  assert.equal((await waymark(data, 'add', 'http://a.example/', '--set', 'server.listen=127.0.0.1:1')).code, 2);
});

test('the description of the API is OpenAPI 3.1', async (t) => {
  const server = await serve(t, await tempDir(t), ...allow);
  const document = (await api(server, 'GET', '/api/v1/openapi.json')).body;
  const checked = await new Validator().validate(document);
  assert.ok(checked.valid, JSON.stringify(checked.errors, null, 1));
});

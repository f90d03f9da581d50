// The main job, as a user does it: add a link, get a snapshot, find it, replay it; on the command line and over REST.
import assert from 'node:assert/strict';
import test from 'node:test';
import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { api, jobOver, serve, shared, stop, tempDir, until, waymark } from './lib/waymark.mjs';
import { png, site } from './lib/site.mjs';

const allow = ['--set', 'fetch.allow_private=true', '--set', 'jobs.host_pause=0ms', '--set', 'jobs.retry_after=10ms'];
const pages = () => ({
  '/': ['text/html; charset=utf-8', '<!doctype html><html lang="en"><title>Heron notes</title><link rel="stylesheet" href="/s.css"><h1>Herons</h1><p>The grey heron stands still. 图书馆里的白鹭</p><img src="/a.png" srcset="/b.png 2x"><a href="/other">other</a>'],
  '/s.css': ['text/css', 'body{background:url(/bg.png)}'],
  '/a.png': ['image/png', png], '/b.png': ['image/png', png], '/bg.png': ['image/png', png],
  '/other': ['text/html', '<title>Never fetched</title>'],
});

test('add, search and replay on the command line, without a server', async (t) => {
  const data = await tempDir(t), web = await site(t, pages());
  const added = await waymark(data, 'add', `${web.url}/`, '--tag', 'birds', '--tag', '读书', ...allow);
  assert.equal(added.code, 0, added.errors);
  const [item] = added.items;
  assert.equal(item.status, 'done');
  assert.equal(item.error, null);
  assert.match(item.snapshot.timestamp, /^\d{14}$/);
  assert.equal(item.snapshot.replay_path, `/web/${item.snapshot.timestamp}/${web.url}/`);
  assert.ok(item.snapshot.resources >= 5, JSON.stringify(item.snapshot));
  assert.ok(!web.asked.includes('/other'), 'a plain link is no requisite');

  for (const query of ['heron', 'herons still', '图书馆', '白鹭', '鹭', '#birds', '"grey heron"']) {
    const found = await waymark(data, 'search', query);
    assert.equal(found.code, 0, found.errors);
    assert.equal(found.items[0].total, 1, query);
    const [hit] = found.items[0].results;
    assert.equal(hit.link_id, item.id);
    assert.equal(hit.title, 'Heron notes');
    assert.deepEqual(hit.tags.toSorted(), ['birds', '读书'].toSorted());
    if (!query.startsWith('#')) assert.ok(hit.snippets.some((snippet) => snippet.includes('<mark>')), `${query}: ${JSON.stringify(hit.snippets)}`);
  }
  assert.equal((await waymark(data, 'search', 'flamingo')).items[0].total, 0);

  const cdx = await waymark(data, 'cdx', `${web.url}/`, '--match-type', 'host');
  assert.equal(cdx.items.length, item.snapshot.resources, cdx.text);
  assert.match(cdx.items[0], /^\S+ \d{14} \{"url":/);
});

test('the server does the same over REST, and the commands work through it', async (t) => {
  const data = await tempDir(t), web = await site(t, pages());
  const server = await serve(t, data, ...allow);
  const made = await api(server, 'POST', '/api/v1/links', { url: `${web.url}/`, tags: ['birds'], notes: 'seen at the lake' });
  assert.equal(made.status, 201);
  assert.equal(made.headers.get('location'), `/api/v1/links/${made.body.id}`);
  const job = await jobOver(server, made.body.job.id);
  assert.equal(job.state, 'done', JSON.stringify(job));

  const found = await until(async () => (await api(server, 'GET', `/api/v1/search?q=${encodeURIComponent('白鹭')}`)).body, (answer) => answer.total === 1, 'the page in the index');
  const path = found.results[0].replay_path;
  const memento = await fetch(server.replay + path);
  assert.equal(memento.status, 200);
  assert.ok(memento.headers.get('memento-datetime'));
  assert.match(memento.headers.get('content-security-policy'), /default-src/);
  const html = await memento.text();
  assert.match(html, /grey heron/);
  const raw = await fetch(server.replay + path.replace(/^(\/web\/\d+)/, '$1id_'));
  assert.equal(await raw.text(), pages()['/'][1]);

  // With the site gone, everything still comes from the archive.
  web.close();
  for (const [name, body] of [['/s.css', pages()['/s.css'][1]], ['/a.png', png], ['/bg.png', png]]) {
    const stored = await fetch(`${server.replay}/web/${found.results[0].timestamp}id_/${web.url}${name}`);
    assert.equal(stored.status, 200, name);
    assert.deepEqual(Buffer.from(await stored.arrayBuffer()), Buffer.from(body), name);
  }

  const through = await waymark(data, 'search', 'lake');
  assert.equal(through.items[0].total, 1, 'notes are found too');
  assert.equal((await waymark(data, 'cdx', `${web.url}/`)).items.length, 1);
  assert.equal(await stop(server.child), 0, server.errors());
});

test('a second capture of an unchanged page is revisits, and every version stays', async (t) => {
  const data = await tempDir(t);
  let text = 'first words';
  const web = await site(t, { '/': (request, response) => { response.writeHead(200, { 'Content-Type': 'text/html' }); response.end(`<title>T</title><p>${text}</p><img src="/a.png">`); }, '/a.png': ['image/png', png] });
  const server = await serve(t, data, ...allow);
  const link = (await api(server, 'POST', '/api/v1/links', { url: `${web.url}/` })).body;
  await jobOver(server, link.job.id);
  text = 'second words';
  await new Promise((resolve) => { setTimeout(resolve, 1100); }); // captures are a second apart in a CDX
  const again = await api(server, 'POST', `/api/v1/links/${link.id}/snapshots`);
  assert.equal(again.status, 202);
  const job = await jobOver(server, again.body.job_id);
  assert.equal(job.result.revisits, 2, `the picture and the answer for /favicon.ico: ${JSON.stringify(job.result)}`);
  const { snapshots } = (await api(server, 'GET', `/api/v1/links/${link.id}/snapshots`)).body;
  assert.equal(snapshots.length, 2);
  const [newer, older] = snapshots;
  assert.match(await (await fetch(server.replay + newer.replay_path)).text(), /second words/);
  assert.match(await (await fetch(server.replay + older.replay_path)).text(), /first words/);
  const picture = await fetch(`${server.replay}/web/${newer.timestamp}im_/${web.url}/a.png`);
  assert.deepEqual(Buffer.from(await picture.arrayBuffer()), png);
  for (const word of ['first', 'second']) {
    await until(async () => (await api(server, 'GET', `/api/v1/search?q=${word}`)).body, (answer) => answer.total === 1, `"${word}" of any version`);
  }
});

test('what cannot be captured fails with its reason and leaves no trace', async (t) => {
  const data = await tempDir(t), web = await site(t, {});
  web.close();
  const refused = await waymark(data, 'add', `${web.url}/`, 'http://127.0.0.1:1/', ...allow.slice(0, 0));
  assert.equal(refused.code, 1);
  for (const item of refused.items) {
    assert.equal(item.status, 'failed');
    assert.match(item.error, /address|private|loopback|port/i);
    assert.equal(item.snapshot, null);
  }
  const dead = await waymark(data, 'add', `${web.url}/`, ...allow);
  assert.equal(dead.code, 1);
  assert.ok(dead.items[0].error.length > 10);
  assert.equal((await waymark(data, 'cdx', `${web.url}/`, '--match-type', 'host')).text, '');
  for (const bad of [['add'], ['add', 'http://a.example/', '--engine', 'magic'], ['frobnicate'], ['search', 'x', '--limit', 'many'], ['add', 'http://a.example/', '--set', 'no.such=1']]) {
    assert.equal((await waymark(data, ...bad)).code, 2, bad.join(' '));
  }
  assert.equal((await waymark(data, 'add', 'ftp://a.example/')).code, 1);
});

test('errors of the API are told in one shape with the right status', async (t) => {
  const server = await serve(t, await tempDir(t));
  const cases = [
    ['POST', '/api/v1/links', { url: 'javascript:alert(1)' }, 400], ['POST', '/api/v1/links', {}, 400], ['POST', '/api/v1/links', { url: 'http://a.example/', nonsense: 1 }, 400],
    ['GET', '/api/v1/links/999', null, 404], ['GET', '/api/v1/links/abc', null, 404], ['GET', '/api/v1/links?limit=0', null, 400], ['PUT', '/api/v1/links', null, 405],
    ['GET', '/api/v1/nothing', null, 404], ['DELETE', '/api/v1/jobs/77', null, 404], ['POST', '/api/v1/imports', { path: 'relative.warc' }, 400],
  ];
  for (const [method, target, body, status] of cases) {
    const answer = await api(server, method, target, body);
    assert.equal(answer.status, status, `${method} ${target}`);
    assert.equal(typeof answer.body.error.code, 'string');
    assert.ok(answer.body.error.message.length > 5);
  }
  const cross = await fetch(`${server.app}/api/v1/links`, { method: 'POST', headers: { Origin: server.replay }, body: '{"url":"http://a.example/"}' });
  assert.equal(cross.status, 403, 'an archived page cannot write');
});

test('other tools have nothing to say about what is written', async (t) => {
  const data = await tempDir(t), web = await site(t, { ...pages(), '/moved': (request, response) => { response.writeHead(302, { Location: '/', 'Content-Type': 'text/html' }); response.end('<p>moved'); } });
  for (const start of ['/', '/moved', '/a.png', '/']) {
    const added = await waymark(data, 'add', web.url + start, ...allow);
    assert.equal(added.code, 0, added.errors);
  }
  const root = path.join(data, 'warcs');
  const warcs = (await readdir(root, { recursive: true })).filter((name) => name.endsWith('.warc.gz') && !name.startsWith('_links')) /* the journal has a test of its own */.map((name) => path.join(root, name));
  assert.equal(warcs.length, 4);
  const run = promisify(execFile);
  const warcio = path.join(import.meta.dirname, 'node_modules/warcio/dist/cli.js');
  for (const warc of warcs) {
    const { stdout } = await run(process.execPath, [warcio, 'index', warc]);
    assert.ok(stdout.split('\n').filter(Boolean).length >= 3, 'warcio reads every record');
  }
  const lint = shared('tools/warc_lint.py');
  if (!lint) return t.diagnostic('skipped: ../shared/tools/warc_lint.py is not here');
  await run('python3', [lint, ...warcs]); // rejects with what it says if it has anything to say
});

// A WACZ that Waymark exports and serves itself opens in wabac.js, the engine of ReplayWeb.page, in real Chromium: pages, text and pictures.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { existsSync } from 'node:fs';
import { browser, watchedPage } from './lib/browser.mjs';
import { api, jobOver, serve, shared, tempDir, waymark } from './lib/waymark.mjs';
import { png, site } from './lib/site.mjs';

const worker = path.join(import.meta.dirname, 'node_modules/@webrecorder/wabac/dist/sw.js');
const allow = ['--set', 'fetch.allow_private=true', '--set', 'jobs.host_pause=0ms'];

/** An export that is served; its address and size. */
async function servedExport(server, wish) {
  const begun = await api(server, 'POST', '/api/v1/exports', { format: 'wacz', ...wish });
  assert.equal(begun.status, 202, JSON.stringify(begun.body));
  const job = await jobOver(server, begun.body.job_id);
  assert.equal(job.state, 'done', JSON.stringify(job));
  return { url: server.app + job.result.path, ...job.result };
}

/** A page of another origin whose service worker is wabac; what it says is evaluated there. */
async function player(t, launched) {
  const script = await readFile(worker);
  const host = await site(t, { '/': ['text/html', '<!doctype html><title>player</title>'], '/sw.js': ['text/javascript', script] });
  const { page, errors } = await watchedPage(await launched.newContext());
  await page.goto(`${host.url}/`);
  await page.evaluate(async () => {
    await navigator.serviceWorker.register('/sw.js', { scope: '/' });
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) await new Promise((resolve) => { navigator.serviceWorker.addEventListener('controllerchange', resolve, { once: true }); setTimeout(resolve, 2000); });
  });
  await page.reload();
  const open = (name, sourceUrl) => page.evaluate(([coll, file]) => new Promise((resolve, reject) => {
    navigator.serviceWorker.addEventListener('message', ({ data }) => {
      if (data.name !== coll) return;
      if (data.msg_type === 'collAdded') resolve(data);
      if (data.msg_type === 'collProgress' && data.error) reject(new Error(data.error));
    });
    navigator.serviceWorker.startMessages();
    navigator.serviceWorker.controller.postMessage({ msg_type: 'addColl', name: coll, file: { sourceUrl: file } });
  }), [name, sourceUrl]);
  const ask = (target) => page.evaluate(async (at) => (await fetch(at)).json(), target);
  return { page, errors, host, open, ask };
}

/** The text and the pictures of a page that is replayed in a frame, as players do it. */
async function shown(page, address) {
  const loaded = await page.evaluateHandle((source) => new Promise((resolve) => {
    document.querySelector('iframe')?.remove();
    const frame = document.createElement('iframe');
    frame.addEventListener('load', () => resolve(frame), { once: true });
    frame.src = source;
    document.body.append(frame);
  }), address);
  const frame = await loaded.asElement().contentFrame();
  return frame.evaluate(async () => {
    const settled = Promise.all([...document.images].map((image) => image.decode().catch(() => {})));
    await Promise.race([settled, new Promise((resolve) => { setTimeout(resolve, 5000); })]);
    return { title: document.title, text: document.body.innerText, pictures: [...document.images].map((image) => image.naturalWidth) };
  });
}

const missing = !existsSync(worker) && 'npm @webrecorder/wabac is not installed';

test('a served export takes ranges from any site, and only for who knows its address', async (t) => {
  const data = await tempDir(t);
  const web = await site(t, { '/': ['text/html', '<title>Heron</title><p>The grey heron'] });
  assert.equal((await waymark(data, 'add', `${web.url}/`, ...allow)).code, 0);
  const server = await serve(t, data, ...allow);
  const one = await servedExport(server, { collection: 'web', name: 'birds' });
  assert.match(one.path, /^\/exports\/[0-9a-f]{32}\/birds\.wacz$/);
  const ask = (headers, method = 'GET') => fetch(one.url, { method, headers: { Origin: 'https://replayweb.page', ...headers } });
  const whole = await ask({});
  const bytes = Buffer.from(await whole.arrayBuffer());
  assert.equal(whole.status, 200);
  assert.equal(bytes.length, one.bytes);
  assert.equal(whole.headers.get('content-type'), 'application/wacz');
  for (const [header, first, last] of [['bytes=0-3', 0, 3], ['bytes=-22', one.bytes - 22, one.bytes - 1], [`bytes=${one.bytes - 5}-`, one.bytes - 5, one.bytes - 1]]) {
    const part = await ask({ Range: header });
    assert.equal(part.status, 206, header);
    assert.equal(part.headers.get('content-range'), `bytes ${first}-${last}/${one.bytes}`);
    assert.equal(part.headers.get('access-control-allow-origin'), '*');
    assert.match(part.headers.get('access-control-expose-headers'), /Content-Range/);
    assert.equal(part.headers.get('accept-ranges'), 'bytes');
    assert.deepEqual(Buffer.from(await part.arrayBuffer()), bytes.subarray(first, last + 1));
  }
  assert.equal((await ask({ Range: `bytes=${one.bytes}-` })).status, 416);
  const head = await ask({}, 'HEAD');
  assert.equal(Number(head.headers.get('content-length')), one.bytes);
  const asked = await ask({ 'Access-Control-Request-Method': 'GET', 'Access-Control-Request-Headers': 'range' }, 'OPTIONS');
  assert.equal(asked.status, 204);
  assert.match(asked.headers.get('access-control-allow-headers'), /Range/);
  for (const other of ['/exports/', `/exports/${'0'.repeat(32)}/birds.wacz`, '/exports/..%2Fwaymark.lock', `/exports/${one.id}/`]) {
    assert.equal((await fetch(server.app + other)).status, 404, other);
  }
  const listed = (await api(server, 'GET', '/api/v1/exports')).body.exports;
  assert.deepEqual(listed.map(({ id, name, bytes: size }) => [id, name, size]), [[one.id, 'birds.wacz', one.bytes]]);
  for (const wish of [{}, { link: '1', query: 'x' }, { collection: 'web', format: 'zip' }, { colection: 'web' }]) {
    assert.equal((await api(server, 'POST', '/api/v1/exports', wish)).status, 400, JSON.stringify(wish));
  }
  assert.equal((await api(server, 'DELETE', `/api/v1/exports/${one.id}`)).status, 204);
  assert.equal((await ask({})).status, 404);
  assert.equal((await api(server, 'DELETE', '/api/v1/exports/..')).status, 404);
});

test('a WACZ with a plain index replays in wabac', { skip: missing }, async (t) => {
  const data = await tempDir(t);
  const web = await site(t, {
    '/': ['text/html; charset=utf-8', '<!doctype html><title>Heron notes</title><p id=p>The grey heron. 白鹭</p><img src="/a.png"><a href="/two">two</a>'],
    '/two': ['text/html', '<title>Storks</title><p>white stork<img src="/b.png">'], '/a.png': ['image/png', png], '/b.png': ['image/png', png],
  });
  for (const address of [`${web.url}/`, `${web.url}/two`]) assert.equal((await waymark(data, 'add', address, ...allow)).code, 0);
  web.close(); // what is shown from here on is archived
  const server = await serve(t, data, ...allow), launched = await browser(t);
  const one = await servedExport(server, { collection: 'web', sign: true, title: 'Birds' });
  const { page, errors, host, open, ask } = await player(t, launched);
  await open('plain', one.url);
  const about = await ask('/w/api/c/plain?all=1');
  assert.equal(about.pages.length, 2, JSON.stringify(about));
  const home = await shown(page, `${host.url}/w/plain/mp_/${web.url}/`);
  assert.equal(home.title, 'Heron notes');
  assert.match(home.text, /grey heron\. 白鹭/);
  assert.deepEqual(home.pictures, [2]);
  // Only the texts of the page list know which page speaks of storks.
  const texts = (await page.evaluate(async () => (await fetch('/w/api/c/plain/textIndex')).text())).split('\n').filter(Boolean).map((line) => JSON.parse(line));
  const found = texts.filter(({ text }) => text?.includes('white stork'));
  assert.deepEqual(found.map(({ url, title }) => [url, title]), [[`${web.url}/two`, 'Storks']]);
  const listed = about.pages.find(({ url }) => url === found[0].url);
  const two = await shown(page, `${host.url}/w/plain/${String(listed.ts).replace(/\D/g, '').slice(0, 14)}mp_/${listed.url}`);
  assert.match(two.text, /white stork/);
  assert.deepEqual(two.pictures, [2]);
  assert.deepEqual(errors, []);
});

test('a WACZ with a ZipNum index replays in wabac, from any block of it', { skip: missing || (!shared('corpus/real-sites') && 'no ../shared/corpus/real-sites') }, async (t) => {
  const data = await tempDir(t);
  const imported = await waymark(data, 'import', shared('corpus/real-sites/Wikipedia'), shared('corpus/real-sites/Sina'), shared('corpus/real-sites/Reddit'));
  assert.ok(imported.items.some(({ captures }) => captures > 0), imported.errors);
  const server = await serve(t, data, '--set', 'exports.zipnum_above=100'), launched = await browser(t);
  const one = await servedExport(server, { collection: 'web' });
  const { page, host, open, ask } = await player(t, launched);
  await open('zip', one.url);
  const about = await ask('/w/api/c/zip?all=1');
  for (const [url, words] of [['https://www.wikipedia.org/', /English/], ['https://www.sina.com.cn/', /新浪/]]) {
    const at = about.pages.find((listed) => listed.url === url);
    assert.ok(at, `${url} is in the list of pages`);
    const seen = await shown(page, `${host.url}/w/zip/mp_/${url}`);
    assert.match(seen.text, words);
    assert.ok(seen.pictures.some((width) => width > 0), `${url} shows a picture`);
  }
});

// An archived page that tries everything it should not, in real Chromium: what it finds out, whom it reaches and what it changes is asked of
// servers that it would have to reach, not of the page. Once with an origin of its own for replay, once with one port for both.
import assert from 'node:assert/strict';
import dgram from 'node:dgram';
import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { addUser, api, serve, tempDir, waymark, wombatDir } from './lib/waymark.mjs';
import { browser } from './lib/browser.mjs';
import { site } from './lib/site.mjs';

/** Servers that nobody must reach: HTTP, bare TCP, UDP. `seen` keeps who did. */
async function sinks(t) {
  const seen = [];
  const web = http.createServer((request, response) => { seen.push(request.url); response.writeHead(200, { 'Access-Control-Allow-Origin': '*' }); response.end('x'); });
  web.on('upgrade', (request, socket) => { seen.push(`upgrade ${request.url}`); socket.destroy(); });
  const tcp = net.createServer((socket) => { seen.push('a TCP connection'); socket.destroy(); });
  const udp = dgram.createSocket('udp4');
  udp.on('message', () => { seen.push('a UDP packet'); });
  for (const server of [web, tcp]) { server.listen(0, '127.0.0.1'); await once(server, 'listening'); }
  udp.bind(0, '127.0.0.1');
  await once(udp, 'listening');
  t.after(() => { web.closeAllConnections(); web.close(); tcp.close(); udp.close(); });
  return { seen, url: `http://127.0.0.1:${web.address().port}`, tcp: `http://127.0.0.1:${tcp.address().port}`, udp: udp.address().port };
}

/**
 * The app as browsers reach it: a proxy that keeps what was asked, and has one page of its own to frame a memento in. That page names its
 * icon, as the app's pages do: Chromium would ask for /favicon.ico at some time after the load, and what is asked would not be the attack's alone.
 */
async function spy(t) {
  const asked = [];
  let target = '', frame = '';
  const server = http.createServer((request, response) => {
    asked.push({ method: request.method, url: request.url, headers: request.headers });
    if (request.url === '/frame') {
      response.writeHead(200, { 'Content-Type': 'text/html' });
      return response.end(`<title>the app</title><link rel="icon" href="data:,"><p id="secret">app secret</p><script>window.messages=[];onmessage=(e)=>messages.push(e.data);localStorage.setItem("app-secret","app secret")</script><iframe name="___wb_replay_top_frame" sandbox="allow-scripts allow-same-origin allow-forms" src="${frame}"></iframe>`);
    }
    const onward = http.request(target + request.url, { method: request.method, headers: request.headers }, (answer) => { response.writeHead(answer.statusCode, answer.rawHeaders); answer.pipe(response); });
    onward.on('error', () => response.destroy());
    request.pipe(onward);
    return undefined;
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => { server.closeAllConnections(); server.close(); });
  return { asked, url: `http://127.0.0.1:${server.address().port}`, to: (url) => { target = url; }, framing: (url) => { frame = url; } };
}

async function attacked(t, ...settings) {
  const data = await tempDir(t), sunk = await sinks(t), app = await spy(t);
  const names = `<script>const APP = ${JSON.stringify(app.url)}, SINK = ${JSON.stringify(sunk.url)}, STUN = ${sunk.udp}, PRECONNECT = ${JSON.stringify(sunk.tcp)};</script>`;
  const script = (await readFile(path.join(import.meta.dirname, 'hostile/page.js'), 'utf8')).replaceAll('</script', '<\\/script');
  const web = await site(t, {
    '/': (request, response) => { response.writeHead(200, { 'Content-Type': 'text/html', 'Set-Cookie': ['wm_session=archived; Path=/', 'a=b; Domain=127.0.0.1; Path=/'], 'Clear-Site-Data': '"*"', Link: `<${sunk.url}/link>; rel=preload; as=image`, 'Service-Worker-Allowed': '/', 'Access-Control-Allow-Origin': '*' }); response.end(`<!doctype html><title>hostile</title><meta http-equiv="refresh" content="60;url=${sunk.url}/meta">${names}<script>${script}</script>`); },
    '/sw.js': ['text/javascript', 'self.addEventListener("fetch", (e) => e.respondWith(new Response("hijacked")));'],
  });
  assert.equal(await addUser(data, 'ann', 'correct horse'), 0);
  const allow = ['--set', 'fetch.allow_private=true', '--set', 'jobs.host_pause=0ms'];
  const added = await waymark(data, 'add', `${web.url}/`, `${web.url}/sw.js`, ...allow);
  assert.equal(added.code, 0, added.errors);
  web.close();
  sunk.seen.length = 0; // the capture fetched what the page names
  const server = await serve(t, data, '--auth', 'password', '--set', `server.app_url=${app.url}`, '--set', `replay.wombat_folder=${wombatDir}`, ...settings);
  app.to(server.app);

  const chromium = await browser(t);
  const context = await chromium.newContext();
  const page = await context.newPage();
  await page.goto(`${app.url}/`);
  const login = await page.evaluate(async () => (await fetch('/api/v1/session', { method: 'POST', body: '{"name":"ann","password":"correct horse"}' })).status);
  assert.equal(login, 201);
  const memento = (modifier) => added.items[0].snapshot.replay_path.replace(/^(\/web\/\d+)\//, `$1${modifier}/`);
  return { sunk, app, server, page, context, memento };
}

/** The attack in one frame: runs to its end, and got nothing. */
async function gotNothing(frame) {
  await frame.waitForFunction(() => window.attack);
  await frame.evaluate(() => { window.attack(); });
  await frame.waitForFunction(() => window.attacked, null, { timeout: 60_000 });
  const { got, tried } = await frame.evaluate(() => ({ got: window.got, tried: window.tried }));
  assert.ok(tried.length > 50, `${tried.length} attempts`);
  assert.deepEqual(got, []);
}

/** Every way out of the frame, each from a page of its own. */
async function staysIn({ page, app, sunk }) {
  for (let i = 0, names = ['']; i < names.length; ++i) {
    await page.goto(`${app.url}/frame`);
    const frame = page.frame({ name: '___wb_replay_top_frame' });
    await frame.waitForFunction(() => window.leaving);
    if (i === 0) names = await frame.evaluate(() => window.leaving);
    await frame.evaluate((name) => { window.leave(name); }, names[i]).catch(() => {}); // it may have gone to another memento
    await page.waitForTimeout(150);
    assert.equal(page.url(), `${app.url}/frame`, `${names[i]}: the frame was not busted`);
    assert.deepEqual(sunk.seen, [], names[i]);
    assert.equal(page.context().pages().length, 1, `${names[i]}: no popup`);
  }
}

async function untouched({ app, sunk, page, context, server }) {
  assert.deepEqual(sunk.seen, [], 'nobody outside was reached');
  const fresh = await context.newPage();
  await fresh.goto(`${app.url}/`);
  assert.equal(await fresh.evaluate(() => localStorage.getItem('app-secret')), 'app secret');
  const links = await fresh.evaluate(async () => (await fetch('/api/v1/links')).json());
  assert.equal(links.links.length, 2, 'the session holds and nothing was added');
  assert.deepEqual(await fresh.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
  assert.equal(page.url(), `${app.url}/frame`, 'the frame was not busted');
  assert.equal(await page.title(), 'the app');
  assert.equal((await api(server, 'GET', '/health')).status, 200);
  await fresh.close();
}

for (const [modifier, how] of [['mp_', 'under wombat'], ['id_', 'as it was recorded']]) {
  test(`with an origin of its own a hostile page ${how} reaches nobody`, async (t) => {
    const attack = await attacked(t);
    const { app, server, page, memento } = attack;
    // The ticket becomes a cookie of the replay origin; then the memento is framed by a page of the app.
    await page.goto(`${app.url}/open${memento('im_')}`).catch(() => {});
    app.framing(`${server.replay}${memento(modifier)}`);
    await page.goto(`${app.url}/frame`);
    app.asked.length = 0;
    await gotNothing(page.frame({ name: '___wb_replay_top_frame' }));
    assert.deepEqual(app.asked.map((one) => `${one.method} ${one.url}`), [], 'the app was not asked anything');
    await untouched(attack);
    await staysIn(attack);

    // In a tab of its own nothing is around it, and still it cannot go to the live web.
    const tab = await attack.context.newPage();
    await tab.goto(`${server.replay}${memento(modifier)}`);
    await tab.evaluate(() => { window.leave('assign'); }).catch(() => {});
    await tab.waitForTimeout(300);
    assert.deepEqual(attack.sunk.seen, []);
  });

  test(`with one port for both a hostile page ${how} reaches nobody`, async (t) => {
    const attack = await attacked(t, '--replay-listen', 'same');
    const { app, page, memento } = attack;
    app.framing(`/open${memento(modifier)}`);
    await page.goto(`${app.url}/frame`);
    const frame = page.frame({ name: '___wb_replay_top_frame' });
    await frame.waitForURL(/_replay/);
    const before = app.asked.length;
    await gotNothing(frame);
    const asked = app.asked.slice(before);
    assert.deepEqual(asked.filter((one) => !/^\/(_replay\/|static\/wombat\/)/.test(one.url)).map((one) => `${one.method} ${one.url}`), [], 'only mementos were asked for');
    assert.deepEqual(asked.filter((one) => one.headers.cookie || one.headers.referer).map((one) => one.url), [], 'without cookie and referrer');
    if (modifier === 'mp_') assert.ok(await frame.evaluate(() => Boolean(window._wb_wombat)), 'the page started under wombat');
    await untouched(attack);
    await staysIn(attack);

    // In a tab of its own it sits in a frame of ours, and cannot leave it.
    const tab = await attack.context.newPage();
    await tab.goto(`${app.url}/open${memento(modifier)}`);
    const inner = tab.frame({ name: '___wb_replay_top_frame' });
    await inner.waitForFunction(() => window.leave);
    await inner.evaluate(() => { window.leave('assign'); });
    await tab.waitForTimeout(300);
    assert.match(tab.url(), /\/_replay\//);
    assert.deepEqual(attack.sunk.seen, []);
  });
}

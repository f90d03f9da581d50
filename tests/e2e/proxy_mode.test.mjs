// Browsing the archive through the proxy in real Chromium: the archived addresses themselves, https included, at a chosen time, and nothing of the live web.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { once } from 'node:events';
import path from 'node:path';
import test from 'node:test';
import { chromium } from 'playwright-core';
import { addUser, artefacts, serve, start, binary, tempDir, until, waymark } from './lib/waymark.mjs';
import { site } from './lib/site.mjs';

function record(url, date, head, body) {
  const block = Buffer.concat([Buffer.from(`HTTP/1.1 ${head}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`), Buffer.from(body)]);
  return Buffer.concat([Buffer.from(`WARC/1.1\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:${randomUUID()}>\r\nWARC-Target-URI: ${url}\r\nWARC-Date: ${date}\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: ${block.length}\r\n\r\n`), block, Buffer.from('\r\n\r\n')]);
}

const html = '200 OK\r\nContent-Type: text/html; charset=utf-8\r\nStrict-Transport-Security: max-age=99\r\nX-Powered-By: ideas';
const page = (words) => `<!doctype html><title>${words}</title><script src="/app.js"></script><p>${words}</p><img src="http://missing.example/x.png">`;
const script = '200 OK\r\nContent-Type: text/javascript';
const sealed = "200 OK\r\nContent-Type: text/html\r\nContent-Security-Policy: script-src 'none'\r\nSet-Cookie: k=v; Path=/\r\n";

async function archive(t) {
  const data = await tempDir(t);
  const warc = path.join(data, 'past.warc');
  await writeFile(warc, Buffer.concat([
    record('https://lake.example/', '2019-05-01T00:00:00Z', html, page('湖边的白鹭')),
    record('https://lake.example/', '2023-05-01T00:00:00Z', html, page('湖边的苍鹭')),
    record('https://lake.example/app.js', '2019-05-01T00:00:01Z', script, 'document.documentElement.dataset.origin = location.origin;'),
    record('http://lake.example/old', '2019-05-01T00:00:02Z', '302 Found\r\nLocation: https://lake.example/', ''),
    record('http://plain.example/sealed', '2019-05-01T00:00:03Z', sealed, '<script>document.title = "ran"</script><p>sealed</p>'),
  ]));
  const imported = await waymark(path.join(data, 'd'), 'import', warc);
  assert.equal(imported.code, 0, imported.errors);
  return path.join(data, 'd');
}

async function serveProxy(t, data, ...args) {
  const started = await start(t, binary, ['serve', '--data', data, '--listen', '127.0.0.1:0', '--replay-listen', '127.0.0.1:0', '--set', 'replay.proxy_listen=127.0.0.1:0', ...args], /^Waymark is at (\S+)/);
  const line = await until(async () => started.output(), (text) => /proxy http:\/\/127\.0\.0\.1:\d+/.test(text), 'the proxy');
  return { app: started.match[1], port: Number(/proxy http:\/\/127\.0\.0\.1:(\d+)/.exec(line)[1]) };
}

/** One plain request through the proxy. */
async function through(port, url, { headers = {}, method = 'GET', body } = {}) {
  const request = http.request({ host: '127.0.0.1', port, path: url, method, headers: { Host: new URL(url).host, ...headers } });
  request.end(body);
  const [response] = await once(request, 'response');
  let text = '';
  for await (const bytes of response) text += bytes;
  return { status: response.statusCode, headers: response.headers, text };
}

test('the archive through a proxy', { timeout: 90_000 }, async (t) => {
  const live = await site(t, { '/': ['text/plain', 'live'] });
  const data = await archive(t);
  const { port } = await serveProxy(t, data);
  assert.equal((await stat(path.join(data, 'keys/proxy-ca.pem'))).mode & 0o777, 0o600);

  const moved = await through(port, 'http://lake.example/old');
  assert.deepEqual([moved.status, moved.headers.location], [302, 'https://lake.example/']);
  assert.equal(moved.headers['memento-datetime'], 'Wed, 01 May 2019 00:00:02 GMT');
  const own = await through(port, 'http://plain.example/sealed', { headers: { 'Accept-Datetime': 'Wed, 01 May 2019 00:00:00 GMT' } });
  assert.equal(own.headers['content-security-policy'], "script-src 'none'");
  assert.equal(own.headers['set-cookie'][0], 'k=v; Path=/');
  const missing = await through(port, `${live.url}/`, { headers: { 'Sec-Fetch-Dest': 'image' } });
  assert.deepEqual([missing.status, missing.headers['content-type']], [404, 'image/gif']);
  assert.deepEqual(live.asked, [], 'the live web was asked');
  assert.equal((await through(port, 'http://waymark.invalid/time', { method: 'POST', headers: { Origin: 'http://lake.example' }, body: 'time=2019&key=guess' })).status, 403);

  const launched = await chromium.launch({ executablePath: process.env.WM_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync', `--proxy-server=http://127.0.0.1:${port}`, '--proxy-bypass-list=<-loopback>', `--ignore-certificate-errors-spki-list=${await pin(port)}`] });
  t.after(() => launched.close());
  const tab = await (await launched.newContext()).newPage();
  await tab.goto('https://lake.example/');
  assert.equal(await tab.locator('p').innerText(), '湖边的苍鹭');
  assert.equal(await tab.evaluate(() => document.documentElement.dataset.origin), 'https://lake.example', 'the page is at its own address');

  await tab.goto('http://waymark.invalid/');
  await tab.getByRole('textbox').fill('2019-06-01');
  await tab.getByRole('button', { name: 'Choose' }).click();
  await tab.getByText('2019-06-01T').waitFor();
  await mkdir(artefacts, { recursive: true });
  await tab.screenshot({ path: path.join(artefacts, 'proxy-control.png') });
  await tab.goto('http://lake.example/old');
  assert.equal(tab.url(), 'https://lake.example/');
  assert.equal(await tab.locator('p').innerText(), '湖边的白鹭');
  await tab.screenshot({ path: path.join(artefacts, 'proxy-page.png') });
  const nowhere = await tab.goto('https://elsewhere.example/page');
  assert.equal(nowhere.status(), 404);
  assert.match(await tab.locator('body').innerText(), /Not in the archive/);
});

/** The digest of the public key in the certificate that the control page hands out. */
async function pin(port) {
  const { createHash, X509Certificate } = await import('node:crypto');
  const pem = (await through(port, 'http://waymark.invalid/certificate.pem')).text;
  return createHash('sha256').update(new X509Certificate(pem).publicKey.export({ type: 'spki', format: 'der' })).digest('base64');
}

test('a private archive wants a token of the proxy’s clients', { timeout: 60_000 }, async (t) => {
  const data = await archive(t);
  assert.equal(await addUser(data, 'ann', 'a good password'), 0);
  const token = (await waymark(data, 'token', 'create', '--user', 'ann', '--scope', 'read')).text.trim();
  const { port } = await serveProxy(t, data, '--auth', 'password');
  const refused = await through(port, 'http://lake.example/old');
  assert.deepEqual([refused.status, refused.headers['proxy-authenticate']], [407, 'Basic realm="Waymark"']);
  const let_in = await through(port, 'http://lake.example/old', { headers: { 'Proxy-Authorization': `Basic ${Buffer.from(`ann:${token}`).toString('base64')}` } });
  assert.equal(let_in.status, 302);
});

// A site of two hosts that uses every way a page has of getting something, and remembers byte for byte what it sent.
import http from 'node:http';
import zlib from 'node:zlib';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { png } from './site.mjs';

const latin1 = Buffer.from('<!doctype html><meta charset=iso-8859-1><title>caf\xe9</title><p id=latin>Gr\xfc\xdfe aus K\xf6ln</p>', 'latin1');
const utf16 = Buffer.concat([Buffer.from([0xff, 0xfe]), Buffer.from('héron utf-16', 'utf16le')]);
const pdf = Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj 2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n');
export const large = Buffer.alloc(8 << 20, 'large download ');
const data = Buffer.from(Array.from({ length: 4000 }, (_, i) => (i * 7) & 255));

const page = (other) => `<!doctype html><html lang=en><head><title>before</title>
<link rel=stylesheet href=/s.css><link rel=stylesheet href=/print.css media=print><link rel=icon href=/icon.png><link rel=manifest href=/app.webmanifest>
<link rel=prefetch href=/prefetched.js><link rel=preload as=font href=/f.woff2 crossorigin><script type=importmap>{"imports":{"dep":"/dep.mjs"}}</script></head><body>
<div id=app></div><img src=/a.png srcset="/a.png 1x, /a2.png 2x"><picture><source media="(max-width: 300px)" srcset=/small.png><img src=/b.png></picture>
<details><summary>more</summary><p>folded kingfisher</p></details><script src=/redirected.js></script><script src=/bom.js></script>
<iframe src="${other}/frame.html"></iframe><iframe src=/latin1.html></iframe><iframe src=/paper.pdf></iframe>
<script type=module src=/main.mjs></script><div style="height:2500px"></div><img loading=lazy src=/lazy.png><div id=seen></div><button onclick="more(this)">Load more</button>
<script>
const done = (name, value) => { const li = document.createElement('li'); li.id = name; li.textContent = name + '=' + value; document.getElementById('app').append(li); };
function more(button) { fetch('/more').then((r) => r.text()).then((t) => done('more', t)); button.remove(); }
new IntersectionObserver((e, o) => { if (e.some((x) => x.isIntersecting)) { o.disconnect(); fetch('/observed').then((r) => r.text()).then((t) => done('observed', t)); } }).observe(document.getElementById('seen'));
(async () => {
  document.title = 'after the script';
  fetch('/gz').then((r) => r.text()).then((t) => done('gz', t));
  fetch('/br').then((r) => r.text()).then((t) => done('br', t));
  fetch('/utf16').then((r) => r.arrayBuffer()).then((b) => done('utf16', new TextDecoder('utf-16le').decode(b)));
  fetch('/api', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ q: 'é' }) }).then((r) => r.text()).then((t) => done('post', t));
  fetch('/binary', { method: 'POST', body: new Uint8Array([0, 255, 128, 10]) }).then((r) => r.text()).then((t) => done('binary', t));
  fetch('${other}/cors', { method: 'PUT', headers: { 'X-Own': '1' }, body: 'x' }).then((r) => r.text()).then((t) => done('preflight', t));
  fetch('/ranged.bin', { headers: { Range: 'bytes=0-99' } }).then((r) => r.arrayBuffer()).then((b) => done('range', b.byteLength));
  navigator.sendBeacon('/beacon', 'beacon body');
  const events = new EventSource('/events'); events.onmessage = (e) => { done('event', e.data); events.close(); };
  const socket = new WebSocket('ws://' + location.host + '/socket'); socket.onopen = () => done('socket', 'open');
  const worker = new Worker('/worker.js'); worker.onmessage = (e) => done('worker', e.data);
  const shared = new SharedWorker('/shared.js'); shared.port.onmessage = (e) => done('shared', e.data); shared.port.start();
  navigator.serviceWorker?.register('/sw.js').then(() => navigator.serviceWorker.ready).then(() => done('sw', 'ready'));
  customElements.define('x-shadow', class extends HTMLElement { constructor() { super(); this.attachShadow({ mode: 'open' }).innerHTML = '<p>shadow bittern</p><img src="/shadow.png">'; } });
  document.body.append(document.createElement('x-shadow'));
  const link = document.createElement('a'); link.href = '/large.bin'; link.download = 'large.bin'; document.body.append(link); link.click();
})();
</script></body></html>`;

/** path → [type, body, headers?, status?] */
function files(other) {
  const js = 'text/javascript';
  return {
    '/': ['text/html; charset=utf-8', page(other)],
    '/s.css': ['text/css', '@import url(/imported.css); body{background:url(/bg.png)} @font-face{font-family:f;src:url(/unused.woff2)} @media print{p{background:url(/ink.png)}}'],
    '/imported.css': ['text/css', 'li{list-style:square}'], '/print.css': ['text/css', 'body{background:url(/printed.png)}'],
    '/redirected.js': [js, '', { Location: '/real.js' }, 302], '/real.js': [js, 'window.real = 1;'],
    '/bom.js': [js, '\ufeffwindow.bom = 1;'],
    '/main.mjs': [js, 'import { dep } from "dep"; import("/late.mjs").then((m) => done("module", dep + m.late));'],
    '/dep.mjs': [js, 'export const dep = "static+";'], '/late.mjs': [js, 'export const late = "dynamic";'],
    '/latin1.html': ['text/html', latin1], '/utf16': ['text/plain; charset=utf-16le', utf16], '/paper.pdf': ['application/pdf', pdf],
    '/gz': ['text/plain', zlib.gzipSync('zipped heron'), { 'Content-Encoding': 'gzip' }], '/br': ['text/plain', zlib.brotliCompressSync('brotli stork'), { 'Content-Encoding': 'br' }],
    '/worker.js': [js, 'importScripts("/lib.js"); fetch("/from-worker").then((r) => r.text()).then((t) => postMessage(lib + t));'], '/lib.js': [js, 'self.lib = "lib+";'],
    '/from-worker': ['text/plain', 'worker data'],
    '/shared.js': [js, 'onconnect = (e) => fetch("/from-shared").then((r) => r.text()).then((t) => e.ports[0].postMessage(t));'], '/from-shared': ['text/plain', 'shared data'],
    '/sw.js': [js, 'importScripts("/sw-lib.js"); oninstall = (e) => e.waitUntil(fetch("/from-sw").then((r) => r.text()));'], '/sw-lib.js': [js, 'self.x = 1;'], '/from-sw': ['text/plain', 'sw data'],
    '/prefetched.js': [js, 'window.prefetched = 1;'], '/observed': ['text/plain', 'seen'], '/more': ['text/plain', 'second page'],
    '/app.webmanifest': ['application/manifest+json', '{"name":"x","icons":[{"src":"/app.png","sizes":"192x192"}]}'],
    '/large.bin': ['application/octet-stream', large, { 'Content-Disposition': 'attachment; filename=large.bin' }],
    ...Object.fromEntries(['a', 'a2', 'b', 'small', 'lazy', 'shadow', 'bg', 'printed', 'ink', 'icon', 'app'].map((name) => [`/${name}.png`, ['image/png', Buffer.concat([png, Buffer.from(name)])]])),
    '/f.woff2': ['font/woff2', 'no font'], '/unused.woff2': ['font/woff2', 'no font either'],
    '/api': ['application/json', '{"answer":"pelican"}'], '/binary': ['text/plain', '4 bytes'], '/beacon': ['text/plain', 'thanks'],
  };
}
const otherFiles = {
  '/frame.html': ['text/html', '<!doctype html><title>frame</title><p>framed avocet</p><script>fetch("/in-frame").then((r) => r.text()).then((t) => { document.body.append(t); });</script>'],
  '/in-frame': ['text/plain', 'fetched inside'],
};

function answer(table, sent, posted) {
  return (request, response) => {
    const chunks = [];
    request.on('data', (bytes) => chunks.push(bytes));
    request.on('end', () => {
      if (chunks.length) posted.set(request.url, Buffer.concat(chunks));
      const cors = { 'Access-Control-Allow-Origin': '*', 'Access-Control-Allow-Methods': 'PUT', 'Access-Control-Allow-Headers': 'X-Own' };
      if (request.url === '/events') {
        response.writeHead(200, { 'Content-Type': 'text/event-stream' });
        response.write('data: first\n\n');
        return;
      }
      if (request.url === '/cors') {
        response.writeHead(200, { ...cors, 'Content-Type': 'text/plain' });
        response.end(request.method === 'OPTIONS' ? '' : 'allowed');
        return;
      }
      if (request.url === '/ranged.bin') {
        const part = request.headers.range ? data.subarray(0, 100) : data;
        response.writeHead(request.headers.range ? 206 : 200, { 'Content-Type': 'application/octet-stream', 'Content-Length': part.length, ...(request.headers.range ? { 'Content-Range': `bytes 0-99/${data.length}` } : {}) });
        response.end(part);
        return;
      }
      const [type, body, headers, status] = table[request.url] ?? ['text/plain', 'not here', {}, 404];
      const bytes = Buffer.from(body);
      sent.set(request.url, bytes);
      response.writeHead(status ?? 200, { 'Content-Type': type, 'Content-Length': bytes.length, ...headers });
      response.end(bytes);
    });
  };
}

/** Starts both hosts; {url, other, sent, otherSent, posted, close}. */
export async function coverageSite(t) {
  const sent = new Map(), otherSent = new Map(), posted = new Map(), sockets = new Set();
  const servers = [http.createServer(answer(otherFiles, otherSent, posted))];
  servers[0].listen(0, '127.0.0.2');
  await once(servers[0], 'listening');
  const other = `http://127.0.0.2:${servers[0].address().port}`;
  const main = http.createServer(answer(files(other), sent, posted));
  main.on('upgrade', (request, socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
    socket.write(`HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`);
  });
  main.listen(0, '127.0.0.1');
  await once(main, 'listening');
  servers.push(main);
  const close = () => { for (const socket of sockets) socket.destroy(); for (const server of servers) { server.closeAllConnections(); server.close(); } };
  t.after(close);
  return { url: `http://127.0.0.1:${main.address().port}`, other, sent, otherSent, posted, close, whole: data };
}

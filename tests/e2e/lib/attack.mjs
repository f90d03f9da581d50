// Runs inside a network namespace where 93.184.216.34 is this machine: a page there tries everything to reach the victim, which listens on
// all addresses. Prints what was tried and what arrived. Arguments: the waymark program, a data folder.
import dgram from 'node:dgram';
import http from 'node:http';
import net from 'node:net';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { promisify } from 'node:util';

const [program, data] = process.argv.slice(2);
const address = '93.184.216.34', port = 8000, victimPort = 8123;
const hits = [];
let tried = 0;

const victim = net.createServer((socket) => {
  socket.on('error', () => {});
  // The page's own host is public: what comes there came by the proxy, and may.
  const may = socket.localAddress.endsWith(address);
  socket.once('data', (bytes) => { if (!may) hits.push(`tcp ${bytes.toString('latin1').split('\r\n')[0]}`); socket.end('HTTP/1.1 200 OK\r\nAccess-Control-Allow-Origin: *\r\nContent-Length: 2\r\n\r\nhi'); });
});
victim.listen(victimPort, '::');
await once(victim, 'listening');
const udp = dgram.createSocket('udp6');
udp.on('message', () => hits.push('udp'));
udp.bind(victimPort, '::');
await once(udp, 'listening');

const v = victimPort;
const page = `<!doctype html><title>attack</title><body><script>
let n = 0; const attempt = (what) => { n++; try { const p = what(); if (p && p.catch) p.catch(() => {}); } catch {} };
const add = (tag, set) => attempt(() => { const e = document.createElement(tag); Object.assign(e, set); document.body.append(e); });
for (const host of ['127.0.0.1', 'localhost', '2130706433', '0x7f000001', '0177.0.0.1', '[::1]', '[::ffff:127.0.0.1]', '0.0.0.0', '127.1', 'x.localhost', '${address}', '169.254.169.254', '10.0.0.1'])
  attempt(() => fetch('http://' + host + ':${v}/fetch', { mode: 'no-cors' }));
add('img', { src: 'http://127.0.0.1:${v}/img' }); add('script', { src: 'http://localhost:${v}/script' }); add('iframe', { src: 'http://127.0.0.1:${v}/frame' });
add('link', { rel: 'prefetch', href: 'http://127.0.0.1:${v}/prefetch' }); add('object', { data: 'http://127.0.0.1:${v}/object' });
add('img', { src: '/redirect' }); add('iframe', { src: 'file:///etc/passwd' }); add('iframe', { src: 'chrome://version' });
attempt(() => new WebSocket('ws://127.0.0.1:${v}/ws')); attempt(() => new WebSocket('ws://localhost:${v}/ws2'));
attempt(() => new EventSource('http://127.0.0.1:${v}/events')); attempt(() => navigator.sendBeacon('http://127.0.0.1:${v}/beacon', 'x'));
attempt(() => window.open('http://127.0.0.1:${v}/popup'));
attempt(() => { const f = document.createElement('form'); f.action = 'http://127.0.0.1:${v}/form'; f.method = 'post'; f.target = 'elsewhere'; document.body.append(f); f.submit(); });
attempt(() => new Worker(URL.createObjectURL(new Blob(["fetch('http://127.0.0.1:${v}/worker', {mode:'no-cors'}); try { new WebSocket('ws://127.0.0.1:${v}/worker-ws') } catch {}"]))));
attempt(() => { for (const s of ['127.0.0.1', '${address}', '[::1]']) { const c = new RTCPeerConnection({ iceServers: [{ urls: 'stun:' + s + ':${v}' }] }); c.createDataChannel('x'); c.createOffer().then((o) => c.setLocalDescription(o)); } });
attempt(() => { const c = new RTCPeerConnection({ iceServers: [{ urls: 'turn:127.0.0.1:${v}?transport=tcp', username: 'u', credential: 'c' }] }); c.createDataChannel('x'); c.createOffer().then((o) => c.setLocalDescription(o)); });
attempt(() => new WebTransport('https://127.0.0.1:${v}/wt'));
fetch('/tried?' + n);
// Keeps the page open while all of that goes on.
for (let i = 0; i < 4; i++) fetch('/slow?' + i);
</script>`;
const server = http.createServer((request, response) => {
  const count = /^\/tried\?(\d+)/.exec(request.url);
  if (count) tried = Number(count[1]);
  if (request.url === '/redirect') response.writeHead(302, { Location: `http://127.0.0.1:${v}/redirected` });
  else response.writeHead(200, { 'Content-Type': 'text/html' });
  if (request.url.startsWith('/slow')) setTimeout(() => response.end('ok'), 2000);
  else response.end(request.url === '/' ? page : 'ok');
});
server.listen(port, address);
await once(server, 'listening');

// The victim hears what does reach it.
await fetch(`http://127.0.0.1:${v}/control`);
udp.send('control', v, '::1');
while (!hits.includes('udp')) await new Promise((resolve) => { setTimeout(resolve, 10); });
if (hits.splice(0).length !== 2) throw new Error('the victim is deaf');

const runs = [];
for (const isolation of ['auto', 'off']) {
  tried = 0;
  const outcome = await promisify(execFile)(program, ['add', `http://${address}:${port}/`, '--engine', 'browser', '--wait', '--data', `${data}/${isolation}`, '--json', '--set', `browser.isolation=${isolation}`,
    '--set', 'browser.load_timeout=5s', '--set', 'browser.budget=15s', '--set', 'capture.timeout=30s', '--set', 'fetch.connect_timeout=2s'], { timeout: 60_000 }).catch((error) => error);
  const line = String(outcome.stdout ?? '').split('\n').find((text) => text.startsWith('{'));
  const item = line ? JSON.parse(line) : {};
  runs.push({ isolation, tried, hits: hits.splice(0), engine: item.snapshot?.engine ?? null, missed: item.snapshot?.missed ?? 0, error: item.error ?? String(outcome.stderr ?? '') });
}
console.log(JSON.stringify(runs));
process.exit(0);

// Real headless Chromium (Debian's). Whatever it wants from elsewhere than loopback goes to a sink that answers nothing and keeps the names.
import net from 'node:net';
import { once } from 'node:events';
import { chromium } from 'playwright-core';

/** A proxy that refuses everything and remembers the hosts it was asked for. */
async function sink(t) {
  const hosts = new Set();
  const server = net.createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', (bytes) => {
      const host = /^(?:CONNECT ([^:\s]+)|\S+ \w+:\/\/([^/:\s]+))/.exec(String(bytes));
      if (host) hosts.add(host[1] ?? host[2]);
      socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => server.close());
  return { port: server.address().port, hosts };
}

export async function browser(t) {
  const outside = await sink(t);
  const launched = await chromium.launch({
    executablePath: process.env.WM_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      `--proxy-server=http://127.0.0.1:${outside.port}`],
  });
  t.after(() => launched.close());
  return Object.assign(launched, { outsideHosts: outside.hosts });
}

/** A page that keeps what it asked for, what failed and what went wrong. */
export async function watchedPage(context) {
  const page = await context.newPage();
  const requests = [], failures = new Map(), errors = [];
  page.on('request', (request) => { if (/^(https?|wss?):/.test(request.url())) requests.push(request.url()); });
  page.on('requestfailed', (request) => failures.set(request.url(), request.failure()?.errorText));
  page.on('pageerror', (error) => errors.push(String(error)));
  return { page, requests, failures, errors };
}

/** The hosts other than those of `origins` that a page's requests reached: Chromium tells of requests that the content policy stopped too. */
export function leaked(launched, requests, origins) {
  const wanted = new Set(requests.filter((url) => !origins.some((origin) => url.startsWith(`${origin}/`))).map((url) => new URL(url).hostname));
  return [...launched.outsideHosts].filter((host) => wanted.has(host));
}

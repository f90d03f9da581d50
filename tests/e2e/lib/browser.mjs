// Real headless Chromium (Debian's), which can reach loopback and nothing else.
import { chromium } from 'playwright-core';

export async function browser(t) {
  const launched = await chromium.launch({
    executablePath: process.env.WM_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync',
      '--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost'],
  });
  t.after(() => launched.close());
  return launched;
}

/** A page that keeps what it asked for and what went wrong. */
export async function watchedPage(context) {
  const page = await context.newPage();
  const requests = [], failures = [], errors = [];
  page.on('request', (request) => { if (!request.url().startsWith('data:') && !request.url().startsWith('blob:')) requests.push(request.url()); });
  page.on('requestfailed', (request) => failures.push([request.url(), request.failure()?.errorText]));
  page.on('pageerror', (error) => errors.push(String(error)));
  return { page, requests, failures, errors };
}

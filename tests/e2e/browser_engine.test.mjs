// The browser engine as a user has it: pages that scripts build are archived as they were seen, whole, and harm nothing.
import assert from 'node:assert/strict';
import test from 'node:test';
import { execFile } from 'node:child_process';
import { chmod, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { existsSync } from 'node:fs';
import { api, binary, jobOver, serve, shared, stop, tempDir, until, waymark } from './lib/waymark.mjs';
import { site } from './lib/site.mjs';
import { payloadOf, records, warcsOf } from './lib/warc.mjs';
import { coverageSite, large } from './lib/coverage_site.mjs';
import { browser, leaked, watchedPage } from './lib/browser.mjs';

const program = ['/usr/lib/chromium/chromium-headless-shell', '/usr/lib/chromium/chromium'].find(existsSync);
const skip = program ? false : 'there is no browser';
const allow = ['--set', 'fetch.allow_private=true', '--set', 'jobs.host_pause=0ms', '--set', 'jobs.attempts=1', '--set', 'browser.load_timeout=4s', '--set', 'browser.budget=15s', '--set', 'capture.timeout=40s'];

/** A temporary folder that the browser's unprivileged user may enter, for TMPDIR: what is left in it was left by us. */
async function ownTemp(t) {
  const dir = await tempDir(t);
  await chmod(dir, 0o755);
  process.env.TMPDIR = dir;
  t.after(() => { delete process.env.TMPDIR; });
  return dir;
}

/** Processes, zombies aside, whose command line names a path. */
async function processesOf(part) {
  const found = [];
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const line = await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '');
    if (line.includes(part)) found.push(Number(pid));
  }
  return found;
}

async function capture(server, url) {
  const made = await api(server, 'POST', '/api/v1/links', { url, engine: 'browser' });
  assert.ok([200, 201].includes(made.status), JSON.stringify(made.body));
  return jobOver(server, made.body.job.id);
}

test('everything a page gets, however it gets it, is in the WARC byte for byte, is found, and replays', { skip }, async (t) => {
  await ownTemp(t);
  const data = await tempDir(t), web = await coverageSite(t);
  const server = await serve(t, data, ...allow);
  const job = await capture(server, `${web.url}/`);
  assert.equal(job.state, 'done', JSON.stringify(job));
  assert.equal(job.result.engine, 'browser');
  const [file] = await warcsOf(data);
  const all = await records(file);

  for (const [origin, sent] of [[web.url, web.sent], [web.other, web.otherSent]]) {
    for (const [name, bytes] of sent) {
      const stored = payloadOf(all, origin + name);
      assert.ok(stored, `${origin}${name} is not recorded`);
      assert.ok(stored.equals(bytes), `${origin}${name}: ${stored.length} bytes of ${bytes.length}`);
    }
  }
  // What no window of this size and no headless browser asks for came in the final sweep.
  for (const name of ['/a2.png', '/small.png', '/printed.png', '/ink.png', '/icon.png', '/app.png', '/app.webmanifest', '/unused.woff2', '/lazy.png', '/shadow.png', '/observed', '/more', '/prefetched.js',
    '/from-worker', '/from-shared', '/from-sw', '/sw-lib.js', '/late.mjs', '/real.js', '/redirected.js', '/paper.pdf', '/latin1.html']) assert.ok(payloadOf(all, web.url + name), name);
  assert.ok(payloadOf(all, `${web.url}/large.bin`).equals(large), 'the denied download is whole');
  assert.ok(payloadOf(all, `${web.url}/ranged.bin`).equals(web.whole), 'a range from the first byte on is kept as the whole');
  assert.match(payloadOf(all, `${web.url}/events`).toString(), /^data: first\n\n/);
  for (const [name, body] of web.posted) {
    const origin = name === '/cors' ? web.other : web.url;
    assert.ok(all.some((record) => record.type === 'request' && record.url === origin + name && record.body.equals(body)), `the body posted to ${name}`);
  }
  assert.ok(all.some((record) => record.type === 'request' && record.head.startsWith('OPTIONS ')), 'the preflight');

  // What the browser made of it.
  const made = (urn) => all.find((record) => record.type === 'resource' && record.url === `${urn}${web.url}/`);
  for (const urn of ['urn:view:', 'urn:fullPage:']) assert.equal(made(urn).body.toString('latin1', 1, 4), 'PNG', urn);
  assert.deepEqual([...made('urn:thumbnail:').body.subarray(0, 2)], [0xff, 0xd8]);
  const text = made('urn:text:').body.toString();
  for (const words of ['shadow bittern', 'framed avocet', 'fetched inside', 'folded kingfisher', 'Grüße aus Köln', 'worker=lib+worker data', 'shared=shared data', 'sw=ready', 'module=static+dynamic',
    'post={"answer":"pelican"}', 'gz=zipped heron', 'br=brotli stork', 'héron utf-16', 'event=first', 'range=100', 'preflight=allowed', 'observed=seen', 'more=second page', 'socket=open']) {
    assert.ok(text.includes(words), `${words} in ${text}`);
  }
  assert.match(made('urn:dom:').body.toString(), /<template shadowrootmode="open"[^>]*><p>shadow bittern/);
  const info = JSON.parse(made('urn:pageinfo:').body);
  assert.equal(info.engine, 'browser');
  assert.equal(info.title, 'after the script');
  const lint = shared('tools/warc_lint.py');
  if (lint) await promisify(execFile)('python3', [lint, file]);

  const found = await until(async () => (await api(server, 'GET', '/api/v1/search?q=bittern')).body, (answer) => answer.total === 1, 'the rendered text in the index');
  assert.equal(found.results[0].title, 'after the script');

  web.close();
  const launched = await browser(t);
  const watched = await watchedPage(await launched.newContext());
  await watched.page.goto(`${server.replay}${found.results[0].replay_path}`, { waitUntil: 'load' });
  const inside = () => watched.page.frames().find((frame) => frame.url().includes('/web/') && frame.url().endsWith(`${web.url}/`)) ?? watched.page.mainFrame();
  await until(() => inside().locator('li').allTextContents(), (items) => ['worker=lib+worker data', 'module=static+dynamic', 'post={"answer":"pelican"}', 'gz=zipped heron', 'br=brotli stork', 'binary=4 bytes'].every((one) => items.includes(one)), 'the replayed page to do what it did');
  assert.deepEqual(leaked(launched, watched.requests, [server.replay]), []);
  assert.equal(await stop(server.child), 0, server.errors());
});

test('pages that misbehave end with a reason, the next one works, and nothing is left behind', { skip }, async (t) => {
  const temp = await ownTemp(t), data = await tempDir(t);
  const html = (script) => ['text/html', `<!doctype html><title>t</title><p>words before</p><script>${script}</script>`];
  const web = await site(t, {
    '/loop': html('while (true) {}'), '/late-loop': html('setTimeout(() => { while (true) {} }, 300)'), '/alerts': html('for (;;) alert(1)'),
    '/popups': html('for (let i = 0; i < 20; i++) window.open("/pop" + i); onbeforeunload = () => "stay";'),
    '/memory': html('const keep = []; setInterval(() => { for (let i = 0; i < 8; i++) { const b = new Uint8Array(8 << 20); b.fill(i + 1); keep.push(b); } }, 5)'),
    '/silent': () => {}, '/good': html('document.title = "good"'), '/nothing': (request, response) => { response.writeHead(204); response.end(); },
    '/slow': (request, response) => { response.writeHead(200, { 'Content-Type': 'text/html' }); response.write('<!doctype html><title>slow</title><p>part of it</p>'); },
    '/paper': ['application/pdf', '%PDF-1.4\n%%EOF\n'], '/on': html('location.href = "/good"'),
  });
  const server = await serve(t, data, ...allow, '--set', 'browser.memory_bytes=700MiB', '--set', 'browser.load_timeout=2s', '--set', 'browser.budget=9s', '--set', 'capture.timeout=12s', '--set', 'fetch.idle_timeout=5s');
  const rows = [['/loop', /without end/], ['/late-loop', /without end|not (loaded|answer)|time/], ['/alerts', /dialogs without end/], ['/popups', /20 windows/], ['/memory', /crashed|memory/], ['/slow', /not loaded|cut off|time/]];
  for (const [name, reason] of rows) {
    const job = await capture(server, web.url + name);
    if (job.state === 'done') assert.match(JSON.stringify([job.result.notes, job.result.not_captured]), reason, name);
    else assert.match(job.error.message, reason, name);
  }
  for (const name of ['/silent', '/gone-host']) {
    const job = await capture(server, name === '/silent' ? web.url + name : 'http://127.0.0.1:9/');
    assert.equal(job.state, 'failed', name);
  }
  const paper = await capture(server, `${web.url}/paper`);
  assert.equal(paper.state, 'done', JSON.stringify(paper));
  assert.equal(paper.result.mime, 'application/pdf');
  const on = await capture(server, `${web.url}/on`);
  assert.equal(on.result.url, `${web.url}/good`, JSON.stringify(on));

  // The browser is killed while it works.
  const made = await api(server, 'POST', '/api/v1/links', { url: `${web.url}/slow?2`, engine: 'browser' });
  await until(() => processesOf(`${temp}/waymark-browser-`), (pids) => pids.length > 0, 'the browser');
  for (const pid of await processesOf('--remote-debugging-pipe')) {
    if ((await readFile(`/proc/${pid}/cmdline`, 'latin1').catch(() => '')).includes(temp)) { try { process.kill(pid, 'SIGKILL'); } catch { /* gone */ } }
  }
  const killed = await jobOver(server, made.body.job.id);
  assert.ok(killed.state === 'done' || /browser ended|no answer|cut off|connection/.test(killed.error.message), JSON.stringify(killed));

  const last = await capture(server, `${web.url}/good?last`);
  assert.equal(last.state, 'done', JSON.stringify(last));
  assert.equal(last.result.engine, 'browser');
  assert.ok((await processesOf(`${temp}/waymark-browser-`)).length > 0, 'one browser waits for the next capture');
  assert.equal((await readdir(temp)).filter((name) => name.startsWith('waymark-browser-')).length, 1, 'with one folder');
  assert.equal(await stop(server.child), 0, server.errors());
  assert.deepEqual(await processesOf(`${temp}/waymark-browser-`), []);
  assert.deepEqual((await readdir(temp)).filter((name) => name.startsWith('waymark-browser-')), []);
});

test('an attacking page reaches nothing but what it was served from', { skip }, async (t) => {
  const temp = await ownTemp(t), data = await tempDir(t);
  // A network of its own, in which the page has a public address and the victim every private one.
  const inside = `ip link set lo up && ip addr add 93.184.216.34/32 dev lo && exec ${process.execPath} ${path.join(import.meta.dirname, 'lib/attack.mjs')} ${binary} ${data}`;
  const outcome = await promisify(execFile)('unshare', [...(process.getuid() === 0 ? [] : ['--map-root-user']), '--net', 'sh', '-c', inside], { env: { ...process.env, TMPDIR: temp } }).catch((error) => error);
  if (/Operation not permitted|not found|ENOENT/.test(`${outcome.stderr ?? ''}${outcome.message ?? ''}`) && !outcome.stdout) return t.skip('no network namespace can be made here');
  // In a namespace of its own, and held by its flags alone.
  for (const run of JSON.parse(outcome.stdout)) {
    assert.equal(run.engine, 'browser', JSON.stringify(run));
    assert.ok(run.tried >= 23, `${run.tried} tries`);
    assert.ok(run.missed >= 15, 'the proxy saw and refused what was tried');
    assert.deepEqual(run.hits, [], run.isolation);
  }
});

test('engine auto shows in the browser what is but the shell of a page, and says why', { skip }, async (t) => {
  await ownTemp(t);
  const data = await tempDir(t);
  const web = await site(t, {
    '/shell': ['text/html', '<!doctype html><title>shell</title><div id="root"></div><script src="/app.js"></script>'],
    '/app.js': ['text/javascript', 'document.getElementById("root").textContent = "a dotterel built by a script"'],
    '/plain': ['text/html', `<!doctype html><title>plain</title><p>${'words of a page that needs no script. '.repeat(40)}</p><a href="/">x</a>`],
  });
  const server = await serve(t, data, ...allow);
  const auto = async (name) => jobOver(server, (await api(server, 'POST', '/api/v1/links', { url: web.url + name })).body.job.id);
  const shell = await auto('/shell');
  assert.equal(shell.result.engine, 'browser', JSON.stringify(shell));
  assert.match(shell.result.engine_reason, /root element is empty/);
  assert.equal((await auto('/plain')).result.engine, 'http');
  await until(async () => (await api(server, 'GET', '/api/v1/search?q=dotterel')).body, (answer) => answer.total === 1, 'the text that the script made');
  assert.equal((await warcsOf(data)).length, 2, 'one file a capture');
  assert.equal(await stop(server.child), 0, server.errors());
});

test('without a browser the http engine serves and says so', async (t) => {
  const data = await tempDir(t), web = await site(t, { '/': ['text/html', '<title>plain</title>'] });
  const added = await waymark(data, 'add', `${web.url}/`, '--engine', 'browser', ...allow, '--set', 'browser.path=/nowhere/chromium');
  assert.equal(added.code, 0, added.errors);
  assert.equal(added.items[0].snapshot.engine, 'http');
  assert.match(JSON.stringify(added.items[0]), /no browser/);
});

test('many captures in a row leave no process, file or memory behind', { skip: skip || (process.env.WM_LONG ? false : 'WM_LONG is not set') }, async (t) => {
  const temp = await ownTemp(t), data = await tempDir(t);
  const web = await site(t, new Proxy({}, { get: (_, name) => (String(name).startsWith('/') ? ['text/html', `<title>${String(name)}</title><script>document.write("page")</script>`] : undefined) }));
  const server = await serve(t, data, ...allow, '--set', 'browser.recycle_pages=20', '--set', 'jobs.per_host=4', '--set', 'browser.contexts=4');
  const memory = async () => Number(/VmRSS:\s+(\d+)/.exec(await readFile(`/proc/${server.child.pid}/status`, 'latin1'))[1]);
  const files = async () => (await readdir(`/proc/${server.child.pid}/fd`)).length;
  const run = async (from, to) => {
    const jobs = [];
    for (let i = from; i < to; i++) jobs.push((await api(server, 'POST', '/api/v1/links', { url: `${web.url}/p${i}`, engine: 'browser' })).body.job.id);
    for (const id of jobs) assert.equal((await jobOver(server, id)).state, 'done');
  };
  const count = Number(process.env.WM_LONG); // captures
  await run(0, Math.ceil(count / 4));
  const before = [await memory(), await files()];
  await run(count, 2 * count);
  const after = [await memory(), await files()];
  t.diagnostic(`memory ${before[0]} kB then ${after[0]} kB, files ${before[1]} then ${after[1]}`);
  assert.ok(after[0] < before[0] * 1.5 + 50_000, 'memory');
  assert.ok(after[1] <= before[1] + 10, 'files');
  assert.ok((await readdir(temp)).filter((name) => name.startsWith('waymark-browser-')).length <= 2);
  assert.equal(await stop(server.child), 0, server.errors());
  assert.deepEqual((await readdir(temp)).filter((name) => name.startsWith('waymark-browser-')), []);
  assert.deepEqual(await processesOf(`${temp}/waymark-browser-`), []);
});

// What Waymark writes for others: whole to the validators, the same from a running server and without one, and read back by ourselves.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { api, serve, shared, stop, tempDir, waymark } from './lib/waymark.mjs';
import { png, site } from './lib/site.mjs';

const allow = ['--set', 'fetch.allow_private=true', '--set', 'jobs.host_pause=0ms', '--set', 'jobs.retry_after=10ms'];

/** Two snapshots of one page, so that the second has revisits, and a second link. */
async function archive(t, data) {
  const pages = {
    '/': ['text/html; charset=utf-8', '<!doctype html><title>Heron notes</title><link rel="stylesheet" href="/s.css"><p>The grey heron. 白鹭</p><img src="/a.png">'],
    '/s.css': ['text/css', 'body{background:url(/bg.png)}'], '/a.png': ['image/png', png], '/bg.png': ['image/png', png],
    '/two': ['text/html', '<title>Storks</title><p>white stork<img src="/a.png">'],
  };
  const web = await site(t, pages);
  const first = await waymark(data, 'add', `${web.url}/`, '--tag', 'birds', '--tag', '读书', ...allow);
  assert.equal(first.code, 0, first.errors);
  await new Promise((resolve) => { setTimeout(resolve, 1100); }); // captures are a second apart in a CDX
  const again = await waymark(data, 'add', `${web.url}/`, ...allow);
  assert.ok(again.items[0].snapshot.revisits > 0, JSON.stringify(again.items));
  const other = await waymark(data, 'add', `${web.url}/two`, ...allow);
  assert.equal(other.code, 0, other.errors);
  return { web, id: first.items[0].id, otherId: other.items[0].id };
}

function lint(tool, ...args) {
  const script = shared(`tools/${tool}`);
  if (!script) return null;
  const ran = spawnSync('python3', [script, '--no-warn', ...args], { encoding: 'utf8' });
  assert.equal(ran.status, 0, ran.stdout + ran.stderr);
  return ran.stdout;
}

test('WARC, WACZ and CDX files of a link, a query and a collection pass the validators', async (t) => {
  if (!shared('tools/warc_lint.py')) return t.skip('../shared/tools is missing');
  const data = await tempDir(t), { web, id, otherId } = await archive(t, data);
  const out = (name) => path.join(data, name);
  for (const [name, ...what] of [['link', '--link', String(id)], ['other', '--link', String(otherId)], ['query', '--query', 'heron'], ['all', '--collection', 'web']]) {
    const warc = await waymark(data, 'export', ...what, '-o', out(`${name}.warc.gz`));
    assert.equal(warc.code, 0, warc.errors);
    assert.match(lint('warc_lint.py', out(`${name}.warc.gz`)), /OK records=\d+ types=.*'revisit'/);
    const wacz = await waymark(data, 'export', ...what, '--format', 'wacz', '--title', 'Birds', '--sign', '-o', out(`${name}.wacz`));
    assert.equal(wacz.code, 0, wacz.errors);
    assert.match(lint('wacz_lint.py', '--complete', out(`${name}.wacz`)), new RegExp(`OK index=\\d+ pages=${{ link: 2, other: 1, query: 2, all: 3 }[name]} `));
  }
  // The revisit of the second link needs a record of the first.
  const warcio = spawnSync('npx', ['--no-install', 'warcio', 'index', out('other.warc.gz')], { cwd: import.meta.dirname, encoding: 'utf8' });
  if (warcio.status === 0) assert.match(warcio.stdout, new RegExp(`"warc-type":"response"[^\n]*a\\.png`));

  const cdxj = await waymark(data, 'export', '--collection', 'web', '--format', 'cdxj', '-o', out('all.cdxj'));
  assert.equal(cdxj.code, 0, cdxj.errors);
  const lines = (await readFile(out('all.cdxj'), 'utf8')).trimEnd().split('\n');
  const listed = await waymark(data, 'cdx', `${web.url}/`, '--match-type', 'host');
  for (const line of listed.items) assert.ok(lines.includes(line), line);
  assert.equal((await waymark(data, 'export', '--collection', 'web', '--format', 'cdx11', '-o', out('all.cdx'))).code, 0);
  const cdx = (await readFile(out('all.cdx'), 'utf8')).trimEnd().split('\n');
  assert.equal(cdx.shift(), ' CDX N b a m s k r M S V g');
  assert.equal(cdx.length, lines.length);
  for (const line of cdx) assert.equal(line.split(' ').length, 11, line);
});

test('a running server gives the same over REST and to the command', async (t) => {
  const data = await tempDir(t), { id } = await archive(t, data);
  const server = await serve(t, data, ...allow);
  const response = await fetch(`${server.app}/api/v1/export?link=${id}&format=wacz`);
  assert.equal(response.status, 200);
  assert.equal(response.headers.get('content-type'), 'application/wacz');
  assert.match(response.headers.get('content-disposition'), /filename="waymark\.wacz"/);
  const bytes = Buffer.from(await response.arrayBuffer());
  assert.equal(bytes.subarray(0, 4).toString('latin1'), 'PK\x03\x04');

  const file = path.join(data, 'through.warc.gz');
  const through = await waymark(data, 'export', '--link', String(id), '-o', file);
  assert.equal(through.code, 0, through.errors);
  assert.equal((await readFile(file)).length, through.items[0].bytes);
  lint('warc_lint.py', file);
  const refused = await waymark(data, 'export', '--link', '99', '-o', path.join(data, 'none.warc.gz'));
  assert.equal(refused.code, 1);
  assert.match(refused.errors, /no link 99/);
  assert.equal((await waymark(data, 'export', '--link', String(id), '-o', file)).code, 1, 'nothing is written over');
  for (const query of ['', 'link=1&query=x', 'link=1&format=zip', 'link=x', 'collection=none']) {
    const answer = await api(server, 'GET', `/api/v1/export?${query}`);
    assert.ok([400, 404].includes(answer.status), `${query}: ${answer.status}`);
  }
  assert.equal(await stop(server.child), 0, server.errors());
});

test('what was exported can be imported, and then replays', async (t) => {
  const data = await tempDir(t), { web, id } = await archive(t, data), file = path.join(data, 'birds.wacz');
  assert.equal((await waymark(data, 'export', '--link', String(id), '--format', 'wacz', '-o', file)).code, 0);
  const fresh = await tempDir(t);
  const taken = await waymark(fresh, 'import', file, '--collection', 'birds');
  assert.equal(taken.code, 0, taken.errors);
  const server = await serve(t, fresh, ...allow);
  const page = await fetch(`${server.replay}/birds/2id_/${web.url}/`);
  assert.equal(page.status, 200);
  assert.match(await page.text(), /grey heron/);
  const picture = await fetch(`${server.replay}/birds/2id_/${web.url}/a.png`);
  assert.deepEqual(Buffer.from(await picture.arrayBuffer()), Buffer.from(png));
});

test('verify finds nothing wrong, finds what was damaged, and says where', async (t) => {
  const data = await tempDir(t), { id } = await archive(t, data);
  const whole = await waymark(data, 'verify');
  assert.equal(whole.code, 0, whole.text);
  assert.equal(whole.items.at(-1).findings, 0);
  const { snapshots } = await (async () => {
    const server = await serve(t, data, ...allow);
    const through = await waymark(data, 'verify');
    assert.equal(through.code, 0, through.text);
    const answer = (await api(server, 'GET', `/api/v1/links/${id}/snapshots`)).body;
    await stop(server.child);
    return answer;
  })();
  const file = path.join(data, 'warcs', snapshots[0].warc), bytes = await readFile(file);
  bytes[Math.floor(bytes.length / 2)] ^= 0xff;
  await writeFile(file, bytes);
  const damaged = await waymark(data, 'verify', '--fix-index');
  assert.equal(damaged.code, 1, damaged.text);
  assert.ok(damaged.items.some((one) => one.file === snapshots[0].warc && one.offset > 0 && one.what), damaged.text);
});

test('a backup taken while the server runs comes back with links, snapshots and search', async (t) => {
  const data = await tempDir(t), { id } = await archive(t, data), into = path.join(await tempDir(t), 'backup'), fresh = await tempDir(t);
  const server = await serve(t, data, ...allow);
  const first = await waymark(data, 'backup', into);
  assert.equal(first.code, 0, first.errors);
  assert.deepEqual(await readdir(path.join(into, 'warcs', '_links')), ['links-00000001.warc.gz']);
  assert.equal(first.items[0].copied, 4, 'three captures and the journal');
  const second = await waymark(data, 'backup', into);
  assert.equal(second.items[0].copied, 0, 'nothing is copied twice');
  for (const bad of ['relative', data, path.join(data, 'x')]) {
    assert.ok([400, 409].includes((await api(server, 'POST', '/api/v1/backups', { path: bad })).status), bad);
  }
  const before = (await api(server, 'GET', `/api/v1/links/${id}`)).body;
  assert.equal(await stop(server.child), 0, server.errors());

  const restored = await waymark(fresh, 'restore', into);
  assert.equal(restored.code, 0, restored.errors);
  assert.equal((await waymark(fresh, 'restore', into)).code, 1, 'never over an archive');
  const found = await waymark(fresh, 'search', 'heron');
  assert.equal(found.items[0].total, 1);
  assert.deepEqual(found.items[0].results[0].tags.toSorted(), ['birds', '读书'].toSorted());
  assert.equal((await waymark(fresh, 'verify')).code, 0);
  const back = await serve(t, fresh, ...allow);
  const after = (await api(back, 'GET', `/api/v1/links/${id}`)).body;
  assert.deepEqual({ ...after, job: null }, { ...before, job: null });
  assert.match(await (await fetch(`${back.replay}${after.snapshot.replay_path}`)).text(), /grey heron/);
});

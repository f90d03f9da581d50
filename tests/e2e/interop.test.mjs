// Other tools' files in, ours out: what wget records is taken, found and replayed; warcio.js indexes real sites as we do.
import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { promisify } from 'node:util';
import { serve, shared, tempDir, until, api, waymark } from './lib/waymark.mjs';
import { png, site } from './lib/site.mjs';

const run = promisify(execFile);
const warcio = path.join(import.meta.dirname, 'node_modules/warcio/dist/cli.js');
const noWget = spawnSync('wget', ['--version']).status !== 0 && 'wget is not installed';

/** wget exits with 8 where a page answers 404. Now and then Debian's ends by a signal of its own making ("free(): invalid pointer"): it is run again then. */
async function wget(folder, ...args) {
  for (let turn = 1; ; turn += 1) {
    const failed = await run('wget', ['-q', '-P', path.join(folder, '..', 'got'), ...args], { cwd: folder, env: { ...process.env, http_proxy: '' } }).then(() => null, (error) => error);
    if (!failed || failed.code === 8) return;
    if (!failed.signal || turn === 5) assert.fail(`wget: ${failed.signal ?? failed.code} ${failed.stderr}`);
  }
}

test('what wget records, plain, compressed, with a CDX file and with duplicates left out, is taken whole', { skip: noWget }, async (t) => {
  const data = await tempDir(t), from = path.join(await tempDir(t), 'warcs');
  await mkdir(from);
  const chunked = (request, response) => { response.writeHead(200, { 'Content-Type': 'text/html' }); response.write('<title>Chunks</title><p>crane '); response.end('and curlew'); };
  const web = await site(t, { '/': ['text/html; charset=utf-8', '<title>Heron</title><p>grey heron 白鹭<img src="/a.png"><a href="/chunked">more</a><a href="/gone">gone</a>'], '/a.png': ['image/png', png], '/chunked': chunked });
  const all = ['-r', '-p', '-l', '2', `${web.url}/`];
  await wget(from, '--warc-file=first', '--warc-cdx', ...all);
  await wget(from, '--warc-file=second', '--warc-cdx', '--warc-dedup=first.cdx', ...all);
  await wget(from, '--warc-file=plain', '--no-warc-compression', '--no-warc-digests', ...all);
  await wget(from, '--warc-file=small', '--warc-max-size=1k', ...all);
  web.close();
  const files = (await readdir(from)).filter((name) => /\.warc(\.gz)?$/.test(name));
  assert.ok(files.length >= 5, String(files)); // the last makes several

  const taken = await waymark(data, 'import', from, '--collection', 'wget');
  assert.equal(taken.code, 0, taken.errors + taken.text);
  assert.equal(taken.items.length, files.length);
  for (const item of taken.items) assert.deepEqual([item.kind, item.errors], ['warc', []], item.file);
  // Rows of wget's CDX files are rows of ours.
  const lines = (await waymark(data, 'cdx', `${web.url}/`, '--match-type', 'host', '--collection', 'wget')).items.map((line) => JSON.parse(line.slice(line.indexOf('{'))));
  const hashes = new Map(taken.items.map((item) => [path.basename(item.file), item.warc]));
  let compared = 0;
  for (const name of ['first.cdx', 'second.cdx']) {
    const [head, ...rows] = (await readFile(path.join(from, name), 'utf8')).trimEnd().split('\n');
    const columns = head.trim().split(' ').slice(1);
    assert.deepEqual(columns, ['a', 'b', 'a', 'm', 's', 'k', 'r', 'M', 'V', 'g', 'u']);
    for (const row of rows) {
      const [url, , , mime, status, digest, , , offset, file] = row.split(' ');
      const ours = lines.find((line) => line.offset === offset && line.filename === hashes.get(path.basename(file)));
      assert.ok(ours, row);
      assert.deepEqual([ours.url, ours.status ?? '-', ours.digest], [url, status, `sha1:${digest}`], row);
      if (ours.mime !== 'warc/revisit') assert.equal(ours.mime, mime);
      ++compared;
    }
  }
  assert.ok(compared >= 4);
  assert.ok(lines.some(({ mime, filename }) => mime === 'warc/revisit' && filename === hashes.get('second.warc.gz')), 'duplicates are revisits');

  const server = await serve(t, data);
  for (const time of ['2000', '2099']) { // the first and the last: a revisit
    const page = await fetch(`${server.replay}/wget/${time}id_/${web.url}/`);
    assert.equal(page.status, 200);
    assert.match(await page.text(), /grey heron 白鹭/);
  }
  assert.equal(await (await fetch(`${server.replay}/wget/2id_/${web.url}/chunked`)).text(), '<title>Chunks</title><p>crane and curlew');
  assert.deepEqual(Buffer.from(await (await fetch(`${server.replay}/wget/2id_/${web.url}/a.png`)).arrayBuffer()), png);
  await until(async () => (await api(server, 'GET', '/api/v1/search?q=curlew')).body, ({ total }) => total === 1, 'one hit');
  const out = path.join(from, 'out.warc.gz');
  assert.equal((await waymark(data, 'export', '--collection', 'wget', '-o', out)).code, 0);
  const lint = shared('tools/warc_lint.py');
  if (lint) {
    // Wget's digests of chunked bodies are of the chunks; what it says of a payload is kept.
    const { stdout } = spawnSync('python3', [lint, '--lenient', '--no-warn', out], { encoding: 'utf8' });
    const wrong = stdout.split('\n').filter((line) => line.includes('ERROR') && !/still-chunked body|share WARC-Target-URI/.test(line));
    assert.deepEqual(wrong, []);
  }
});

const noSites = !shared('corpus/real-sites') ? 'no ../shared/corpus/real-sites' : !existsSync(warcio) && 'npm warcio is not installed';

test('warcio.js indexes real sites, and what we export of them, as we do', { skip: noSites }, async (t) => {
  const root = shared('corpus/real-sites'), data = await tempDir(t), out = await tempDir(t);
  const indexOf = async (file) => (await run(process.execPath, [warcio, 'cdx-index', file], { maxBuffer: 1 << 28 })).stdout.split('\n').filter(Boolean);
  const fields = (line) => {
    const { url, mime, status, digest, offset, length } = JSON.parse(line.slice(line.indexOf(' {') + 1));
    return [Number(offset), Number(length), line.split(' ')[1].slice(0, 14), url, mime || 'unk', status ?? '', digest?.replace(/^sha1:/, '')];
  };
  const byPlace = (lines) => new Map(lines.map(fields).map((row) => [row[0], row]));
  let compared = 0;
  for (const name of await readdir(root)) {
    const collection = name.toLowerCase();
    const taken = await waymark(data, 'import', path.join(root, name), '--collection', collection);
    const warc = taken.items.find(({ kind }) => kind === 'warc');
    assert.ok(warc?.captures > 0, `${name}: ${taken.errors}`);
    const exported = path.join(out, `${name}.warc.gz`);
    for (const [format, to] of [['cdxj', `${exported}.cdxj`], ['warc', exported]]) {
      assert.equal((await waymark(data, 'export', '--collection', collection, '--format', format, '-o', to)).code, 0);
    }
    const ours = byPlace((await readFile(`${exported}.cdxj`, 'utf8')).trimEnd().split('\n'));
    const theirs = byPlace(await indexOf(path.join(data, 'warcs', warc.warc)));
    assert.equal(ours.size, theirs.size, name);
    for (const [offset, mine] of ours) {
      const its = theirs.get(offset);
      assert.ok(its, `${name} at ${offset}`);
      assert.deepEqual(mine, its, `${name} at ${offset}`);
      ++compared;
    }
    // And what we give out has the same records.
    const again = await indexOf(exported);
    assert.equal(again.length, ours.size, name);
    const keyed = (rows) => [...rows].map(([, , ...rest]) => rest.join(' ')).toSorted();
    assert.deepEqual(keyed(again.map(fields)), keyed(theirs.values()), name);
  }
  assert.ok(compared > 400);
});

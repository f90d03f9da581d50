// Archives from elsewhere: a folder of everything at once, in place, saved pages, HAR; found, replayed, and the same again adds nothing.
import assert from 'node:assert/strict';
import { lstat, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { api, jobOver, serve, shared, stop, tempDir, until, waymark } from './lib/waymark.mjs';

const zoo = shared('corpus/warc-zoo');
const saved = (url, title, text) => `<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: ${url} \n saved date: Tue Jan 02 2024 10:11:12 GMT+0100 (CET)\n--><meta charset=utf-8><title>${title}</title><p>${text}</p>`;
const har = (url, text) => JSON.stringify({ log: { version: '1.2', creator: { name: 't', version: '1' }, pages: [{ id: 'p', title: 'From a HAR', startedDateTime: '2024-02-03T04:05:06Z' }],
  entries: [{ pageref: 'p', startedDateTime: '2024-02-03T04:05:06Z', request: { method: 'GET', url, headers: [] },
    response: { status: 200, statusText: 'OK', headers: [{ name: 'Content-Type', value: 'text/html; charset=gbk' }, { name: 'Content-Encoding', value: 'gzip' }], content: { size: 9, mimeType: 'text/html', text } } }] } });

/** Archives; the journal of links stands beside them. */
async function filesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => !entry.isDirectory()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).filter((file) => !file.includes('/_links/'));
}

test('a folder of everything that tools have ever written comes in as a whole', { skip: !zoo && 'no ../shared/corpus/warc-zoo' }, async (t) => {
  const data = await tempDir(t);
  const { files } = JSON.parse(await readFile(path.join(zoo, 'manifest.json'), 'utf8'));
  const imported = await waymark(data, 'import', zoo, '--collection', 'zoo');
  const byFile = new Map(imported.items.map((item) => [path.relative(zoo, item.file), item]));

  // The only ones refused, each with its reason; one line a file, in order.
  const refused = imported.items.filter((item) => item.kind === null).map((item) => path.relative(zoo, item.file));
  assert.deepEqual(refused, ['py-wacz/invalid_example_1.wacz', 'synthetic/wacz_no_datapackage.wacz']);
  for (const file of refused) assert.ok(byFile.get(file).errors[0].reason.length > 20, file);
  assert.equal(imported.code, 1, imported.errors);
  const folderByFolder = (file) => file.replaceAll('/', '\0');
  assert.deepEqual(imported.items.map((item) => folderByFolder(item.file)), imported.items.map((item) => folderByFolder(item.file)).toSorted());
  for (const { file } of files) {
    if (/\.(warc|arc|wacz)(\.gz|\.zst)?$/.test(file) && file !== 'synthetic/empty.warc') assert.ok(byFile.has(file), `${file} was passed over`);
  }

  let counted = 0;
  for (const one of files.filter(({ file }) => file.endsWith('.wacz'))) {
    const item = byFile.get(one.file);
    if (item.kind === null) continue;
    assert.equal(item.kind, 'wacz', one.file);
    if (one.truth > 0) {
      assert.equal(item.records - item.skipped, one.truth, one.file);
      ++counted;
    }
    if (['report', 'never write outside'].includes(one.must)) assert.ok(item.errors.length > 0, `${one.file}: nothing was reported`);
  }
  assert.ok(counted >= 5);
  assert.equal(byFile.get('webarchive/hello-world2.arc')?.kind, 'arc');

  // Nothing outside, nothing unfinished, nothing twice.
  const held = await filesBelow(path.join(data, 'warcs'));
  assert.ok(held.every((file) => file.startsWith(path.join(data, 'warcs', 'zoo', 'imported') + path.sep) && !file.endsWith('.open')));
  const again = await waymark(data, 'import', zoo, '--collection', 'zoo');
  assert.equal(again.items.length, imported.items.length);
  for (const item of again.items.filter(({ kind }) => kind !== null)) {
    assert.equal(item.captures, 0, item.file);
    assert.equal(item.already_imported, item.records > 0, `${item.file}: what holds nothing is not kept`);
  }
  assert.deepEqual((await filesBelow(path.join(data, 'warcs'))).toSorted(), held.toSorted());
});

test('a WACZ replays and its pages are links, over REST', { skip: !zoo && 'no ../shared/corpus/warc-zoo' }, async (t) => {
  const server = await serve(t, await tempDir(t));
  const begun = await api(server, 'POST', '/api/v1/imports', { path: path.join(zoo, 'replayweb.page'), collection: 'wacz', links: true });
  assert.equal(begun.status, 202);
  assert.equal(begun.body.jobs.length, 2);
  const results = [];
  for (const { job_id: id } of begun.body.jobs) {
    const job = await jobOver(server, id);
    assert.equal(job.state, 'done', JSON.stringify(job));
    results.push(job.result);
  }
  assert.ok(results.every((result) => result.links === 1 && result.kind === 'wacz'), JSON.stringify(results));
  assert.ok(results.every(({ signature }) => signature.state === 'valid' && /^key sha256:[0-9a-f]{64}$/.test(signature.signer)), JSON.stringify(results));
  const { links } = (await api(server, 'GET', '/api/v1/links')).body;
  assert.equal(links.length, 2);
  for (const link of links) {
    assert.ok(link.snapshot, link.url);
    const memento = await fetch(server.replay + link.snapshot.replay_path);
    assert.equal(memento.status, 200, link.url);
    assert.match(await memento.text(), /<(html|head|body|iframe)/i, link.url);
  }
  // The page list's own texts are found at the pages' addresses.
  const found = await until(async () => (await api(server, 'GET', '/api/v1/search?q=%22web+archiving+for+all%22')).body, (answer) => answer.total >= 1, 'the page list in the index');
  for (const hit of found.results) assert.match(hit.url, /^https:/);
  // One hit a page: what its HTML says, what the page list says and the link itself are the same thing.
  await until(async () => (await api(server, 'GET', '/api/v1/search?q=webrecorder')).body, ({ total, results: hits }) => total === 1 && hits[0].link_id > 0, 'one hit');
});

test('saved pages and HAR files replay byte for byte and are found', async (t) => {
  const data = await tempDir(t), from = path.join(await tempDir(t), 'from');
  await mkdir(path.join(from, 'deep'), { recursive: true });
  const page = saved('https://saved.example/p?q=1', 'Saved page', 'the words flamingo and 图书馆');
  await writeFile(path.join(from, 'deep', 'page.html'), page);
  await writeFile(path.join(from, 'log.har'), har('https://har.example/', '<meta charset=gbk><title>H</title><p>白鹭 pelican'));
  await writeFile(path.join(from, 'plain.html'), '<html><title>Plain</title><p>curlew');
  await writeFile(path.join(from, 'notes.txt'), 'not an archive');

  const imported = await waymark(data, 'import', from, '--collection', 'saved', '--links');
  assert.deepEqual(imported.items.map(({ file, kind, captures, links }) => [path.relative(from, file), kind, captures, links]),
    [['deep/page.html', 'html', 1, 1], ['log.har', 'har', 1, 1], ['plain.html', null, 0, 0]]);
  assert.match(imported.items[2].errors[0].reason, /--url/);
  const given = await waymark(data, 'import', path.join(from, 'plain.html'), '--url', 'http://plain.example/', '--collection', 'saved');
  assert.equal(given.code, 0, given.errors);
  assert.equal((await waymark(data, 'import', from, from, '--url', 'http://plain.example/')).code, 2);
  assert.equal((await waymark(data, 'import', from, '--url', 'http://plain.example/')).code, 1);

  const server = await serve(t, data);
  const raw = await fetch(`${server.replay}/saved/20240102091112id_/https://saved.example/p?q=1`);
  assert.equal(raw.status, 200);
  assert.equal(await raw.text(), page);
  const exchange = await fetch(`${server.replay}/saved/20240203040506id_/https://har.example/`);
  assert.equal(exchange.headers.get('content-type'), 'text/html; charset=utf-8');
  assert.match(await exchange.text(), /白鹭 pelican/);
  for (const word of ['flamingo', '图书馆', 'pelican', '白鹭', 'curlew']) {
    await until(async () => (await api(server, 'GET', `/api/v1/search?q=${encodeURIComponent(word)}`)).body, (answer) => answer.total >= 1, word);
  }
});

test('what holds no record is told of and not kept; copies under other names add nothing', { skip: !zoo && 'no ../shared/corpus/warc-zoo' }, async (t) => {
  const data = await tempDir(t), from = await tempDir(t), server = await serve(t, data); // through the running server
  await writeFile(path.join(from, 'junk.warc'), Buffer.alloc(5000, 0xa5));
  await writeFile(path.join(from, 'none.warc.gz'), Buffer.from('H4sIAAAAAAAAAwMAAAAAAAAAAAA=', 'base64'));
  for (const name of ['junk.warc', 'none.warc.gz']) {
    const refused = await waymark(data, 'import', path.join(from, name));
    assert.equal(refused.code, 1, refused.text);
    assert.equal(refused.items[0].warc, null);
    assert.match(refused.items[0].errors.at(-1).reason, /no record in it/);
  }
  const warcs = path.join(data, 'warcs');
  assert.deepEqual(await filesBelow(warcs).catch(() => []), []);
  for (const [name, as] of [['warcio/example.warc', 'one.warc'], ['warcio/example.warc', 'deep/two.warc'], ['replayweb.page/example.wacz', 'a.wacz'], ['replayweb.page/example.wacz', 'b.wacz']]) {
    await mkdir(path.dirname(path.join(from, as)), { recursive: true });
    await writeFile(path.join(from, as), await readFile(path.join(zoo, name)));
  }
  const taken = await waymark(data, 'import', path.join(from, 'one.warc'), path.join(from, 'deep'), path.join(from, 'a.wacz'), path.join(from, 'b.wacz'), '--links');
  assert.equal(taken.code, 0, taken.errors);
  assert.deepEqual(taken.items.map((item) => [item.captures > 0, item.already_imported, item.links]), [[true, false, 0], [false, true, 0], [true, false, 1], [false, true, 0]]);
  assert.equal((await filesBelow(warcs)).length, 3, 'two archives and the texts of a page list');
  assert.equal(await stop(server.child), 0, server.errors());
});

test('in place: the file stays, a link stands for it, and it replays from there', { skip: !zoo && 'no ../shared/corpus/warc-zoo' }, async (t) => {
  const data = await tempDir(t), from = await tempDir(t);
  const file = path.join(from, 'example.warc');
  await writeFile(file, await readFile(path.join(zoo, 'warcio/example.warc')));
  const dry = await waymark(data, 'import', file, '--dry-run');
  assert.equal(dry.items[0].warc, null);
  const imported = await waymark(data, 'import', file, '--link', '--collection', 'placed');
  assert.equal(imported.code, 0, imported.errors);
  assert.equal(imported.items[0].captures, dry.items[0].captures);
  assert.ok((await lstat(path.join(data, 'warcs', imported.items[0].warc))).isSymbolicLink());
  assert.equal((await waymark(data, 'import', file, '--link', '--collection', 'placed')).items[0].captures, 0);
  const server = await serve(t, data);
  const line = (await waymark(data, 'cdx', 'http://example.com/', '--collection', 'placed')).items[0];
  const memento = await fetch(`${server.replay}/placed/${line.split(' ')[1]}id_/http://example.com/`);
  assert.equal(memento.status, 200);
  assert.match(await memento.text(), /Example Domain/);
});

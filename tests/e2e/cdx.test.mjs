// The index for other tools' clients, over HTTP: three dialects, TimeMaps, and access rules that hold as soon as their file changes.
import assert from 'node:assert/strict';
import test from 'node:test';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { api, jobOver, serve, tempDir, until, waymark } from './lib/waymark.mjs';
import { png, site } from './lib/site.mjs';

const allow = ['--set', 'fetch.allow_private=true', '--set', 'jobs.host_pause=0ms'];

test('clients of three CDX servers find the captures, and rules hide them', async (t) => {
  const data = await tempDir(t);
  const web = await site(t, { '/': ['text/html', '<title>Page</title><img src="/a.png"><img src="/lost.png">'], '/a.png': ['image/png', png] });
  const rules = path.join(data, 'access.aclj');
  await writeFile(rules, '# nothing yet\n');
  const server = await serve(t, data, ...allow, '--set', `replay.access_rules=${rules}`);
  const made = await api(server, 'POST', '/api/v1/links', { url: `${web.url}/` });
  assert.equal((await jobOver(server, made.body.job.id)).state, 'done');
  const page = encodeURIComponent(`${web.url}/`);
  const ask = async (target) => {
    const answer = await fetch(server.replay + target);
    return { status: answer.status, type: answer.headers.get('content-type'), link: answer.headers.get('link'), text: await answer.text() };
  };

  const pywb = await ask(`/web/cdx?url=${page}&matchType=host&output=json`);
  const captures = pywb.text.trim().split('\n').map((line) => JSON.parse(line));
  assert.ok(captures.some((capture) => capture.url === `${web.url}/a.png` && capture.status === '200' && capture.mime === 'image/png'), pywb.text);
  const archive = JSON.parse((await ask(`/cdx/search/cdx?url=${page}&matchType=host&output=json&filter=statuscode:200&filter=mimetype:image/.*&fl=original,timestamp`)).text);
  assert.deepEqual(archive[0], ['original', 'timestamp']);
  assert.deepEqual(archive.slice(1).map(([url]) => url), [`${web.url}/a.png`]);
  assert.equal((await ask(`/cdx/search/cdx?url=${page}*&showNumPages=true`)).text, '1\n');
  assert.match((await ask(`/ocdx/web?url=${page}`)).text, new RegExp(`^\\S+ \\d{14} ${web.url}/ text/html 200 [A-Z2-7]{32} - - \\d+ \\d+ \\S+\\n$`));
  assert.match((await ask(`/ocdx/web?q=${encodeURIComponent(`type:urlquery url:${page}`)}`)).text, /<numreturned>1<\/numreturned>/);
  assert.deepEqual(await ask('/web/cdx?url=x.example&filter=~url:(').then(({ status, type }) => [status, type]), [400, 'application/json']);

  const listed = await waymark(data, 'cdx', `${web.url}/*`, '--filter', '=status:200', '--fields', 'url,status', '--output', 'json');
  assert.equal(listed.code, 0, listed.errors);
  assert.deepEqual(listed.items.map((item) => item.url).toSorted(), [`${web.url}/`, `${web.url}/a.png`].toSorted());
  assert.equal((await waymark(data, 'cdx', web.url, '--filter', 'nothing:x')).code, 1);

  assert.match((await ask(`/web/timemap/link/${web.url}/`)).text, /rel="self".*from=".*until="/);
  const { timestamp } = captures.find((capture) => capture.url === `${web.url}/a.png`);
  const memento = `/web/${timestamp}im_/${web.url}/a.png`;
  assert.equal((await ask(memento)).status, 200);
  const { urlkey } = captures.find((capture) => capture.url === `${web.url}/a.png`);
  await writeFile(rules, `${urlkey} - {"access": "exclude"}\n`);
  await until(() => ask(memento), ({ status }) => status === 404, 'the rule');
  assert.ok(!(await ask(`/web/cdx?url=${page}&matchType=host`)).text.includes('a.png'));
  await writeFile(rules, `${urlkey} - {"access": "block"}\n`);
  await until(() => ask(memento), ({ status }) => status === 451, 'the other rule');
});

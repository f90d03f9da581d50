// linkding's REST API, as its clients speak it: both words of Authorization, both forms of a path, every field.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { test } from 'node:test';
import { binary, jobOver, serve, tempDir, until, waymark } from './lib/waymark.mjs';
import { site } from './lib/site.mjs';

async function user(data, name, password) {
  const child = spawn(binary, ['user', 'add', name, '--data', data], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(`${password}\n`);
  assert.equal((await once(child, 'exit'))[0], 0);
}

test('a linkding client works unchanged', async (t) => {
  const data = await tempDir(t);
  await user(data, 'ada', 'correct horse battery');
  const token = (await waymark(data, 'token', 'create', '--user', 'ada', '--scope', 'write')).text.trim();
  const server = await serve(t, data, '--auth', 'password', '--set', 'fetch.allow_private=true', '--set', 'jobs.attempts=1');
  const call = async (method, path, body, word = 'Token') => {
    const response = await fetch(server.app + path, { method, headers: { Authorization: `${word} ${token}`, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) });
    const text = await response.text();
    return { status: response.status, body: text ? JSON.parse(text) : null };
  };

  await t.test('who has no token is told as linkding tells', async () => {
    const response = await fetch(`${server.app}/api/bookmarks/`);
    assert.equal(response.status, 401);
    assert.equal(typeof (await response.json()).detail, 'string');
    assert.match(response.headers.get('www-authenticate'), /Token|Bearer/);
  });

  const sent = { url: 'https://example.org/a?b=1', title: 'A title', description: 'D', notes: '**N**', unread: true, shared: false, is_archived: false, tag_names: ['zebra', 'two words'], date_added: '2020-09-26T09:46:23.006313Z' };
  const made = await call('POST', '/api/bookmarks/?disable_scraping&disable_html_snapshot', sent);
  assert.equal(made.status, 201);
  const id = made.body.id;

  await t.test('a bookmark has every field', () => {
    assert.deepEqual(Object.keys(made.body).sort(), ['date_added', 'date_modified', 'description', 'favicon_url', 'id', 'is_archived', 'notes', 'preview_image_url', 'shared', 'tag_names', 'title', 'unread', 'url', 'web_archive_snapshot_url', 'website_description', 'website_title']);
    assert.deepEqual(made.body.tag_names, ['two-words', 'zebra']);
    assert.equal(made.body.date_added, sent.date_added);
    assert.equal(made.body.unread, true);
    assert.match(made.body.web_archive_snapshot_url, /^https:\/\/web\.archive\.org\/web\/20200926094623\/https:\/\/example\.org/);
  });

  await t.test('the same address again is changed, and is 201 too', async () => {
    const again = await call('POST', '/api/bookmarks?disable_html_snapshot', { url: 'https://EXAMPLE.org/a?b=1', title: 'Another', tag_names: ['zebra'] });
    assert.equal(again.status, 201);
    assert.equal(again.body.id, id);
    assert.equal(again.body.title, 'Another');
    assert.deepEqual(again.body.tag_names, ['zebra']);
  });

  await t.test('lists page, filter and search', async () => {
    for (let i = 0; i < 5; i += 1) await call('POST', '/api/bookmarks/?disable_html_snapshot', { url: `https://example.org/${i}`, title: `page ${i}`, tag_names: i % 2 ? ['odd'] : [] });
    const first = await call('GET', '/api/bookmarks/?limit=2', null, 'Bearer');
    assert.equal(first.body.count, 6);
    assert.equal(first.body.results.length, 2);
    assert.equal(first.body.previous, null);
    const next = await fetch(first.body.next, { headers: { Authorization: `token ${token}` } });
    assert.equal((await next.json()).results.length, 2);
    await until(() => call('GET', '/api/bookmarks/?q=%23odd'), (answer) => answer.body.count === 2, 'the tag search');
    assert.equal((await call('GET', '/api/bookmarks?unread=yes')).body.count, 1);
    assert.equal((await call('GET', '/api/bookmarks/?added_since=2021-01-01T00:00:00Z')).body.count, 5);
    assert.equal((await call('GET', '/api/bookmarks/?modified_since=nonsense')).body.count, 6);
    assert.deepEqual((await call('GET', '/api/bookmarks/?sort=title_asc&limit=1')).body.results[0].title, 'Another');
  });

  await t.test('archive, change, delete', async () => {
    assert.equal((await call('POST', `/api/bookmarks/${id}/archive/`)).status, 204);
    assert.equal((await call('GET', '/api/bookmarks/archived/')).body.count, 1);
    assert.equal((await call('POST', `/api/bookmarks/${id}/unarchive`)).status, 204);
    const patched = await call('PATCH', `/api/bookmarks/${id}/`, { notes: 'n' });
    assert.equal(patched.body.notes, 'n');
    assert.equal(patched.body.title, 'Another', 'what was not sent stays');
    const clash = await call('PUT', `/api/bookmarks/${id}/`, { url: 'https://example.org/1' });
    assert.equal(clash.status, 400);
    assert.deepEqual(clash.body, { url: ['A bookmark with this URL already exists.'] });
    assert.equal((await call('DELETE', `/api/bookmarks/${id}/`)).status, 204);
    assert.equal((await call('DELETE', `/api/bookmarks/${id}/`)).status, 404);
    assert.equal(typeof (await call('GET', '/api/bookmarks/99999/')).body.detail, 'string');
  });

  await t.test('refusals name the field', async () => {
    assert.deepEqual((await call('POST', '/api/bookmarks/', {})).body, { url: ['This field is required.'] });
    assert.deepEqual((await call('POST', '/api/bookmarks/', { url: 'javascript:1' })).body, { url: ['Enter a valid URL.'] });
    assert.equal((await call('POST', '/api/bookmarks/', [])).status, 400);
  });

  await t.test('check, tags, bundles and the profile', async () => {
    const check = await call('GET', `/api/bookmarks/check?url=${encodeURIComponent('https://example.org/1')}`);
    assert.equal(check.body.bookmark.title, 'page 1');
    assert.deepEqual(Object.keys(check.body).sort(), ['auto_tags', 'bookmark', 'metadata']);
    assert.equal((await call('GET', '/api/bookmarks/check/?url=https://no.example/')).body.bookmark, null);
    const tags = await call('GET', '/api/tags/?limit=5000');
    const odd = tags.body.results.find((tag) => tag.name === 'odd');
    assert.ok(Number.isSafeInteger(odd.id));
    assert.deepEqual((await call('GET', `/api/tags/${odd.id}/`)).body, odd);
    const same = await call('POST', '/api/tags/', { name: 'ODD' });
    assert.equal(same.status, 201);
    assert.equal(same.body.id, odd.id);
    const bundle = await call('POST', '/api/bundles/', { name: 'B', search: 'page', any_tags: 'odd even', filter_unread: 'off' });
    assert.equal(bundle.status, 201);
    assert.equal(bundle.body.any_tags, 'odd even');
    assert.equal((await call('PATCH', `/api/bundles/${bundle.body.id}/`, { search: '' })).body.search, '');
    await until(() => call('GET', `/api/bookmarks/?bundle=${bundle.body.id}`), (answer) => answer.body.count === 2, 'the bundle');
    assert.equal((await call('DELETE', `/api/bundles/${bundle.body.id}/`)).status, 204);
    const profile = await call('GET', '/api/user/profile/');
    assert.equal(profile.body.search_preferences.sort, 'added_desc');
    assert.equal(typeof profile.body.version, 'string');
  });
});

test('scripts for the Internet Archive work by changing the host', async (t) => {
  const web = await site(t, { '/': ['text/html', '<title>Saved</title><p>words'] });
  const server = await serve(t, await tempDir(t), '--set', 'fetch.allow_private=true');
  const saved = await (await fetch(`${server.app}/save`, { method: 'POST', headers: { Accept: 'application/json' }, body: new URLSearchParams({ url: `${web.url}/` }) })).json();
  assert.match(saved.job_id, /^spn2-\d+$/);
  await jobOver(server, saved.job_id.slice(5));
  const status = await (await fetch(`${server.app}/save/status/${saved.job_id}`)).json();
  assert.equal(status.status, 'success');
  assert.match(status.timestamp, /^\d{14}$/);
  const available = await (await fetch(`${server.app}/wayback/available?url=${encodeURIComponent(`${web.url}/`)}`)).json();
  assert.equal(available.archived_snapshots.closest.timestamp, status.timestamp);
  assert.equal((await fetch(available.archived_snapshots.closest.url)).status, 200);
  assert.deepEqual((await (await fetch(`${server.app}/wayback/available?url=http://no.example/`)).json()).archived_snapshots, {});
  assert.equal(await (await fetch(`${server.app}/wayback/available?url=http://no.example/&callback=f`)).text().then((text) => text.startsWith('f({')), true);
  const led = await fetch(`${server.app}/save/${web.url}/`, { redirect: 'manual' });
  assert.equal(led.status, 302);
  assert.match(led.headers.get('location'), /^\/open\/web\/\d{14}\//);
  const forced = await fetch(`${server.app}/save/${web.url}/`, { redirect: 'manual', headers: { 'Sec-Fetch-Site': 'cross-site' } });
  assert.equal(forced.status, 403);
});

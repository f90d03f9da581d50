// With passwords: nobody comes in without, mementos neither; a ticket from the app opens the replay origin; tokens reach as far as their scope.
import assert from 'node:assert/strict';
import test from 'node:test';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { addUser, binary, serve, tempDir, waymark } from './lib/waymark.mjs';
import { site } from './lib/site.mjs';

test('log in, look, log out', async (t) => {
  const data = await tempDir(t), web = await site(t, { '/': ['text/html', '<title>Private</title><p>only mine</p>'] });
  assert.equal(await addUser(data, 'ann', 'correct horse'), 0);
  assert.equal(await addUser(data, 'ann', 'another one'), 1, 'a name is taken once');
  const added = await waymark(data, 'add', `${web.url}/`, '--set', 'fetch.allow_private=true');
  assert.equal(added.code, 0, added.errors);
  const path = added.items[0].snapshot.replay_path;
  const token = (await waymark(data, 'token', 'create', '--user', 'ann', '--scope', 'read')).text.trim();

  const server = await serve(t, data, '--auth', 'password');
  assert.equal((await fetch(`${server.app}/api/v1/links`)).status, 401);
  const refused = await fetch(server.replay + path, { headers: { Accept: 'text/html' } });
  assert.equal(refused.status, 401, 'mementos are private too');
  assert.ok((await refused.text()).includes(`href="${server.app}/open${path}"`), 'a person is led to where one logs in');
  assert.equal((await fetch(`${server.app}/health`)).status, 200);
  assert.equal((await fetch(`${server.app}/`)).status, 200, 'the page itself holds nothing');

  const wrong = await fetch(`${server.app}/api/v1/session`, { method: 'POST', body: '{"name":"ann","password":"wrong"}' });
  assert.equal(wrong.status, 403);
  const right = await fetch(`${server.app}/api/v1/session`, { method: 'POST', body: '{"name":"ann","password":"correct horse"}' });
  assert.equal(right.status, 201);
  const cookie = right.headers.get('set-cookie');
  assert.match(cookie, /HttpOnly/);
  assert.match(cookie, /SameSite=Strict/);
  const session = { Cookie: cookie.split(';')[0] };
  const links = await (await fetch(`${server.app}/api/v1/links`, { headers: session })).json();
  assert.equal(links.links.length, 1);
  assert.equal((await fetch(server.replay + path, { headers: session })).status, 401, "the app's cookie opens nothing on the replay origin");

  const opened = await fetch(`${server.app}/open${path}`, { headers: session, redirect: 'manual' });
  assert.equal(opened.status, 302);
  const ticket = await fetch(opened.headers.get('location'), { redirect: 'manual' });
  assert.equal(ticket.status, 302);
  const replayCookie = { Cookie: ticket.headers.get('set-cookie').split(';')[0] };
  const memento = await fetch(new URL(ticket.headers.get('location'), server.replay), { headers: replayCookie });
  assert.equal(memento.status, 200);
  assert.match(await memento.text(), /only mine/);
  const forged = await fetch(`${server.replay}/_ticket/9999999999.${'0'.repeat(64)}${path}`, { redirect: 'manual' });
  assert.equal(forged.status, 401);
  assert.ok((await forged.text()).includes(`href="${server.app}/open${path}"`));

  const reader = { Authorization: `Bearer ${token}` };
  assert.equal((await fetch(`${server.app}/api/v1/links`, { headers: reader })).status, 200);
  assert.equal((await fetch(`${server.app}/api/v1/links`, { method: 'POST', headers: reader, body: '{"url":"http://a.example/"}' })).status, 403);

  assert.equal((await fetch(`${server.app}/api/v1/session`, { method: 'DELETE', headers: session })).status, 204);
  assert.equal((await fetch(`${server.app}/api/v1/links`, { headers: session })).status, 401);
});

test('without a log-in it stays on loopback', async (t) => {
  const data = await tempDir(t);
  const child = spawn(binary, ['serve', '--data', data, '--listen', '0.0.0.0:0'], { stdio: ['ignore', 'ignore', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (bytes) => { errors += bytes; });
  const [code] = await once(child, 'close');
  assert.equal(code, 2);
  assert.match(errors, /loopback/);
});

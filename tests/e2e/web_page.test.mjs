// The web app in real Chromium: add and watch, find by a Chinese word, open the snapshot, choose many, by keyboard, in Chinese, on a phone.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { api, artefacts, jobOver, serve, tempDir, until } from './lib/waymark.mjs';
import { browser, leaked, watchedPage } from './lib/browser.mjs';
import { png, site } from './lib/site.mjs';

const shoot = async (page, name) => {
  await mkdir(artefacts, { recursive: true });
  await page.screenshot({ path: path.join(artefacts, `app-${name}.png`) });
};

test('add, watch, search, open', async (t) => {
  const elsewhere = await site(t, { '/leak': ['text/plain', 'reached'] });
  const web = await site(t, {
    '/': ['text/html; charset=utf-8', `<!doctype html><title>白鹭笔记</title><link rel="stylesheet" href="/s.css"><p id="words">湖边的白鹭站着不动。</p><img src="/a.png"><script>document.title = "changed"; fetch("${elsewhere.url}/leak")</script>`],
    '/s.css': ['text/css', '#words { color: rgb(1, 2, 3) }'], '/a.png': ['image/png', png],
  });
  const server = await serve(t, await tempDir(t), '--set', 'fetch.allow_private=true');
  const chromium = await browser(t);
  const context = await chromium.newContext({ locale: 'en-US' });
  const { page, errors } = await watchedPage(context);
  await page.goto(server.app);
  await page.getByText('No links yet').waitFor();
  await page.keyboard.press('n');
  await page.getByLabel('Address').fill(`${web.url}/`);
  await page.getByRole('dialog').getByLabel('Tags').fill('鸟, birds,');
  await page.getByLabel('Capture with').selectOption('http'); // a browser would show what its script makes of it
  await page.getByRole('button', { name: 'Save and take a snapshot' }).click();
  const row = page.locator('.row').first();
  await row.locator('a.version').waitFor({ timeout: 60_000 }); // the state updates by itself
  assert.equal(await row.locator('a.title').innerText(), '白鹭笔记');
  assert.deepEqual(await row.locator('.tag').allInnerTexts(), ['#birds', '#鸟']);
  web.close();

  await page.keyboard.press('/');
  await page.keyboard.type('白鹭站着');
  await page.locator('.row mark').first().waitFor();
  assert.match((await page.locator('.row mark').allInnerTexts()).join(''), /白鹭/);
  assert.match(page.url(), /\?q=/, 'what is searched for stands in the address');
  await shoot(page, 'search');

  const snapshot = (await (await fetch(`${server.app}/api/v1/links`)).json()).links[0].snapshot;
  const replay = await watchedPage(context);
  await replay.page.goto(`${server.app}/open${snapshot.replay_path}`, { waitUntil: 'load' });
  assert.ok(replay.page.url().startsWith(`${server.replay}/web/`), replay.page.url());
  assert.equal(await replay.page.evaluate(() => getComputedStyle(document.getElementById('words')).color), 'rgb(1, 2, 3)');
  assert.ok(await replay.page.evaluate(() => document.images[0].naturalWidth > 0));
  assert.deepEqual(leaked(chromium, replay.requests, [server.replay, server.app]), []);
  assert.ok(!elsewhere.asked.includes('/leak'), 'a script of the page could reach another server');
  assert.deepEqual(errors, []);
});

test('many links: filters, the side, bulk, the trash, one link', async (t) => {
  const server = await serve(t, await tempDir(t));
  for (let i = 0; i < 120; i += 1) {
    await api(server, 'POST', '/api/v1/links', { url: `https://example.org/${i}`, title: `Page ${i}`, tags: i % 3 ? ['ai/papers'] : ['图书馆'], unread: i % 2 === 0, capture: false });
  }
  const chromium = await browser(t);
  const { page, errors } = await watchedPage(await chromium.newContext({ locale: 'en-US' }));
  await page.goto(server.app);
  await page.locator('.row').nth(49).waitFor();
  assert.match(await page.getByRole('status').first().innerText(), /120 links/);
  await page.locator('.more').scrollIntoViewIfNeeded();
  await page.locator('.row').nth(99).waitFor(); // goes on by itself
  await shoot(page, 'list');

  await page.getByRole('navigation', { name: 'Filters' }).getByRole('link', { name: /^图书馆/ }).click();
  await until(() => page.getByRole('status').first().innerText(), (text) => /40 links/.test(text), 'the tag filter');
  await page.getByLabel('Find a tag').fill('tsg'); // by its Latin initials
  await page.getByRole('navigation', { name: 'Filters' }).getByRole('link', { name: /图书馆/ }).waitFor();

  await page.getByRole('button', { name: 'Select', exact: true }).click();
  await page.getByLabel(/all 40 that match/).check();
  await page.getByRole('button', { name: 'favourite' }).first().click();
  await until(async () => (await api(server, 'GET', '/api/v1/links?state=fav&limit=1')).body.total, (total) => total === 40, 'the bulk change');

  await page.goto(`${server.app}/?state=trashed`);
  await page.getByText('The trash is empty').waitFor();
  await page.goto(`${server.app}/`);
  await page.locator('.row').first().hover();
  await page.locator('.row').first().getByRole('button', { name: 'remove' }).click();
  await until(() => page.getByRole('status').first().innerText(), (text) => /119 links/.test(text), 'the removal');

  await page.locator('.row').first().hover();
  await page.locator('.row').first().getByRole('link', { name: 'details' }).click();
  await page.getByLabel('Notes').fill('some *notes*');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await until(async () => (await api(server, 'GET', '/api/v1/links?limit=1')).body.links[0].notes, (notes) => notes === 'some *notes*', 'the notes');
  await shoot(page, 'link');
  for (const view of ['tags', 'jobs', 'rules', 'settings']) {
    await page.goto(`${server.app}/?view=${view}`);
    await page.locator('main h2').waitFor();
    await shoot(page, view);
  }
  assert.deepEqual(errors, []);
});

test('keys alone, Chinese, dark, a phone', async (t) => {
  const web = await site(t, { '/': ['text/html', '<title>One</title>'] });
  const server = await serve(t, await tempDir(t), '--set', 'fetch.allow_private=true');
  const added = await api(server, 'POST', '/api/v1/links', { url: `${web.url}/`, tags: ['a'] });
  await jobOver(server, added.body.job.id);
  const chromium = await browser(t);
  const { page, errors } = await watchedPage(await chromium.newContext({ locale: 'zh-CN', colorScheme: 'dark', viewport: { width: 390, height: 800 } }));
  await page.goto(server.app);
  await page.getByRole('button', { name: '添加链接' }).waitFor();
  assert.equal(await page.locator('html').getAttribute('lang'), 'zh-CN');
  await page.locator('.row').first().waitFor();
  await page.keyboard.press('j');
  await page.locator('.row.current').waitFor();
  assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), 'nothing is wider than the phone');
  await shoot(page, 'phone-zh');
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: '快捷键与搜索语法' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('t');
  await page.getByRole('heading', { name: '标签' }).first().waitFor();
  await page.goBack();
  await page.locator('.row').first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('o');
  await page.waitForURL(/\/view\/web\/\d{14}\//, { waitUntil: 'commit' });
  assert.deepEqual(errors, []);
});

test('the words of each language are the same, and none is missing', async (t) => {
  const { readFile, readdir } = await import('node:fs/promises');
  const folder = path.resolve(import.meta.dirname, '../../static');
  const [en, zh] = await Promise.all(['en', 'zh-CN'].map(async (name) => JSON.parse(await readFile(path.join(folder, `i18n/${name}.json`), 'utf8'))));
  assert.deepEqual(Object.keys(zh), Object.keys(en));
  const values = (text) => [...text.matchAll(/\{(\w+)/g)].map((match) => match[1]);
  for (const [key, text] of Object.entries(en)) {
    for (const name of values(zh[key])) assert.ok(values(text).includes(name), `${key}: {${name}}`);
  }
  for (const file of await readdir(path.join(folder, 'app'))) {
    const source = await readFile(path.join(folder, 'app', file), 'utf8');
    for (const [, key] of source.matchAll(/\bt\('([^']+)'/g)) assert.ok(key in en, `${file}: ${key}`);
    for (const [, text] of source.matchAll(/>([A-Z][a-z]+ [a-z][^<$`]*)</g)) assert.fail(`${file} has words of its own: ${text}`);
  }
  t.diagnostic(`${Object.keys(en).length} texts`);
});

test('what a module of the page imports is there', async () => {
  const { existsSync } = await import('node:fs');
  const { readFile, readdir } = await import('node:fs/promises');
  const folder = path.resolve(import.meta.dirname, '../../static');
  let imports = 0;
  for (const file of (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.js'))) {
    const source = await readFile(path.join(folder, file), 'utf8');
    for (const [, target] of source.matchAll(/from '(\.[^']+)'/g)) {
      const found = path.join(path.dirname(path.join(folder, file)), target);
      assert.ok(existsSync(found) || found.startsWith(path.join(folder, 'vendor')), `${file}: ${target}`); // vendor/ comes from npm at build time
      imports += 1;
    }
  }
  assert.ok(imports > 20);
});

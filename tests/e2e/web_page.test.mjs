// The web page in real Chromium: add a link, watch its state, search in Chinese, open the snapshot.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { artefacts, serve, tempDir } from './lib/waymark.mjs';
import { browser, leaked, watchedPage } from './lib/browser.mjs';
import { png, site } from './lib/site.mjs';

test('add, watch, search, open', async (t) => {
  const elsewhere = await site(t, { '/leak': ['text/plain', 'reached'] });
  const web = await site(t, {
    '/': ['text/html; charset=utf-8', '<!doctype html><title>白鹭笔记</title><link rel="stylesheet" href="/s.css"><p id="words">湖边的白鹭站着不动。</p><img src="/a.png"><script>document.title = "changed"; fetch("' + elsewhere.url + '/leak")</script>'],
    '/s.css': ['text/css', '#words { color: rgb(1, 2, 3) }'], '/a.png': ['image/png', png],
  });
  const server = await serve(t, await tempDir(t), '--set', 'fetch.allow_private=true');
  const chromium = await browser(t);
  const context = await chromium.newContext();
  const { page, errors } = await watchedPage(context);
  await page.goto(server.app);
  await page.getByLabel('Address').waitFor();
  assert.equal(await page.locator('#login').isVisible(), false, 'nobody has to log in');
  await page.getByLabel('Address').fill(`${web.url}/`);
  await page.getByLabel('Tags').fill('鸟, birds');
  await page.getByRole('button', { name: 'Add and take a snapshot' }).click();
  const row = page.locator('#list > li').first();
  await row.locator('a.snapshot').waitFor({ timeout: 60_000 }); // the state updates by itself
  assert.equal(await row.locator('a.title').innerText(), '白鹭笔记');
  web.close();

  await page.getByRole('searchbox').fill('白鹭站着');
  await page.getByRole('searchbox').press('Enter');
  const hit = page.locator('#list > li').first();
  await hit.locator('mark').first().waitFor();
  assert.match((await hit.locator('mark').allInnerTexts()).join(''), /白鹭/);
  await mkdir(artefacts, { recursive: true });
  await page.screenshot({ path: path.join(artefacts, 'web-page.png') });

  const replay = await watchedPage(context);
  await replay.page.goto(new URL(await hit.locator('a.snapshot').getAttribute('href'), `${server.app}/`).href, { waitUntil: 'load' });
  assert.ok(replay.page.url().startsWith(`${server.app}/view/web/`), replay.page.url());
  await replay.page.locator('iframe').waitFor();
  const shown = await (await replay.page.locator('iframe').elementHandle()).contentFrame();
  await shown.waitForLoadState('load');
  assert.ok(shown.url().startsWith(`${server.replay}/web/`), shown.url());
  assert.equal(await shown.evaluate(() => getComputedStyle(document.getElementById('words')).color), 'rgb(1, 2, 3)');
  assert.ok(await shown.evaluate(() => document.images[0].naturalWidth > 0));
  assert.deepEqual(leaked(chromium, replay.requests, [server.replay, server.app]), []);
  assert.ok(!elsewhere.asked.includes('/leak'), 'a script of the page could reach another server');
  assert.deepEqual(errors, []);

  await page.goto(`${server.app}/?tag=birds`);
  await page.locator('#list > li').first().waitFor();
  page.on('dialog', (dialog) => dialog.accept());
  await page.getByRole('button', { name: 'remove' }).click();
  await page.locator('#list > li').first().waitFor({ state: 'detached' });
});

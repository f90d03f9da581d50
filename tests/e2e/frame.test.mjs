// The frame around mementos in real Chromium: versions, in-frame navigation, hostile messages, calendar by keyboard, differences with Chinese text.
import assert from 'node:assert/strict';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { addUser, artefacts, api, jobOver, serve, tempDir, until, wombatDir } from './lib/waymark.mjs';
import { browser, watchedPage } from './lib/browser.mjs';
import { site } from './lib/site.mjs';

const utf8 = 'text/html; charset=utf-8';
const first = '<!doctype html><title>白鹭笔记</title><h1>湖边</h1><p>湖边的白鹭站着不动。</p><p>第二段没有变化。</p><a href="/next" id="next">next</a><img src="/gone.png">';
const second = first.replace('白鹭站着不动', '苍鹭站着动');
const hostile = '<!doctype html><title>hostile</title><p id="words">hostile</p><iframe id="inner" srcdoc="<p>inner</p>"></iframe>';

/** What a script says that got hold of its real window, past wombat. */
function speakUp() {
  const tell = (message) => window.__WB_top_frame.postMessage(message, '*');
  tell({ wb_type: 'load', url: 'javascript:alert(1)', ts: '20200101000000' });
  tell({ wb_type: 'load', url: 'http://bank.example/', ts: '1" onclick="x' });
  tell({ wb_type: 'load', url: { toString: 1 }, ts: 5 });
  for (const odd of ['{"wb_type":"load"}', null, { wb_type: '__proto__', url: 'http://x/' }]) tell(odd);
  tell({ wb_type: 'title', title: '<img src=x onerror=alert(1)>' });
  for (let i = 0; i < 200; i += 1) tell({ wb_type: 'load', url: `http://never.example/${i}`, ts: '20200101000000', title: 'flood' });
  try { window.__WB_top_frame.location = 'http://127.0.0.1:1/taken'; } catch { return 'refused'; }
  return 'let through';
}

async function started(t) {
  let page = first;
  const web = await site(t, {
    '/': (_, response) => { response.writeHead(200, { 'Content-Type': utf8 }); response.end(page); },
    '/next': [utf8, '<!doctype html><title>the next page</title><p>There is no more.</p>'],
    '/hostile': [utf8, hostile],
  });
  const data = await tempDir(t);
  const server = await serve(t, data, '--set', 'fetch.allow_private=true', '--set', 'jobs.host_pause=0s', '--set', `replay.wombat_folder=${wombatDir}`);
  const link = (await api(server, 'POST', '/api/v1/links', { url: `${web.url}/`, tags: ['birds'] })).body;
  assert.equal((await jobOver(server, link.job.id)).state, 'done');
  for (const target of ['/next', '/hostile']) await jobOver(server, (await api(server, 'POST', '/api/v1/links', { url: web.url + target })).body.job.id);
  page = second;
  const { snapshots: [before] } = (await api(server, 'GET', `/api/v1/links/${link.id}/snapshots`)).body;
  await until(async () => Date.now(), (now) => Math.floor(now / 1000) > Math.floor(Date.parse(before.timestamp.replace(/^(....)(..)(..)(..)(..)(..)$/, '$1-$2-$3T$4:$5:$6Z')) / 1000), 'the next second');
  await jobOver(server, (await api(server, 'POST', `/api/v1/links/${link.id}/snapshots`)).body.job_id);
  web.close();
  await mkdir(artefacts, { recursive: true });
  return { server, web, link, data };
}

const picture = (page, name) => page.screenshot({ path: path.join(artefacts, `${name}.png`) });
const memento = (page) => page.frame({ name: '___wb_replay_top_frame' });

test('the frame around a memento', { timeout: 120_000 }, async (t) => {
  const { server, web, link } = await started(t);
  const url = `${web.url}/`;
  const { body: newest } = await api(server, 'GET', `/api/v1/memento?url=${encodeURIComponent(url)}`);
  assert.deepEqual([newest.position, newest.captures, newest.link_id], [2, 2, link.id]);
  assert.ok(newest.missing.resources.some((one) => one.url === `${web.url}/gone.png` && one.reason === '404'), JSON.stringify(newest.missing));
  const chromium = await browser(t);
  const context = await chromium.newContext({ locale: 'en-GB', viewport: { width: 1200, height: 700 } });

  await t.test('versions, in-frame navigation and what is held', async () => {
    const { page, errors } = await watchedPage(context);
    await page.goto(`${server.app}/web/${newest.timestamp}/${url}`);
    await page.getByText('2 of 2').waitFor();
    assert.ok(page.url().startsWith(`${server.app}/view/web/${newest.timestamp}/`), page.url());
    await until(() => memento(page)?.locator('p').first().innerText().catch(() => ''), (text) => text === '湖边的苍鹭站着动。', 'the page in the frame');
    assert.equal(await page.locator('iframe').getAttribute('sandbox'), 'allow-scripts allow-forms allow-popups allow-downloads allow-pointer-lock allow-same-origin');
    await until(() => page.title(), (title) => title === '白鹭笔记', 'the title of the page');
    await picture(page, 'frame');
    await page.getByRole('button', { name: '1 part of this page could not be archived' }).click();
    assert.match(await page.locator('#missing').innerText(), /gone\.png 404/);
    assert.doesNotMatch(await page.locator('#missing').innerText(), /favicon/, 'nobody misses an icon that there never was');
    await page.keyboard.press('Escape');
    assert.equal(await page.locator('#missing').isVisible(), false);

    await page.getByRole('combobox', { name: 'Show' }).selectOption('text');
    assert.match(await page.getByRole('article').innerText(), /湖边的苍鹭站着动。/);
    assert.equal(await page.getByRole('option', { name: 'Screenshot' }).count(), 0, 'no screenshot is held');
    await page.getByRole('combobox', { name: 'Show' }).selectOption('page');

    await page.getByRole('link', { name: 'Older version' }).focus();
    await page.keyboard.press('Enter');
    await page.getByText('1 of 2').waitFor();
    await until(() => memento(page)?.locator('p').first().innerText().catch(() => ''), (text) => text === '湖边的白鹭站着不动。', 'the older page');

    await memento(page).locator('#next').click();
    await until(async () => page.url(), (address) => address.endsWith(`${web.url}/next`), 'the bar to follow');
    await page.getByText('1 of 1').waitFor();
    await until(() => page.title(), (title) => title === 'the next page', 'its title');
    await page.goBack();
    await until(async () => page.url(), (address) => address.endsWith(`/${url}`), 'the way back');
    await page.locator('.live').waitFor();
    assert.equal(await page.locator('.live').getAttribute('href'), url);
    const answered = page.waitForResponse((response) => response.url().endsWith(`/links/${link.id}/snapshots`));
    await page.getByRole('button', { name: 'Archive again' }).click();
    assert.equal((await answered).status(), 202);
    assert.deepEqual(errors, []);
    await page.close();
  });

  await t.test('what a hostile page says is not believed', async () => {
    const { page, errors } = await watchedPage(context);
    let dialogs = 0;
    page.on('dialog', (dialog) => { dialogs += 1; dialog.dismiss(); });
    const asked = [];
    page.on('request', (request) => { if (request.url().includes('/api/v1/memento')) asked.push(request.url()); });
    await page.goto(`${server.app}/view/web/${web.url}/hostile`);
    await until(() => memento(page)?.locator('#words').innerText().catch(() => ''), (text) => text === 'hostile', 'the page');
    await page.locator('.live').waitFor();
    await until(() => page.title(), (title) => title === 'hostile', 'the page to be told of');
    const inner = await (await memento(page).locator('#inner').elementHandle()).contentFrame();
    await inner.evaluate(() => window.top.postMessage({ wb_type: 'title', title: 'spoken by an inner frame' }, '*'));
    assert.equal(await memento(page).evaluate(speakUp), 'refused', 'the tab could be led elsewhere');
    await until(() => page.locator('.notice').innerText(), (text) => /not in the archive/.test(text), 'the flood to be looked up');
    assert.ok(page.url().startsWith(`${server.app}/view/web/`) && page.url().endsWith('/hostile'), page.url());
    assert.equal(await page.locator('.live').getAttribute('href'), `${web.url}/hostile`, 'the bar tells what the archive holds');
    assert.ok(asked.length <= 8, `a flood of messages made ${asked.length} look-ups`);
    assert.equal(await page.locator('header img').count(), 0);
    assert.notEqual(await page.title(), 'spoken by an inner frame');
    assert.equal(dialogs, 0);
    assert.deepEqual(errors, []);
    await page.close();
  });

  await t.test('the calendar by keyboard, in Chinese', async () => {
    const chinese = await chromium.newContext({ locale: 'zh-CN', viewport: { width: 1200, height: 900 } });
    const { page, errors } = await watchedPage(chinese);
    await page.goto(`${server.app}/view/web/*/${url}`);
    await page.getByRole('heading', { name: `${url} 的存档` }).waitFor();
    await page.locator('.captures tbody tr').nth(1).waitFor();
    const day = page.locator('button[data-day]');
    await day.first().focus();
    await page.keyboard.press('Enter');
    await page.locator('.captures tbody tr').nth(1).waitFor();
    await until(() => page.locator('.captures tbody').innerText(), (text) => /文本变化/.test(text), 'the amount of change');
    await picture(page, 'calendar');
    await page.goto(`${server.app}/view/web/*/${web.url}/*`);
    await page.getByRole('searchbox').fill('NEXT');
    await until(() => page.locator('tbody tr').count(), (count) => count === 1, 'the filtered list');
    assert.match(await page.locator('tbody').innerText(), /\/next/);
    await picture(page, 'listing');
    assert.deepEqual(errors, []);
    await chinese.close();
  });

  await t.test('the difference of two versions', async () => {
    const { page, errors } = await watchedPage(context);
    await page.goto(`${server.app}/view/web/diff/${newest.previous}/${newest.timestamp}/${url}`);
    await page.locator('del').first().waitFor();
    assert.deepEqual(await page.locator('del').allInnerTexts(), ['白', '不']);
    assert.deepEqual(await page.locator('ins').allInnerTexts(), ['苍']);
    assert.match(await page.locator('.amount').innerText(), /% of the text changed: 2 words removed, 1 word added/);
    await picture(page, 'diff-text');
    await page.getByRole('button', { name: 'Pages' }).click();
    await until(async () => page.frames().length, (count) => count === 3, 'both pages');
    await until(async () => (await Promise.all(page.frames().slice(1).map((frame) => frame.locator('p').first().innerText().catch(() => '')))).join(' '), (text) => text === '湖边的白鹭站着不动。 湖边的苍鹭站着动。', 'both texts');
    await picture(page, 'diff-pages');
    assert.deepEqual(errors, []);
    await page.close();
  });
});

test('a private archive shows its mementos in the frame by a ticket', { timeout: 60_000 }, async (t) => {
  const web = await site(t, { '/': [utf8, '<!doctype html><title>private</title><p>a private note</p>'] });
  const data = await tempDir(t);
  assert.equal(await addUser(data, 'ann', 'a good password'), 0);
  const server = await serve(t, data, '--auth', 'password', '--set', 'fetch.allow_private=true', '--set', `replay.wombat_folder=${wombatDir}`);
  const context = await (await browser(t)).newContext();
  const { page } = await watchedPage(context);
  await page.goto(`${server.app}/view/web/${web.url}/`);
  await page.getByText('Log in to Waymark first.').waitFor();
  const asPage = (method, target, body) => page.evaluate(async ([m, u, b]) => { const r = await fetch(u, { method: m, headers: { 'Content-Type': 'application/json' }, body: b && JSON.stringify(b) }); return r.status === 204 ? null : r.json(); }, [method, target, body]);
  await asPage('POST', '/api/v1/session', { name: 'ann', password: 'a good password' });
  const link = await asPage('POST', '/api/v1/links', { url: `${web.url}/` });
  await until(() => asPage('GET', `/api/v1/jobs/${link.job.id}`), (job) => job.state === 'done', 'the capture');
  await page.goto(`${server.app}/view/web/${web.url}/`);
  await until(() => memento(page)?.locator('p').first().innerText().catch(() => ''), (text) => text === 'a private note', 'the page in the frame');
  assert.ok(memento(page).url().startsWith(`${server.replay}/web/`), 'no ticket stays in the address');
});

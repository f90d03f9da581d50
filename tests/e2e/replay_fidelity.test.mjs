// The same recordings twice in Chromium: played by a proxy as if they were the live web, not a byte rewritten, and replayed by Waymark. What the
// second shows, fetches and complains of must be what the first does.
import assert from 'node:assert/strict';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { artefacts, originBinary, serve, start, tempDir, waymark, wombatDir } from './lib/waymark.mjs';
import { browser, leaked, watchedPage } from './lib/browser.mjs';
import { names, recorded, root } from './lib/real_sites.mjs';

/** Errors of the pages' own making that only one of the two plays happens upon. */
const own = {
  Baidu: [/c is not defined/], // a timer of every_cookie.js calls c() of all_async_search.js, whichever of the two has loaded first
  Sina: [/etag_ngx_str is not defined/], // the recorded h.js is "SUDA.etag=etag_ngx_str;", a name that a server was to fill in; asked for by a random one of several ways
};

const view = { viewport: { width: 1024, height: 768 }, ignoreHTTPSErrors: true, serviceWorkers: 'block' };

/** Loads a page and waits until it is still: no request under way for a while, or the time is up. */
async function shown(context, url, name) {
  const { page, requests, errors } = await watchedPage(context);
  await page.goto(url, { waitUntil: 'load', timeout: 60_000 });
  await page.waitForLoadState('networkidle', { timeout: 8_000 }).catch(() => {});
  const pictures = await page.evaluate(() => [...document.images].filter((image) => image.complete && image.naturalWidth > 0).length);
  const sheets = await page.evaluate(() => document.styleSheets.length);
  const text = await page.evaluate(() => document.body.innerText.replace(/\s+/g, ' ').trim());
  const title = await page.title();
  const picture = await page.screenshot({ animations: 'disabled' });
  await mkdir(artefacts, { recursive: true });
  await writeFile(path.join(artefacts, name), picture);
  return { page, requests, errors: errors.map(named), pictures, sheets, text, title, picture };
}

/** Runs in a page that is played: its clock is that of the recording, as wombat's is in replay, so that both take the same turns. */
function setClock(at) {
  const Real = Date, behind = Real.now() - at;
  globalThis.Date = new Proxy(Real, {
    construct: (target, args, self) => Reflect.construct(target, args.length ? args : [Real.now() - behind], self),
    apply: () => new Real(Real.now() - behind).toString(),
    get: (target, key) => (key === 'now' ? () => Real.now() - behind : Reflect.get(target, key)),
  });
}

/** The moment of 14 digits, in milliseconds. */
const moment = (digits) => Date.parse(digits.replace(/(....)(..)(..)(..)(..)(..)/, '$1-$2-$3T$4:$5:$6Z'));

/** An error without the addresses in it, which differ. */
const named = (error) => error.split('\n')[0].replace(/https?:\/\/\S+/g, 'URL');

/** The share of points that two pictures have in common, looked at as a reader would from afar. */
function likeness(page, one, other) {
  return page.evaluate(async ([a, b]) => {
    const points = async (base64) => {
      const image = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
      const canvas = new OffscreenCanvas(128, 96), brush = canvas.getContext('2d');
      brush.drawImage(image, 0, 0, 128, 96);
      return brush.getImageData(0, 0, 128, 96).data;
    };
    const [left, right] = [await points(a), await points(b)];
    let same = 0;
    for (let i = 0; i < left.length; i += 4) if (Math.abs(left[i] - right[i]) + Math.abs(left[i + 1] - right[i + 1]) + Math.abs(left[i + 2] - right[i + 2]) < 48) ++same;
    return same / (left.length / 4);
  }, [one.toString('base64'), other.toString('base64')]);
}

test('the real sites look, load and fail as they do without rewriting', { skip: root ? false : '../shared/corpus/real-sites is not here' }, async (t) => {
  const data = await tempDir(t);
  const sites = await Promise.all(names.map(recorded));
  const imported = await waymark(data, 'import', ...sites.map((site) => site.warc));
  assert.equal(imported.code, 0, imported.errors);
  const server = await serve(t, data, '--set', `replay.wombat_folder=${wombatDir}`);
  const chromium = await browser(t);
  const blank = await (await chromium.newContext()).newPage();

  const check = async (site) => {
    const origin = await start(t, originBinary, ['--warc', site.warc, '--ca-out', path.join(data, `${site.name}.pem`)], /(\d+)\s*$/);
    const live = await chromium.newContext({ ...view, proxy: { server: `http://127.0.0.1:${origin.match[1]}` } });
    await live.addInitScript(setClock, moment(site.timestamp));
    const archive = await chromium.newContext(view);
    const played = await shown(live, site.front, `play-${site.name}.png`);
    await live.close();
    const replayed = await shown(archive, `${server.replay}/web/${site.timestamp}/${site.front}`, `replay-${site.name}.png`);
    const alike = await likeness(blank, played.picture, replayed.picture);
    await t.test(site.name, () => {
      t.diagnostic(`${site.name}: ${replayed.requests.length}/${played.requests.length} requests, ${replayed.pictures}/${played.pictures} pictures, ${replayed.errors.length}/${played.errors.length} errors, ${alike.toFixed(3)} alike`);
      assert.deepEqual(leaked(chromium, replayed.requests, [server.replay]), [], 'no request leaves the replay origin');
      assert.deepEqual(replayed.errors.filter((error) => !played.errors.includes(error) && !own[site.name]?.some((known) => known.test(error))), [], 'no error that it does not raise by itself');
      // Replay finds a picture whose address changes with every visit by its nearest kin, the play only by the very address (Sina).
      assert.ok(replayed.pictures >= played.pictures, `${replayed.pictures} of ${played.pictures} pictures`);
      assert.equal(replayed.sheets, played.sheets, 'style sheets');
      assert.equal(replayed.title, played.title);
      assert.ok(alike > 0.9, `looks alike: ${alike}`);
    });
    await archive.close();
  };
  const waiting = [...sites];
  await Promise.all([0, 1].map(async () => { while (waiting.length) await check(waiting.shift()); }));
});

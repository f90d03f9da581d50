// The texts of the web app: every language has every one, with the same places for values; and what readers and pages of /view/ are made of.
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import test from 'node:test';
import { sourceDir } from './lib/waymark.mjs';

const file = (name) => path.join(sourceDir, 'static', name);
const { choose, languages, translator } = await import(file('i18n.js'));
const { parse, frameAddress, listingAddress } = await import(file('viewer/address.js'));
const { readMessage } = await import(file('viewer/messages.js'));
const catalogues = Object.fromEntries(await Promise.all(languages.map(async (name) => [name, JSON.parse(await readFile(file(`i18n/${name}.json`), 'utf8'))])));
const places = (text) => [...new Set([...text.matchAll(/\{(\w+)[}|]/g)].map(([, name]) => name))];

test('every language has every text, and asks for no other values', () => {
  const [whole, ...others] = languages;
  for (const name of others) {
    assert.deepEqual(Object.keys(catalogues[name]).sort(), Object.keys(catalogues[whole]).sort());
    for (const [key, text] of Object.entries(catalogues[name])) {
      const known = places(catalogues[whole][key]);
      assert.ok(places(text).every((place) => known.includes(place)), `${name} ${key}`);
    }
  }
});

test('a reader gets the nearest language', () => {
  for (const [wanted, got] of [[['zh-CN'], 'zh-CN'], [['zh-TW', 'en'], 'zh-CN'], [['de', 'zh'], 'zh-CN'], [['de'], 'en'], [[], 'en'], [['EN-gb'], 'en']]) assert.equal(choose(wanted), got);
});

test('values and plurals are put in', () => {
  const t = translator({ a: '{n} {n|page|pages} of {x}' }, { b: 'fallback' });
  assert.equal(t('a', { n: 1, x: '<b>' }), '1 page of <b>');
  assert.equal(t('a', { n: 2 }), '2 pages of ');
  assert.equal(t('b'), 'fallback');
  assert.equal(t('c'), 'c');
});

test('addresses below /view/ keep the archived address as it is', () => {
  const rows = [
    ['/view/web/20200102030405/http://a.example/x?y=1&z', { kind: 'frame', collection: 'web', timestamp: '20200102030405', url: 'http://a.example/x?y=1&z' }],
    ['/view/web/2020mp_/http://a.example//b', { kind: 'frame', collection: 'web', timestamp: '2020', url: 'http://a.example//b' }],
    ['/view/web/http://a.example/', { kind: 'frame', collection: 'web', timestamp: '', url: 'http://a.example/' }],
    ['/view/my.coll/*/http://a.example/', { kind: 'calendar', collection: 'my.coll', span: '', url: 'http://a.example/' }],
    ['/view/web/2019*/http://a.example/', { kind: 'calendar', collection: 'web', span: '2019', url: 'http://a.example/' }],
    ['/view/web/*/http://a.example/*', { kind: 'listing', collection: 'web', url: 'http://a.example/' }],
    ['/view/web/diff/2019/2020/http://a.example/', { kind: 'diff', collection: 'web', from: '2019', to: '2020', url: 'http://a.example/' }],
    ['/view/', null], ['/view/web/', null], ['/view/../x', null], ['/other', null],
  ];
  for (const [address, parsed] of rows) assert.deepEqual(parse(address), parsed, address);
  assert.equal(frameAddress('web', '', 'http://a/#x'), '/view/web/http://a/%23x');
  assert.deepEqual(parse(listingAddress('web', 'http://a/')).kind, 'listing');
});

test('messages count from the framed page alone, and only in their form', () => {
  const frame = {}, origin = 'http://127.0.0.1:8081';
  const read = (data, from = {}) => readMessage({ source: frame, origin, data, ...from }, { frame, origin });
  const load = { wb_type: 'load', url: 'http://a.example/', ts: '20200101000000', title: ' A\u202e\n page ' };
  assert.deepEqual(read(load), { kind: 'load', url: 'http://a.example/', timestamp: '20200101000000', title: 'A   page' });
  assert.equal(read(load, { source: {} }), null, 'an inner frame or popup');
  assert.equal(read(load, { origin: 'http://127.0.0.1:8080' }), null);
  assert.equal(read(load, { origin: 'null' }), null);
  for (const bad of [null, 7, 'x', [], {}, { ...load, url: 'javascript:alert(1)' }, { ...load, url: 'data:text/html,x' }, { ...load, url: `http://a/${'x'.repeat(9000)}` }, { ...load, url: 7 }, { ...load, ts: '2020' },
    { ...load, ts: '20200101000000\n' }, { ...load, wb_type: 'toString' }, { wb_type: 'hashchange', hash: 'x' }, { wb_type: 'hashchange', hash: '#a\n' }]) assert.equal(read(bad), null, JSON.stringify(bad));
  assert.deepEqual(read({ wb_type: 'hashchange', hash: '#部分' }), { kind: 'hashchange', hash: '#部分' });
  assert.equal(read({ wb_type: 'title', title: 'x'.repeat(9999) }).title.length, 300);
  assert.equal(readMessage({ source: null, origin, data: load }, { frame: null, origin }), null);
});

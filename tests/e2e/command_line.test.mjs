// What scripts count on: exit codes 0, 1 and 2, and nothing made by a command that only reads.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { binary, tempDir, waymark } from './lib/waymark.mjs';

const run = (args, input = '') => spawnSync(binary, args, { input, encoding: 'utf8' });

test('a mistake of usage ends with 2 and says what is wrong', async (t) => {
  const data = path.join(await tempDir(t), 'data');
  for (const [args, says] of [
    [['tool', 'rewrite', '--type', 'html', '--url', 'nonsense', '--timestamp', '20200102030405'], /--url.*nonsense/],
    [['tool', 'rewrite', '--type', 'html', '--url', 'javascript:1', '--timestamp', '20200102030405'], /--url.*javascript:1/],
    [['tool', 'rewrite', '--type', 'html', '--url', 'http://a.test/', '--timestamp', 'soon'], /timestamp.*digits/],
    [['tool', 'rewrite', '--type', 'nonsense', '--url', 'http://a.test/', '--timestamp', '2020'], /type/],
    [['search', '--data', data], /query/],
    [['cdx', 'http://a.test/', '--from', 'yesterday', '--data', data], /from.*digits/],
    [['nonsense'], /nonsense|subcommand/],
    [['add', 'http://a.test/', '--set', 'no.such=1', '--data', data], /no\.such/],
    [['add', 'http://a.test/', '--tag', '', '--data', data], /tag is empty/],
    [['ls', '--state', 'odd', '--data', data], /state/],
    [['restore', '--data', data], /folder|link/],
    [['tag', '--data', data], /subcommand/],
  ]) {
    const { status, stderr } = run(args);
    assert.equal(status, 2, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, says);
  }
  assert.equal(existsSync(data), false);
});

test('a command that only reads makes no data folder', async (t) => {
  const data = path.join(await tempDir(t), 'mistyped');
  for (const args of [['search', 'word'], ['ls'], ['tag', 'ls'], ['edit', '1', '--read'], ['rules', 'ls'], ['restore', '--link', '1'], ['cdx', 'http://a.test/'], ['verify'], ['export', '--collection', 'web', '-o', `${data}.warc.gz`], ['backup', `${data}-backup`]]) {
    const { code, errors } = await waymark(data, ...args);
    assert.equal(code, 1, args.join(' '));
    assert.match(errors, /no data folder .*mistyped/);
  }
  assert.equal(existsSync(data), false);
});

test('tool surt and tool rewrite go from standard input to standard output', () => {
  assert.equal(run(['tool', 'surt'], 'http://www.Example.org/a?b=1\n').stdout, 'org,example)/a?b=1\n');
  const { status, stdout } = run(['tool', 'rewrite', '--type', 'css', '--url', 'http://a.test/s.css', '--timestamp', '20200102030405', '--prefix', '/web/'], 'a { background: url(/p.png) }');
  assert.equal(status, 0);
  assert.match(stdout, /url\(\/web\/20200102030405(\w\w_)?\/http:\/\/a\.test\/p\.png\)/);
});

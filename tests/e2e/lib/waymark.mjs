// Starts what an end-to-end test needs, on loopback and free ports, and ends it by pid.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { existsSync } from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';

export const sourceDir = process.env.WM_SOURCE_DIR ?? path.resolve(import.meta.dirname, '../../..');
export const sharedDir = process.env.WM_SHARED_DIR ?? path.resolve(sourceDir, '../shared');
export const binary = process.env.WM_BINARY ?? path.join(sourceDir, 'build/asan/server/cli/waymark');
export const originBinary = process.env.WM_ORIGIN ?? path.join(sourceDir, 'build/asan/tests/support/warc_origin');
export const wombatDir = path.join(sourceDir, 'npm/node_modules/@webrecorder/wombat/dist');
export const artefacts = process.env.WM_ARTEFACTS ?? path.join(tmpdir(), 'waymark-artefacts');

/** A path below ../shared, or null where that folder is missing: the caller skips by name. */
export function shared(relative) {
  const full = path.join(sharedDir, relative);
  return existsSync(full) ? full : null;
}

const children = new WeakMap(); // test → what it started

/** A temporary folder that goes when the test `t` ends, after what was started has ended. */
export async function tempDir(t) {
  const dir = await mkdtemp(path.join(tmpdir(), 'waymark-e2e-'));
  t.after(async () => {
    await Promise.all((children.get(t) ?? []).map((child) => stop(child)));
    await rm(dir, { recursive: true, force: true });
  });
  return dir;
}

/** A child whose first line on standard output matches `ready`; its groups come back. Ended with the test unless it ended before. */
export async function start(t, command, args, ready) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (bytes) => { errors += bytes; });
  children.set(t, [...(children.get(t) ?? []), child]);
  t.after(() => stop(child));
  let output = '';
  child.stdout.on('data', (bytes) => { output += bytes; });
  const lines = readline.createInterface({ input: child.stdout });
  const line = await Promise.race([
    once(lines, 'line').then(([text]) => text),
    once(child, 'exit').then(([code]) => { throw new Error(`${command} ended with ${code}: ${errors}`); }),
  ]);
  const match = ready.exec(line);
  if (!match) throw new Error(`${command} said ${line}`);
  return { child, match, errors: () => errors, output: () => output };
}

/** Ends a child in order and gives its exit code; null if a signal ended it. */
export async function stop(child, signal = 'SIGTERM') {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const ended = once(child, 'exit');
  child.kill(signal);
  const [code] = await ended;
  return code;
}

/** `waymark serve` on a data folder. */
export async function serve(t, data, ...args) {
  const started = await start(t, binary, ['serve', '--data', data, '--listen', '127.0.0.1:0', ...(args.includes('--replay-listen') ? [] : ['--replay-listen', '127.0.0.1:0']), ...args],
    /^Waymark is at (http:\/\/\S+) \(mementos at (http:\/\/[^)\s]+)\)/);
  return { child: started.child, app: started.match[1], replay: started.match[2], errors: started.errors };
}

/** Runs `waymark` with --json and gives the parsed lines, the exit code and standard error. */
export async function waymark(data, ...args) {
  const child = spawn(binary, [...args, '--data', data, '--json'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let out = '', errors = '';
  child.stdout.on('data', (bytes) => { out += bytes; });
  child.stderr.on('data', (bytes) => { errors += bytes; });
  const [code] = await once(child, 'close');
  const lines = out.split('\n').filter(Boolean);
  return { code, errors, text: out, items: lines.map((line) => (line.startsWith('{') ? JSON.parse(line) : line)) };
}

/** `waymark user add`: the exit code. */
export async function addUser(data, name, password) {
  const child = spawn(binary, ['user', 'add', name, '--data', data], { stdio: ['pipe', 'ignore', 'inherit'] });
  child.stdin.end(`${password}\n`);
  const [code] = await once(child, 'close');
  return code;
}

/** A JSON call of the REST API. */
export async function api(server, method, target, body) {
  const response = await fetch(server.app + target, { method, headers: body ? { 'Content-Type': 'application/json' } : {}, body: body ? JSON.stringify(body) : undefined });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text ? JSON.parse(text) : null };
}

/** Asks until `done(value)` is true or 60 s have passed. */
export async function until(ask, done, what) {
  const end = Date.now() + 60_000;
  for (;;) {
    const value = await ask();
    if (done(value)) return value;
    if (Date.now() > end) throw new Error(`waited in vain for ${what}: ${JSON.stringify(value)?.slice(0, 500)}`);
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

export const jobOver = (server, id) => until(async () => (await api(server, 'GET', `/api/v1/jobs/${id}`)).body, (job) => ['done', 'failed', 'cancelled'].includes(job.state), `job ${id}`);

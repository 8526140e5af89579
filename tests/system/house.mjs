// SPDX-License-Identifier: Apache-2.0
// What system tests share: running tidemark as a user would, scratch folders that go away, schemas, and servers that are
// stopped by the process id they were started with.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { Worker } from 'node:worker_threads';
import Ajv2020 from 'ajv/dist/2020.js';

export const root = path.join(path.dirname(new URL(import.meta.url).pathname), '../..');
export const build = path.resolve(process.env.TIDEMARK_BUILD ?? path.join(root, 'build'));
export const corpus = path.join(root, '../shared/corpus/dev');

/** What tidemark watches itself by: 'address' (and undefined behaviour), 'thread', or '' as released. */
export const sanitizer = [['address', '__asan_init'], ['thread', '__tsan_init']]
  .find(([, mark]) => readFileSync(path.join(build, 'tidemark')).includes(mark))?.[0] ?? '';

/* What waits for ever is told by name, before whoever started this file ends it without a word. */
const begun = new Set();
beforeEach(({ name }) => { begun.add(name); });
afterEach(({ name }) => { begun.delete(name); });
if (process.env.TIDEMARK_TEST_SECONDS)
  setTimeout(() => {
    const held = process.getActiveResourcesInfo().join(', ');
    console.error(`not ended after ${process.env.TIDEMARK_TEST_SECONDS} s: ${[...begun].join('; ')}\nheld by: ${held}`);
    process.exit(1);
  }, process.env.TIDEMARK_TEST_SECONDS * 1000).unref();

/** What stands for test() where cases mostly wait: so many of them run side by side, in their order. */
export function sideBySide(concurrency) {
  const cases = [];
  queueMicrotask(() => describe('side by side', { concurrency }, () => cases.forEach((each) => test(...each))));
  return (...each) => { cases.push(each); };
}

/** A folder of its own for one test; removed when the test ends. */
export function scratch(t) {
  const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-test-'));
  t.after(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Writes files given as {path: contents}. */
export function plant(folder, files) {
  for (const [name, contents] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), contents);
  }
  return folder;
}

/* Whichever of the programs wrote it: they share standard error. The test format that crashes reads at 64. */
function assertNothingReported(said) {
  assert.doesNotMatch(said, /(ERROR|WARNING): \w+Sanitizer: (?!SEGV on unknown address 0x0*40 )|: runtime error: /);
}

const environment = () => ({ PATH: process.env.PATH, HOME: '/nonexistent', ...pick('ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS') });
const pick = (...names) => Object.fromEntries(names.filter((name) => process.env[name]).map((name) => [name, process.env[name]]));

/** Runs tidemark; returns {code, signal, out, err}. from: the folder of the programs. */
export function tidemark(args, { env = {}, input = '', cwd, from = build } = {}) {
  const result = spawnSync(path.join(from, 'tidemark'), args,
    { env: { ...environment(), ...env }, input, cwd, encoding: 'utf8', maxBuffer: 1 << 30, timeout: 600000 });
  assertNothingReported(result.stderr);
  return { code: result.status, signal: result.signal, out: result.stdout, err: result.stderr };
}

export const quoted = (word) => `'${word.replaceAll("'", "'\\''")}'`;

/** Runs tidemark on a terminal of its own: {code, shown}, all that came on it, standard error included. typed: by the person. */
export function onTerminal(args, { columns = 100, env = {}, typed } = {}) {
  const line = [path.join(build, 'tidemark'), ...args].map(quoted).join(' ');
  const result = spawnSync('script', ['-qec', `stty cols ${columns}; exec ${line}`, '/dev/null'],
    { env: { ...environment(), SHELL: '/bin/sh', TERM: 'xterm', ...env },
      ...(typed === undefined ? { stdio: ['ignore', 'pipe', 'pipe'] } : { input: typed }), encoding: 'utf8', timeout: 600000 });
  assertNothingReported(result.stdout);
  return { code: result.status, shown: result.stdout };
}

/** Starts tidemark without waiting. */
export function start(args, { env = {}, from = build } = {}) {
  const child = spawn(path.join(from, 'tidemark'), args, { env: { ...environment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stdout.resume();
  child.stderr.on('data', (piece) => { said += piece; });
  child.on('close', () => assertNothingReported(said));
  return child;
}

export const exited = (child) => new Promise((resolve) => {
  if (child.exitCode !== null || child.signalCode !== null) resolve(child.exitCode ?? child.signalCode);
  else child.on('exit', (code, signal) => resolve(code ?? signal));
});

const ajv = new Ajv2020({ allErrors: true, validateFormats: false, strict: false });
const validators = new Map();

/** Holds a value against schema/NAME.json. */
export function holds(name, value) {
  if (!validators.has(name))
    validators.set(name, ajv.compile(JSON.parse(readFileSync(path.join(root, 'schema', `${name}.json`), 'utf8'))));
  const validate = validators.get(name);
  assert.ok(validate(value), `${name}: ${JSON.stringify(validate.errors?.slice(0, 5), null, 1)}`);
  return value;
}

/** Runs with --format json, expects the exit code, holds the answer against its schema. */
export function answer(schema, args, { code = 0, ...options } = {}) {
  const result = tidemark([...args, '--format', 'json'], options);
  assert.equal(result.code, code, `${args.join(' ')}: exit ${result.code}\n${result.err}\n${result.out.slice(0, 2000)}`);
  return holds(schema, JSON.parse(result.out));
}

/** Every hit of a query, through all pages. */
export function everyHit(query, flags) {
  const hits = [];
  for (let cursor = null, page; ; cursor = page.next) {
    page = answer('search', ['search', query, '--limit', '5000', ...(cursor ? ['--cursor', cursor] : []), ...flags]);
    hits.push(...page.hits);
    if (!page.next) return hits;
  }
}

export const files = (folder) => readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
  .map((entry) => path.join(entry.path ?? entry.parentPath, entry.name));

/** The labelled fake of Azure: {port, journal()}. scenario: a file's name in tests/fake-azure/scenarios, or an object. */
export async function fakeAzure(t, scenario) {
  const workerData = typeof scenario !== 'string' ? scenario
    : JSON.parse(readFileSync(path.join(root, 'tests/fake-azure/scenarios', scenario), 'utf8'));
  const fake = new Worker(path.join(root, 'tests/fake-azure/thread.mjs'), { workerData });
  t.after(() => fake.terminate());
  const [{ port }] = await once(fake, 'message');
  return { port, journal: async () => (await fetch(`http://127.0.0.1:${port}/__journal`)).json() };
}

/** A real Azurite in memory: {endpoint, key, account, upload(folder, container, access)}. */
export function azurite(t) {
  const data = mkdtempSync(path.join(tmpdir(), 'tidemark-azurite-'));
  const kit = (program, ...args) => {
    const result = spawnSync(process.execPath, [path.join(root, 'demo-kit', program), ...args], { encoding: 'utf8' });
    assert.equal(result.status, 0, result.stderr);
    return JSON.parse(result.stdout);
  };
  const state = kit('azurite.mjs', 'start', '--data', data, '--in-memory');
  t.after(() => {
    kit('azurite.mjs', 'stop', '--data', data);
    rmSync(data, { recursive: true, force: true });
  });
  return {
    account: state.account, endpoint: `az+${state.blob_endpoint}`, key: readFileSync(path.join(data, 'account-key'), 'utf8').trim(),
    upload: (from, container, access) => kit('upload.mjs', '--data', data, '--from', from, '--container', container, '--access', access),
  };
}

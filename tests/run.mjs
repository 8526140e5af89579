// SPDX-License-Identifier: Apache-2.0
// Runs everything that tests, and counts: unit programs (TAP), fuzz targets over their seeds, golden examples, system tests
// (node:test). What there is to run says each build folder itself: every test() of tests/meson.build, in the order of its
// priority. The last line is "N passed, N failed, N skipped".
//   node tests/run.mjs [LABEL=]BUILD... [--only unit|fuzz|golden|system]... [--match REGEX] [--jobs N] [--counts FILE]
// All build folders share one pool. It is twice as wide as there are processors, because a test waits about half its time;
// what is not to be disturbed (is_parallel: false) runs alone when the pool is empty. --match picks by name.
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

const root = path.join(path.dirname(new URL(import.meta.url).pathname), '..');
const total = { passed: 0, failed: 0, skipped: 0 };
const running = new Set();

function readArguments(words) {
  const asked = { builds: [], only: [], match: /./, jobs: 2 * (os.availableParallelism?.() ?? os.cpus().length), counts: null };
  while (words.length) {
    const word = words.shift();
    if (word === '--only') asked.only.push(words.shift());
    else if (word === '--match') asked.match = new RegExp(words.shift());
    else if (word === '--jobs') asked.jobs = Number(words.shift());
    else if (word === '--counts') asked.counts = words.shift();
    else if (word.startsWith('-')) throw new Error(`${word}: no such option`);
    else asked.builds.push(/^(?:(\w+)=)?(.*)$/.exec(word).slice(1));
  }
  if (asked.builds.length === 0) asked.builds.push([undefined, 'build']);
  return asked;
}

/* The tests of one build folder, as meson wrote them. */
function testsOf([label, folder]) {
  const build = path.resolve(folder), list = path.join(build, 'meson-info/intro-tests.json');
  if (!existsSync(list)) throw new Error(`${folder}: not a build folder`);
  return JSON.parse(readFileSync(list, 'utf8')).map((test) => (
    { ...test, label: label ?? path.basename(build), kind: test.suite[0].replace(/^.*:/, '') }));
}

/* In a process group of its own, so that a late one takes with it whatever it has started. */
function run({ cmd, env, timeout }) {
  return new Promise((resolve) => {
    const [command, ...args] = cmd, output = [], began = Date.now();
    const child = spawn(command, args,
      { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
    let late = false;
    const stop = () => { try { process.kill(-child.pid, 'SIGKILL'); } catch { /* ended meanwhile */ } };
    const timer = setTimeout(() => { late = true; stop(); }, timeout * 1000);
    const end = (code) => {
      clearTimeout(timer);
      running.delete(stop);
      resolve({ code: late ? 'timed out' : code, text: Buffer.concat(output).toString(), seconds: (Date.now() - began) / 1000 });
    };
    running.add(stop);
    child.stdout.on('data', (piece) => output.push(piece));
    child.stderr.on('data', (piece) => output.push(piece));
    child.on('error', (error) => { output.push(Buffer.from(error.message)); end('not started'); });
    child.on('close', (code, signal) => end(code ?? signal));
  });
}

// TAP lines and those of one level of subtests; a parent of subtests is a case of its own.
function countTap(text) {
  const count = { passed: 0, failed: 0, skipped: 0, told: [] };
  for (const [, not, rest] of text.matchAll(/^(?: {4})?(not )?ok \d+(.*)$/gm)) {
    if (/# SKIP/i.test(rest)) { count.skipped++; count.told.push(`  skipped: ${rest.replace(/^ - /, '').trim()}`); }
    else if (not) count.failed++;
    else count.passed++;
  }
  return count;
}

/* What stands below the line of each test that failed, as node:test writes it; other programs say why at their end. */
const whyOf = (text) => text.split(/^(?=\s*(?:(?:not )?ok \d|# Subtest))/m).filter((part) => /^\s*not ok/.test(part))
  .map((part) => part.slice(0, 2000));

function add({ label, suite, name, kind, protocol }, result) {
  const count = protocol === 'tap' ? countTap(result.text) : { passed: result.code === 0 ? 1 : 0, failed: 0, skipped: 0, told: [] };
  // A program that dies without saying so is one failure.
  if (result.code !== 0 && count.failed === 0) count.failed = 1;
  if (result.code === 0 && count.passed + count.failed + count.skipped === 0) count.failed = 1;
  for (const key of Object.keys(total)) total[key] += count[key];
  const { passed, failed, skipped, told } = count;
  for (const line of told) console.log(line);
  console.log(`${failed ? 'FAILED' : 'ok'} [${label}] ${kind} ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped, ` +
    `${result.seconds.toFixed(1)} s`);
  if (failed) console.log(`exit ${result.code}\n${[...whyOf(result.text), result.text.slice(-3000)].join('\n')}`);
}

async function runAll(tests, jobs) {
  const waiting = [...tests];
  const take = async () => { for (let test; (test = waiting.shift());) add(test, await run(test)); };
  await Promise.all(Array.from({ length: jobs }, take));
}

for (const [signal, code] of [['SIGINT', 130], ['SIGTERM', 143]])
  process.on(signal, () => { running.forEach((stop) => stop()); process.exit(code); });

try {
  const asked = readArguments(process.argv.slice(2));
  const tests = asked.builds.flatMap(testsOf)
    .filter(({ kind, name }) => (asked.only.length === 0 || asked.only.includes(kind)) && asked.match.test(name))
    .sort((a, b) => b.priority - a.priority);
  if (tests.length === 0) throw new Error('there is no such test in tests/meson.build');
  await runAll(tests.filter((test) => test.is_parallel), asked.jobs);
  await runAll(tests.filter((test) => !test.is_parallel), 1);
  if (asked.counts) appendFileSync(asked.counts, `${total.passed} ${total.failed} ${total.skipped}\n`);
} catch (error) {
  console.log(error.message);
  total.failed++;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed ? 1 : 0);

// SPDX-License-Identifier: Apache-2.0
// Runs everything that tests, and counts: unit programs (TAP), fuzz targets over their seeds, golden examples, system tests
// (node:test). What there is to run says each build folder itself: every test() of tests/meson.build, in the order of its
// priority. The last line is "N passed, N failed, N skipped".
//   node tests/run.mjs [LABEL=]BUILD... [--only unit|fuzz|golden|system]... [--quick] [--match REGEX] [--jobs N] [--counts FILE]
// All build folders share one pool. It is twice as wide as there are processors, because a test waits about half its time; what
// waits for most of it (suite 'waiting') has a pool of its own, as wide, beside it; what is not to be disturbed (is_parallel:
// false) runs alone when both are empty. --match picks by name, --quick what stands in the suite of that name.
import { spawn } from 'node:child_process';
import fs, { appendFileSync, existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

const root = path.join(path.dirname(new URL(import.meta.url).pathname), '..');
const total = { passed: 0, failed: 0, skipped: 0 };
const running = new Set();

function readArguments(words) {
  const asked = { builds: [], only: [], isQuick: false, match: /./, jobs: 2 * (os.availableParallelism?.() ?? os.cpus().length), counts: null };
  while (words.length) {
    const word = words.shift();
    if (word === '--only') asked.only.push(words.shift());
    else if (word === '--quick') asked.isQuick = true;
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
  return JSON.parse(readFileSync(list, 'utf8')).map((test) => {
    const [kind, ...marks] = test.suite.map((name) => name.replace(/^.*:/, ''));
    return { ...test, label: label ?? path.basename(build), kind, isWaiting: marks.includes('waiting'), isQuick: marks.includes('quick') };
  });
}

/* Most of what tests wait for is the disk, which every answer waits for, too, before it is given. Where there is plenty of memory
   their scratch lies there; a TMPDIR that was given stays. */
function scratch() {
  const shared = '/dev/shm', plenty = 4 * 2 ** 30;
  try {
    const { bavail, bsize } = fs.statfsSync(shared); // from Node.js 18.15 on
    return process.env.TMPDIR || bavail * bsize < plenty || os.freemem() < 2 * plenty ? {} : { TMPDIR: shared };
  } catch { return {}; }
}
const scratchIn = scratch();

/* A shell knows what its children and theirs have used: two lines of `1m2.5s 0m0.25s`, of itself and of them. */
const accounted = ['sh', '-c', '"$@" 3>&-; code=$?; times >&3; exit $code', 'sh'];
const processorSeconds = (text) => [...(text.split('\n')[1] ?? '').matchAll(/(\d+)m([\d.]+)s/g)]
  .reduce((sum, [, minutes, seconds]) => sum + 60 * minutes + Number(seconds), 0);

/* As it tells that a program was ended by a signal. */
const endOf = (code) => Object.keys(os.constants.signals).find((name) => os.constants.signals[name] + 128 === code) ?? code;

/* In a process group of its own, so that a late one takes with it whatever it has started. */
function run({ cmd, env, timeout }) {
  return new Promise((resolve) => {
    const [command, ...args] = [...accounted, ...cmd], output = [], used = [], began = Date.now();
    const child = spawn(command, args,
      { cwd: root, env: { ...process.env, ...scratchIn, ...env }, stdio: ['ignore', 'pipe', 'pipe', 'pipe'], detached: true });
    let late = false, isOver = false;
    const stop = () => { try { process.kill(-child.pid, 'SIGKILL'); } catch { /* ended meanwhile */ } };
    const timer = setTimeout(() => { late = true; stop(); }, timeout * 1000);
    const end = (code) => {
      if (isOver) return;
      isOver = true;
      clearTimeout(timer);
      running.delete(stop);
      resolve({ code: late ? 'timed out' : code, text: Buffer.concat(output).toString(), seconds: (Date.now() - began) / 1000,
        processor: processorSeconds(Buffer.concat(used).toString()) });
    };
    running.add(stop);
    child.stdout.on('data', (piece) => output.push(piece));
    child.stderr.on('data', (piece) => output.push(piece));
    child.stdio[3].on('data', (piece) => used.push(piece));
    child.on('error', (error) => { output.push(Buffer.from(error.message)); end('not started'); });
    child.on('close', (code, signal) => end(endOf(code) ?? signal));
    /* What it leaves behind holds its output open, and ends with it; what has left the group is not waited for. */
    child.on('exit', (code, signal) => { stop(); setTimeout(() => end(endOf(code) ?? signal), 5000); });
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
    `${result.seconds.toFixed(1)} s, ${result.processor.toFixed(1)} s of processor`);
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
    .filter(({ kind, name, isQuick }) => (asked.only.length === 0 || asked.only.includes(kind)) && asked.match.test(name)
      && (isQuick || !asked.isQuick))
    .sort((a, b) => b.priority - a.priority);
  if (tests.length === 0) throw new Error('there is no such test in tests/meson.build');
  const together = tests.filter((test) => test.is_parallel);
  await Promise.all([true, false].map((isWaiting) => runAll(together.filter((test) => test.isWaiting === isWaiting), asked.jobs)));
  await runAll(tests.filter((test) => !test.is_parallel), 1);
  if (asked.counts) appendFileSync(asked.counts, `${total.passed} ${total.failed} ${total.skipped}\n`);
} catch (error) {
  console.log(error.message);
  total.failed++;
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed ? 1 : 0);

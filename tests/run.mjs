// SPDX-License-Identifier: Apache-2.0
// Runs everything that tests, and counts: unit programs (TAP), fuzz targets over their seeds, golden examples, system tests
// (node:test). The last line is "N passed, N failed, N skipped".
//   node tests/run.mjs BUILD [--label NAME] [--only unit|fuzz|golden|system]... [--match REGEX] [--counts FILE]
// --match picks system tests by the names of their files.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, statSync, appendFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const root = path.join(path.dirname(new URL(import.meta.url).pathname), '..');
const build = path.resolve(process.argv[2] ?? 'build');
const options = process.argv.slice(3);
const only = options.filter((word, i) => options[i - 1] === '--only');
const valueOf = (name, otherwise) => (options.includes(name) ? options[options.indexOf(name) + 1] : otherwise);
const label = valueOf('--label', path.basename(build));
const total = { passed: 0, failed: 0, skipped: 0 };

function run(command, args, seconds, env = {}) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
    const output = [], began = Date.now();
    let late = false;
    const timer = setTimeout(() => { late = true; child.kill('SIGKILL'); }, seconds * 1000);
    child.stdout.on('data', (piece) => output.push(piece));
    child.stderr.on('data', (piece) => output.push(piece));
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const seconds = (Date.now() - began) / 1000;
      resolve({ code: late ? 'timed out' : code ?? signal, text: Buffer.concat(output).toString(), seconds });
    });
  });
}

// TAP lines, those of subtests not counted; files of node:test come as subtests of one line each, so their leaves count.
function countTap(text, indent) {
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const line of text.split('\n')) {
    const match = new RegExp(`^${indent}(not )?ok \\d+(.*)`).exec(line);
    if (!match) continue;
    if (/# SKIP/i.test(match[2])) { count.skipped++; console.log(`  skipped: ${match[2].replace(/^ - /, '').trim()}`); }
    else if (match[1]) count.failed++;
    else count.passed++;
  }
  return count;
}

/* What stands below the line of each test that failed, as node:test writes it; other programs say why at their end. */
const whyOf = (text) => text.split(/^(?=\s*(?:(?:not )?ok \d|# Subtest))/m).filter((part) => /^\s*not ok/.test(part))
  .map((part) => part.slice(0, 2000));

function add(name, count, result) {
  // A program that dies without saying so is one failure.
  if (result.code !== 0 && count.failed === 0) count.failed = 1;
  if (result.code === 0 && count.passed + count.failed + count.skipped === 0) count.failed = 1;
  for (const key of Object.keys(total)) total[key] += count[key];
  const { passed, failed, skipped } = count;
  console.log(`${failed ? 'FAILED' : 'ok'} [${label}] ${name}: ${passed} passed, ${failed} failed, ${skipped} skipped, ` +
    `${result.seconds.toFixed(1)} s`);
  if (failed) console.log(`exit ${result.code}\n${[...whyOf(result.text), result.text.slice(-3000)].join('\n')}`);
}

const programs = (folder, prefix) => (existsSync(folder) ? readdirSync(folder) : [])
  .filter((name) => name.startsWith(prefix) && statSync(path.join(folder, name)).isFile()).sort();

const conversations = () => readdirSync(path.join(root, 'tests/contract/azure')).sort()
  .map((name) => path.join(root, 'tests/contract/azure', name));

async function runUnits() {
  for (const name of programs(path.join(build, 'tests'), 'test_')) {
    const recorded = name === 'test_provider' ? conversations() : [];
    const result = await run(path.join(build, 'tests', name), recorded, 300, { CMOCKA_MESSAGE_OUTPUT: 'TAP' });
    const count = countTap(result.text, '');
    if (recorded.length && result.code === 0) count.passed = recorded.length; // a conversation is a case
    add(name, count, result);
  }
}

async function runFuzz() {
  for (const name of programs(path.join(build, 'tests'), 'fuzz_')) {
    const seeds = path.join(root, 'tests/fuzz/seeds', name.slice('fuzz_'.length));
    const result = await run(path.join(build, 'tests', name), [seeds], 300);
    add(`${name} over its seeds`, { passed: result.code === 0 ? 1 : 0, failed: 0, skipped: 0 }, result);
  }
}

async function runNode(folder, matching = /./) {
  for (const name of readdirSync(path.join(root, folder)).filter((file) => file.endsWith('.test.mjs') && matching.test(file)).sort()) {
    const result = await run(process.execPath, ['--test', '--test-reporter=tap', path.join(root, folder, name)], 1200,
      { TIDEMARK_BUILD: build });
    add(`${folder}/${name}`, countTap(result.text, '(?: {4})?'), result);
  }
}

const wanted = (kind) => only.length === 0 || only.includes(kind);
if (wanted('unit')) await runUnits();
if (wanted('fuzz')) await runFuzz();
if (wanted('golden')) await runNode('tests/golden');
if (wanted('system')) await runNode('tests/system', new RegExp(valueOf('--match', '.')));
if (valueOf('--counts', null)) appendFileSync(valueOf('--counts'), `${total.passed} ${total.failed} ${total.skipped}\n`);
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed ? 1 : 0);

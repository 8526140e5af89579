// SPDX-License-Identifier: Apache-2.0
// How well documents that resemble each other are told: precision and recall of pairs, over TSVs of near-duplicates with their
// Jaccard of five-word shingles as it was measured, and how many documents are known again in another format.
//   node bench/quality/twins.mjs BUILD TRUTH ROOT [--markdown] [--wrong]
// TRUTH: a folder with pairs.tsv (relation, path, path, Jaccard) and cross-format.tsv (path, path, share of words in common), and
// with spdx/, in which no other pair than those listed has 0.5 or more. ROOT: what their paths are relative to.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { tell, words } from './figures.mjs';

const [build, truth, root] = words;
if (root === undefined) throw new Error('usage: twins.mjs BUILD TRUTH ROOT [--markdown] [--wrong]');
const has = (flag) => process.argv.includes(flag);
const rows = (name) => readFileSync(join(truth, name), 'utf8').split('\n').slice(1).filter(Boolean).map((line) => line.split('\t'));
const pairs = rows('pairs.tsv').map(([relation, a, b, jaccard]) => ({ relation, a: resolve(root, a), b: resolve(root, b), jaccard: Number(jaccard) }));
const formats = rows('cross-format.tsv').map(([a, b, share]) => ({ a: resolve(root, a), b: resolve(root, b), share: Number(share) }));
const distractors = readdirSync(join(truth, 'spdx')).map((name) => resolve(truth, 'spdx', name));

const work = mkdtempSync(join(tmpdir(), 'twins-'));
try {
  mkdirSync(join(work, 'files'));
  const names = new Map();
  for (const path of [...pairs.flatMap(({ a, b }) => [a, b]), ...formats.flatMap(({ a, b }) => [a, b]), ...distractors])
    if (!names.has(path)) names.set(path, `${names.size}${extname(path)}`);
  for (const [path, name] of names) cpSync(path, join(work, 'files', name));
  const run = (...args) => execFileSync(join(build, 'tidemark'), [...args, '--catalog', join(work, 'catalog')], { maxBuffer: 1 << 30, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try { run('sweep', join(work, 'files'), '--progress', 'never'); } catch (failure) { if (failure.status !== 4) throw failure; }
  const hits = run('search', '', '--format', 'jsonl', '--limit', '1000000').split('\n').filter(Boolean).map((line) => JSON.parse(line)).filter(({ path }) => path !== undefined);
  const idOf = new Map(hits.map(({ path, id }) => [path, id]));
  const nameOf = new Map([...names].map(([path, name]) => [idOf.get(name), path]));
  const told = new Map();
  for (let from = 0; from < nameOf.size; from += 100)
    for (const one of JSON.parse(run('show', ...[...nameOf.keys()].slice(from, from + 100), '--format', 'json')).documents)
      for (const twin of one.twins) if (nameOf.has(twin.id)) told.set(`${nameOf.get(one.id)}\t${nameOf.get(twin.id)}`, twin);
  const say = (a, b) => told.get(`${a}\t${b}`) ?? told.get(`${b}\t${a}`);

  const known = new Map(pairs.flatMap(({ a, b, jaccard }) => [[`${a}\t${b}`, jaccard], [`${b}\t${a}`, jaccard]]));
  const isScored = (path) => pairs.some(({ a, b }) => a === path || b === path) || distractors.includes(path);
  const real = pairs.filter(({ jaccard }) => jaccard >= 0.8), found = real.filter(({ a, b }) => say(a, b) !== undefined);
  const called = [...told.keys()].map((key) => key.split('\t')).filter(([a, b]) => a < b && isScored(a) && isScored(b));
  const right = called.filter(([a, b]) => (known.get(`${a}\t${b}`) ?? 0) >= 0.8);
  const share = (part, whole) => (whole === 0 ? 'none' : (part / whole).toFixed(3));
  tell('near-duplicates, recall of pairs of Jaccard 0.8 or more', share(found.length, real.length), real.length, 'bar 0.95');
  tell('near-duplicates, precision of pairs called twins', share(right.length, called.length), called.length, 'bar 0.95');
  const exact = pairs.filter(({ relation }) => relation === 'exact');
  tell('exact twins, recall', share(exact.filter(({ a, b }) => say(a, b)?.relation === 'exact').length, exact.length), exact.length, '');
  const errors = pairs.filter(({ a, b }) => say(a, b)?.relation === 'near').map(({ a, b, jaccard }) => Math.abs(say(a, b).similarity - jaccard));
  tell('similarity told, mean error against the measured Jaccard', (errors.reduce((sum, one) => sum + one, 0) / errors.length).toFixed(3), errors.length, '');
  tell('the same text in another format, called a twin', share(formats.filter(({ a, b }) => say(a, b) !== undefined).length, formats.length), formats.length, '');
  if (has('--wrong')) {
    for (const { a, b, jaccard } of real) if (say(a, b) === undefined) console.log(`missed ${jaccard}: ${a} ${b}`);
    for (const [a, b] of called) if (!right.some(([c, d]) => a === c && b === d)) console.log(`wrong ${say(a, b).similarity.toFixed(3)}, measured ${known.get(`${a}\t${b}`) ?? '< 0.5'}: ${a} ${b}`);
    for (const { a, b, share: words } of formats) if (say(a, b) === undefined) console.log(`not known again, ${words}: ${a} ${b}`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

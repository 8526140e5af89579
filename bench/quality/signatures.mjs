// SPDX-License-Identifier: Apache-2.0
// How many signed files are told as signed, by kind, whether their signers' names are exact, and how many others are called
// signed: over a TSV of path, kind, number, sub-filter, signers' common names (| between them), ... and a root they are relative to.
//   node bench/quality/signatures.mjs BUILD LABELS ROOT [--others DIR] [--wrong] [--markdown]
// --others: a folder of further files, of which those that no label names should not be called signed.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { tell, tellShare, words } from './figures.mjs';

const [build, labels, root] = words;
if (root === undefined) throw new Error('usage: signatures.mjs BUILD LABELS ROOT [--others DIR] [--wrong]');
const others = process.argv.includes('--others') ? process.argv[process.argv.indexOf('--others') + 1] : null;
const namesWrong = process.argv.includes('--wrong');
const rows = readFileSync(labels, 'utf8').split('\n').slice(1).filter(Boolean).map((line) => line.split('\t'))
  .map(([path, kind, , , names = '', , integrity = '']) => ({ path, kind, names: names.split('|').filter((name) => name && name !== '(null)'), integrity }));

const work = mkdtempSync(join(tmpdir(), 'signatures-'));
try {
  mkdirSync(join(work, 'files'));
  rows.forEach((row, i) => {
    row.name = `${i}${extname(row.path)}`;
    cpSync(resolve(root, row.path), join(work, 'files', row.name));
  });
  const run = (...args) => execFileSync(join(build, 'tidemark'), [...args, '--catalog', join(work, 'catalog')], { maxBuffer: 1 << 30, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  const sweep = (folder) => { try { run('sweep', folder, '--progress', 'never'); } catch (failure) { if (failure.status !== 4) throw failure; } };
  const hits = (query) => run('search', query, '--format', 'jsonl', '--limit', '1000000').split('\n').filter(Boolean)
    .map((line) => JSON.parse(line)).filter((hit) => hit.path !== undefined);
  sweep(join(work, 'files'));
  const told = new Map(hits('').map((hit) => [hit.path, hit]));
  const kinds = [...new Set(rows.map((row) => row.kind))].sort();
  for (const kind of kinds) {
    const of = rows.filter((row) => row.kind === kind), found = of.filter((row) => told.get(row.name)?.signed === true);
    tellShare(`signatures, ${kind}: called signed`, found.length, of.length, { pdf: 'bar: all but one', 'pdf-byterange-no-pdfsig-result': 'a trap: none is right' }[kind]);
    if (namesWrong) for (const row of of.filter((one) => !found.includes(one)))
      console.log(`    ${row.path}: signed ${told.get(row.name)?.signed}, ${told.get(row.name)?.outcome}, ${told.get(row.name)?.media_type} ${told.get(row.name)?.note ?? ''}`);
  }
  let named = 0, right = 0;
  for (const row of rows.filter((one) => one.names.length > 0 && told.has(one.name))) {
    const shown = JSON.parse(run('show', told.get(row.name).id, '--format', 'json')).signatures;
    const signers = shown.map((signature) => signature.signer);
    named += row.names.length;
    right += row.names.filter((name) => signers.includes(name)).length;
    if (namesWrong && row.names.some((name) => !signers.includes(name))) console.log(`    ${row.path}: ${row.names.join('|')} told as ${signers.join('|')}`);
    if (namesWrong) console.log(`    ${row.path}: ${row.integrity}: ${shown.map((signature) => `${signature.intact} ${signature.covers}`).join(' | ')}`);
  }
  tellShare('signatures: signers of PDFs named exactly', right, named, 'bar 95 %');
  if (others !== null) {
    const known = new Set(rows.map((row) => resolve(root, row.path)));
    rmSync(join(work, 'catalog'), { recursive: true, force: true });
    sweep(others);
    const all = hits(''), called = all.filter((hit) => hit.signed === true && !known.has(resolve(others, hit.path.split('!/')[0])));
    tell('signatures: documents called signed that no label names', called.length, all.length, 'some are signed and not labelled');
    if (namesWrong) for (const hit of called) console.log(`    ${hit.path} (${hit.media_type})`);
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

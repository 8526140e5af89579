// SPDX-License-Identifier: Apache-2.0
// How often a document's class is right, over a set of labelled files: a TSV of path, class, source of the label, confidence
// (high, medium, low). Sweeps the files with tidemark and holds what search says against the labels.
//   node bench/quality/classes.mjs BUILD LABELS ROOT [--half a|b] [--wrong] [--markdown]
// ROOT: what the paths of LABELS are relative to. --half: of a random half of the labels, always the same, one to develop on and
// one to report. --wrong: names each wrong answer.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { say, tell, words } from './figures.mjs';

const [build, labels, root] = words;
if (root === undefined) throw new Error('usage: classes.mjs BUILD LABELS ROOT [--half a|b] [--wrong]');
const half = process.argv.includes('--half') ? process.argv[process.argv.indexOf('--half') + 1] : null;
const namesWrong = process.argv.includes('--wrong');

// Labels of kinds that are one class here. What is in none is not scored, but told: it should be `other`.
const CLASSES = {
  invoice: 'invoice', corrected_invoice: 'invoice', self_billed_invoice: 'invoice', credit_note: 'invoice',
  order_response: 'order_confirmation', purchase_order: 'purchase_order', catalogue: 'price_list', contract_nda: 'nda',
  statement_of_work: 'statement_of_work', performance_work_statement: 'statement_of_work', statement_of_objectives: 'statement_of_work',
  email_ham: 'mail', email_spam: 'mail',
};
const isInHalf = (path) => half === null || (createHash('sha256').update(path).digest()[0] % 2 === 0) === (half === 'a');
const rows = readFileSync(labels, 'utf8').split('\n').slice(1).filter(Boolean).map((line) => line.split('\t'))
  .filter(([path, , , confidence]) => confidence !== 'low' && isInHalf(path))
  .map(([path, label, , confidence]) => ({ path, label, class: CLASSES[label] ?? null, confidence }));

// Mails are told by their form alone; the sets of them are large, so a hundred stand for all.
const mails = rows.filter((row) => row.class === 'mail').slice(100);
const asked = rows.filter((row) => !mails.includes(row));

const work = mkdtempSync(join(tmpdir(), 'classes-'));
try {
  asked.forEach((row, i) => {
    row.name = `${i}${extname(row.path)}`; // names say nothing of the class
    mkdirSync(join(work, 'files'), { recursive: true });
    cpSync(resolve(root, row.path), join(work, 'files', row.name));
  });
  const tidemark = (...args) => execFileSync(join(build, 'tidemark'), [...args, '--catalog', join(work, 'catalog')], { maxBuffer: 1 << 30, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try { tidemark('sweep', join(work, 'files'), '--progress', 'never'); } catch (failure) { if (failure.status !== 4) throw failure; }
  const told = new Map(tidemark('search', '', '--format', 'jsonl', '--limit', '1000000').split('\n').filter(Boolean)
    .map((line) => JSON.parse(line)).filter((hit) => hit.path !== undefined).map((hit) => [hit.path, hit]));

  for (const confidence of ['high', 'medium']) {
    const scored = asked.filter((row) => row.confidence === confidence && row.class !== null);
    const classes = [...new Set(scored.map((row) => row.class))].sort();
    const counted = classes.filter((name) => scored.filter((row) => row.class === name).length >= (confidence === 'high' ? 3 : 1));
    const said = (row) => told.get(row.name)?.class ?? 'null';
    const scores = counted.map((name) => {
      const right = scored.filter((row) => row.class === name && said(row) === name).length;
      const called = scored.filter((row) => said(row) === name).length, are = scored.filter((row) => row.class === name).length;
      const precision = called ? right / called : 0, recall = right / are;
      return { name, are, precision, recall, f1: right ? 2 * precision * recall / (precision + recall) : 0 };
    });
    say(`${confidence}: ${scored.length} files${half ? `, half ${half}` : ''}`);
    for (const score of scores)
      tell(`class ${score.name}, labels of ${confidence} confidence: precision, recall, F1`, [score.precision, score.recall, score.f1].map((one) => one.toFixed(3)).join(', '), score.are);
    if (scores.length > 0) tell(`classes, labels of ${confidence} confidence: macro F1 of ${scores.length} classes`, (scores.reduce((sum, score) => sum + score.f1, 0) / scores.length).toFixed(3), scored.length, confidence === 'high' ? 'bar 0.85' : '');
    const confusion = new Map();
    for (const row of asked.filter((one) => one.confidence === confidence && (one.class === null || said(one) !== one.class))) {
      const key = `${row.class ?? `(${row.label})`} -> ${said(row)}`;
      confusion.set(key, [...(confusion.get(key) ?? []), row]);
    }
    for (const [key, wrong] of [...confusion].sort()) {
      say(`  ${key}: ${wrong.length}`);
      if (namesWrong) for (const row of wrong) console.log(`      ${row.path}\n        ${evidence(tidemark, told.get(row.name))}`);
    }
  }
} finally {
  rmSync(work, { recursive: true, force: true });
}

function evidence(tidemark, hit) {
  return hit === undefined ? 'no hit' : `${hit.outcome}; ${JSON.parse(tidemark('show', hit.id, '--format', 'json')).class_evidence.join('; ')}`;
}

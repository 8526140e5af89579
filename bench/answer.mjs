// SPDX-License-Identifier: Apache-2.0
// script/bench answer [DOCUMENTS...]: a subject's answer over so many documents (5000 and 10000 unless given)
// When its first document leaves, when the last, what it takes; and a page of 100 from its middle.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measured, median, tidemark } from './measure.mjs';

const sizes = process.argv.length > 2 ? process.argv.slice(2).map(Number) : [5000, 10000];
const invoice = (i) => ['INVOICE', '', `Invoice number: INV-2021-${100000 + i}`, `Order number: PO-${200000 + i}`, `Date: 2021-03-0${1 + (i % 9)}`, '',
  'From: Halvorsen Werke', 'dana.whitlock@halvorsenwerke.com', '', 'Bill to:', 'Contoso Ltd', `anna.berg${i % 50}@contoso.com`, '',
  `Contact: Anna Berg <anna.berg${i % 50}@contoso.com>`, '', `Total: EUR 1,${100 + (i % 900)}.50`, ''].join('\n');

/** Milliseconds to the first document and to the end. */
const timed = (args) => new Promise((resolve, reject) => {
  const began = process.hrtime.bigint();
  const since = () => Number(process.hrtime.bigint() - began) / 1e6;
  const program = spawn(tidemark, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let first = null, head = '';
  program.stdout.on('data', (piece) => {
    if (first === null && (head += piece.toString('latin1')).includes('"yours"')) first = since();
  });
  program.on('close', (code) => (code === 0 && first !== null ? resolve({ first, all: since() }) : reject(new Error(`lookup: exit ${code}`))));
});

for (const size of sizes) {
  const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-bench-'));
  try {
    const flags = ['--catalog', path.join(folder, 'catalog')], leak = path.join(folder, 'leak');
    mkdirSync(leak);
    for (let i = 0; i < size; i++) writeFileSync(path.join(leak, `invoice-${100000 + i}.txt`), invoice(i));
    measured(tidemark, ['sweep', leak, '--quiet', ...flags]);
    const ask = ['lookup', 'contoso.com', '--as-subject', '--format', 'json', ...flags];
    const runs = [];
    for (let i = 0; i < 10; i++) runs.push(await timed(ask));
    const { megabytes, out } = measured(tidemark, ask);
    const { documents } = JSON.parse(out);
    if (documents.length !== size) throw new Error(`${documents.length} documents of ${size}`);
    const { next } = JSON.parse(measured(tidemark, [...ask, '--limit', String(size / 2)]).out);
    const page = measured(tidemark, [...ask, '--limit', '100', '--cursor', next]);
    console.log(`answer of ${size} documents: first after ${median(runs.map((run) => run.first)).toFixed(0)} ms, `
      + `all after ${median(runs.map((run) => run.all)).toFixed(0)} ms, ${megabytes} MB; 100 from its middle: ${(page.wall * 1000).toFixed(0)} ms, ${page.megabytes} MB`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

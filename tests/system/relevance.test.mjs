// SPDX-License-Identifier: Apache-2.0
// What a person looks for stands first: rules on documents made here, and ten questions to the corpus, where it lies beside the
// project, with the first hit that a reader of its documents expects.
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answer, corpus, plant, sanitizer, scratch, tidemark } from './house.mjs';

const missing = !existsSync(corpus) ? 'no corpus beside the project' : sanitizer ? 'the corpus is swept by the release' : false;

const order = (query, flags) => answer('search', ['search', query, ...flags]).hits.map((hit) => hit.path);
const page = (title, text) => `<!doctype html><html><head><title>${title}</title></head><body><p>${text}</p></body></html>\n`;
const filler = (words) => Array.from({ length: words }, (_, i) => ['the', 'quick', 'brown', 'fox', 'jumps'][i % 5]).join(' ');

test('titles, names, nearness and repetition weigh as help search says', (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  plant(path.join(folder, 'leak'), {
    'title.html': page('Tender for the harbour', 'As agreed by phone.'),
    'body.html': page('Minutes', 'The tender was late. A tender is a tender; no tender is like it, and our tender least.'),
    'tender.txt': 'Enclosed.\n',
    'far.txt': `audit ${filler(400)} harbourmaster\n`,
    'near.txt': `${filler(200)} the audit by the harbourmaster ${filler(200)}\n`,
    'spam.txt': `${'lottery '.repeat(1000)}\n`,
    'letter.txt': 'Dear Anna,\nthe lottery paid for the roof, and will pay for the windows.\nYours, Ben\n',
    'one.txt': 'Your invoice is attached.\n',
    'many.txt': 'Your invoices are attached.\n',
    'rechnung.txt': 'Alle Rechnungen liegen bei.\n',
    'facture.txt': 'Voici les factures.\n',
    'contrato.txt': 'Adjuntamos los contratos.\n',
  });
  assert.equal(tidemark(['sweep', path.join(folder, 'leak'), '--quiet', ...flags]).code, 0);
  assert.deepEqual(order('tender', flags).slice(2), ['body.html']);
  assert.deepEqual(order('tender', flags).slice(0, 2).sort(), ['tender.txt', 'title.html']);
  assert.deepEqual(order('audit harbourmaster', flags), ['near.txt', 'far.txt']);
  assert.deepEqual(order('lottery', flags), ['letter.txt', 'spam.txt']);
  assert.deepEqual(order('invoice', flags), ['one.txt', 'many.txt']);
  assert.deepEqual(order('Invoices', flags), ['many.txt', 'one.txt']);
  assert.deepEqual(order('"invoice"', flags), ['one.txt']);
  assert.deepEqual(order('invoices*', flags), ['many.txt']);
  assert.deepEqual(order('attached -invoice', flags), ['many.txt']);
  assert.deepEqual(order('Rechnung', ['--in', 'contents', ...flags]), ['rechnung.txt']);
  assert.deepEqual(order('facture', ['--in', 'contents', ...flags]), ['facture.txt']);
  assert.deepEqual(order('contrato', ['--in', 'contents', ...flags]), ['contrato.txt']);
  // A snippet shows the form that stands there.
  const [, many] = answer('search', ['search', 'invoice', ...flags]).hits;
  assert.match(many.snippet, /Your invoices are/);
});

// A word of the question often stands in another number than in the document, as people write.
const expected = [
  ['carpet cleaning', /042_Carpet_Cleaning_Services_Sources_Sought_Notice_VA_\.pdf$/],
  ['armed guards statement of work', /025_Armed_Guard_Services_SOW_DEA_2020\.pdf$/],
  ['buying furniture', /Buying_Furniture_Read_About_The_UNICOR_Limited_Source_Justification_11470\.pdf$/],
  ['quality assurance surveillance plan', /1915_HHSs_Quality_Assurance_Surveillance_Plan_for_Grantsgov\.pdf$/],
  ['rugged laptops', /029_BPA_for_Rugged_Laptops_and_Tablets\.pdf$/],
  ['invasive plants', /273_Treatment_of_Invasive_Exotic_Plant_Species_PWS_NPS\.pdf$/],
  ['winter sports', /winter-sports\.epub$/],
  ['mutual confidentiality agreements', /kleister-nda\/documents\/[0-9a-f]+\.pdf$/],
  ['Gutschriften', /EN16931_Gutschrift\.cii\.xml$/],
  ['factures', /Facture_\w+\.pdf$/],
];

test('ten questions to the corpus have the first hits that a reader expects', { skip: missing, timeout: 600000 }, (t) => {
  const flags = ['--catalog', path.join(scratch(t), 'catalog')];
  assert.ok([0, 4].includes(tidemark(['sweep', corpus, '--quiet', ...flags]).code));
  const first = expected.map(([query]) => [query, order(query, ['--limit', '1', ...flags])[0] ?? 'none']);
  assert.deepEqual(first.filter(([, name], i) => !expected[i][1].test(name)), []);
});

// SPDX-License-Identifier: Apache-2.0
// What is found of invoices: their numbers, parties' addresses and ids, of which an XML file says itself what they are. Of a PDF
// only what can be seen in its text counts; what is embedded in it is a document of its own.
//   node bench/quality/invoices.mjs BUILD TRUTH ROOT [--markdown] [--wrong]
// TRUTH: a folder with einvoice-entities/entities.jsonl. ROOT: what its paths are relative to.
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join, resolve } from 'node:path';
import { tellShare, words } from './figures.mjs';

const namesWrong = words.includes('--wrong');
const [build, truth, root] = words;
if (root === undefined) throw new Error('usage: invoices.mjs BUILD TRUTH ROOT [--markdown] [--wrong]');
const rows = readFileSync(join(truth, 'einvoice-entities/entities.jsonl'), 'utf8').trimEnd().split('\n').map((line) => JSON.parse(line));

const bare = (text) => String(text).toUpperCase().replace(/[^0-9A-Z]/g, '');
const digits = (text) => String(text).replace(/\D/g, '');
/* Of a row the keys that are looked for: what, its value, and whether a finding is it. */
function keysOf(row) {
  const keys = [];
  const add = (what, key, value, is) => { if (value !== undefined && bare(value) !== '') keys.push({ what, key: `${key}:${value}`, value, is }); };
  const equal = (...kinds) => (value) => ({ kind, value: found, raw }) => kinds.includes(kind) && (bare(found) === bare(value) || bare(raw) === bare(value));
  for (const side of ['seller', 'buyer']) {
    const party = row[side] ?? {};
    for (const value of party.email ?? []) add('e-mail addresses', `${side}.email`, value, ({ kind, value: found }) => kind === 'email' && found.toLowerCase() === value.toLowerCase());
    for (const value of party.vat ?? []) add('VAT ids', `${side}.vat`, value, equal('vat_id')(value));
    for (const value of party.phone ?? []) add('phones', `${side}.phone`, value, ({ kind, raw }) => kind === 'phone' && digits(raw).slice(-6) === digits(value).slice(-6));
    for (const value of party.name ?? []) add('names of parties, as organisation or person', `${side}.name`, value, ({ kind, raw }) => ['organisation_name', 'person'].includes(kind) && (bare(raw) === bare(value) || bare(raw).includes(bare(value)) || bare(value).includes(bare(raw))));
  }
  for (const value of [row.iban ?? []].flat()) add('IBANs', 'iban', value, equal('iban')(value));
  if (/invoice|credit/.test(row.class)) add('invoice numbers', 'number', row.number, equal('invoice')(row.number ?? ''));
  return keys;
}

const work = mkdtempSync(join(tmpdir(), 'invoices-'));
try {
  mkdirSync(join(work, 'files'));
  rows.forEach((row, i) => { row.name = `${i}${extname(row.path)}`; cpSync(resolve(root, row.path), join(work, 'files', row.name)); });
  const run = (...args) => execFileSync(join(build, 'tidemark'), [...args, '--catalog', join(work, 'catalog')], { maxBuffer: 1 << 30, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try { run('sweep', join(work, 'files'), '--progress', 'never'); } catch (failure) { if (failure.status !== 4) throw failure; }
  const told = new Map(rows.map((row) => [row, JSON.parse(run('show', row.name, '--format', 'json'))]));
  for (const [form, is] of [['XML', (row) => row.visible_in_pdf_text === undefined], ['PDF, what its text shows', (row) => row.visible_in_pdf_text !== undefined]]) {
    const counts = new Map(), missed = [];
    for (const row of rows.filter(is))
      for (const { what, key, value, is: isIt } of keysOf(row)) {
        if (row.visible_in_pdf_text !== undefined && row.visible_in_pdf_text[key] !== true) continue;
        const found = told.get(row).findings.some(isIt), count = counts.get(what) ?? { found: 0, all: 0 };
        counts.set(what, { found: count.found + found, all: count.all + 1 });
        if (!found) missed.push(`${row.path}: ${what} ${value}`);
      }
    const bars = { 'e-mail addresses': 'bar: every one', 'invoice numbers': form === 'XML' ? 'bar 95 %' : 'bar 85 %' };
    const notes = { 'VAT ids': 'samples with wrong check digits among them, which are refused', IBANs: 'samples with wrong check digits among them, which are refused' };
    for (const [what, { found, all }] of [...counts].sort()) tellShare(`${form}: ${what} found`, found, all, bars[what] ?? notes[what] ?? '');
    if (namesWrong) for (const line of missed) console.log(`  missed ${line}`);
  }
  const CLASSES = { invoice: 'invoice', corrected_invoice: 'invoice', self_billed_invoice: 'invoice', credit_note: 'invoice', order_response: 'order_confirmation', purchase_order: 'purchase_order', catalogue: 'price_list' };
  const classed = rows.filter((row) => CLASSES[row.class] !== undefined);
  tellShare('class by schema or embedded schema', classed.filter((row) => told.get(row).class === CLASSES[row.class]).length, classed.length, '');
  if (namesWrong) for (const row of classed) if (told.get(row).class !== CLASSES[row.class]) console.log(`  ${row.path}: ${row.class} told as ${told.get(row).class}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}

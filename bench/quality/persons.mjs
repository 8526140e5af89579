// SPDX-License-Identifier: Apache-2.0
// How well people are found by name, split by where the name stands: in mail headers, in tables and signature blocks, in running
// text. TRUTH is a folder with pii/*.json (sentences with spans); MAILS are folders of mails, whose own headers say who wrote them.
// Tables and signature blocks are made here, of names of those sentences: n is large, their variety is not.
//   node bench/quality/persons.mjs BUILD TRUTH MAILS... [--markdown] [--wrong]
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tellShare, words } from './figures.mjs';

const namesWrong = words.includes('--wrong');
const [build, truth, ...mails] = words.filter((word) => word !== '--wrong');
if (truth === undefined) throw new Error('usage: persons.mjs BUILD TRUTH MAILS... [--markdown] [--wrong]');

/* The findings of a name in each text, as a sweep has them: what rows, forms and signature blocks tell is told of whole documents. */
const tidemark = join(build, 'tidemark');
const ran = (args) => {
  const { status, stdout, stderr } = spawnSync(tidemark, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`tidemark ${args[0]}: exit ${status}: ${stderr}`);
  return stdout;
};
function detect(texts) {
  const folder = mkdtempSync(join(tmpdir(), 'tidemark-persons-'));
  try {
    const flags = ['--catalog', join(folder, 'catalog')], found = texts.map(() => []);
    mkdirSync(join(folder, 'texts'));
    texts.forEach((text, n) => writeFileSync(join(folder, 'texts', `${n}.txt`), text.replaceAll('\0', ' ')));
    ran(['sweep', join(folder, 'texts'), '--quiet', ...flags]);
    const hits = ran(['search', '', '--limit', '100000', '--format', 'jsonl', ...flags]).trimEnd().split('\n').map((line) => JSON.parse(line));
    for (let from = 0; from < hits.length; from += 200) {
      const ids = hits.slice(from, from + 200).map(({ id }) => id);
      const shown = JSON.parse(ran(['show', ...ids, '--format', 'json', ...flags]));
      for (const document of shown.documents ?? [shown]) found[parseInt(document.path)] = document.findings.filter(({ kind }) => kind === 'person');
    }
    return found;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, ' ').trim();
const wrong = (what, lines) => { if (namesWrong) for (const line of lines.slice(0, 20)) console.log(`  ${what}: ${JSON.stringify(line)}`); };

/* cases: a text with the names that stand in it, and in no other place of it a person's. */
function score(source, cases, bar) {
  const found = detect(cases.map(({ text }) => text));
  let names = 0, met = 0, told = 0, right = 0;
  const missed = [], others = [];
  cases.forEach(({ names: wanted, text }, n) => {
    const raws = found[n].map(({ raw }) => plain(raw)), list = wanted.map(plain);
    names += list.length;
    told += raws.length;
    met += list.filter((name) => raws.includes(name)).length;
    right += raws.filter((raw) => list.includes(raw)).length;
    missed.push(...list.filter((name) => !raws.includes(name)).map((name) => `${name} in ${text.slice(0, 100)}`));
    others.push(...raws.filter((raw) => !list.includes(raw)).map((raw) => `${raw} in ${text.slice(0, 100)}`));
  });
  tellShare(`persons, ${source}: recall of names, whole`, met, names, bar);
  tellShare(`persons, ${source}: precision of those told`, right, told, told === 0 ? 'nothing is told' : '');
  wrong('missed', missed);
  wrong('elsewhere', others);
}

/* ---- mail headers ---- */
function filesOf(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.path ?? entry.parentPath, entry.name));
}
const headers = [];
for (const file of mails.flatMap(filesOf)) {
  const head = readFileSync(file).toString('latin1').slice(0, 8192).replaceAll('\r', '').split('\n\n')[0];
  for (const [line, name] of head.matchAll(/^(?:From|To|Cc): "?([A-Z][a-z]+(?: [A-Z]\.?)?(?: [A-Z][a-z]+){1,2})"? <[^<>\n]+@[^<>\n]+>$/gm)) headers.push({ text: line, names: [name] });
}
const distinct = [...new Map(headers.map((one) => [one.text, one])).values()];
score('mail headers (by their form "Name <address>")', distinct, '');

/* ---- running text, and what is made of its names ---- */
const sentences = readdirSync(join(truth, 'pii')).filter((name) => name.endsWith('.json')).flatMap((name) => JSON.parse(readFileSync(join(truth, 'pii', name), 'utf8')));
const people = sentences.map(({ full_text: text, spans }) => ({ text, names: spans.filter(({ entity_type }) => entity_type === 'PERSON').map(({ entity_value }) => entity_value) }));
score('running text', people, 'by design none without a label or an address beside it');
const names = [...new Set(people.flatMap((one) => one.names))].filter((name) => /^\p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+$/u.test(name)).slice(0, 300);
const address = (name) => `${plain(name).normalize('NFD').replace(/[^a-z ]/g, '').replaceAll(' ', '.')}@northwind.example`;
score('signature blocks made of those names', names.map((name) => ({ names: [name], text: `Please find the offer attached.\n\nKind regards\n${name}\nHead of Purchasing\nNorthwind GmbH\nPhone: +49 30 901820\n${address(name)}\n` })), '');
score('forms made of those names', names.map((name) => ({ names: [name], text: `Application\nName: ${name}\nE-mail: ${address(name)}\nCity: Berlin\n` })), '');
score('tables made of those names', Array.from({ length: Math.floor(names.length / 10) }, (_, n) => names.slice(10 * n, 10 * n + 10)).map((ten) => ({ names: ten, text: `id\tname\temail\tcity\n${ten.map((name, n) => `${n + 1}\t${name}\t${address(name)}\tBerlin`).join('\n')}\n` })), '');

// SPDX-License-Identifier: Apache-2.0
// How well numbers are found: bench/quality/numbers.mjs [--show] TRUTH
//
// TRUTH is a folder with ids/validatorjs.tsv (type, arguments, valid or invalid, value), ids/stdnum-doctests.tsv (format, valid or
// invalid:WHY, value), ids/phone-examples.tsv (region, calling code, type, national, e164), ids/phone-matcher-cases.tsv (group,
// region, text) and pii/*.json (texts with spans of code points). A value is put into a sentence with the word for it. --show
// lists what was missed and what was found where nothing is.
import { spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { isMarkdown, tell, tellShare, words } from './figures.mjs';

const root = path.join(path.dirname(new URL(import.meta.url).pathname), '../..');
const build = path.resolve(process.env.TIDEMARK_BUILD ?? path.join(root, 'build'));
const options = words;
const shows = options.includes('--show') && options.splice(options.indexOf('--show'), 1).length > 0;
const [truth] = options;
if (truth === undefined) {
  console.error('usage: numbers.mjs [--show] TRUTH');
  process.exit(1);
}

function detect(texts) {
  const input = Buffer.concat(texts.flatMap((text) => [Buffer.from(text.replaceAll('\0', ' ')), Buffer.from([0])]));
  const { status, stdout, stderr } = spawnSync(path.join(build, 'bench/detect-text'), { input, maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`detect-text: ${stderr}`);
  return stdout.toString().trimEnd().split('\n').map((line) => JSON.parse(line));
}

const rows = (name) => readFileSync(path.join(truth, name), 'utf8').trimEnd().split('\n').slice(1).map((line) => line.split('\t'));
const bare = (text) => text.toUpperCase().replace(/[^0-9A-Z+]/g, '');
const list = (what, texts) => { if (shows) for (const text of texts) console.log(`  ${what}: ${JSON.stringify(text)}`); };

/* Values with their polarity: right is one finding of the kind (and subkind) in a valid one, none that is all of an invalid one. */
function score(name, cases, is) {
  const found = detect(cases.map(({ text }) => text));
  const hit = (n) => found[n].some((finding) => is(finding, cases[n]) && bare(finding.raw) === bare(cases[n].value));
  const valid = cases.map((row, n) => ({ ...row, n })).filter((row) => row.valid), invalid = cases.map((row, n) => ({ ...row, n })).filter((row) => !row.valid);
  const missed = valid.filter(({ n }) => !hit(n)), wrong = invalid.filter(({ n }) => hit(n));
  tellShare(`${name}: valid found`, valid.length - missed.length, valid.length, 'bar 99 %');
  tellShare(`${name}: invalid refused`, invalid.length - wrong.length, invalid.length, 'bar 99 %');
  list('missed', missed.map(({ text }) => text));
  list('wrong', wrong.map(({ text }) => text));
}

/* ---- cards, IBANs and VAT ids of validator.js: arguments that choose among valid ones are no property of the value ---- */
const values = rows('ids/validatorjs.tsv').map(([type, of, polarity, value]) => ({ type, of, valid: polarity === 'valid', value }));
const plain = (type) => values.filter((row) => row.type === type && row.of === '[]');
score('card', plain('card').map((row) => ({ ...row, text: `Credit card ${row.value}, thank you` })), ({ kind }) => kind === 'card');
score('iban', plain('iban').map((row) => ({ ...row, text: `IBAN: ${row.value}, thank you` })), ({ kind }) => kind === 'iban');

const member = new Set('AT BE BG CH CY CZ DE DK EE EL ES FI FR GB HR HU IE IT LT LU LV MT NL NO PL PT RO SE SI SK'.split(' '));
const ofList = (of) => { try { return JSON.parse(of)[0]; } catch { return of; } };
const vat = values.filter(({ type, of }) => type === 'vat' && member.has(ofList(of)));
const prefixed = (country, value) => (/^[A-Z]{2}/.test(value) ? value : country + value);
score('vat_id (forms of validator.js, which has few check digits)',
  vat.map((row) => ({ ...row, text: `VAT no. ${prefixed(ofList(row.of), row.value)} ok`, value: prefixed(ofList(row.of), row.value) })), ({ kind }) => kind === 'vat_id');

/* ---- check digits of python-stdnum ---- */
const doctests = rows('ids/stdnum-doctests.tsv').map(([format, polarity, value]) => ({ format, valid: polarity === 'valid', value: value.trim() }));
const vatFormats = { 'at.uid': 'AT', 'be.vat': 'BE', 'bg.vat': 'BG', 'cz.dic': 'CZ', 'de.vat': 'DE', 'dk.cvr': 'DK', 'gr.vat': 'EL', 'fi.alv': 'FI', 'fr.tva': 'FR', 'hr.oib': 'HR', 'hu.anum': 'HU', 'ie.vat': 'IE', 'it.iva': 'IT', 'lu.tva': 'LU', 'lv.pvn': 'LV', 'mt.vat': 'MT', 'nl.btw': 'NL', 'se.vat': 'SE', 'si.ddv': 'SI', 'sk.dph': 'SK', 'ch.vat': 'CHE', 'eu.vat': '', 'ch.uid': 'CHE' };
score('vat_id (check digits)', doctests.filter(({ format }) => format in vatFormats).map(({ format, valid, value }) => {
  const written = /^(CHE|[A-Z]{2})/.test(value) ? value : vatFormats[format] + value;
  return { valid, value: written, text: `VAT no. ${written} ok` };
}), ({ kind }) => kind === 'vat_id');
score('iban (check digits)', doctests.filter(({ format }) => /(^|\.)iban$/.test(format)).map((row) => ({ ...row, text: `IBAN ${row.value} ok` })), ({ kind }) => kind === 'iban');

const idFormats = { 'be.nn': ['be-nn', 'rijksregisternummer'], 'br.cpf': ['br-cpf', 'CPF'], 'ca.sin': ['ca-sin', 'SIN'], 'ch.ssn': ['ch-ahv', 'AHV'], 'cn.ric': ['cn-ric', 'ID card'], 'cz.rc': ['cz-rc', 'r.č.'], 'de.idnr': ['de-steuer-id', 'Steuer-ID'], 'dk.cpr': ['dk-cpr', 'CPR'], 'es.dni': ['es-dni', 'DNI'], 'es.nie': ['es-nie', 'NIE'], 'fi.hetu': ['fi-hetu', 'hetu'], 'fr.nir': ['fr-nir', 'NIR'], 'ie.pps': ['ie-pps', 'PPS'], 'il.idnr': ['il-id', 'teudat zehut'], 'in_.aadhaar': ['in-aadhaar', 'Aadhaar'], 'it.codicefiscale': ['it-codice-fiscale', 'codice fiscale'], 'lt.asmens': ['lt-asmens-kodas', 'asmens kodas'], 'mx.curp': ['mx-curp', 'CURP'], 'nl.bsn': ['nl-bsn', 'BSN'], 'no.fodselsnummer': ['no-fodselsnummer', 'fødselsnummer'], 'pl.pesel': ['pl-pesel', 'PESEL'], 'pt.nif': ['pt-nif', 'contribuinte'], 'ro.cnp': ['ro-cnp', 'CNP'], 'se.personnummer': ['se-personnummer', 'personnummer'], 'th.pin': ['th-pin', 'ID number'], 'tr.tckimlik': ['tr-kimlik', 'TCKN'], 'za.idnr': ['za-id', 'SA ID'], 'ar.cuit': ['ar-cuit', 'CUIT'] };
score('national_id (check digits)', doctests.filter(({ format }) => format in idFormats).map(({ format, valid, value }) => {
  const [subkind, word] = idFormats[format];
  return { valid, value, subkind, text: `${word}: ${value} ok` };
}), ({ kind, subkind }, row) => kind === 'national_id' && subkind === row.subkind);
const cards = { ES: ['es-', 'DNI'], FI: ['fi-hetu', 'hetu'], IN: ['in-aadhaar', 'Aadhaar'], NO: ['no-fodselsnummer', 'fødselsnummer'], PL: ['pl-pesel', 'PESEL'], TH: ['th-pin', 'ID number'], 'he-IL': ['il-id', 'teudat zehut'], 'zh-CN': ['cn-ric', 'ID card'] };
score('national_id (identity cards of validator.js)', values.filter(({ type, of }) => type === 'identity-card' && ofList(of) in cards).map(({ of, valid, value }) => {
  const [subkind, word] = cards[ofList(of)];
  return { valid, value, subkind, text: `${word === 'DNI' && /^[XYZ]/i.test(value) ? 'NIE' : word}: ${value} ok` };
}), ({ kind, subkind }, row) => kind === 'national_id' && subkind.startsWith(row.subkind));

/* ---- telephones ---- */
const examples = rows('ids/phone-examples.tsv').map(([region, code, type, national, e164]) => ({ region, code, type, national, e164 }));
for (const [name, text] of [['alone', ({ e164 }) => `reach us under ${e164} any time`], ['labelled', ({ e164 }) => `Tel. ${e164}`], ['with 00', ({ e164 }) => `Tel. 00${e164.slice(1)}`]]) {
  const found = detect(examples.map(text));
  const missed = examples.filter(({ e164 }, n) => !found[n].some(({ kind, value }) => kind === 'phone' && value === e164));
  tellShare(`phone, E.164 examples, ${name}: found`, examples.length - missed.length, examples.length, 'bar 95 %');
  list('missed', missed.map(({ e164, region, type }) => `${region} ${type} ${e164}`));
}
const national = detect(examples.map((row) => `Tel. ${row.national}`));
tellShare('phone, national examples behind "Tel.": found', national.filter((found) => found.some(({ kind }) => kind === 'phone')).length, examples.length);
const groups = new Map();
for (const [group, region, text] of rows('ids/phone-matcher-cases.tsv')) groups.set(group, [...(groups.get(group) ?? []), { region, text }]);
for (const [group, cases] of groups) {
  const alone = detect(cases.map(({ text }) => text)), labelled = detect(cases.map(({ text }) => `Tel. ${text}`));
  const count = (found) => found.filter((all) => all.some(({ kind }) => kind === 'phone')).length;
  tell(`phone, ${group}: found alone, and behind "Tel."`, `${count(alone)}, ${count(labelled)}`, cases.length, group.includes('IMPOSSIBLE') ? 'bar: none' : '');
  list('labelled, not found', cases.filter((_, n) => !labelled[n].some(({ kind }) => kind === 'phone')).map(({ text }) => text));
}

/* ---- personal data in sentences: spans ---- */
const kinds = { CREDIT_CARD: 'card', IBAN_CODE: 'iban', EMAIL_ADDRESS: 'email', PHONE_NUMBER: 'phone', US_SSN: 'national_id', IP_ADDRESS: 'ip', PERSON: 'person' };
for (const name of readdirSync(path.join(truth, 'pii')).filter((file) => file.endsWith('.json'))) {
  const texts = JSON.parse(readFileSync(path.join(truth, 'pii', name), 'utf8'));
  const found = detect(texts.map(({ full_text }) => full_text));
  for (const [type, kind] of Object.entries(kinds)) {
    let spans = 0, strict = 0, lenient = 0;
    const missed = [], wrong = [];
    texts.forEach(({ full_text, spans: wanted }, n) => {
      const seen = found[n].filter((finding) => finding.kind === kind && finding.subkind !== 'message-id');
      const overlap = ({ from, to }, { start_position: start, end_position: end }) => Math.max(0, Math.min(to, end) - Math.max(from, start)) / (Math.max(to, end) - Math.min(from, start));
      for (const span of wanted.filter(({ entity_type }) => entity_type === type)) {
        spans++;
        const best = Math.max(0, ...seen.map((finding) => overlap(finding, span)));
        strict += best === 1;
        lenient += best >= 0.5;
        if (best < 0.5) missed.push(`${span.entity_value} in ${full_text.slice(Math.max(0, span.start_position - 40), span.end_position + 10)}`);
      }
      for (const finding of seen) if (!wanted.some((span) => span.entity_type === type && overlap(finding, span) > 0)) wrong.push(`${finding.raw} in ${full_text}`.slice(0, 160));
    });
    const f1 = spans === 0 ? 'none' : (2 * lenient / (spans + lenient + wrong.length)).toFixed(3);
    tellShare(`sentences with ${type}: the same span`, strict, spans);
    tell(`sentences with ${type}: F1 of overlapping spans, ${wrong.length} found elsewhere`, f1, spans, type === 'EMAIL_ADDRESS' ? 'bar 0.99' : '');
    list('missed', missed);
    list('elsewhere', wrong);
  }
}

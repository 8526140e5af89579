// SPDX-License-Identifier: Apache-2.0
// How often whose a document is, is right, and how sure tidemark is when it is: seller and buyer of structured invoices, of the
// same invoices' pages alone, parties of contracts, sides of mails. Each party that tidemark names is held against the truth of its
// set; the reliability table says how many of those that were so sure were right, with the upper end of Wilson's interval of the
// errors (95 %, both sides).
//   node bench/quality/owners.mjs BUILD CORPUS [--leak LEAK] [--half a|b] [--wrong] [--markdown]
// CORPUS: the folder that holds truth/ and what its paths name. --half: of a random half of each set, always the same, one to
// develop on and one to report. --leak: what demo-kit/make-leak.mjs made, whose documents are generated, by few models. --wrong: names what is wrong. Of a mail the truth is who its header says wrote it or was written to,
// read by a reader of its own; that a header is forged, it cannot tell. Owners of rows alone are judged apart, as "SET, rows", and in no "all".
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';

const [build, corpus] = process.argv.slice(2);
if (corpus === undefined) throw new Error('usage: owners.mjs BUILD CORPUS [--half a|b] [--wrong] [--markdown]');
const half = process.argv.includes('--half') ? process.argv[process.argv.indexOf('--half') + 1] : null;
const leak = process.argv.includes('--leak') ? process.argv[process.argv.indexOf('--leak') + 1] : null;
const DETERMINED = 0.75; // ATTRIBUTION_DETERMINED of src/model/finding.h
const namesWrong = process.argv.includes('--wrong'), isMarkdown = process.argv.includes('--markdown');
const isInHalf = (path) => half === null || (createHash('sha256').update(path).digest()[0] % 2 === 0) === (half === 'a');
const truth = (...parts) => readFileSync(join(corpus, 'truth', 'dev', ...parts), 'utf8').split('\n').filter(Boolean);

const FORMS = { limited: 'ltd', incorporated: 'inc', corporation: 'corp', company: 'co' };
const fold = (name) => name.normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase().replace(/[.'’]/g, '').replace(/[^\p{L}\p{N}]+/gu, ' ').trim()
  .split(' ').map((word) => FORMS[word] ?? word).filter((word) => word !== 'and' && word !== 'the').join(' ').replace(/( (ltd|inc|corp|co|llc|llp|lp|plc|gmbh|ag|kg|nv|bv|sa|as|asa|ab))+$/, '');
const labelOf = (domain) => domain.split('.')[0].replaceAll('-', '');
const isCalled = (domain, name) => { const words = fold(name).split(' '); return words.some((_, i) => words.slice(0, words.length - i).join('') === labelOf(domain)); };
// The registrable domain is taken to be what tidemark says: a host is of it where it ends so.
const isOf = (host, domain) => host === domain || host.endsWith(`.${domain}`);

const work = mkdtempSync(join(tmpdir(), 'owners-'));
const sets = {};
try {
  const invoices = truth('einvoice-entities', 'entities.jsonl').map((line) => JSON.parse(line)).filter((row) => isInHalf(row.path));
  sets.structured = sweep('structured', invoices.map((row) => ({ ...row, file: join(corpus, row.path) })));
  sets.pages = sweep('pages', invoices.filter((row) => row.path.endsWith('.pdf')).map((row) => ({
    ...row, text: sets.structured.find((one) => one.path === row.path).show('--text') })));
  sets.contracts = sweep('contracts', truth('contract-fields', 'kleister-nda.tsv').slice(1).map((line) => line.split('\t'))
    .map(([path, fields]) => ({ path, file: join(corpus, path), parties: fields.split(' ').filter((field) => field.startsWith('party=')).map((field) => field.slice(6).replaceAll('_', ' ')) }))
    .filter((row) => isInHalf(row.path)));
  sets.mails = sweep('mails', mails());
  sets.generated = leak === null ? [] : sweep('generated', JSON.parse(readFileSync(join(leak, 'truth.json'), 'utf8')).entries
    .filter((row) => isInHalf(row.path) && !row.path.includes('!/')).map((row) => ({ path: row.path, file: join(leak, row.container, row.path), domains: row.parties })));
  report();
} finally {
  rmSync(work, { recursive: true, force: true });
}

// ---- sets ----

function mails() {
  const root = join(corpus, 'dev', 'spamassassin');
  if (!existsSync(root)) return [];
  return readdirSync(root).flatMap((folder) => readdirSync(join(root, folder)).map((name) => ({ path: `dev/spamassassin/${folder}/${name}`, kind: folder.startsWith('spam') ? 'spam' : 'ham' })))
    .filter((row) => isInHalf(row.path)).map((row) => {
      const bytes = readFileSync(join(corpus, row.path)); // some lie in JSON
      const mail = (row.path.endsWith('.json.eml') ? JSON.parse(bytes.toString('utf8')).text : bytes.toString('latin1')).replace(/^From .*\n/, '');
      return { ...row, text: mail, ending: '.eml', ...sidesOf(mail) };
    });
}

function sidesOf(mail) {
  const lines = mail.replaceAll('\r', '').split('\n\n')[0].replace(/\n[ \t]+/g, ' ').split('\n');
  const addresses = (names) => lines.filter((line) => names.test(line)).flatMap((line) => [...line.replace(/^[^:]*:/, '').matchAll(/[^\s<>,;:"'()@]+@[A-Za-z0-9.-]+[A-Za-z0-9]/g)].map((found) => found[0].toLowerCase()));
  return { sides: addresses(/^(from|to|cc|bcc|reply-to|sender|delivered-to):/i), lists: addresses(/^(list-[a-z]+|x-beenthere|x-mailing-list|mailing-list|x-loop):/i) };
}

function sweep(name, rows) {
  const folder = join(work, name), catalog = join(work, `${name}.catalog`);
  mkdirSync(folder);
  rows.forEach((row, i) => {
    row.name = `${i}${row.text === undefined ? extname(row.path).replace(/^\.[0-9a-f]{8,}$/, '') : row.ending ?? '.txt'}`; // names say nothing of the owner
    row.text === undefined ? cpSync(row.file, join(folder, row.name)) : writeFileSync(join(folder, row.name), row.text);
  });
  const tidemark = (...args) => execFileSync(join(build, 'tidemark'), [...args, '--catalog', catalog], { maxBuffer: 1 << 30, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  try { tidemark('sweep', folder, '--progress', 'never'); } catch (failure) { if (failure.status !== 4) throw failure; }
  const told = new Map(tidemark('search', '', '--format', 'jsonl', '--limit', '1000000').split('\n').filter(Boolean)
    .map((line) => JSON.parse(line)).filter((hit) => hit.path !== undefined).map((hit) => [hit.path, hit]));
  return rows.map((row) => ({ ...row, owners: told.get(row.name)?.organisations ?? [], show: (...args) => tidemark('show', told.get(row.name).id, ...args) }));
}

// ---- judging ----

function isParty(row, owner) {
  if (row.sides !== undefined) return owner.domain !== null && row.sides.some((address) => isOf(address.split('@')[1], owner.domain) && !row.lists.includes(address));
  if (row.domains !== undefined) return row.domains.includes(owner.domain);
  const names = row.parties ?? [...(row.seller?.name ?? []), ...(row.buyer?.name ?? [])];
  const hosts = row.parties ? [] : [...(row.seller?.email ?? []), ...(row.buyer?.email ?? [])].map((address) => address.split('@')[1].toLowerCase());
  return names.some((name) => owner.name !== null && fold(name) === fold(owner.name)) ||
    (owner.domain !== null && (hosts.some((host) => isOf(host, owner.domain)) || names.some((name) => isCalled(owner.domain, name))));
}

// Of a message between a provider and a receiver the truth knows neither.
function isKnown(row, owner) {
  return row.sides !== undefined || row.parties !== undefined || (row.domains !== undefined ? owner.domain !== null : false) || (row.domains === undefined && !['sender', 'recipient', 'signatory'].includes(owner.part));
}

function is(owner, party) {
  return owner !== undefined && isParty({ seller: party }, owner);
}

function share(right, n) {
  return `${right}/${n}${n ? ` ${(100 * right / n).toFixed(1)} %` : ''}`;
}

function wilsonUpper(errors, n) {
  const z = 1.96, p = errors / n;
  return n === 0 ? 1 : (p + z * z / (2 * n) + z * Math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))) / (1 + z * z / n);
}

function table(head, rows) {
  if (isMarkdown) {
    console.log(`| ${head.join(' | ')} |\n|${head.map(() => '---|').join('')}`);
    for (const row of rows) console.log(`| ${row.join(' | ')} |`);
  } else {
    const widths = head.map((_, i) => Math.max(...[head, ...rows].map((row) => String(row[i]).length)));
    for (const row of [head, ...rows]) console.log(row.map((cell, i) => String(cell).padEnd(widths[i])).join('  ').trimEnd());
  }
  console.log('');
}

function report() {
  const wrong = [];
  const scores = [];
  for (const name of ['structured', 'pages']) {
    const sold = sets[name].filter((row) => row.seller?.name), both = sold.filter((row) => row.buyer?.name);
    const first = sold.filter((row) => is(row.owners[0], row.seller));
    const two = both.filter((row) => row.owners.slice(0, 2).some((owner) => is(owner, row.seller)) && row.owners.slice(0, 2).some((owner) => is(owner, row.buyer)));
    scores.push([name, 'seller is the first', share(first.length, sold.length)], [name, 'seller and buyer are the first two', share(two.length, both.length)]);
    for (const row of sold.filter((one) => !first.includes(one))) wrong.push([name, row.path, `seller ${row.seller.name[0]}`, row.owners[0]]);
  }
  let found = 0, named = 0, all = 0;
  for (const row of sets.contracts) {
    const owners = row.owners.filter((owner) => owner.role === 'party');
    all += row.parties.length;
    named += owners.length;
    found += row.parties.filter((party) => owners.some((owner) => isParty({ parties: [party] }, owner))).length;
    for (const party of row.parties) if (!owners.some((owner) => isParty({ parties: [party] }, owner))) wrong.push(['contracts', row.path, `no ${party}`]);
  }
  scores.push(['contracts', 'parties found (of them persons, who are none here)', share(found, all)], ['contracts', 'parties named that are', share(found, named)]);
  const judged = Object.entries(sets).flatMap(([name, rows]) => rows.flatMap((row) => row.owners.filter((owner) => owner.role === 'party' && isKnown(row, owner))
    .map((owner) => ({ set: `${row.kind ?? name}${owner.part === 'rows' ? ', rows' : ''}`, row, owner, right: isParty(row, owner) }))));
  const isOfAll = (one) => one.owner.part !== 'rows';
  for (const one of judged.filter((each) => !each.right)) wrong.push([one.set, one.row.path, 'no party', one.owner]);
  console.log(`${isMarkdown ? '### ' : ''}Owners${half ? `, half ${half}` : ''}\n`);
  table(['set', 'measure', 'right'], scores);
  const bins = [0, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.97, 1.01];
  const lines = [];
  for (const set of ['all', ...new Set(judged.map((one) => one.set))])
    for (let i = 0; i + 1 < bins.length; i++) {
      const those = judged.filter((one) => (set === 'all' ? isOfAll(one) : one.set === set) && one.owner.confidence >= bins[i] && one.owner.confidence < bins[i + 1]);
      const right = those.filter((one) => one.right).length;
      if (those.length > 0)
        lines.push([set, `${bins[i]} to ${Math.min(bins[i + 1], 1)}`, those.length, right, (those.reduce((sum, one) => sum + one.owner.confidence, 0) / those.length).toFixed(3), (right / those.length).toFixed(3), wilsonUpper(those.length - right, those.length).toFixed(3)]);
    }
  table(['set', 'said', 'n', 'right', 'mean said', 'measured', 'error at most'], lines);
  const kinds = new Map();
  for (const one of judged) {
    const kind = `${one.owner.domain === null ? 'name' : 'domain'}: ${one.owner.why.replace(one.owner.name ?? '\0', '_').replace(/\S+@\S+|"[^"]*"/g, '_').replace(/(as|of|beside|below|by) \S*\.\S+/, '$1 _').replace(/^.*(, made a party|, the document's|near the top|above a line|beside a number|on a line)/, '_ $1').slice(0, 60)}`;
    kinds.set(kind, [...(kinds.get(kind) ?? []), one]);
  }
  table(['by', 'n', 'right', 'measured', 'error at most'], [...kinds].sort((a, b) => b[1].length - a[1].length).map(([kind, those]) => {
    const right = those.filter((one) => one.right).length;
    return [kind, those.length, right, (right / those.length).toFixed(3), wilsonUpper(those.length - right, those.length).toFixed(3)];
  }));
  const told = judged.filter((one) => one.owner.determined);
  if (told.some((one) => one.owner.confidence < DETERMINED - 1e-6)) throw new Error('DETERMINED is not what the program has');
  table(['told to others', 'n', 'wrong', 'error at most'], ['all', ...new Set(told.map((one) => one.set))].map((set) => {
    const those = told.filter((one) => (set === 'all' ? isOfAll(one) : one.set === set)), errors = those.filter((one) => !one.right).length;
    return [set, those.length, errors, `${(100 * wilsonUpper(errors, those.length)).toFixed(2)} %`];
  }));
  if (namesWrong) for (const [set, path, what, owner] of wrong) console.log(`${set}\t${path}\t${what}\t${owner ? `${owner.domain ?? owner.name} ${owner.confidence} ${owner.why}` : ''}`);
}

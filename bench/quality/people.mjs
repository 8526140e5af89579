// SPDX-License-Identifier: Apache-2.0
// How well records of one person are joined, and those of two kept apart: generated tables with planted doubles, mails and forms
// beside them; and the demo's leak, whose cast is known. Pairs of records are counted: precision is the share of joined pairs that
// are one person's, recall the share of one person's pairs that were joined, of those that share a key at all.
//   node bench/quality/people.mjs BUILD [--leak DIR] [--people N] [--seed N] [--wrong] [--split] [--markdown]
// --leak: a folder that demo-kit/make-leak.mjs made. --markdown: the table alone, to be put into a page.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const given = ['Anna', 'Ben', 'Clara', 'David', 'Eva', 'Frank', 'Grace', 'Hans', 'Ines', 'Jonas', 'Karin', 'Luis', 'Maria', 'Noah', 'Olga', 'Peter',
  'Quentin', 'Rosa', 'Sofia', 'Tomás', 'Ulrike', 'Víctor', 'Wanda', 'Xenia', 'Yves', 'Zoé', 'Jürgen', 'François', 'Björn', 'Núria', 'Amélie', 'Søren'];
const surnames = ['Schmidt', 'Müller', 'García', 'Dupont', 'Smith', 'Johnson', 'Weber', 'Moreau', 'López', 'Fischer', 'Brown', 'Taylor', 'Petit', 'Ruiz',
  'Wagner', 'Evans', 'Lefèvre', 'Navarro', 'Hofmann', 'Walker', 'Girard', 'Serrano', 'Krüger', 'Bennett', 'Colin', 'Ortega', 'Groß', 'O\'Brien', 'Van Dijk'];
const firms = ['contoso.com', 'fabrikam.com', 'northwindtraders.com', 'tailspintoys.com', 'adatum.com', 'litwareinc.com'];
const freemail = ['gmail.com', 'gmx.de', 'orange.fr', 'hotmail.com', 'yahoo.es'];
const headings = [
  { name: 'Name', email: 'Email', phone: 'Phone', ssn: 'SSN', city: 'City' },
  { name: 'Vollständiger Name', email: 'E-Mail-Adresse', phone: 'Telefon', ssn: 'Sozialversicherungsnummer', city: 'Ort' },
  { name: 'Nom complet', email: 'Courriel', phone: 'Téléphone', ssn: 'Numéro de sécurité sociale', city: 'Ville' },
  { name: 'Nombre completo', email: 'Correo electrónico', phone: 'Teléfono', ssn: 'Número de seguridad social', city: 'Ciudad' },
];

function randomFrom(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6D2B79F5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
  return { next, below: (n) => Math.floor(next() * n), pick: (list) => list[Math.floor(next() * list.length)] };
}

const folded = (word) => word.normalize('NFD').replace(/\p{M}/gu, '').replaceAll('ß', 'ss').replaceAll('ø', 'o').replace(/[^A-Za-z]/g, '').toLowerCase();

// People, some of whom are called alike, and rows of tables that tell of them under several of their addresses and names.
export function generate({ people: count = 400, seed = 7 } = {}) {
  const random = randomFrom(seed);
  const people = [];
  for (let i = 0; i < count; i++) {
    // One in five is called as somebody before.
    const twin = i > 10 && random.next() < 0.2 ? people[random.below(i)] : null;
    const first = twin?.first ?? random.pick(given), last = twin?.last ?? random.pick(surnames);
    const addresses = [`${folded(first)}.${folded(last)}${i}@${random.pick(firms)}`, `${folded(first)[0]}${folded(last)}${i}@${random.pick(freemail)}`,
      `bluebird${i}@${random.pick(freemail)}`].slice(0, random.next() < 0.3 ? 3 : random.next() < 0.5 ? 2 : 1);
    people.push({ i, first, last, addresses, phone: `+4930${String(2000000 + 37 * i)}`,
      ssn: random.next() < 0.4 ? `${100 + (i % 500)}-${String(10 + (i % 89))}-${String(1000 + i)}` : null });
  }
  const rows = [];
  for (const one of people) {
    const forms = [`${one.first} ${one.last}`, `${one.last}, ${one.first}`, `${one.first.toUpperCase()} ${one.last.toUpperCase()}`,
      `${one.first[0]}. ${one.last}`, `${one.first} ${one.last}`];
    const times = 1 + random.below(4);
    for (let k = 0; k < times; k++) {
      const some = one.addresses.length > 1 && random.next() < 0.4 ? one.addresses.slice(0, 2) : [random.pick(one.addresses)];
      rows.push({ person: one.i, name: random.pick(forms), emails: some, phone: random.next() < 0.6 ? one.phone : '',
        ssn: one.ssn && random.next() < 0.7 ? one.ssn : '' });
    }
  }
  // Families with one address, a mailbox that many share, and a switchboard: none of these is a key.
  for (let i = 0; i < count / 20; i++) {
    const last = random.pick(surnames), address = `family.${i}@gmx.de`;
    for (const [k, first] of [given[i % 16], given[16 + (i % 14)]].entries())
      rows.push({ person: count + 2 * i + k, name: `${first} ${last}`, emails: [address], phone: '+493011111111', ssn: '' });
  }
  for (let i = rows.length - 1; i > 0; i--) { const k = random.below(i + 1); [rows[i], rows[k]] = [rows[k], rows[i]]; }
  const files = {}, truth = new Map();
  const size = 40;
  for (let at = 0, n = 0; at < rows.length; at += size, n++) {
    const heading = headings[n % 4], columns = ['name', 'email', 'phone', 'ssn', 'city'];
    // Columns in any order; in each fifth table two headings are swapped, in each seventh there are none.
    for (let i = columns.length - 1; i > 0; i--) { const k = random.below(i + 1); [columns[i], columns[k]] = [columns[k], columns[i]]; }
    const above = columns.map((column) => heading[column === 'name' && n % 5 === 4 ? 'email' : column === 'email' && n % 5 === 4 ? 'name' : column]);
    const cells = (row) => ({ name: row.name, email: row.emails.join('; '), phone: row.phone, ssn: row.ssn, city: 'Berlin' });
    const name = `table-${n}.csv`, quoted = (text) => (/[",]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const lines = rows.slice(at, at + size).map((row) => columns.map((column) => quoted(cells(row)[column])).join(','));
    files[name] = (n % 7 === 6 ? '' : `${above.join(',')}\n`) + lines.join('\n') + '\n';
    rows.slice(at, at + size).forEach((row, k) => truth.set(`${name} ${k + 1}`, row));
  }
  return { files, truth, people };
}

// Whether two rows could be joined: through keys that they, and others of the same person, share.
function reachable(rows) {
  const parent = new Map(), root = (key) => { while (parent.has(key) && parent.get(key) !== key) key = parent.get(key); return key; };
  rows.forEach((row, i) => {
    for (const key of [...row.emails, ...(row.ssn ? [row.ssn] : [])].map((one) => `${row.person} ${one}`)) {
      const a = root(`row ${i}`), b = root(key);
      if (a !== b) parent.set(a, b);
    }
  });
  return rows.map((_, i) => root(`row ${i}`));
}

const pairs = (n) => n * (n - 1) / 2;
const count = (list) => { const all = new Map(); for (const one of list) all.set(one, (all.get(one) ?? 0) + 1); return all; };

export function score(placed, truth) {
  const keys = [...truth.keys()], rows = keys.map((key) => truth.get(key)), groups = reachable(rows);
  const told = keys.map((key, i) => placed.get(key) ?? `nobody ${i}`);
  let joined = 0, right = 0, wanted = 0, met = 0;
  for (const n of count(told).values()) joined += pairs(n);
  for (const n of count(told.map((id, i) => `${id} ${rows[i].person}`)).values()) right += pairs(n);
  for (const n of count(groups).values()) wanted += pairs(n);
  for (const n of count(told.map((id, i) => `${id} ${groups[i]}`)).values()) met += pairs(n);
  return { records: keys.length, found: keys.filter((key) => placed.has(key)).length, joined, right, wanted, met,
    precision: joined ? right / joined : 1, recall: wanted ? met / wanted : 1 };
}

function places(run) {
  const list = run('people', '--format', 'jsonl', '--limit', '1000000').split('\n').filter((line) => line.startsWith('{')).map((line) => JSON.parse(line));
  return list.filter((one) => one.id).map((one) => ({ ...one, places: JSON.parse(run('people', 'show', one.id, '--format', 'json')).places }));
}

function main() {
  const option = (name, otherwise) => (process.argv.includes(name) ? process.argv[process.argv.indexOf(name) + 1] : otherwise);
  const build = process.argv[2];
  if (build === undefined || build.startsWith('--')) throw new Error('usage: people.mjs BUILD [--leak DIR] [--people N] [--seed N] [--wrong] [--markdown]');
  const work = mkdtempSync(join(tmpdir(), 'people-')), lines = [];
  const told = (label, scored) => {
    const figure = (value) => value.toFixed(4);
    lines.push(process.argv.includes('--markdown')
      ? `| ${label} | ${scored.records} | ${scored.joined} | ${figure(scored.precision)} | ${scored.wanted} | ${figure(scored.recall)} |`
      : `${label.padEnd(24)} ${scored.records} records, ${scored.found} found; ${scored.joined} pairs joined, precision ${figure(scored.precision)}; `
        + `${scored.wanted} pairs wanted, recall ${figure(scored.recall)}`);
  };
  const measure = (label, folder, truth) => {
    const catalog = join(work, `catalog-${label.replaceAll(/\W/g, '')}`);
    const run = (...args) => execFileSync(join(build, 'tidemark'), [...args, '--catalog', catalog], { maxBuffer: 1 << 30, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
    try { run('sweep', folder, '--progress', 'never'); } catch (failure) { if (failure.status !== 4) throw failure; }
    const placed = new Map();
    const all = places(run), wanted = truth instanceof Function ? truth(all) : truth;
    for (const one of all) for (const place of one.places) placed.set(wanted.keyOf ? wanted.keyOf(place) : `${place.path} ${place.row}`, one.id);
    const rows = wanted.rows ?? wanted, scored = score(placed, rows);
    if (process.argv.includes('--wrong')) {
      const by = new Map();
      for (const [key, row] of rows) { const id = placed.get(key) ?? 'nobody'; by.set(id, [...(by.get(id) ?? []), [key, row]]); }
      for (const [id, group] of by) if (id === 'nobody' || new Set(group.map(([, row]) => row.person)).size > 1)
        console.log(id, group.slice(0, 6).map(([key, row]) => `${key}: ${row.person} ${row.name} ${row.emails} ${row.ssn}`));
    }
    if (process.argv.includes('--split')) {
      const keys = [...rows.keys()], groups = reachable(keys.map((key) => rows.get(key))), ids = new Map();
      keys.forEach((key, i) => ids.set(groups[i], [...(ids.get(groups[i]) ?? []), key]));
      for (const group of ids.values()) if (new Set(group.map((key) => placed.get(key))).size > 1)
        console.log(group.map((key) => `${placed.get(key)?.slice(0, 6)} ${key}: ${rows.get(key).name} ${rows.get(key).emails} ${rows.get(key).ssn}`).join('\n'), '\n');
    }
    told(label, scored);
  };
  try {
    const made = generate({ people: Number(option('--people', 400)), seed: Number(option('--seed', 7)) });
    mkdirSync(join(work, 'tables'));
    for (const [name, text] of Object.entries(made.files)) writeFileSync(join(work, 'tables', name), text);
    measure('generated tables', join(work, 'tables'), made.truth);
    const leak = option('--leak', null);
    if (leak !== null) {
      // Its cast is known by their addresses: FIRST.LAST@FIRM. A record of the cast's is one that has such an address.
      if (!existsSync(join(leak, 'truth.json'))) throw new Error(`${leak} was not made by make-leak.mjs`);
      measure('the demo\'s leak', leak, (all) => {
        const rows = new Map();
        for (const one of all) for (const place of one.places) {
          const address = one.emails.find((email) => place.name && folded(email.split('@')[0]) === folded(place.name.replaceAll('ü', 'ue').replaceAll('ä', 'ae'))) ?? one.emails[0];
          if (address) rows.set(`${place.path} ${place.row} ${place.source} ${place.name} ${address}`, { person: place.name ?? address, name: place.name, emails: [address], ssn: '' });
        }
        return { rows, keyOf: (place) => [...rows.keys()].find((key) => key.startsWith(`${place.path} ${place.row} ${place.source} ${place.name} `)) };
      });
    }
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
  if (process.argv.includes('--markdown')) lines.unshift('| on | records | pairs joined | precision | pairs of one | recall |', '|---|---|---|---|---|---|');
  console.log(lines.join('\n'));
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main();

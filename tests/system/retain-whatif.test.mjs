// SPDX-License-Identifier: Apache-2.0
// What a policy would have spared, against the same recomputed from every document's own answer; and how a policy explains itself.
import assert from 'node:assert/strict';
import { readFileSync, utimesSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { deflateRawSync } from 'node:zlib';
import Ajv2020 from 'ajv/dist/2020.js';
import { answer, everyHit, files, plant, root, scratch, tidemark } from './house.mjs';

const years = [2018, 2019, 2020, 2021, 2022, 2023, 2024, 2025, 2026];

/* The same leak each time, of a seed. */
function* numbers(seed) {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    yield state >>> 8;
  }
}

/** A zip of stored members. */
function zip(members) {
  const table = Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k++) n = n & 1 ? 0xEDB88320 ^ (n >>> 1) : n >>> 1; return n >>> 0; });
  const crc = (bytes) => { let c = ~0; for (const b of bytes) c = table[(c ^ b) & 255] ^ (c >>> 8); return ~c >>> 0; };
  const local = [], central = [];
  let at = 0;
  for (const [name, text] of Object.entries(members)) {
    const data = Buffer.from(text), packed = deflateRawSync(data), label = Buffer.from(name);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0); common.writeUInt16LE(8, 4); common.writeUInt16LE(0x5221, 8); /* 2021-01-01 */
    common.writeUInt32LE(crc(data), 10); common.writeUInt32LE(packed.length, 14); common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(label.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    local.push(Buffer.from('PK\x03\x04', 'latin1'), common, label, packed);
    central.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, label);
    at += 30 + label.length + packed.length;
  }
  const directory = Buffer.concat(central), end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(Object.keys(members).length, 8); end.writeUInt16LE(Object.keys(members).length, 10);
  end.writeUInt32LE(directory.length, 12); end.writeUInt32LE(at, 16);
  return Buffer.concat([...local, directory, end]);
}

const mail = (year, from, to, text) => `From: Person ${from} <person${from}@firm${from % 7}.com>\r\nTo: Other ${to} <person${to}@firm${to % 7}.com>\r\n`
  + `Date: Mon, 04 Mar ${year} 10:00:00 +0000\r\nSubject: Offer\r\nMessage-ID: <${year}.${from}.${to}@firm.example>\r\n\r\n${text}\r\n`;
const table = (rows) => `name,email,phone\n${rows.map((n) => `Maria Beispiel${n},person${n}@firm${n % 7}.com,+49 30 90182${100 + n}`).join('\n')}\n`;

function plantLeak(folder) {
  const next = numbers(7), pick = (n) => next.next().value % n, leak = {}, times = {};
  for (let i = 0; i < 60; i++) {
    const year = years[pick(years.length)], name = `${['sales', 'legal/open', 'legal/closed', 'hr'][pick(4)]}/${i}`;
    const kind = pick(4);
    if (kind === 0) leak[`${name}.eml`] = mail(year, pick(20), pick(20), `Project Apollo, invoice INV-${2000 + pick(30)}.`);
    else if (kind === 1) leak[`${name}.csv`] = table([pick(20), pick(20), pick(20)]);
    else if (kind === 2) leak[`${name}.txt`] = `Invoice number: INV-${2000 + pick(30)}\nInvoice date: 2020-01-01\nAmount due: 100.00 EUR\nperson${pick(20)}@firm${pick(7)}.com\n`;
    else leak[`${name}.zip`] = zip({ 'a.eml': mail(year, pick(20), pick(20), 'in a zip'), 'b.csv': table([pick(20)]) });
    times[name] = year;
  }
  leak['sales/twin.txt'] = leak['sales/twin-again.txt'] = 'twins: person3@firm3.com and person4@firm4.com\n';
  times['sales/twin'] = 2019;
  times['sales/twin-again'] = 2026;
  /* Its attachment bears no date; the file was put there this year. */
  const [head, body] = mail(2019, 5, 6, 'see the attachment').split('\r\n\r\n');
  leak['sales/attached.eml'] = `${head}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n${body}\r\n`
    + '--b\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=note.txt\r\n\r\na note to person7@firm0.com\r\n--b--\r\n';
  times['sales/attached'] = 2026;
  leak['hr/empty.bin'] = Buffer.from([0, 1, 2, 3, 255, 254]);
  times['hr/empty'] = 2018;
  plant(folder, leak);
  for (const file of files(folder)) {
    const time = new Date(Date.UTC(times[path.relative(folder, file).replace(/\.\w+$/, '')], 5, 15));
    utimesSync(file, time, time);
  }
  return folder;
}

/* ---- the brute force ---- */

function everything(flags) {
  const hits = everyHit('', flags);
  const documents = hits.map(({ id }) => answer('show', ['show', id, ...flags]));
  const objectOf = (document) => document.path.split('!/')[0];
  const people = answer('people', ['people', '--limit', '100000', ...flags]).people
    .map(({ id }) => answer('people-show', ['people', 'show', id, ...flags]).places.map(({ path: place }) => place));
  return { documents, objectOf, people };
}

/** goes: object's name and documents → whether it goes. */
function bruteForce({ documents, objectOf, people }, goes) {
  const objects = new Map();
  for (const document of documents) objects.set(objectOf(document), [...(objects.get(objectOf(document)) ?? []), document]);
  const gone = new Set([...objects].filter(([name, inside]) => goes(name, inside)).map(([name]) => name));
  const tally = (things) => {
    const places = new Map();
    for (const [thing, place] of things) places.set(thing, [...(places.get(thing) ?? []), place]);
    const count = [...places.values()].filter((all) => all.every((place) => gone.has(place))).length;
    return { count, of: places.size, share: places.size ? Number((count / places.size).toFixed(6)) : 0 };
  };
  const read = documents.filter(({ outcome }) => outcome === 'read');
  const found = (kind) => tally(read.flatMap((d) => d.findings.filter((f) => f.kind === kind && f.subkind !== 'message-id'
    && !f.rule?.endsWith('/carved')).map((f) => [f.value, objectOf(d)])));
  return {
    objects: tally(documents.filter((d) => !d.path.includes('!/')).map((d) => [d.sha256 ?? d.id, objectOf(d)])),
    /* What no format knows was looked at, too: it is a content. */
    documents: tally(documents.filter(({ outcome }) => ['read', 'unsupported'].includes(outcome)).map((d) => [d.sha256, objectOf(d)])),
    emails: found('email'), phones: found('phone'), invoices: found('invoice'), projects: found('project'),
    organisations: tally(read.flatMap((d) => d.organisations.filter((o) => o.role === 'party' && o.domain && !o.why.includes('path'))
      .map((o) => [o.domain, objectOf(d)]))),
    people: tally(people.flatMap((places, n) => places.map((place) => [n, place.split('!/')[0]]))),
    signed_documents: tally(read.filter((d) => d.signatures.length > 0).map((d) => [d.sha256, objectOf(d)])),
  };
}

/* An archive is its members. */
const voters = (inside) => inside.filter((d) => !(d.class === 'archive' && d.outcome === 'read' && d.children.length))
  .map((d) => ({ ...d, dated: datedOf(d, inside) }));
/* A part without a date is as old as what it is part of. */
const datedOf = (d, inside) => (d.path.includes('!/') && !d.created && !d.modified ? datedOf(inside.find(({ id }) => id === d.parent), inside) : d.dated);
const monthsBefore = (n) => { const d = new Date(); d.setUTCMonth(d.getUTCMonth() - n); return d.toISOString(); };

test('what would have gone is exactly what every document by itself says', (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  const leak = plantLeak(path.join(folder, 'leak'));
  answer('sweep', ['sweep', leak, ...flags], { code: 4 });
  const all = everything(flags);
  const cases = [
    ['rules: [{name: old, match: {age: {by: dated, over: 24mo}}, action: delete}]', [],
      (name, inside) => voters(inside).every((d) => d.dated && d.dated < monthsBefore(24))],
    ['rules: [{name: old, match: {age: {by: dated, over: 5y}, path: "**", except: ["legal/**", "*.csv"]}, action: delete}]', [],
      (name, inside) => !name.startsWith('legal/') && !name.endsWith('.csv') && voters(inside).every((d) => d.dated < monthsBefore(60))],
    ['rules: [{name: old, match: {age: {by: dated, over: 12mo}}, action: delete}]\nholds: [{name: suit, match: {organisation: [firm3.com]}}]', [],
      (name, inside) => voters(inside).every((d) => d.dated < monthsBefore(12) && d.outcome === 'read'
        && !d.organisations.some((o) => o.role === 'party' && o.domain === 'firm3.com'))],
    ['rules: [{name: mails, match: {class: [mail]}, action: report}, {name: rest, match: {path: "**"}, action: delete}]', [],
      (name, inside) => voters(inside).every((d) => d.class && d.class !== 'mail')],
    ['rules: [{name: old, match: {age: {by: dated, over: 2y}}, action: delete}]', ['--since', '2023-01-01'],
      (name, inside) => voters(inside).every((d) => d.dated < '2021-01-01') && inside.every((d) => d.path.includes('!/') || d.modified < '2023')],
  ];
  for (const [yaml, extra, goes] of cases) {
    const policy = path.join(folder, 'policy.yaml');
    writeFileSync(policy, yaml);
    const told = answer('retain-whatif', ['retain', 'whatif', '--policy', policy, ...extra, ...flags]).would_have_removed;
    const expected = bruteForce(all, goes);
    assert.ok(expected.objects.count > 5 && expected.objects.count < expected.objects.of - 5, `${yaml}: too plain a case`);
    assert.deepEqual(Object.fromEntries(Object.keys(expected).map((measure) => [measure, told[measure]])), expected, yaml);
  }
  const csv = path.join(folder, 'csv'), page = path.join(folder, 'page.html');
  answer('scope', ['scope', '--csv', csv, '--html', page, ...flags]);
  const ages = readFileSync(path.join(csv, 'by_age.csv'), 'utf8').split(/\r?\n/);
  for (const months of [6, 24, 84]) {
    const { people, organisations, documents } = bruteForce(all, (name, inside) => voters(inside).every((d) => d.dated < monthsBefore(months)));
    assert.ok(ages.includes(`"over ${months} months",${people.count},${organisations.count},${documents.count}`), `${months} months`);
  }
  assert.match(readFileSync(page, 'utf8'), /A 24-month rule would have removed \d+ % of the people exposed\./);
  const counts = answer('scope', ['scope', ...flags]).counts, told = answer('retain-whatif', ['retain', 'whatif', '--policy', path.join(folder, 'policy.yaml'), ...flags]).would_have_removed;
  for (const [measure, figures] of Object.entries(told))
    assert.equal(figures?.of, counts[measure]?.distinct, `${measure}: the whole is the ledger's`);
});

test('a policy says why', (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  const leak = plantLeak(path.join(folder, 'leak')), policy = path.join(folder, 'policy.yaml');
  answer('sweep', ['sweep', leak, ...flags], { code: 4 });
  writeFileSync(policy, 'rules:\n  - {name: papers, match: {class: contract}, action: report}\n  - {name: old, match: {age: {by: dated, over: 2y}}, action: delete}\n'
    + 'holds:\n  - {name: twins, match: {path: "*-again.txt"}}\n  - {name: over, match: {path: "**"}, until: 2020-01-01}\n');
  const explain = (place) => answer('retain-policy-explain', ['retain', 'policy', 'explain', place, '--policy', policy, ...flags]);
  const old = explain('sales/twin.txt');
  assert.deepEqual([old.decision, old.rule, old.hold], ['delete', 'old', null]);
  assert.deepEqual(old.checks.map((check) => [check.rule ?? check.hold, check.matches]), [['twins', 'no'], ['papers', 'no'], ['old', 'yes']]);
  assert.match(old.checks[2].conditions[0].why, /dated 2019-06-15, before 20/);
  assert.equal(explain('sales/attached.eml').decision, 'delete', 'the letter and its undated attachment');
  const held = explain('sales/twin-again.txt');
  assert.deepEqual([held.decision, held.hold], ['held', 'twins']);
  const unread = explain('hr/empty.bin');
  assert.deepEqual([unread.decision, unread.rule], ['undecided', 'papers']);
  const { id } = answer('search', ['search', 'name:twin.txt', ...flags]).hits[0];
  assert.equal(explain(id).object, old.object);
  const absent = tidemark(['retain', 'policy', 'explain', 'no/such.txt', '--policy', policy, ...flags]);
  assert.equal(absent.code, 1);
  writeFileSync(policy, 'rules:\n  - {name: a, match: {clas: x}, action: delete}\n');
  const wrong = tidemark(['retain', 'whatif', '--policy', policy, ...flags]);
  assert.equal(wrong.code, 2);
  assert.match(wrong.err, /line 2: 'clas' is no member of match; did you mean class\?/);
});

test("Azure's rules come and go", (t) => {
  const folder = scratch(t), azure = path.join(folder, 'azure.json'), policy = path.join(folder, 'policy.yaml');
  const rule = { enabled: true, name: 'old logs', type: 'Lifecycle', definition: {
    actions: { baseBlob: { delete: { daysAfterModificationGreaterThan: 365 } }, version: { delete: { daysAfterCreationGreaterThan: 90 } } },
    filters: { blobTypes: ['blockBlob'], prefixMatch: ['logs/app/'] } } };
  writeFileSync(azure, JSON.stringify({ rules: [rule] }));
  const taken = answer('retain-policy-import', ['retain', 'policy', 'import', 'azure', azure]);
  assert.deepEqual(taken.does_not_fit.map(({ what }) => what), ['blobTypes', 'version']);
  assert.equal(tidemark(['retain', 'policy', 'import', 'azure', azure]).out, taken.yaml);
  answer('retain-policy-import', ['retain', 'policy', 'import', 'azure', azure, '--policy', policy]);
  assert.equal(readFileSync(policy, 'utf8'), taken.yaml);
  const given = answer('retain-policy-export', ['retain', 'policy', 'export', 'azure', policy]);
  assert.deepEqual(JSON.parse(given.json).rules[0].definition.actions, { baseBlob: rule.definition.actions.baseBlob });
  assert.deepEqual(JSON.parse(given.json).rules[0].definition.filters, rule.definition.filters);
  assert.equal(tidemark(['retain', 'policy', 'import', 'gcs', azure]).code, 2);
});

test('the schema of a policy and the reader agree', () => {
  const schema = JSON.parse(readFileSync(path.join(root, 'schema/retention-policy.json'), 'utf8'));
  const validate = new Ajv2020({ strict: false }).compile(schema);
  const rules = [{ name: 'a', match: { path: ['x/**'], class: ['invoice'], age: { by: 'dated', over: '24mo' }, size: '>1M', tag: { k: 'v' } }, action: 'tier:Cool' }];
  assert.ok(validate({ rules, holds: [{ name: 'h', match: { organisation: 'contoso.com' }, until: '2027-01-01' }], approval: 'second', undo_days: 3 }));
  for (const wrong of [{}, { rules: [{ name: 'a', match: {}, action: 'delete' }] }, { rules, more: 1 }, { rules: [{ name: 'a', match: { class: 'invioce' }, action: 'delete' }] }])
    assert.ok(!validate(wrong), JSON.stringify(wrong));
});

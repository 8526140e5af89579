// SPDX-License-Identifier: Apache-2.0
// Who is in it: records of one person meet by strong keys and say why, those of two do not; shown, counted, filtered, erased.
import assert from 'node:assert/strict';
import path from 'node:path';
import { writeFileSync, rmSync } from 'node:fs';
import { test } from 'node:test';
import { generate, score } from '../../bench/quality/people.mjs';
import { answer, plant, scratch, tidemark } from './house.mjs';

const leak = {
  'customers.csv': 'Name,Email,Phone,Country,Diagnosis,SSN\nAnna Berg,anna.berg@contoso.com,+49 30 1234567,Germany,asthma,536-90-4399\n'
    + 'Ben Alder,ben@gmail.com,,,,\nBen Alder,ben.alder@fabrikam.com,,,,\nContoso,info@contoso.com,+49 30 9999999,,,\n',
  'staff.csv': 'E-Mail;Nachname;Vorname;Gehalt\nanna.berg@contoso.com;Berg;Anna;50000\naberg@gmail.com;Berg;Anna;\n',
  'benefits.csv': 'SSN,Name\n536-90-4399,"Berg, Anna"\n537-90-4311,"Dale, Kim"\n538-90-4322,"Lund, Ole"\n',
  'family.csv': 'Name,Email\nEva Clark,clarks@example.org\nTom Clark,clarks@example.org\n',
  'a.eml': 'From: Anna Berg <anna.berg@contoso.com>\nTo: ben@gmail.com, sales@contoso.com\nSubject: x\nDate: Mon, 1 Mar 2021 10:00:00 +0000\n'
    + 'Message-ID: <1@contoso.com>\n\nHello\n\nKind regards,\nAnna Berg\nHead of Sales\nTel. +49 30 1234567\n',
};

function swept(t, files = leak) {
  const folder = scratch(t);
  const flags = ['--catalog', path.join(folder, 'catalog')];
  plant(path.join(folder, 'leak'), files);
  tidemark(['sweep', path.join(folder, 'leak'), ...flags]);
  return { target: path.join(folder, 'leak'), flags };
}
const people = (flags, ...more) => answer('people', ['people', ...more, ...flags]);
const find = (list, email) => list.people.filter((one) => one.emails.includes(email));

test('records of one person meet, and say why', (t) => {
  const { flags } = swept(t);
  const [anna, ...others] = find(people(flags), 'anna.berg@contoso.com');
  assert.deepEqual(others, []);
  assert.equal(anna.name, 'Anna Berg');
  assert.deepEqual(anna.phones, ['+49301234567']);
  assert.deepEqual(anna.identifiers, [{ kind: 'national_id', subkind: 'us-ssn', masked: '*****4399' }]);
  assert.deepEqual([anna.organisation, anna.role, anna.residence], ['contoso.com', 'Head of Sales', 'DE']);
  assert.deepEqual(anna.elements, ['name', 'contact', 'government_id', 'financial', 'health', 'location', 'employment']);
  assert.equal(anna.documents, 4);
  const shown = answer('people-show', ['people', 'show', anna.id.slice(0, 8).toUpperCase(), ...flags]);
  assert.deepEqual(shown.person, anna);
  const placed = shown.places.map((place) => [place.path, place.row, place.source]).sort();
  assert.deepEqual(placed, [['a.eml', null, 'header'], ['a.eml', null, 'signature'], ['benefits.csv', 1, 'row'], ['customers.csv', 1, 'row'], ['staff.csv', 1, 'row']]);
  assert.equal(shown.places.filter((place) => place.why === null).length, 1);
  assert.ok(shown.places.some((place) => place.why === 'the same address anna.berg@contoso.com'));
  assert.ok(!JSON.stringify(shown).includes('536904399'));
  assert.match(tidemark(['people', 'show', anna.id, ...flags]).out, /Places[^]*customers\.csv/);
});

test('whose rows a table holds is a party of it by rows, and says so', (t) => {
  const { flags } = swept(t, { ...leak, 'b.eml': 'From: Anna Berg <anna.berg@contoso.com>\nTo: x@fabrikam.com\n\nhello\n' });
  const parts = (name) => answer('show', ['show', name, ...flags]).organisations.map((one) => [one.domain, one.role, one.part]);
  assert.deepEqual(parts('customers.csv').find(([domain]) => domain === 'fabrikam.com'), ['fabrikam.com', 'party', 'rows']);
  assert.deepEqual(parts('b.eml').sort(), [['contoso.com', 'party', 'sender'], ['fabrikam.com', 'party', 'recipient']]);
  assert.match(answer('show', ['show', 'customers.csv', ...flags]).organisations.find(({ part }) => part === 'rows').why, /row of a table/);
});

test('a name alone, a family address and a mailbox of many join nobody', (t) => {
  const { flags } = swept(t);
  const list = people(flags);
  assert.equal(list.people.filter((one) => one.name === 'Ben Alder').length, 2);
  assert.deepEqual(find(list, 'aberg@gmail.com').map((one) => [one.name, one.organisation, one.records]), [['Anna Berg', null, 1]]);
  assert.deepEqual(find(list, 'clarks@example.org').map((one) => one.name).sort(), ['Eva Clark', 'Tom Clark']);
  assert.deepEqual([find(list, 'info@contoso.com'), find(list, 'sales@contoso.com')], [[], []]);
  assert.equal(new Set(list.people.map((one) => one.id)).size, list.people.length);
});

test('people are filtered, paged, counted, and told with their documents', (t) => {
  const { flags } = swept(t);
  const list = people(flags).people;
  assert.deepEqual(people(flags, '--element', 'health').people.map((one) => one.name), ['Anna Berg']);
  assert.deepEqual(people(flags, '--organisation', 'fabrikam.com').people.map((one) => one.emails), [['ben.alder@fabrikam.com']]);
  const paged = [];
  for (let next = null, first = true; first || next; first = false) {
    const page = people(flags, '--limit', '2', ...(next ? ['--cursor', next] : []));
    paged.push(...page.people);
    next = page.next;
  }
  assert.deepEqual(paged, list);
  const scope = answer('scope', ['scope', ...flags]);
  assert.equal(scope.counts.people.distinct, list.length);
  assert.equal(scope.by_element.health, 1);
  assert.equal(scope.by_element.contact, list.filter((one) => one.elements.includes('contact')).length);
  const shown = answer('show', ['show', 'family.csv', ...flags]);
  assert.deepEqual(shown.people.sort(), list.filter((one) => one.emails.includes('clarks@example.org')).map((one) => one.id).sort());
  assert.equal(tidemark(['people', '--element', 'nonsense', ...flags]).code, 2);
  assert.equal(tidemark(['people', 'show', 'aaaaaaaaaaaaaaaaaaaaaaaaaa', ...flags]).code, 1);
});

test('an id survives later sweeps; who is gone with a changed document is gone', (t) => {
  const { target, flags } = swept(t);
  const before = find(people(flags), 'anna.berg@contoso.com')[0];
  writeFileSync(path.join(target, 'more.csv'), 'Name,Email\nAnna Berg,anna.berg@contoso.com\nNew One,new.one@contoso.com\n');
  tidemark(['sweep', target, ...flags]);
  const after = find(people(flags), 'anna.berg@contoso.com')[0];
  assert.deepEqual([after.id, after.records], [before.id, before.records + 1]);
  writeFileSync(path.join(target, 'more.csv'), 'Name,Email\nAnother One,another.one@contoso.com\n');
  tidemark(['sweep', target, ...flags]);
  assert.deepEqual(find(people(flags), 'new.one@contoso.com'), []);
  assert.equal(find(people(flags), 'anna.berg@contoso.com')[0].id, before.id);
  rmSync(path.join(target, 'more.csv'));
});

test('generated tables with planted doubles', (t) => {
  const made = generate({ people: 150, seed: 11 });
  const { flags } = swept(t, made.files);
  const placed = new Map();
  for (const one of people(flags, '--limit', '100000').people)
    for (const place of answer('people-show', ['people', 'show', one.id, ...flags]).places) placed.set(`${place.path} ${place.row}`, one.id);
  const scored = score(placed, made.truth);
  assert.ok(scored.precision >= 0.98 && scored.recall >= 0.95, JSON.stringify(scored));
});

test('what is hostile costs no more than its length', (t) => {
  const one = 'Name,Email\n' + 'Anna Berg,anna@contoso.com\n'.repeat(20000);
  const letters = 'a,b\n'.repeat(200000);
  const wide = `Name,Email\n"${'x'.repeat(1 << 20)}",anna@contoso.com\n`;
  const names = 'Name,Email\n' + Array.from({ length: 20000 }, (_, i) => `Aa${'bcdefghijk'[i % 10]}${'lmnopqrstu'[(i / 10 | 0) % 10]} Z${'aeiou'[i % 5]}x${'klmno'[(i / 50 | 0) % 5]},shared@contoso.com`).join('\n');
  const { flags } = swept(t, { 'one.csv': one, 'letters.csv': letters, 'wide.csv': wide, 'names.csv': names });
  const anna = find(people(flags), 'anna@contoso.com');
  assert.deepEqual(anna.map((person) => [person.name, person.records]), [['Anna Berg', 20001]]);
});

// SPDX-License-Identifier: Apache-2.0
// Twins: of the same bytes, of the same text, near ones; and families, which forms filled in for two people are not.
import assert from 'node:assert/strict';
import { utimesSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answer, plant, scratch, tidemark } from './house.mjs';

/* Prose of its own for each seed. */
function prose(seed, count) {
  const words = 'harbour ledger copper winter meadow signal velvet anchor lantern orchard timber quarry ribbon saddle thistle canvas marble kettle beacon cellar'.split(' ');
  let state = seed * 2654435761 % 4294967296;
  const next = () => { state = (state * 1664525 + 1013904223) % 4294967296; return state / 4294967296; };
  return Array.from({ length: count }, (_, n) => words[Math.floor(next() * words.length)] + (n % 14 === 13 ? '.' : '')).join(' ');
}
const form = (name, email) => `${prose(9, 260)}\nName: ${name}\nE-mail: ${email}\n${prose(10, 60)}\n`;
const terms = prose(1, 300);
const tree = {
  'a/terms.txt': terms,
  'b/copy of terms.txt': terms,
  'c/terms laid out.html': `<html><body>${terms.replaceAll(' ', ' \n').split('.').map((line) => `<p>${line}`).join('.</p>\n')}</body></html>`,
  'd/terms edited.txt': terms.replace('harbour', 'haven').replace('winter', 'summer'),
  'e/other.txt': prose(2, 300),
  'f/anna.txt': form('Anna Miller', 'anna.miller@northwind.example.com'),
  'g/bert.txt': form('Bert Becker', 'bert.becker@northwind.example.com'),
  'h/anna again.txt': `${form('Anna Miller', 'anna.miller@northwind.example.com')}copied by hand\n`,
  'i/short.txt': 'Thank you for your message.\n', 'j/short too.txt': 'Thank you for  your message.\n',
  'k/key one.env': `${prose(4, 60)}\nAWS_SECRET_ACCESS_KEY=q8ZrV1tYw3Xc5Bn7Mk9Lp2Sd4Fg6Hj8Kl0Qw2Er4\n`,
  'l/key two.env': `${prose(4, 60)}\nAWS_SECRET_ACCESS_KEY=mN4bV6cX8zL1kJ3hG5fD7sA9pO2iU4yT6rE8wQ0a\n`,
};

function sweep(folder, catalog, ...flags) {
  const { code, err } = tidemark(['sweep', folder, '--catalog', catalog, ...flags]);
  assert.equal(code, 0, err);
}
const show = (name, catalog) => answer('show', ['show', name, '--catalog', catalog]);
const scope = (catalog) => answer('scope', ['scope', '--catalog', catalog]).counts.documents;
/* Of a document the paths of its twins with their relation. */
function twins(name, catalog) {
  return show(name, catalog).twins.map(({ id, relation }) => `${relation} ${show(id, catalog).path}`);
}
function leak(t) {
  const folder = scratch(t), files = path.join(folder, 'files');
  plant(files, tree);
  Object.keys(tree).forEach((name, n) => utimesSync(path.join(files, name), 1600000000 + n, 1600000000 + n));
  return { files, catalog: (n) => path.join(folder, `catalog${n}`) };
}
const families = (catalog) => Object.keys(tree).map((name) => { const { family } = show(name, catalog); return family && show(family.representative, catalog).path; });

test('twins are told by what they share', (t) => {
  const { files, catalog } = leak(t), one = catalog(1);
  sweep(files, one);
  assert.deepEqual(twins('a/terms.txt', one), ['exact b/copy of terms.txt', 'same_text c/terms laid out.html', 'near d/terms edited.txt']);
  assert.deepEqual(twins('e/other.txt', one), []);
  assert.deepEqual(twins('f/anna.txt', one), ['near h/anna again.txt', 'near g/bert.txt']);
  assert.deepEqual(twins('i/short.txt', one), []);
  assert.deepEqual(twins('k/key one.env', one).filter((twin) => !twin.startsWith('near ')), [], 'texts that differ in their secrets are not the same');
  for (const { relation, similarity } of show('a/terms.txt', one).twins) assert.ok(relation === 'near' ? similarity >= 0.8 && similarity < 1 : similarity === 1);
  assert.equal(show('a/terms.txt', one).twins_complete, true);
  assert.match(tidemark(['show', 'a/terms.txt', '--catalog', one]).out, /Twins\n.*\n.*exact .*b\/copy of terms/);
});

test('a family is one document: forms of two people are two', (t) => {
  const { files, catalog } = leak(t), one = catalog(1);
  sweep(files, one);
  assert.deepEqual(families(one), ['a/terms.txt', 'a/terms.txt', 'a/terms.txt', 'a/terms.txt', null, 'f/anna.txt', null, 'f/anna.txt', null, null, null, null]);
  assert.deepEqual(show('d/terms edited.txt', one).family, { representative: show('a/terms.txt', one).id, documents: 4, distinct_documents: 3 });
  assert.deepEqual(scope(one), { references: 12, distinct: 11, resolved: 8 });
});

test('the order of reading does not matter', (t) => {
  const { files, catalog } = leak(t), one = catalog(1), two = catalog(2);
  sweep(files, one);
  for (const only of ['h/**', 'd/**', 'c/**']) sweep(files, two, '--include', only);
  sweep(files, two);
  assert.deepEqual(families(two), families(one));
  assert.deepEqual(scope(two), scope(one));
});

test('what has gone from its place leaves its family', (t) => {
  const { files, catalog } = leak(t), one = catalog(1);
  sweep(files, one);
  plant(files, { 'd/terms edited.txt': prose(77, 200), 'h/anna again.txt': form('Carla Conrad', 'carla@northwind.example.com') });
  sweep(files, one);
  assert.deepEqual(show('a/terms.txt', one).family.documents, 3);
  assert.equal(show('f/anna.txt', one).family, null);
  assert.deepEqual(scope(one), { references: 12, distinct: 11, resolved: 10 });
});

test('three thousand documents that share a page cost no square', (t) => {
  const folder = scratch(t), files = path.join(folder, 'files'), one = path.join(folder, 'catalog');
  const page = prose(5, 200);
  plant(files, Object.fromEntries(Array.from({ length: 3000 }, (_, n) => [`${n}.txt`, `${page} and number ${n} of them ${prose(1000 + n, 12)}\n`])));
  sweep(files, one);
  const told = show('7.txt', one);
  assert.ok(told.twins.length <= 1000);
  assert.equal(told.twins_complete, false, 'more are near than are told');
  assert.ok(scope(one).resolved < 100, `${scope(one).resolved}`);
});

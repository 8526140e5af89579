// SPDX-License-Identifier: Apache-2.0
// Manifests: recomputed here from the scope key by what docs/counting.md says of them, made ten times over in other ways,
// tampered with, and compared by two parties.
import assert from 'node:assert/strict';
import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { chmodSync, cpSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { answer, everyHit, exited, fakeAzure, holds, plant, root, scratch, start, tidemark } from './house.mjs';
import { zip } from './hostile-kit.mjs';

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const size8 = (number) => { const bytes = Buffer.alloc(8); bytes.writeBigUInt64BE(BigInt(number)); return bytes; };

/* RFC 6962 2.1, as it is written there: the left tree is the largest power of two below. */
function treeOf(leaves) {
  if (leaves.length === 0) return sha256('');
  if (leaves.length === 1) return sha256(Buffer.of(0), leaves[0]);
  const left = 2 ** Math.floor(Math.log2(leaves.length - 1));
  return sha256(Buffer.of(1), treeOf(leaves.slice(0, left)), treeOf(leaves.slice(left)));
}

function rootOf(measures) {
  const bytes = (leaf) => Buffer.from(leaf, 'hex');
  return treeOf(Object.keys(measures).sort().map((name) =>
    Buffer.concat([Buffer.from(`${name}\0`), size8(measures[name].length), treeOf(measures[name].map(bytes))]))).toString('hex');
}

function isSigned({ root, scope_key: key, rules_version: rules, public_key: signer, signature }) {
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(signer, 'hex')]);
  const message = Buffer.concat([Buffer.from('tidemark-manifest-1\0'), Buffer.from(root + key, 'hex'), Buffer.from(rules)]);
  return verify(null, message, createPublicKey({ key: spki, format: 'der', type: 'spki' }), Buffer.from(signature, 'hex'));
}

/* The key of an exported file. */
function keyOf(file) {
  const letters = readFileSync(file, 'utf8').match(/^tidemark-scope-key-1 ([a-z2-7]{52})\n$/)[1];
  const bits = [...letters].map((letter) => 'abcdefghijklmnopqrstuvwxyz234567'.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from(bits.slice(0, 256).match(/.{8}/g).map((byte) => parseInt(byte, 2)));
}

const leafOf = (key, kind, ...value) =>
  value.reduce((hmac, part) => hmac.update(part), createHmac('sha256', key).update(`${kind}\0`)).digest('hex');
const ascending = (leaves) => [...new Set(leaves)].sort();

const letter = (i) => `Dear anna+${i % 3}@contoso.com, invoice no. RE-${10 + i % 7}, contract no. V-${100 + i}, tel. +49 30 90${1000 + i % 5}.\n` +
  `From clerk${i % 4}@fabrikam.com, order no. ${4000 + i}\n`;

function plantLeak(folder) {
  const leak = {};
  for (let i = 0; i < 40; i++) leak[`letters/${i}.txt`] = letter(i);
  for (let i = 0; i < 8; i++) leak[`twins/${i}.txt`] = letter(i);
  for (let i = 0; i < 6; i++) leak[`zips/${i}.zip`] = zip([['one.txt', letter(i)], ['two.txt', letter(100 + i)]]);
  /* Its tables are documents without bytes of their own. */
  leak['data/crm.sqlite'] = readFileSync(path.join(root, 'tests/golden/sqlite/people/crm.sqlite'));
  leak['noise.bin'] = Buffer.from(Array.from({ length: 999 }, (_, k) => (k * 167) & 255));
  return plant(folder, leak);
}

const sweep = (target, flags, ...more) => {
  const { code, err } = tidemark(['sweep', target, ...flags, '--quiet', ...more]);
  assert.ok([0, 4].includes(code), err);
};

function made(flags, file, ...more) {
  const { manifest } = answer('scope', ['scope', ...flags, '--manifest', file, ...more]);
  const whole = holds('manifest', JSON.parse(readFileSync(file, 'utf8')));
  assert.deepEqual([whole.root, whole.size, whole.signature, whole.public_key],
    [manifest.root, manifest.size, manifest.signature, manifest.public_key]);
  return whole;
}

function place(t) {
  const folder = scratch(t);
  const target = plantLeak(path.join(folder, 'leak'));
  const flags = ['--catalog', path.join(folder, 'catalog')];
  sweep(target, flags, '--max-object', '900k', '--exclude', 'letters/39.txt');
  return { folder, target, flags };
}

test('who has the scope key makes the same manifest of the same things', (t) => {
  const { folder, flags } = place(t);
  const manifest = made(flags, path.join(folder, 'm.json'));
  const file = path.join(folder, 'scope.key');
  const { scope_key: id } = answer('scope-key', ['scope', 'key', 'export', file, ...flags]);
  assert.equal(statSync(file).mode & 0o777, 0o600);
  const key = keyOf(file);
  assert.equal(manifest.scope_key, createHmac('sha256', key).update('tidemark-scope-key-id').digest('hex').slice(0, 32));
  assert.equal(manifest.scope_key, id);

  for (const [measure, kind] of Object.entries({ emails: 'email', phones: 'phone', invoices: 'invoice', orders: 'order', contracts: 'contract', projects: 'project' })) {
    const { entities } = answer('entities', ['entities', '--kind', kind, '--limit', '1000', ...flags]);
    assert.deepEqual(manifest.measures[measure], ascending(entities.filter(({ references }) => references > 0).map(({ value }) => leafOf(key, kind, value))), measure);
  }
  const hits = everyHit('', flags), objects = hits.filter(({ path: name }) => !name.includes('!/'));
  assert.deepEqual(manifest.measures.objects, ascending(objects.map(({ sha256: digest, path: name, size }) =>
    digest ? leafOf(key, 'object', Buffer.from(digest, 'hex')) : leafOf(key, 'unread', name, size8(size)))));
  assert.ok(objects.some(({ sha256: digest }) => !digest), 'one was not read');
  const domains = answer('organisations', ['organisations', '--limit', '1000', ...flags]).organisations.filter((each) => each.as_party > 0);
  assert.ok(manifest.measures.organisations.length > 0);
  assert.deepEqual(manifest.measures.organisations, ascending(domains.map(({ domain }) => leafOf(key, 'organisation', domain))));

  const wholes = new Map(objects.map((hit) => [hit.path, hit]));
  assert.deepEqual(manifest.measures.documents, ascending(hits.filter(({ outcome, sha256: digest }) => outcome !== 'excluded' && (digest || outcome === 'read')).map(
    ({ sha256: digest, path: name }) => digest ? leafOf(key, 'document', Buffer.from(digest, 'hex'))
      : leafOf(key, 'document-part', Buffer.from(wholes.get(name.split('!/')[0]).sha256, 'hex'), name.slice(name.indexOf('!/'))))));
  assert.ok(hits.some(({ path: name }) => name.includes('!/table/')), 'some have no bytes of their own');
  assert.equal(manifest.root, rootOf(manifest.measures));
  assert.equal(manifest.size, Object.values(manifest.measures).flat().length);
  assert.deepEqual(manifest.trees, Object.fromEntries(Object.entries(manifest.measures).map(([name, leaves]) =>
    [name, { root: treeOf(leaves.map((leaf) => Buffer.from(leaf, 'hex'))).toString('hex'), size: leaves.length }])));
  assert.ok(isSigned(manifest));
  assert.ok(!isSigned({ ...manifest, rules_version: `${manifest.rules_version}x` }));
});

test('a manifest is canonical JSON, and nothing is left beside it', (t) => {
  const { folder, flags } = place(t);
  const before = readdirSync(folder);
  const text = () => { made(flags, path.join(folder, 'm.json')); return readFileSync(path.join(folder, 'm.json'), 'utf8'); };
  const first = text(), sorted = (value) => Array.isArray(value) || value === null || typeof value !== 'object' ? value
    : Object.fromEntries(Object.keys(value).sort().map((name) => [name, sorted(value[name])]));
  assert.equal(first, `${JSON.stringify(sorted(JSON.parse(first)))}\n`);
  assert.equal(text(), first);
  assert.deepEqual(readdirSync(folder), [...before, 'm.json'].sort());
  assert.equal(statSync(path.join(folder, 'm.json')).mode & 0o777, 0o600);
  const missing = tidemark(['scope', ...flags, '--manifest', path.join(folder, 'no/such/m.json')]);
  assert.equal(missing.code, 1);
  assert.match(missing.err, /m\.json: cannot be made/);
});

test('ten runs of another order, concurrency and fate come to one root', async (t) => {
  const folder = scratch(t), target = plantLeak(path.join(folder, 'leak'));
  const key = path.join(folder, 'k'), roots = [];
  const countWith = (flags, name) => {
    if (roots.length === 0) answer('scope-key', ['scope', 'key', 'export', key, ...flags]);
    else answer('scope-key', ['scope', 'key', 'import', key, ...flags]);
    roots.push(made(flags, path.join(folder, name)).root);
  };
  for (let run = 0; run < 10; run++) {
    const flags = ['--catalog', path.join(folder, `catalog-${run}`)];
    if (run >= 6) {
      /* Killed again and again, each time a little later. */
      for (let kill = 0; kill < 3; kill++) {
        const child = start(['sweep', target, ...flags, '-j', '1']);
        await sleep(40 + 60 * kill + 15 * run);
        child.kill('SIGKILL');
        await exited(child);
      }
      sweep(target, flags);
    } else if (run >= 4) {
      /* Its parts, in an order of their own; then all of it. */
      for (const part of run === 4 ? ['zips', 'twins', 'letters'] : ['twins', 'zips']) sweep(target, flags, '--include', `${part}/**`);
      sweep(target, flags);
    } else {
      sweep(target, flags, '-j', String(2 ** run));
    }
    countWith(flags, `m-${run}.json`);
  }
  assert.equal(new Set(roots).size, 1, roots.join('\n'));
});

const tampered = {
  'a leaf': (m) => { m.measures.emails[0] = '00'.repeat(32); },
  'a leaf too many': (m) => { m.measures.emails.push('ff'.repeat(32)); },
  'a leaf gone': (m) => { m.measures.phones.pop(); },
  'a measure gone': (m) => { delete m.measures.orders; },
  'the root': (m) => { m.root = `00${m.root.slice(2)}`; },
  'the size': (m) => { m.size++; },
  'a tree': (m) => { m.trees.emails.size++; },
  'the rules': (m) => { m.rules_version += '0'; },
  'the scope key': (m) => { m.scope_key = '00'.repeat(16); },
  'the signature': (m) => { m.signature = `${m.signature.slice(0, -2)}00`; },
  'the public key': (m) => { m.public_key = '00'.repeat(32); },
  'leaves out of order': (m) => { m.measures.emails.reverse(); },
  'a leaf twice': (m) => { m.measures.emails.splice(1, 0, m.measures.emails[0]); },
  'a member more': (m) => { m.note = 'x'; },
  'a measure of no name': (m) => { m.measures.ghosts = []; },
  'a member gone': (m) => { delete m.trees; },
  'a later version': (m) => { m.version = 2; },
};

test('whatever is changed is noticed', (t) => {
  const { folder, flags } = place(t);
  const file = path.join(folder, 'm.json'), other = path.join(folder, 'other.json');
  const manifest = made(flags, file);
  const good = answer('scope-verify', ['scope', 'verify', file, ...flags]);
  assert.deepEqual([good.root, good.signature, good.leaves, good.holds, good.differing], [true, true, true, true, []]);
  for (const [what, change] of Object.entries(tampered)) {
    const copy = structuredClone(manifest);
    change(copy);
    writeFileSync(other, JSON.stringify(copy));
    const { code, err } = tidemark(['scope', 'verify', other]);
    assert.equal(code, 1, `${what}: ${err}`);
    assert.equal(tidemark(['scope', 'compare', file, other]).code, 1, what);
  }
  for (const text of ['', '{', '[]', 'null', '{}', `${JSON.stringify(manifest)}x`, JSON.stringify(manifest).slice(0, -1), JSON.stringify(manifest).replace('"root"', '"root":"","root"')]) {
    writeFileSync(other, text);
    const { code, err } = tidemark(['scope', 'verify', other]);
    assert.equal(code, 1);
    assert.match(err, /other\.json: is no manifest: byte \d+: /, text.slice(0, 40));
  }
  /* Members in another order, with room between them, say the same. */
  writeFileSync(other, JSON.stringify(Object.fromEntries(Object.entries(manifest).reverse()), null, '\t'));
  const again = answer('scope-verify', ['scope', 'verify', other]);
  assert.deepEqual([again.root, again.signature, again.leaves, again.holds], [true, true, null, true]);
  assert.equal(tidemark(['scope', 'verify', path.join(folder, 'none.json')]).code, 1);
});

test('whose signature it is has to be said by its owner', (t) => {
  const { folder, flags } = place(t);
  const file = path.join(folder, 'm.json');
  const { public_key: key } = made(flags, file);
  assert.equal(answer('scope-verify', ['scope', 'verify', file, '--public-key', key]).signer, true);
  assert.equal(answer('scope-verify', ['scope', 'verify', file, '--public-key', '00'.repeat(32)], { code: 1 }).signer, false);
  assert.equal(tidemark(['scope', 'verify', file, '--public-key', 'abc']).code, 2);
  /* One key for all incidents of a catalog. */
  sweep(path.join(folder, 'leak/zips'), [...flags, '--incident', 'second']);
  assert.equal(made([...flags, '--incident', 'second'], path.join(folder, 'second.json')).public_key, key);
});

test('a catalog that counts otherwise says what differs', (t) => {
  const { folder, flags, target } = place(t);
  const file = path.join(folder, 'm.json');
  made(flags, file);
  plant(target, { 'late.txt': 'late@tailspintoys.com\n' });
  sweep(target, flags, '--max-object', '900k', '--exclude', 'letters/39.txt');
  const verdict = answer('scope-verify', ['scope', 'verify', file, ...flags], { code: 1 });
  assert.deepEqual([verdict.root, verdict.signature, verdict.leaves], [true, true, false]);
  assert.deepEqual(verdict.differing.filter((name) => name !== 'organisations'), ['objects', 'documents', 'emails']);
  assert.match(tidemark(['scope', 'verify', file, ...flags]).out, /This catalog counts other emails\./);
});

test('what is published has no leaves, and no small sizes', (t) => {
  const { folder, flags } = place(t);
  const bare = made(flags, path.join(folder, 'bare.json'), '--no-leaves');
  const whole = made(flags, path.join(folder, 'whole.json'));
  assert.deepEqual(bare, { ...whole, measures: null });
  const checked = answer('scope-verify', ['scope', 'verify', path.join(folder, 'bare.json')]);
  assert.deepEqual([checked.root, checked.signature, checked.leaves], [true, true, null]);
  assert.equal(answer('scope-verify', ['scope', 'verify', path.join(folder, 'bare.json'), ...flags]).leaves, true);
  assert.match(tidemark(['scope', 'compare', path.join(folder, 'bare.json'), path.join(folder, 'whole.json')]).err, /it has no leaves/);

  const open = made(flags, path.join(folder, 'open.json'), '--public');
  assert.ok(whole.trees.phones.size < 10);
  assert.deepEqual(open, { ...whole, measures: null, size: null, trees: null });
  const told = answer('scope-verify', ['scope', 'verify', path.join(folder, 'open.json')]);
  assert.deepEqual([told.root, told.signature, told.holds], [null, true, true]);
  writeFileSync(path.join(folder, 'open.json'), JSON.stringify({ ...open, root: '00'.repeat(32) }));
  assert.equal(tidemark(['scope', 'verify', path.join(folder, 'open.json')]).code, 1);
});

test('a finder with a copy in a folder and the owner of the container meet', async (t) => {
  const folder = scratch(t), target = plantLeak(path.join(folder, 'leak'));
  const names = readdirSync(target, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile())
    .map((entry) => path.relative(target, path.join(entry.path ?? entry.parentPath, entry.name)));
  const fake = await fakeAzure(t, { accounts: { acme: { containers: { leak: { public: 'container',
    blobs: names.map((name) => ({ name, base64: readFileSync(path.join(target, name)).toString('base64') })) } } } } });
  const owner = ['--catalog', path.join(folder, 'owner')], finder = ['--catalog', path.join(folder, 'finder')];
  sweep(`az+http://127.0.0.1:${fake.port}/acme/leak`, owner);
  const copy = path.join(folder, 'copy');
  cpSync(target, copy, { recursive: true });
  for (let i = 0; i < 5; i++) rmSync(path.join(copy, `letters/${i + 20}.txt`));
  plant(copy, { 'notes-of-ours.txt': 'seen by finder@finder.example\n' });
  sweep(copy, finder);

  const [a, b] = ['owner.json', 'finder.json'].map((name) => path.join(folder, name));
  made(owner, a);
  made(finder, b);
  const refused = tidemark(['scope', 'compare', a, b]);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /no scope key in common/);

  const key = path.join(folder, 'scope.key');
  answer('scope-key', ['scope', 'key', 'export', key, ...owner]);
  const twice = tidemark(['scope', 'key', 'export', key, ...owner]);
  assert.equal(twice.code, 1);
  chmodSync(key, 0o644);
  assert.match(tidemark(['scope', 'key', 'import', key, ...finder]).err, /chmod 600/);
  chmodSync(key, 0o600);
  assert.match(tidemark(['scope', 'key', 'import', `${path.join(folder, 'finder')}.key`, ...finder]).err, /is no scope key/);
  answer('scope-key', ['scope', 'key', 'import', key, ...finder]);
  made(finder, b);
  const { measures, same_rules: same } = answer('scope-compare', ['scope', 'compare', a, b]);
  assert.equal(same, true);
  assert.deepEqual(measures.objects, { both: names.length - 8 - 5, only_a: 5, only_b: 1 });
  assert.ok(measures.documents.both > 40);
  assert.deepEqual([measures.documents.only_a, measures.documents.only_b], [5, 1]);
  assert.deepEqual(measures.contracts, { both: 41, only_a: 5, only_b: 0 });
  assert.deepEqual(measures.invoices, { both: 7, only_a: 0, only_b: 0 });
  assert.deepEqual(measures.emails, { both: 11, only_a: 0, only_b: 1 });
  const back = answer('scope-compare', ['scope', 'compare', b, a]).measures;
  assert.deepEqual(back.contracts, { both: 41, only_a: 0, only_b: 5 });

  /* The other version of the rules is told, not guessed away. */
  const journal = answer('journal-show', ['journal', 'show', ...owner]).entries.map(({ verb }) => verb);
  assert.ok(journal.includes('scope key') && journal.includes('scope'), journal.join());
});

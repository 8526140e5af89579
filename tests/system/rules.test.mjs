// SPDX-License-Identifier: Apache-2.0
// Rules of the owner's own, what is allowed, and texts that were kept: looked through again when the rules change, without
// fetching anything.
import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import Ajv2020 from 'ajv/dist/2020.js';
import { answer, everyHit, plant, root, scratch, tidemark, sanitizer } from './house.mjs';

const key = 'AKIAQ3EGRZ7NLMX52PTV';
const leak = {
  'a/plan.txt': `Project plan of Apollo.\nstaff number: s-100207 and S-100208\nanna@contoso.com, noreply@contoso.com\nThe key is ${key}.\n`,
  'b.csv': 'name;mail;note\nAnna Berg;anna@contoso.com;apollo\nBob Tal;bob@fabrikam.com;Apollo\n',
  'copy.txt': 'Apollo, and nobody\n',
  'same.txt': 'Apollo, and nobody\n',
  'tests/made-up.txt': 'carl@example.net for Apollo\n',
};
const rules = `rules:
  - {name: apollo, kind: project, literals: [Apollo, Artemis], confidence: 0.7}
  - {name: staff-number, kind: national_id, pattern: '(?i)\\bs-\\d{6}\\b', keyword: [staff], within: 30, normalise: upper}
`;

function swept(t, files = leak, more = []) {
  const folder = scratch(t);
  const flags = ['--catalog', path.join(folder, 'catalog')];
  const target = plant(path.join(folder, 'leak'), files);
  const file = path.join(folder, 'rules.yaml');
  const write = (text) => { writeFileSync(file, text); return ['--rules', file]; };
  return { folder, flags, target, file, write, sweep: (...args) => answer('sweep', ['sweep', target, ...more, ...args, ...flags]) };
}

const found = (kind, flags) => Object.fromEntries(answer('entities', ['entities', '--kind', kind, ...flags]).entities.map((row) => [row.value, row.references]));

test('own rules find what they name, beside all else', (t) => {
  const { flags, write, sweep } = swept(t);
  const summary = sweep(...write(rules));
  assert.equal(summary.findings.project, 5);
  assert.deepEqual(found('project', flags), { Apollo: 5 });
  assert.deepEqual(found('national_id', flags), { S100207: 1, S100208: 1 });
  const [hit] = everyHit('entity:national_id=S-100207', flags);
  const shown = answer('show', ['show', hit.id, ...flags]);
  const [finding] = shown.findings.filter((row) => row.value === 'S100207');
  assert.equal(finding.raw, 's-100207');
  assert.equal([...shown.text].slice(finding.from, finding.to).join(''), 's-100207');
  assert.equal(finding.subkind, 'staff-number');
  assert.match(finding.rule, /^custom\/staff-number@[0-9a-f]{8}$/);
  assert.match(answer('scope', ['scope', ...flags]).rules_version, /\+[0-9a-f]{8}$/);
});

test('a keyword must stand near, a checksum must hold', (t) => {
  const near = 'x'.repeat(20), far = ' y'.repeat(200);
  const { flags, write, sweep } = swept(t, {
    'a.txt': `STAFF ${near} n-1001\nstaff${far} n-1002 ${far}\nn-1003 ${near} Staff\n`,
    'b.txt': 'id 79927398713 and id 79927398710\n',
  });
  sweep(...write(`rules:
  - {name: near, kind: order, pattern: 'n-\\d{4}', keyword: staff, within: 30}
  - {name: checked, kind: contract, pattern: '\\b\\d{11}\\b', checksum: luhn, normalise: digits}
`));
  assert.deepEqual(Object.keys(found('order', flags)).sort(), ['n-1001', 'n-1003']);
  assert.deepEqual(found('contract', flags), { 79927398713: 1 });
});

test('what is allowed is in no answer, and counted', (t) => {
  const { flags, write, sweep } = swept(t);
  const allow = `${rules}allow:
  - {kind: email, value: noreply@contoso.com, why: our own}
  - {path: 'tests/**'}
  - {kind: secret, value: ${key}}
`;
  const summary = sweep(...write(allow));
  assert.deepEqual(Object.keys(found('email', flags)).sort(), ['anna@contoso.com', 'bob@fabrikam.com']);
  assert.deepEqual(found('secret', flags), {});
  assert.deepEqual(found('project', flags), { Apollo: 4 });
  assert.equal(summary.allowed.email, 2);
  assert.equal(summary.allowed.secret, 1);
  assert.ok(summary.allowed.project >= 1);
  assert.doesNotMatch(tidemark(['show', 'a/plan.txt', '--text', ...flags]).out, /AKIAQ/);
  /* Allowed no more, it is found again, though its text shows it no more. */
  const again = sweep('--redo', 'all', ...write(rules));
  assert.equal(again.objects.read, 0);
  assert.equal(again.bytes.fetched, 0);
  assert.equal(Object.keys(found('secret', flags)).length, 1);
  assert.deepEqual(again.allowed, {});
  /* And allowed again by its value, of which only the digest is left. */
  const third = sweep('--redo', 'all', ...write(`${allow}\n`));
  assert.equal(third.allowed.secret, 1);
  assert.deepEqual(found('secret', flags), {});
});

test('changed rules look through kept texts of a folder that is gone', (t) => {
  const { flags, target, write, sweep } = swept(t);
  sweep();
  const before = everyHit('', flags).map((hit) => [hit.id, hit.path, hit.sha256, hit.class]).sort();
  const secret = Object.keys(found('secret', flags));
  assert.equal(secret.length, 1);
  assert.deepEqual(found('project', flags), {});
  rmSync(target, { recursive: true });
  const run = tidemark(['sweep', target, '--redo', 'all', '--format', 'json', ...write(rules), ...flags]);
  assert.equal(run.code, 4);
  assert.match(run.err, /is not there any more/);
  const summary = JSON.parse(run.out);
  assert.deepEqual(summary.renewed, { documents: 5, altered: 5 });
  assert.equal(summary.objects.listed, 0);
  assert.deepEqual(found('project', flags), { Apollo: 5 });
  assert.deepEqual(Object.keys(found('secret', flags)), secret);
  assert.deepEqual(everyHit('', flags).map((hit) => [hit.id, hit.path, hit.sha256, hit.class]).sort(), before);
  assert.equal(everyHit('is:gone', flags).length, 0);
  /* Nothing is left to do. */
  const idle = tidemark(['sweep', target, '--redo', 'all', '--format', 'json', '--rules', path.join(path.dirname(target), 'rules.yaml'), ...flags]);
  assert.equal(idle.code, 1);
  assert.equal(JSON.parse(idle.out).renewed.documents, 0);
  assert.equal(tidemark(['sweep', path.join(target, 'nowhere/at/all'), '--redo', 'all', ...flags]).code, 1);
});

test('what newer rules need the text for alone is not fetched; what these rules read is', (t) => {
  const { flags, target, write, sweep } = swept(t);
  sweep();
  const renewed = sweep('--redo', 'all', ...write(rules));
  assert.deepEqual([renewed.objects.read, renewed.objects.unchanged, renewed.bytes.fetched, renewed.renewed.documents], [0, 5, 0, 5]);
  assert.deepEqual(answer('show', ['show', 'a/plan.txt', ...flags]).versions, []);
  const again = sweep('--redo', 'all', ...write(rules));
  assert.deepEqual([again.objects.read, again.renewed.documents], [5, 0]);
  /* Of some only. */
  const some = sweep('--redo', 'all', '--include', 'b.csv', ...write(`${rules} `));
  assert.deepEqual([some.objects.read, some.renewed.documents], [0, 1]);
  /* What was not kept is read. */
  const { sweep: lean, write: other } = swept(t, leak, ['--keep', 'findings']);
  lean();
  const read = lean('--redo', 'all', ...other(rules));
  assert.deepEqual([read.objects.read, read.renewed.documents], [5, 0]);
  assert.ok(existsSync(target));
});

test('a secret that a new rule finds is masked in the text that was kept, and found by no word', (t) => {
  const { flags, target, write, sweep } = swept(t, { 'a.txt': 'the word is Zyx-wvutsr-987, of anna@contoso.com\n' });
  sweep();
  assert.equal(everyHit('wvutsr', flags).length, 1);
  rmSync(target, { recursive: true });
  tidemark(['sweep', target, '--redo', 'all', ...write("rules:\n  - {name: word, kind: secret, pattern: 'Zyx-[a-z]+-\\d+'}\n"), ...flags]);
  assert.equal(Object.keys(found('secret', flags)).length, 1);
  assert.equal(everyHit('wvutsr', flags).length, 0);
  assert.equal(everyHit('word', flags).length, 1);
  assert.match(tidemark(['show', 'a.txt', '--text', ...flags]).out, /^the word is \*+, of anna@contoso\.com/);
  const [finding] = answer('show', ['show', 'a.txt', ...flags]).findings.filter((row) => row.kind === 'secret');
  assert.match(finding.raw, /^\*+$/);
});

test('the same rules say the same of a text, kept or read', (t) => {
  const files = Object.fromEntries(Array.from({ length: 60 }, (_, i) => [`f${i}.txt`, `${'lorem ipsum '.repeat(i * 900)}\nanna${i}@contoso.com *b* https://x.contoso.com/a?sig=Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MA%3D%3D ${i % 3 ? key : ''}\n`]));
  const { folder, flags, target, write, sweep } = swept(t, files);
  sweep();
  sweep('--redo', 'all', ...write('rules:\n  - {name: none, kind: order, literal: nowhere-at-all}\n'));
  const fresh = ['--catalog', path.join(folder, 'fresh'), '--key-file', path.join(folder, 'catalog.key')];
  answer('sweep', ['sweep', target, ...write('rules:\n  - {name: none, kind: order, literal: nowhere-at-all}\n'), ...fresh]);
  const of = (more) => everyHit('', more).map((hit) => {
    const shown = answer('show', ['show', hit.id, ...more]);
    /* Digests are the incident's own. */
    return [shown.path, shown.class, shown.text, shown.organisations,
      shown.findings.map((row) => ({ ...row, value: row.kind === 'secret' ? '' : row.value }))];
  }).sort(([a], [b]) => (a < b ? -1 : 1));
  assert.deepEqual(of(flags), of(fresh));
});

test('a file that cannot be meant is refused with its line', (t) => {
  const { target, flags, write } = swept(t);
  const rows = [
    ['rulez: []', /line 1: 'rulez' is no list of such a file; did you mean rules\?/],
    ['rules:\n  - {name: a, kind: emial, literal: x}', /line 2: 'emial' is no kind of findings; did you mean email\?/],
    ['rules:\n  - {name: a, kind: email, litteral: x}', /line 2: 'litteral' is no member of it; did you mean literal\?/],
    ['rules:\n  - {name: a, kind: order, pattern: "(x"}', /line 2: /],
    ['rules:\n  - {name: a, kind: order, pattern: "(x)\\\\1"}', /line 2: .*linear/],
    ['rules:\n  - {name: a, kind: order, pattern: "x{1,9999}{1,9999}"}', /line 2: /],
    ['rules:\n  - name: a\n    kind: order\n    literal: x\n    checksum: lunh', /line 5: 'lunh' is no checksum; did you mean luhn\?/],
    ['rules:\n  - {name: A B, kind: order, literal: x}', /line 2: a name is made of/],
    ['rules:\n  - {name: a, kind: order}', /line 2: a rule has either/],
    ['rules:\n  - {name: a, kind: order, literal: x, pattern: y}', /line 2: a rule has either/],
    ['rules:\n  - {name: a, kind: order, literal: x}\n  - {name: a, kind: order, literal: y}', /line 3: another rule has this name/],
    ['rules:\n  - {name: a, kind: order, literal: x, within: 5000}', /line 2: must be a number from 0 to 1000/],
    ['rules:\n  - {name: a, kind: order, literal: x, confidence: very}', /line 2: must be a number from 0 to 1/],
    ['allow:\n  - {kind: email}', /line 2: it allows everything/],
    [`rules:\n${Array.from({ length: 257 }, (_, i) => `  - {name: r${i}, kind: order, literal: x${i}}`).join('\n')}`, /more than 256 rules/],
    ['', /is empty/],
    ['rules: {', /line/],
  ];
  for (const [text, why] of rows) {
    const { code, err } = tidemark(['sweep', target, ...write(text), ...flags]);
    assert.equal(code, 2, text);
    assert.match(err, why, text);
  }
  assert.equal(tidemark(['sweep', target, '--rules', path.join(target, 'nowhere.yaml'), ...flags]).code, 1);
  assert.ok(!existsSync(flags[1]));
});

test('as many rules as there may be cost their share, whatever the text', (t) => {
  const many = `rules:\n${Array.from({ length: 256 }, (_, i) => `  - {name: r${i}, kind: order, pattern: '(a|a?b)*c{1,3}x${i}'}`).join('\n')}\n`;
  /* What grew with the square of the text would end as timed_out. */
  const { write, sweep } = swept(t, { 'a.txt': `${'ab'.repeat(sanitizer ? 2048 : 32 * 1024)}\n`, 'b.txt': 'aacx7 bx8\n' });
  const summary = sweep(...write(many));
  assert.equal(summary.objects.read, 2);
  assert.equal(summary.findings.order, 1);
});

test('the schema of the file takes what the program takes', () => {
  const validate = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync(path.join(root, 'schema/rules.json'))));
  assert.ok(validate({ rules: [{ name: 'apollo', kind: 'project', literals: ['Apollo'] }], allow: [{ path: 'tests/**', why: 'x' }] }));
  assert.ok(validate({ rules: [{ name: 'a', kind: 'secret', pattern: 'x', keyword: 'y', within: 3, checksum: 'luhn' }] }));
  for (const bad of [{ rulez: [] }, { rules: [{ name: 'a', kind: 'project' }] }, { allow: [{ kind: 'email' }] }, { rules: [{ name: 'a', kind: 'x', literal: 'y' }] }])
    assert.ok(!validate(bad), JSON.stringify(bad));
});

test('nothing of it is written outside of the catalog', (t) => {
  const { folder, write, sweep } = swept(t);
  sweep();
  const before = readdirSync(folder).sort();
  sweep('--redo', 'all', ...write(rules));
  assert.deepEqual(readdirSync(folder).filter((name) => name !== 'rules.yaml').sort(), before);
  assert.ok(statSync(path.join(folder, 'catalog')).isDirectory());
});

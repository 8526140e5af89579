// SPDX-License-Identifier: Apache-2.0
// Names, titles and texts that would steer a terminal: on one they are obeyed nowhere, in a pipe CSV and text are whole, and
// JSON loses nothing of them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { test } from 'node:test';
import { answer, everyHit, onTerminal, plant, scratch, tidemark } from './house.mjs';

const hasScript = spawnSync('script', ['--version']).status === 0;
const withTerminal = { skip: hasScript ? false : 'no script(1) to make a terminal' };

// Sets the title, colours, clears; the same by C1; turns the direction; hides.
const steering = '\u001b]0;owned\u0007\u001b[31m\u001b[2J\u009b31m\u0085\u202e\u2066\u200f\u061c\u200b\u{e0041}';
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff]|[\u{e0000}-\u{e007f}]/u;
const name = `=${steering}.html`;
const page = `<!doctype html><html><head><title>offer ${steering}</title></head><body>anna@contoso.com ${steering} end</body></html>`;

// What tidemark itself says to a terminal: tones, and the line of progress.
const withoutOurs = (shown) => shown.replaceAll(/\r+\n/g, '\n').replaceAll(/\u001b\[(?:0|1|1;4|2|3[123])m/g, '')
  .replaceAll(/\r(?:[^\r\n\u001b]*)\u001b\[K/g, '');
const assertObeysNobody = (shown, what) => {
  const clean = withoutOurs(shown), match = unsafe.exec(clean);
  if (match)
    assert.fail(`${what}: U+${match[0].codePointAt(0).toString(16)} in ${JSON.stringify(clean.slice(Math.max(0, match.index - 80), match.index + 80))}`);
};

function swept(t) {
  const folder = scratch(t), target = path.join(folder, 'leak'), flags = ['--catalog', path.join(folder, 'catalog')];
  const deep = Array.from({ length: 5 }, () => 'n'.repeat(200)).join('/');
  plant(target, { [name]: page, [`${deep}/long.txt`]: 'bob@contoso.com', ...Object.fromEntries(
    Array.from({ length: 30 }, (_, i) => [`${i}.txt`, `note ${i}, anna@contoso.com`])) });
  return { target, flags };
}

test('no command lets hostile names and texts steer a terminal', withTerminal, (t) => {
  const { target, flags } = swept(t);
  const sweep = onTerminal(['sweep', target, '--progress', 'always', '--verbose', ...flags]);
  assert.equal(sweep.code, 0, sweep.shown);
  assertObeysNobody(sweep.shown, 'sweep');
  const [{ id }] = everyHit('ext:html', flags);
  const lists = [['search', ''], ['search', 'anna', '--limit', '1'], ['show', id], ['lookup', 'contoso.com'], ['entities', '--kind', 'email'],
    ['organisations'], ['containers'], ['incidents'], ['scope'], ['journal', 'show'], ['catalog', 'info'], ['doctor'],
    ['search', `name:"${steering}"`], ['probe', `az+http://127.0.0.1:9/acme/open/${steering.slice(1)}`]];
  for (const words of lists)
    for (const format of ['table', 'csv', 'json', 'jsonl', ...(words[0] === 'probe' ? ['sarif', 'ocsf'] : [])]) {
      const { shown } = onTerminal([...words, '--format', format, ...flags]);
      assertObeysNobody(shown, `${words.join(' ')} as ${format}`);
    }
  for (const words of [['search', `${steering}:x`], ['show', steering], ['sweep', `/nowhere/${steering}`], [steering], ['help', steering],
    ['search', 'x', `--${steering}`], ['search', 'x', '--sort', steering], ['sweep', target, '--incident', steering, ...flags]])
    assertObeysNobody(onTerminal([...words, ...flags.slice(0, words.includes('--incident') ? 0 : 2)]).shown, words.join(' '));
});

test('text and CSV are escaped on a terminal, and whole in a pipe', withTerminal, (t) => {
  const { target, flags } = swept(t);
  assert.equal(tidemark(['sweep', target, ...flags]).code, 0);
  const [{ id }] = everyHit('ext:html', flags);
  const text = onTerminal(['show', id, '--text', ...flags]).shown;
  assertObeysNobody(text, 'show --text');
  assert.match(text, /anna@contoso\.com \\u\{1B\}\]0;owned\\u\{7\}\\u\{1B\}\[31m/);
  assert.ok(tidemark(['show', id, '--text', ...flags]).out.includes(`anna@contoso.com ${steering}`));
  const csv = onTerminal(['search', 'ext:html', '--format', 'csv', ...flags]).shown;
  assertObeysNobody(csv, 'search as CSV');
  assert.match(csv, /,'=\\u\{1B\}\]0;owned\\u\{7\}/);
  assert.ok(tidemark(['search', 'ext:html', '--format', 'csv', ...flags]).out.includes(`'${name}`));
});

test('JSON tells every character by escapes, in a pipe too', (t) => {
  const { target, flags } = swept(t);
  assert.equal(tidemark(['sweep', target, ...flags]).code, 0);
  const { out } = tidemark(['search', 'ext:html', '--format', 'json', ...flags]);
  assert.doesNotMatch(out, unsafe);
  assert.equal(JSON.parse(out).hits[0].path, name);
  assert.match(out, /\\u009b31m\\u0085\\u202e\\u2066\\u200f\\u061c\\u200b\\udb40\\udc41/);
  assert.doesNotMatch(tidemark(['search', 'ext:html', '--format', 'jsonl', ...flags]).out, unsafe);
  answer('search', ['search', 'ext:html', ...flags]);
});

test('one name of a thousand letters neither pads the table nor leaves the terminal', withTerminal, (t) => {
  const { target, flags } = swept(t);
  assert.equal(tidemark(['sweep', target, ...flags]).code, 0);
  const piped = tidemark(['search', '', ...flags]).out.trimEnd().split('\n');
  assert.equal(piped.filter((line) => line.includes('n'.repeat(200))).length, 1);
  assert.ok(piped.some((line) => line.includes('/long.txt')));
  for (const line of piped.filter((each) => /\d\.txt/.test(each))) assert.ok(line.length < 125, `${line.length}: ${line}`);
  for (const columns of [60, 100, 200])
    for (const line of withoutOurs(onTerminal(['search', '', ...flags], { columns }).shown).split('\n'))
      assert.ok([...line].length <= columns, `${columns}: ${line}`);
});

test('a narrow terminal shows a hit in two lines, and what was asked for stands out in colour', withTerminal, (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  const filler = 'the quick brown fox jumps over the lazy dog, and on. '.repeat(4);
  plant(path.join(folder, 'leak'), {
    'archive/2021/correspondence/customers/letter to the harbour of Kiel.txt': `${filler}Three invoices of the yard, ${steering} at last. ${filler}`,
    [`${steering.slice(1)} invoice.txt`]: 'nothing more',
  });
  assert.equal(tidemark(['sweep', path.join(folder, 'leak'), '--quiet', ...flags]).code, 0);
  const search = (columns, env, ...words) => onTerminal(['search', 'invoice', ...words, ...flags], { columns, env }).shown.replaceAll('\r', '');
  for (const columns of [60, 80]) {
    const shown = search(columns, {}), lines = withoutOurs(shown).trimEnd().split('\n');
    assertObeysNobody(shown, `${columns} columns`);
    assert.equal(lines.length, 7, shown); // two of titles, two a hit, a note
    assert.match(lines[0], /^ID +SIZE .*OUTCOME/);
    assert.match(lines[1], /^ {2}PATH {2}SNIPPET$/);
    assert.match(lines[2], /^[a-z2-7]{26} +\d+ B /);
    assert.match(lines[3], /^ {2}\S.* invoice\.txt {0,2}/);
    assert.match(lines[5], /^ {2}\u2026.*Kiel\.txt {2}\u2026.*invoices of/);
    for (const line of lines) assert.ok([...line].length <= columns, `${columns}: ${line}`);
    assert.match(shown, /\u001b\[1minvoices\u001b\[0m/);
    assert.match(shown, /\u001b\[1;4minvoice\u001b\[0m/);
  }
  const wide = search(140, {}), lines = withoutOurs(wide).trimEnd().split('\n');
  assert.equal(lines.length, 4, wide);
  assert.match(lines[2], /^[a-z2-7]{26} {2}\u2026.*Kiel\.txt .*invoices of/);
  assert.match(wide, /\u001b\[1minvoices\u001b\[0m/);
  assert.doesNotMatch(search(80, { NO_COLOR: '1' }), /\u001b/);
  assert.doesNotMatch(search(80, {}, '--color', 'never'), /\u001b/);
  const piped = tidemark(['search', 'invoice', ...flags]).out;
  assert.equal(piped.trimEnd().split('\n').length, 4);
  assert.doesNotMatch(piped, /\u001b/);
});

// SPDX-License-Identifier: Apache-2.0
// Who may use the operator's pages, from the command line.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { answer, build, holds, plant, quoted, scratch, tidemark } from './house.mjs';

function catalog(t) {
  const place = scratch(t);
  plant(place, { 'leak/a.txt': 'a letter' });
  const flags = ['--catalog', path.join(place, 'catalog')];
  assert.equal(tidemark(['sweep', path.join(place, 'leak'), ...flags]).code, 0);
  return { flags, add: (name, role, password) => tidemark(['user', 'add', name, '--role', role, ...flags, '--format', 'json'], { input: password }) };
}

test('users are added, listed, changed and removed, and each is on record', (t) => {
  const { flags, add } = catalog(t);
  assert.deepEqual(holds('user-add', JSON.parse(add('anna', 'admin', 'a long password\nand more\n').out)), { name: 'anna', role: 'admin', was_there: false });
  assert.equal(add('desk', 'helpdesk', 'no end of line').code, 0);
  const { users } = answer('user-list', ['user', 'list', ...flags]);
  assert.deepEqual(users.map(({ name, role, signed_in_at, sessions }) => [name, role, signed_in_at, sessions]),
    [['anna', 'admin', null, 0], ['desk', 'helpdesk', null, 0]]);
  const again = add('desk', 'auditor', 'another password\r\n');
  assert.equal(JSON.parse(again.out).was_there, true);
  assert.match(again.err, /was there already/);
  assert.deepEqual(answer('user-remove', ['user', 'remove', 'anna', ...flags]), { removed: 'anna' });
  assert.deepEqual(answer('user-list', ['user', 'list', ...flags]).users.map(({ name, role }) => [name, role]), [['desk', 'auditor']]);
  const { entries } = answer('journal-show', ['journal', 'show', '--verb', 'user', ...flags]);
  assert.deepEqual(entries.filter(({ verb }) => verb !== 'user list').map(({ verb, detail }) => [verb, detail.name, detail.role]),
    [['user remove', 'anna', undefined], ['user add', 'desk', 'auditor'], ['user add', 'desk', 'helpdesk'], ['user add', 'anna', 'admin']]);
  assert.doesNotMatch(JSON.stringify(entries), /password/);
});

test('what is wrong is told, and nothing is changed', (t) => {
  const { flags, add } = catalog(t);
  for (const [result, said] of [
    [add('anna', 'king', 'a long password'), /--role.*admin, analyst/],
    [add('an na', 'admin', 'a long password'), /NAME.*white space/],
    [add('anna', 'admin', 'short\n'), /password.*8 to 1024 bytes/],
    [add('anna', 'admin', ''), /password/],
    [add('anna', 'admin', `${'x'.repeat(1025)}\n`), /password/],
    [add('anna', 'admin', 'with a\0zero byte\n'), /zero byte/],
    [tidemark(['user', 'add', 'anna', ...flags], { input: 'a long password' }), /--role.*must be given/],
  ]) {
    assert.equal(result.code, 2, result.err);
    assert.match(result.err, said);
  }
  assert.deepEqual(answer('user-list', ['user', 'list', ...flags]).users, []);
  const gone = tidemark(['user', 'remove', 'anna', ...flags]);
  assert.equal(gone.code, 1);
  assert.match(gone.err, /no such user/);
  assert.equal(tidemark(['user', 'add', 'anna', '--role', 'admin', '--catalog', '/nonexistent/c'], { input: 'a long password' }).code, 1);
});

/* A person waits to be asked: what is typed before is forgotten. */
function type(args, lines) {
  const line = [path.join(build, 'tidemark'), ...args].map(quoted).join(' ');
  const terminal = spawn('script', ['-qec', `exec ${line}`, '/dev/null'], { env: { PATH: process.env.PATH, HOME: '/nonexistent', SHELL: '/bin/sh', TERM: 'xterm' } });
  let shown = '', asked = 0;
  terminal.stdout.on('data', (bytes) => {
    shown += bytes;
    while (asked < lines.length && shown.split(/Password: |Once more: /).length - 1 > asked) terminal.stdin.write(lines[asked++]);
  });
  return new Promise((resolve) => { terminal.on('close', (code) => resolve({ code, shown })); });
}

test('a password typed on a terminal is asked for twice and never shown', async (t) => {
  const { flags } = catalog(t);
  const typed = (...lines) => type(['user', 'add', 'anna', '--role', 'admin', ...flags], lines);
  const different = await typed('correct horse\n', 'incorrect horse\n');
  assert.equal(different.code, 2);
  assert.match(different.shown, /not the same/);
  const interrupted = await typed('correct\x03');
  assert.equal(interrupted.code, 130);
  assert.deepEqual(answer('user-list', ['user', 'list', ...flags]).users, []);
  const same = await typed('correct horse\n', 'correct horse\n');
  assert.equal(same.code, 0);
  assert.equal(answer('user-list', ['user', 'list', ...flags]).users.length, 1);
  for (const { shown } of [different, interrupted, same]) {
    assert.match(shown, /Password: /);
    assert.doesNotMatch(shown, /horse|correct/);
  }
});

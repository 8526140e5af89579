// SPDX-License-Identifier: Apache-2.0
// What a person sees while they wait: read off the screen of a terminal (tmux), as they would.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { build, fakeAzure, plant, quoted, scratch, tidemark } from './house.mjs';

const tmux = (...args) => spawnSync('tmux', args, { encoding: 'utf8', env: { ...process.env, TERM: 'xterm', LC_ALL: 'C.UTF-8' } });
const hasTmux = tmux('-V').status === 0;
const withScreen = { skip: hasTmux ? false : 'no tmux to draw a screen' };

/* A screen of its own server, so that nobody else's is touched: {type, lines, resize, until}. */
function screen(t, { columns = 80, rows = 40 } = {}) {
  const socket = path.join(scratch(t), 'tmux'), on = (...args) => tmux('-S', socket, '-f', '/dev/null', ...args);
  const made = on('new-session', '-d', '-x', String(columns), '-y', String(rows), '/bin/sh');
  assert.equal(made.status, 0, made.stderr);
  /* By its process: its socket goes with the folder, before it. */
  const server = Number(on('display-message', '-p', '#{pid}').stdout);
  t.after(() => { try { process.kill(server, 'SIGKILL'); } catch { /* ended by itself */ } });
  on('send-keys', "PS1='$ '; clear", 'Enter');
  const lines = () => on('capture-pane', '-p').stdout.split('\n').map((line) => line.trimEnd()).filter((line) => line);
  return {
    lines,
    type: (words) => on('send-keys', `${words.map(quoted).join(' ')}; echo "ended with $?"`, 'Enter'),
    press: (key) => on('send-keys', key),
    resize: (width) => on('resize-window', '-x', String(width), '-y', String(rows)),
    /** Looks until seen returns something: that. */
    until: async (seen) => {
      for (let looks = 0; looks < 1500; looks++) {
        const found = seen(lines());
        if (found) return found;
        await sleep(40);
      }
      return assert.fail(`never seen on:\n${lines().join('\n')}`);
    },
  };
}

/* Every so many objects a second, so that there is something to wait for; the names are longer than any terminal here. */
const count = 60;
const nameOf = (i) => `2021/${'quarterly reports and minutes of meetings/'.repeat(3)}letter-${String(i).padStart(2, '0')}.txt`;
const leak = { accounts: { acme: { containers: { open: { public: 'container', blobs: [
  ...Array.from({ length: count - 2 }, (_, i) => ({ name: nameOf(i), text: `letter ${i} of anna@contoso.com` })),
  { name: 'broken-1.zip', text: 'PK\u0003\u0004 and no more' }, { name: 'broken-2.zip', text: 'PK\u0003\u0004 and no less' },
] } } } } };
const program = path.join(build, 'tidemark');
async function sweeping(t, { columns, rate = '12' }) {
  const fake = await fakeAzure(t, leak), shown = screen(t, { columns });
  shown.type([program, 'sweep', `az+http://127.0.0.1:${fake.port}/acme/open`, '--authority', 'a test', '-j', '2', '--rate', rate,
    '--catalog', path.join(scratch(t), 'catalog')]);
  return shown;
}
const figures = /^(?<share>\d+)%, (?:(?<done>\d+) of (?<total>\d+) objects, )?(?:(?<rate>[\d.]+)\/s, )?(?:[\d.]+ [KM]?i?B\/s, )?(?:(?<left>\d+:\d\d) left)?(?:, (?<failed>\d+) failed)?: (?<current>.*)$/;
const lineOf = (lines) => lines.map((line) => figures.exec(line)).find((match) => match);

test('a sweep shows share, count, rate, time left, failures and the object, on one line that goes when it ends', withScreen, async (t) => {
  const shown = await sweeping(t, { columns: 80 });
  const first = (await shown.until((lines) => { const line = lineOf(lines); return line?.groups.left && line; })).groups;
  assert.equal(first.total, String(count));
  assert.ok(Number(first.done) < count && Number(first.share) === Math.floor(Number(first.done) * 100 / count), first[0]);
  assert.match(first.current, /^….*letter-\d\d\.txt$/);
  const later = (await shown.until((lines) => { const line = lineOf(lines); return line && Number(line.groups.share) > Number(first.share) + 20 && line; })).groups;
  assert.ok(Number(later.rate) > 2 && Number(later.rate) < 40, `at 12 a second: ${later.rate}`);
  await shown.until((lines) => lines.some((line) => line === 'ended with 4'));
  const left = shown.lines();
  assert.equal(lineOf(left), undefined, left.join('\n'));
  assert.ok(left.some((line) => /^objects listed: +60$/.test(line)), left.join('\n'));
  assert.ok(left.every((line) => !line.includes('letter-')), left.join('\n'));
});

test('on 60 columns the line is one line, and what says most stays', withScreen, async (t) => {
  const shown = await sweeping(t, { columns: 60 });
  const lines = await shown.until((all) => lineOf(all)?.groups.left && all);
  assert.equal(lines.filter((line) => /letter-|quarterly/.test(line)).length, 1, lines.join('\n'));
  assert.match(lineOf(lines).groups.current, /-\d\d\.txt$/);
});

test('a terminal that is made narrower gets a narrower line', withScreen, async (t) => {
  const shown = await sweeping(t, { columns: 110, rate: '8' });
  await shown.until((lines) => lineOf(lines)?.groups.left);
  shown.resize(50);
  const line = await shown.until((lines) => { const last = lines.at(-1); return last.length < 50 && figures.exec(last); });
  assert.match(line.groups.current, /\d\.txt$/);
});

test('a probe of many targets shows how many are left', withScreen, async (t) => {
  const containers = Object.fromEntries(Array.from({ length: 12 }, (_, i) => [`open-${i}`, { public: 'container', blobs: [{ name: 'a', text: 'a' }] }]));
  const fake = await fakeAzure(t, { accounts: { acme: { containers } } }), shown = screen(t);
  shown.type([program, 'probe', '--rate', '2', ...Object.keys(containers).map((name) => `az+http://127.0.0.1:${fake.port}/acme/${name}`)]);
  const [, share, done] = await shown.until((lines) => lines.map((line) => /^(\d+)%, (\d+) of 12 targets.*: az\+http.*open-\d+$/.exec(line)).find((match) => match));
  assert.equal(Number(share), Math.floor(Number(done) * 100 / 12));
  await shown.until((lines) => lines.some((line) => line === 'ended with 3'));
  assert.ok(shown.lines().every((line) => !line.includes('of 12 targets')), shown.lines().join('\n'));
});

test('where nobody looks there is no line, unless it is asked for', async (t) => {
  const { port } = await fakeAzure(t, leak), folder = scratch(t);
  const said = (name, ...more) => tidemark(['sweep', `az+http://127.0.0.1:${port}/acme/open`, '--authority', 'a test', '--rate', '25',
    ...more, '--catalog', path.join(folder, name)]).err;
  assert.match(said('asked', '--progress', 'always'), /^tidemark: \d+%, \d+ of 60 objects.*: .*letter-\d\d\.txt$/m);
  for (const more of [[], ['--progress', 'never']]) assert.doesNotMatch(said(`unasked${more.length}`, ...more), / of 60 objects/);
});

/* Names that many regular expressions almost match: slow by what is asked. */
function named(t) {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  plant(path.join(folder, 'leak'), Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`${'x'.repeat(120)}/${'y'.repeat(80)}${i}.txt`, ''])));
  assert.equal(tidemark(['sweep', path.join(folder, 'leak'), '--depth', 'names', '--quiet', ...flags]).code, 0);
  const asked = (times) => Array.from({ length: times }, (_, i) => `re:/(x|xx|xy|[xy]{1,60}){1,3}z${i}/`).join(' OR ');
  return { flags, asked };
}
const waiting = (lines) => lines.find((line) => /^searching, \d+:\d\d; Ctrl-C ends it$/.test(line));

test('a search that takes longer says so, and the line is gone before the answer', withScreen, async (t) => {
  const { flags, asked } = named(t), shown = screen(t, { columns: 80 });
  shown.type([program, 'search', asked(6), ...flags]);
  await shown.until(waiting);
  await shown.until((lines) => lines.some((line) => line === 'ended with 0'));
  assert.ok(!shown.lines().some((line) => line.startsWith('searching')), shown.lines().join('\n'));
  assert.ok(shown.lines().includes('No document matches.'), shown.lines().join('\n'));
});

test('Ctrl-C ends a search with 130, and leaves no line', withScreen, async (t) => {
  const { flags, asked } = named(t), shown = screen(t, { columns: 80 });
  shown.type([program, 'search', asked(40), ...flags]);
  await shown.until(waiting);
  shown.press('C-c');
  await shown.until((lines) => lines.some((line) => line === 'ended with 130'));
  assert.ok(!shown.lines().some((line) => line.startsWith('searching')), shown.lines().join('\n'));
  assert.ok(shown.lines().includes('tidemark: search: interrupted'), shown.lines().join('\n'));
});

test('where there is no terminal a search says nothing but what was asked for', (t) => {
  const { flags } = named(t), search = (...words) => tidemark(['search', 're:/y7.txt/', ...words, ...flags]);
  assert.equal(search().err, '');
  assert.match(search('--progress', 'always').err, /^tidemark: searching, 0:00; Ctrl-C ends it\n/);
  assert.equal(search('--progress', 'never').err, '');
});

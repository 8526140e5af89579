// SPDX-License-Identifier: Apache-2.0
// No server holds a command for longer than three times --patience, whatever it does; nothing that it held up is told as absent,
// closed or read; and one that is merely slow gets all the time it needs.
import assert from 'node:assert/strict';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { answer, everyHit, exited, holds, sanitizer, scratch, start } from './house.mjs';
import { slowServer } from './slow-server.mjs';
import { watched } from './watch.mjs';

/* Sanitizers slow us down, not the servers. */
const PATIENCE = sanitizer ? 6 : 3;
/* Starting programs on a busy machine is not patience. */
const SLACK = sanitizer ? 60 : 8;
const MEGABYTES = 150;
const names = Array.from({ length: 12 }, (_, nth) => `object-${String(nth).padStart(2, '0')}.txt`);

async function run(words, seconds = 3 * PATIENCE, patience = PATIENCE) {
  const result = await watched([...words, '--patience', String(patience), '--format', 'json']);
  assert.ok(result.seconds < seconds + SLACK, `${words[0]}: ${result.seconds} s`);
  if (!sanitizer) assert.ok(result.largest < MEGABYTES, `${words[0]}: ${result.largest} MB`);
  return { ...result, json: result.out ? holds(words[0], JSON.parse(result.out)) : null };
}

const flagsOf = (t) => ['--catalog', path.join(scratch(t), 'catalog'), '-j', '4'];
const outcomesOf = (flags) => everyHit('', flags.slice(0, 2)).map((hit) => hit.outcome);

/* Nothing could be listed. */
async function sweepsNothing(t, server) {
  const { code, json, err } = await run(['sweep', server.target(), ...flagsOf(t)]);
  assert.equal(code, 1, err);
  assert.equal(json.complete, false);
  assert.equal(json.objects.listed, 0);
  assert.match(err, /could not be listed to its end/);
  return err;
}

/* All was listed, and no object came. */
async function sweepsNames(t, server) {
  const flags = flagsOf(t);
  const { code, json, err } = await run(['sweep', server.target(), ...flags]);
  assert.equal(code, 4, err);
  assert.deepEqual([json.complete, json.objects.listed, json.objects.failed], [true, names.length, names.length]);
  const outcomes = outcomesOf(flags);
  assert.equal(outcomes.length, names.length);
  assert.ok(outcomes.every((outcome) => ['timed_out', 'unreachable'].includes(outcome)), outcomes.join());
  assert.match(err, /12 objects did not come in time/);
  return err;
}

async function probes(server, ...verdicts) {
  const { code, json, err } = await run(['probe', server.target()]);
  const [{ verdict, anonymous, advice }] = json.targets;
  assert.ok(verdicts.includes(verdict), `${verdict}: ${err}`);
  assert.equal(anonymous.list, null);
  assert.notEqual(anonymous.read, true);
  assert.equal(code, 1);
  return advice;
}

/* A kind: what is done to every request, and to those for objects alone. */
function kind(name, hold, { verdicts = ['unreachable'], scheme, told } = {}) {
  test(`${name}: nothing is listed`, async (t) => {
    const server = await slowServer(t, hold);
    const target = () => server.target('open', scheme);
    const [err, advice] = await Promise.all([sweepsNothing(t, { target }), probes({ target }, ...verdicts)]);
    if (told) for (const text of [err, advice]) assert.match(text, told);
  });
  if (!scheme) {
    test(`${name}: no object comes`, async (t) => {
      const server = await slowServer(t, (request, to) => (request.isList ? to.list(names) : hold(request, to)));
      const err = await sweepsNames(t, server);
      if (told) assert.match(err, told);
    });
  }
}

const text = { 'Content-Type': 'text/plain', 'Last-Modified': 'Tue, 04 Jun 2019 08:30:00 GMT', ETag: '"0x8D1"' };

/* They mostly wait; the longest goes first. */
describe('slow servers', { concurrency: 4 }, () => {
  test('by default a page may take a minute', { timeout: 180000 }, async (t) => {
    const server = await slowServer(t, ({ isList }, to) => (isList ? to.later(60000, () => to.list(['a'])) : to.reply(200, text, 'hello')));
    const { code, out, err } = await watched(['sweep', server.target(), ...flagsOf(t), '--format', 'json']);
    assert.deepEqual([code, JSON.parse(out).objects.read], [0, 1], err);
    assert.equal(server.asked.filter(({ isList }) => isList).length, 1);
  });

  kind('accepted, and mute', () => {});
  kind('a handshake that is not answered', () => {}, { scheme: 'https' });
  kind('100 Continue without end', (request, to) => to.flood('HTTP/1.1 100 Continue\r\n\r\n'));
  kind('100 Continue now and then', (request, to) => to.every(200, () => to.socket.write('HTTP/1.1 100 Continue\r\n\r\n')));
  kind('early hints by drops', (request, to) => to.drip('HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n', 50));
  kind('headers at six bytes a second', (request, to) => {
    to.socket.write('HTTP/1.1 200 OK\r\nX-Slow: ');
    to.drip('a', 6);
  });
  kind('a body at two bytes a second', (request, to) => {
    to.head(200, { ...text, 'Content-Length': 100000 });
    if (request.method !== 'HEAD') to.drip('<a/>', 2);
  });
  kind('chunks at two bytes a second', (request, to) => {
    to.head(200, { ...text, 'Transfer-Encoding': 'chunked' });
    if (request.method !== 'HEAD') to.drip('1\r\na\r\n', 12);
  });
  kind('a body that stalls half-way', (request, to) => {
    const size = 200000, part = size / 2;
    if (request.from > 0) to.head(206, { ...text, 'Content-Length': size - request.from, 'Content-Range': `bytes ${request.from}-${size - 1}/${size}` });
    else to.head(200, { ...text, 'Content-Length': size });
    if (request.method !== 'HEAD' && request.from < part) to.socket.write(' '.repeat(part - request.from));
  });
  kind('a body that breaks off, and then comes by drops', (request, to) => {
    to.head(200, { ...text, 'Content-Length': 200000 });
    if (request.method === 'HEAD') return;
    if (request.nth % 4 > 0) to.drip(' ', 2);
    else to.socket.write(' '.repeat(70000), () => to.later(100, () => to.socket.destroy()));
  });
  kind('a refusal whose body comes by drops', (request, to) => {
    to.head(404, { 'Content-Length': 100000 });
    if (request.method !== 'HEAD') to.drip('x', 2);
  });
  kind('redirects whose bodies come by drops', (request, to) => {
    to.head(302, { Location: `${request.path}?x=${request.nth}`, 'Content-Length': 100000 });
    if (request.method !== 'HEAD') to.drip('x', 2);
  });
  kind('come back in an hour', (request, to) => to.reply(503, { 'Retry-After': 3600 }), { verdicts: ['throttled'], told: /3600 s/ });
  kind('come back in a second, always', (request, to) => to.reply(503, { 'Retry-After': 1 }), { verdicts: ['throttled'] });
  kind('busy, without a word', (request, to) => to.reply(503), { verdicts: ['throttled'] });
  kind('an answer just in time, that is none', (request, to) => to.later(PATIENCE * 900, () => to.reply(500)));

  for (const [name, padding, pause] of [['empty pages', '', 0], ['empty pages now and then', '', 300], ['empty pages of some weight', '<!---->'.repeat(20000), 50]])
    test(`${name} with ever new markers`, async (t) => {
      const server = await slowServer(t, ({ nth }, to) => to.later(pause, () => to.list([], { next: `m${nth}`, padding })));
      const err = await sweepsNothing(t, server);
      assert.match(err, /nothing new|nothing useful|without useful progress/);
    });

  test('pages whose names are never new', async (t) => {
    const server = await slowServer(t, ({ nth, isList }, to) => (isList ? to.list(names, { next: `m${nth}` }) : to.reply(200, text, 'hello')));
    const flags = flagsOf(t);
    const { code, json, err } = await run(['sweep', server.target(), ...flags]);
    assert.equal(code, 4, err);
    assert.deepEqual([json.complete, json.objects.listed, json.objects.read], [false, names.length, names.length]);
    assert.match(err, /nothing new|same objects again/);
    const sample = await run(['sweep', server.target(), '--sample', '3', '--incident', 'sample', ...flags]);
    assert.equal(sample.code, 1, sample.err);
  });

  test('a redirect whose body never ends is followed where it leads', async (t) => {
    const server = await slowServer(t, ({ isList, path: asked, name, query }, to) => {
      if (isList) return to.list(names);
      if (query.has('there')) return to.reply(200, text, 'hello');
      to.head(302, { Location: `${asked}?there=${name}` });
      return to.flood('x'.repeat(4096));
    });
    /* It takes what is sent as fast as it can: a sanitizer's time is not the server's. */
    const patience = sanitizer ? 10 * PATIENCE : PATIENCE;
    const { code, json } = await run(['sweep', server.target(), ...flagsOf(t)], 3 * patience, patience);
    assert.deepEqual([code, json.objects.read], [0, names.length]);
  });

  test('a page that never ends is no page', async (t) => {
    const server = await slowServer(t, (request, to) => {
      to.head(200);
      to.flood(`<!--${'x'.repeat(4096)}-->`);
    });
    const { code } = await run(['sweep', server.target(), ...flagsOf(t)]);
    assert.equal(code, 1);
    const { json } = await run(['probe', server.target()]);
    assert.ok(['unreachable', 'unknown'].includes(json.targets[0].verdict));
  });

  test('small objects that come by drops do not hold it either', async (t) => {
    const many = Array.from({ length: 200 }, (_, nth) => `o${nth}`);
    const server = await slowServer(t, ({ isList }, to) => {
      if (isList) return to.list(many, { size: 2 });
      to.head(200, { ...text, 'Content-Length': 2 });
      to.later(PATIENCE * 250, () => to.socket.write('o'));
      return to.later(PATIENCE * 500, () => to.socket.write('k'));
    });
    const flags = flagsOf(t);
    const { code, json } = await run(['sweep', server.target(), ...flags]);
    assert.equal(code, 4);
    assert.equal(json.objects.read + json.objects.failed, many.length);
  });

  test('many targets that are mute, and one that is not', async (t) => {
    const mute = await slowServer(t, () => {}), alive = await slowServer(t, ({ isList }, to) => (isList ? to.list(['a']) : to.reply(200, text, 'hello')));
    const targets = [mute.target('con'), alive.target(), ...Array.from({ length: 2 }, (_, nth) => mute.target(`don${nth}`))];
    /* What is useful begins it anew. */
    const { code, json, err } = await run(['sweep', ...targets, ...flagsOf(t)], 6 * PATIENCE);
    assert.equal(code, 4, err);
    assert.deepEqual([json.objects.read, json.complete], [1, false]);
    const probe = await run(['probe', ...targets], 6 * PATIENCE);
    assert.deepEqual(probe.json.targets.map(({ verdict }) => verdict), targets.map((target) => (target === alive.target() ? 'listable' : 'unreachable')));
    const crowd = await run(['probe', ...Array.from({ length: 40 }, (_, nth) => mute.target(`eon${nth}`))]);
    assert.equal(crowd.json.targets.length, 40);
    assert.ok(crowd.json.targets.every(({ verdict }) => verdict === 'unreachable'));
    assert.match(crowd.err, /not asked: for \d+ s no target answered/);
  });

  test('an object that never comes costs itself, the next sweep asks for it again', async (t) => {
    let isWell = false;
    const server = await slowServer(t, ({ isList, name }, to) => {
      if (isList) to.list(names);
      else if (isWell || (name !== names[3] && name !== names[4])) to.reply(200, text, 'hello');
    });
    const flags = [...flagsOf(t).slice(0, 2), '-j', '1'];
    const first = await run(['sweep', server.target(), ...flags], 4 * PATIENCE);
    assert.deepEqual([first.code, first.json.objects.read, first.json.objects.failed], [4, names.length - 2, 2]);
    isWell = true;
    const second = await run(['sweep', server.target(), ...flags]);
    assert.deepEqual([second.code, second.json.objects.read, second.json.objects.unchanged, second.json.objects.failed], [0, 2, names.length - 2, 0]);
  });

  test('a long body at a hundred KiB a second is read whole, however long it takes', async (t) => {
    const size = 100 * 1024 * 4 * PATIENCE;
    const server = await slowServer(t, ({ isList }, to) => {
      if (isList) return to.list(['long.txt'], { size });
      let left = size;
      to.head(200, { ...text, 'Content-Length': size });
      return to.every(100, () => { to.socket.write('a word. '.repeat(1280).slice(0, left)); left = Math.max(0, left - 10240); });
    });
    const { code, json, seconds } = await run(['sweep', server.target(), ...flagsOf(t)], 5 * PATIENCE);
    assert.deepEqual([code, json.objects.read], [0, 1]);
    assert.ok(seconds > 3 * PATIENCE);
  });

  test('a listing whose pages take their time goes on as long as they have new names', async (t) => {
    const pages = 9;
    const server = await slowServer(t, ({ isList, query }, to) => {
      if (!isList) return to.reply(200, text, 'hello');
      const nth = Number(query.get('marker') ?? 0);
      return to.later(PATIENCE * 400, () => to.list([`n${nth}`], { next: nth + 1 < pages ? nth + 1 : '' }));
    });
    const { code, json, seconds } = await run(['sweep', server.target(), ...flagsOf(t)], 6 * PATIENCE);
    assert.deepEqual([code, json.objects.read, json.complete], [0, pages, true]);
    assert.ok(seconds > 3 * PATIENCE);
  });

  test('our own rate is not the server\'s delay', async (t) => {
    const server = await slowServer(t, ({ isList }, to) => (isList ? to.list(names.slice(0, 4)) : to.reply(200, text, 'hello')));
    const { code, json, seconds } = await run(['sweep', server.target(), '--rate', '0.4', ...flagsOf(t)], 30);
    assert.deepEqual([code, json.objects.read], [0, 4]);
    assert.ok(sanitizer || seconds > 3 * PATIENCE);
  });

  const kinds = {
    'a mute server': () => {},
    'drops': (request, to) => { to.head(200, { 'Content-Length': 1e6 }); to.drip('x', 2); },
    'interim heads': (request, to) => to.every(200, () => to.socket.write('HTTP/1.1 100 Continue\r\n\r\n')),
    'a Retry-After within patience': (request, to) => to.reply(503, { 'Retry-After': 60 }),
    'empty pages': ({ nth }, to) => to.later(20, () => to.list([], { next: `m${nth}` })),
    'objects that do not come': ({ isList }, to) => isList && to.list(names),
    'a handshake that is not answered': () => {},
  };
  for (const [name, hold] of Object.entries(kinds)) {
    test(`Ctrl-C ends ${name} within five seconds, state kept`, async (t) => {
      const connections = [];
      const server = await slowServer(t, (request, to) => { connections.push(request); hold(request, to); });
      const scheme = name.includes('handshake') ? 'https' : 'http', flags = flagsOf(t);
      const commands = [['sweep', server.target('open', scheme), ...flags], ['probe', server.target('open', scheme)]];
      await Promise.all(commands.map(async (words) => {
        const child = start([...words, '--format', 'json']), ended = exited(child);
        await sleep(2500);
        /* A probe of pages, or of what has names, is soon at its end. */
        if (words[0] === 'probe' && child.exitCode !== null) return;
        const before = Date.now();
        child.kill('SIGINT');
        const code = await ended;
        assert.ok(code === 130 || (words[0] === 'probe' && code === 3), `${words[0]}: ${code}`);
        assert.ok(Date.now() - before < (sanitizer ? 30000 : 5000), `${words[0]}: ${Date.now() - before} ms`);
      }));
      answer('catalog-verify', ['catalog', 'verify', ...flags.slice(0, 2)]);
    });
  }
});

// SPDX-License-Identifier: Apache-2.0
// A tidemark-fetch that was taken over, in its roles `prove` and `send`: whatever it says, nothing out of bounds is believed, and
// whoever waits for it is done in time. The stand-in is a script beside a copy of the driver.
import assert from 'node:assert/strict';
import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { errand } from './errand.mjs';
import { build, scratch, sideBySide } from './house.mjs';

const test = sideBySide(2);

/** Frames of the wire, as the stand-in writes them. */
const number = (value) => { const bytes = Buffer.alloc(4); bytes.writeUInt32LE(value); return bytes; };
const run = (text) => Buffer.concat([number(Buffer.byteLength(text)), Buffer.from(text)]);
const frame = (type, ...fields) => Buffer.concat([Buffer.from([4, type]), ...fields]);
const answer = ({ verdict = 1, reason = 0, validated = 1, servers = 1, texts = [], count = texts.length, page = '', more = '' } = {}) =>
  frame(32, number(verdict), number(reason), Buffer.from([validated]), number(servers), number(count), ...texts.map(run), run(page), Buffer.from(more));
const sent = ({ verdict = 0, stage = 8, code = 250, words = '' } = {}) =>
  frame(32, number(verdict), number(stage), number(code), Buffer.from([0]), run(words));

/** A folder with the driver and a cell that says these frames once it was asked, and then what `then` does. */
function takenOver(t, frames, then = 'setInterval(() => {}, 1000)') {
  const folder = scratch(t);
  mkdirSync(path.join(folder, 'tests'));
  copyFileSync(path.join(build, 'tests/run-errand'), path.join(folder, 'tests/run-errand'));
  writeFileSync(path.join(folder, 'tidemark-fetch'), `#!${process.execPath}
const { writeSync } = require('node:fs');
for (const frame of ${JSON.stringify(frames.map((one) => one.toString('base64')))}) writeSync(3, Buffer.from(frame, 'base64'));
${then};
`, { mode: 0o755 });
  return folder;
}

const asked = { method: 'dns', name: 'contoso.test', token: 'abc', resolver: '127.0.0.1:9', milliseconds: 300 };

test('an answer that makes no sense is none', async (t) => {
  const lies = {
    'no such verdict': answer({ verdict: 5 }),
    'no such reason': answer({ verdict: 3, reason: 99 }),
    'refused for nothing': answer({ verdict: 3 }),
    'refused as if unreachable': answer({ verdict: 3, reason: 9 }),
    'unreachable as if refused': answer({ verdict: 4, reason: 1 }),
    'seen, yet bogus': answer({ reason: 1 }),
    'texts that were not asked for': answer({ texts: ['v=spf1'] }),
    'a page that was not asked for': answer({ page: 'Contact: x' }),
    'texts of what is not there': answer({ verdict: 0, texts: ['x'] }),
    'more texts than there are': answer({ count: 3, texts: ['x'] }),
    'too many texts': answer({ count: 17, texts: Array(17).fill('x') }),
    'too many servers': answer({ servers: 33 }),
    'something behind it': answer({ more: 'x' }),
    'a cut frame': answer().subarray(0, 9),
    'another version': Buffer.concat([Buffer.from([3]), answer().subarray(1)]),
    'another message': frame(1, number(0)),
    'nothing': Buffer.from([4]),
    'a failure that is no text': frame(33, run(Buffer.from([0xff, 0xfe]))),
  };
  for (const [name, lie] of Object.entries(lies)) {
    const { status, why } = await errand('prove', asked, { from: takenOver(t, [lie]) });
    assert.equal(status, 'crashed', `${name}: ${why}`);
  }
});

test('texts and pages have bounds, and are text', async (t) => {
  const lies = {
    txt: [answer({ texts: ['x'.repeat(2049)] }), answer({ texts: [Buffer.from([0xff])] }), answer({ texts: ['a\0b'] }), answer({ page: 'x', texts: ['x'] }),
      answer({ verdict: 2 })],
    'security.txt': [answer({ page: 'x'.repeat(32769) }), answer({ page: 'a\0b' }), answer({ texts: ['x'] }), answer({ verdict: 2 })],
  };
  for (const [method, each] of Object.entries(lies))
    for (const lie of each)
      assert.equal((await errand('prove', { ...asked, method, token: [] }, { from: takenOver(t, [lie]) })).status, 'crashed', method);
  const honest = await errand('prove', { ...asked, method: 'txt', token: [] }, { from: takenOver(t, [answer({ texts: ['v=spf1 -all'] })]) });
  assert.deepEqual([honest.status, honest.texts], ['ok', ['v=spf1 -all']]);
});

test('silence and death end the wait', async (t) => {
  for (const [frames, then] of [[[], 'setInterval(() => {}, 1000)'], [[], 'process.exit(0)'], [[], 'process.kill(process.pid, "SIGSEGV")']]) {
    const { status } = await errand('prove', asked, { from: takenOver(t, frames, then) });
    assert.equal(status, 'crashed', then);
  }
});

test('what was handed over to a cell that lies may have been sent; before, it says nothing that counts', async (t) => {
  const message = path.join(scratch(t), 'message.eml');
  writeFileSync(message, 'From: a\r\nTo: b\r\n\r\nText\r\n');
  const words = { url: 'smtp://127.0.0.1:9', from: 'a@b.example', to: 'c@d.example', message, milliseconds: 300 };
  const ready = frame(34);
  const lies = [[], [Buffer.from([4])], [sent({ verdict: 9 })], [sent({ stage: 9 })], [sent({ code: 1000 })], [sent({ stage: 2 })], [sent({ verdict: 4, stage: 0 })],
    [sent({ words: 'x'.repeat(501) })], [sent({ words: Buffer.from([0xff]) })], [sent({ words: 'a\0b' })], [answer()], [ready]];
  const told = async (frames) => {
    const { status, verdict, stage } = await errand('mail', words, { from: takenOver(t, frames) });
    return [status, verdict, stage];
  };
  for (const frames of lies) {
    assert.deepEqual(await told([ready, ...frames]), ['ok', 'unknown', 'end'], JSON.stringify(frames));
    if (frames[0] !== ready) assert.deepEqual(await told(frames), ['ok', 'unreachable', 'body'], JSON.stringify(frames));
  }
  assert.deepEqual(await told([sent()]), ['ok', 'unreachable', 'body'], 'nothing went before it was handed over');
  assert.deepEqual(await told([sent({ verdict: 1, stage: 6, code: 550 })]), ['ok', 'refused', 'recipient']);
  assert.deepEqual(await told([ready, sent()]), ['ok', 'accepted', 'end']);
});

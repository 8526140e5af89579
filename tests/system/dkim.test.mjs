// SPDX-License-Identifier: Apache-2.0
// Signatures of ours, as mailauth verifies them: by its own reading of the message, of the record, and of the key.
import assert from 'node:assert/strict';
import { generateKeyPairSync } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { errand } from './errand.mjs';
import { scratch } from './house.mjs';

const keys = { rsa: ['rsa', { modulusLength: 2048 }], ed25519: ['ed25519'] };
const now = Math.floor(Date.now() / 1000);

/** Signs, and has it verified: {result, aligned, signed} of mailauth, and what was sent. */
async function signed(t, kind, message, change = (text) => text) {
  const folder = scratch(t);
  const [key, eml] = [path.join(folder, 'key.pem'), path.join(folder, 'message.eml')];
  writeFileSync(key, generateKeyPairSync(...keys[kind]).privateKey.export({ type: 'pkcs8', format: 'pem' }));
  writeFileSync(eml, message);
  const { status, record, field } = await errand('sign', { key, message: eml, domain: 'sender.example', selector: 's1', now });
  assert.equal(status, 'ok');
  assert.ok(field.endsWith('\r\n') && field.split('\r\n').every((line) => line.length <= 78), field);
  const resolver = async (name, type) => {
    assert.deepEqual([name, type], ['s1._domainkey.sender.example', 'TXT']);
    return [record.match(/.{1,200}/g)];
  };
  const verified = await dkimVerify(Buffer.from(change(field + message)), { resolver, minBitLength: 1024 });
  return { ...verified.results[0], field };
}

const header = ['From: =?utf-8?Q?Caf=C3=A9?=  <notices@sender.example>', 'To: privacy@contoso.example', 'Subject:   A  notice\r\n\tin two lines  ',
  'Date: Mon, 30 Nov 2026 08:00:00 +0000', 'Message-ID: <1@sender.example>', 'MIME-Version: 1.0', 'Content-Type: text/plain; charset=utf-8',
  'Content-Transfer-Encoding: quoted-printable', 'Reply-To: <desk@sender.example>', 'List-Unsubscribe: <mailto:x@sender.example>', 'X-Other: free'];
const bodies = {
  plain: 'Dear all,\r\n\r\nLine.\r\n',
  'blanks at ends and within': 'one  \t two \r\n \r\nthree\t\r\n',
  'empty lines at the end': 'one\r\n\r\n \r\n\r\n',
  empty: '',
  'only empty lines': '\r\n\r\n',
  'no end of the last line': 'one\r\ntwo',
  dots: '.\r\n..\r\n',
  'a blank first': ' one\r\n',
  long: 'abcdefghij'.repeat(90).concat('\r\n').repeat(500),
};

for (const kind of Object.keys(keys)) {
  test(`${kind}: every body is verified`, async (t) => {
    for (const [name, body] of Object.entries(bodies)) {
      const { status, signingDomain, selector, algo, format } = await signed(t, kind, `${header.join('\r\n')}\r\n\r\n${body}`);
      assert.deepEqual([status.result, signingDomain, selector, algo, format],
        ['pass', 'sender.example', 's1', `${kind}-sha256`, 'relaxed/relaxed'], `${name}: ${JSON.stringify(status)}`);
    }
  });

  test(`${kind}: what changes or is added breaks it`, async (t) => {
    const message = `${header.join('\r\n')}\r\n\r\n${bodies.plain}`;
    const changes = {
      body: (text) => text.replace('Line.', 'Lime.'),
      subject: (text) => text.replace('A  notice', 'A  bill'),
      author: (text) => text.replace('notices@', 'others@'),
      'another author': (text) => text.replace('To: ', 'From: x@other.example\r\nTo: '),
      recipient: (text) => text.replace('privacy@', 'else@'),
      more: (text) => `${text}PS\r\n`,
    };
    for (const [name, change] of Object.entries(changes))
      assert.notEqual((await signed(t, kind, message, change)).status.result, 'pass', name);
    const free = await signed(t, kind, message, (text) => text.replace('X-Other: free', 'X-Other: changed').replace('A  notice', 'A notice'));
    assert.equal(free.status.result, 'pass', 'what is not signed, and blanks, may change');
  });
}

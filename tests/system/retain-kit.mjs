// SPDX-License-Identifier: Apache-2.0
// What tests of retain share: requests as the owner of an account makes them, and the certificate's signature checked by another's hand.
import assert from 'node:assert/strict';
import { createHash, createHmac, createPublicKey, verify } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { answer, holds, tidemark } from './house.mjs';

/** request(method, path, {query, headers, body}) with Shared Key; path: CONTAINER[/BLOB]. */
export function ownerOf({ account, key, url }) {
  return async (method, path, { query = {}, headers = {}, body = '' } = {}) => {
    const sent = { 'x-ms-date': new Date().toUTCString(), 'x-ms-version': '2021-12-02', ...(body.length ? { 'content-type': 'application/octet-stream' } : {}), ...headers };
    const names = Object.keys(sent).filter((name) => name.startsWith('x-ms-')).sort();
    const canonical = Object.keys(query).sort().map((name) => `\n${name}:${query[name]}`).join('');
    const place = path.split('/').map(encodeURIComponent).join('/');
    const length = body.length ? String(Buffer.byteLength(body)) : '';
    const text = [method, '', '', length, '', sent['content-type'] ?? '', '', '', sent['if-match'] ?? '', '', '', ''].join('\n')
      + `\n${names.map((name) => `${name}:${sent[name]}\n`).join('')}/${account}/${account}/${place}${canonical}`;
    const signature = createHmac('sha256', Buffer.from(key, 'base64')).update(text).digest('base64');
    const search = Object.keys(query).length ? `?${new URLSearchParams(query)}` : '';
    const reply = await fetch(`${url}/${place}${search}`, { method, body: body || undefined,
      headers: { ...sent, authorization: `SharedKey ${account}:${signature}` } });
    const told = await reply.text();
    assert.ok(reply.ok, `${method} ${path}: ${reply.status} ${told}`);
    return { headers: reply.headers, text: told };
  };
}

/** The certificate, against its schema and its signature. */
export function certificate(id, flags) {
  const result = tidemark(['retain', 'certificate', id, '--format', 'json', ...flags]);
  assert.equal(result.code, 0, result.err);
  const told = holds('retain-certificate', JSON.parse(result.out));
  const before = result.out.slice(0, result.out.lastIndexOf(',"hash":"'));
  assert.equal(createHash('sha256').update(before).digest('hex'), told.hash);
  const key = createPublicKey({ format: 'der', type: 'spki',
    key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(told.public_key, 'hex')]) });
  const message = Buffer.concat([Buffer.from('tidemark-certificate-1\0'), Buffer.from(told.hash, 'hex')]);
  assert.ok(verify(null, message, key, Buffer.from(told.signature, 'hex')), 'the signature holds');
  assert.equal(told.objects.length, told.totals.destroyed + told.totals.survives + told.totals.left);
  return told;
}

export const mail = (year, who) => `From: ${who}@firm.com\r\nTo: other@firm.com\r\nDate: Mon, 04 Mar ${year} 10:00:00 +0000\r\nSubject: Offer of ${who}\r\n\r\nBody of ${who}.\r\n`;

export const planned = (file) => holds('retain-plan-file', JSON.parse(readFileSync(file, 'utf8')));

export const makePlan = (policy, file, flags, options) => {
  const told = answer('retain-plan', ['retain', 'plan', '--policy', policy, '-o', file, ...flags], options);
  const kept = planned(file);
  assert.deepEqual(told.steps.map(({ step, object, version, action }) => [step, object, version, action]),
    kept.steps.map(({ step, object, version, action }) => [step, object, version, action]));
  return kept;
};

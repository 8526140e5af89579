// SPDX-License-Identifier: Apache-2.0
// The gate by its URL: the conformance suite of tests/gate and what strangers try there, against tidemark serve; and that the
// command line gives the same. TIDEMARK_GATE=N asks for so many organisations.
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { after, before, test } from 'node:test';
import { conforms, unnamed } from '../gate/conformance.mjs';
import { makeLeak, writeLeak } from '../gate/leak.mjs';
import { limitsAsking, provesSafely } from '../gate/proving.mjs';
import { request, serverAt } from '../gate/server.mjs';
import { answer, holds, tidemark } from './house.mjs';
import { serve } from './serve-kit.mjs';

const leak = makeLeak({ organisations: Number(process.env.TIDEMARK_GATE ?? 40), seed: 17 });
leak.numbersOf = new Set(leak.organisations.flatMap((organisation) => organisation.numbers.map((number) => number.toLowerCase())));
const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-portal-gate-'));
const flags = ['--catalog', path.join(folder, 'catalog')];
const invite = (subject) => answer('invite', ['invite', subject, '--ticket', 'T-1: known by voice', ...flags]).code;
const running = [];
let server, limited;

before(async () => {
  writeLeak(path.join(folder, 'leak'), leak);
  const swept = tidemark(['sweep', path.join(folder, 'leak'), ...flags]);
  assert.equal(swept.code, 0, swept.err);
  const wide = await serve([...flags, '--proofs-per-hour', '1000000', '--requests-per-minute', '10000000']);
  /* Of an incident that nobody has swept yet, whose askers are counted apart. */
  const narrow = await serve([...flags, '--incident', 'unswept']);
  running.push(wide, narrow);
  server = serverAt(wide.url, invite);
  limited = serverAt(narrow.url, invite);
});
after(async () => {
  for (const one of running) await one.stop();
  rmSync(folder, { recursive: true, force: true });
});

const turned = new Map();
/* The operator's word on whose an id is, all of a subject's in one run. */
async function turnBack(subject, id) {
  if (!turned.has(subject)) {
    const ids = (await server.ask(subject)).documents.map((document) => document.id);
    const shown = ids.length === 0 ? [] : ids.length === 1 ? [answer('show', ['show', '--subject', subject, ...ids, ...flags])]
      : JSON.parse(tidemark(['show', '--subject', subject, ...ids, '--format', 'json', ...flags]).out).documents;
    turned.set(subject, new Map(ids.map((each, i) => [each, shown[i].path])));
  }
  return turned.get(subject).get(id) ?? answer('show', ['show', '--subject', subject, id, ...flags]).path;
}

conforms(test, { leak, open: async () => ({ ask: async (...asked) => holds('lookup-as-subject', await server.ask(...asked)), turnBack }) });
provesSafely(test, { leak, open: async () => server });

test('the portal answers what the command line does, and so does the helpdesk', async () => {
  const { domain } = leak.organisations[2];
  const refused = tidemark(['answer', 'nobody-proved-this-xq.org', '--ticket', 'T-2', ...flags]);
  assert.equal(refused.code, 1);
  assert.equal(refused.out, '');
  const told = await server.ask(domain);
  assert.deepEqual(unnamed(told), unnamed(answer('lookup-as-subject', ['lookup', domain, '--as-subject', ...flags])));
  assert.deepEqual(unnamed(told), unnamed(answer('lookup-as-subject', ['answer', domain, '--ticket', 'T-2', ...flags])));
  const csv = await server.get('answer.csv', await server.tokenOf(domain));
  assert.equal(csv.text.trimEnd().split('\r\n').length, told.documents.length + 1);
  const { body } = await server.get('asked', await server.tokenOf(domain));
  assert.equal(body.asked.filter(({ result }) => result === 'helpdesk').length, 1);
});

test('a browser that another page makes ask has no right here: the API takes no cookie', async () => {
  const { domain } = leak.organisations[4];
  const Cookie = `tidemark=${await server.tokenOf(domain)}`;
  const asked = [['GET', 'answer'], ['GET', 'answer.csv'], ['GET', 'answer.html'], ['GET', 'asked'], ['POST', 'appeals']];
  for (const [method, what] of asked) {
    const reply = await request(`${server.url}/api/v1/${what}`, { method, headers: { Cookie, Origin: server.url, ...(method === 'POST' ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) },
      ...(method === 'POST' ? { raw: 'kind=other&text=x' } : {}) });
    assert.equal(reply.status, 401, what);
  }
  assert.equal((await request(`${server.url}/answer`, { headers: { Cookie } })).status, 200, 'pages do');
});

test('all of it is on record: who, what and whence, and documents once', async () => {
  const { domain } = leak.organisations[3];
  await server.ask(domain);
  await server.ask(domain);
  const { entries } = JSON.parse(tidemark(['journal', 'show', '--verb', 'answer', '--limit', '1000000', '--format', 'json', ...flags]).out);
  const own = entries.filter(({ detail }) => detail.subject === domain && detail.door === 'portal');
  assert.ok(own.length >= 2);
  for (const { detail } of own) {
    assert.equal(detail.network, '127.0.0.0/24');
    assert.equal(detail.answer, own[0].detail.answer);
  }
  const naming = own.filter(({ detail }) => detail.ids);
  assert.equal(naming.length, 1, 'documents are named once, by the first of the same answers');
  assert.equal(naming[0], own.at(-1));
  assert.equal(naming[0].detail.ids.length, naming[0].detail.documents);
  const verified = tidemark(['journal', 'verify', ...flags]);
  assert.equal(verified.code, 0, verified.out);
});

test('without a ticket nobody is invited or answered, and none but a subject is', () => {
  for (const args of [['invite', 'contoso.com'], ['answer', 'contoso.com'], ['invite', 'contoso.com', '--ticket', ' '], ['invite', 'a b', '--ticket', 'T']])
    assert.equal(tidemark([...args, ...flags]).code, 2, args.join(' '));
  assert.equal(tidemark(['invite', 'contoso.com', '--ticket', 'T', '--incident', 'none', ...flags]).code, 1);
  const { out } = tidemark(['invite', 'contoso.com', '--ticket', 'T', ...flags]);
  assert.match(out.trimEnd().split('\n').at(-1), /^[a-z2-7]{26}$/);
});

limitsAsking(test, { leak, open: async () => limited });

// SPDX-License-Identifier: Apache-2.0
// A secret that was found never gets out: one of each kind of its own is planted in every place of a document, and no command
// says more of it than its first four characters, on either stream, nor does the journal. That each was met is seen by a finding
// with stars; that two are the same, by their value.
import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { answer, everyHit, plant, scratch, tidemark } from './house.mjs';
import { zip } from './hostile-kit.mjs';

/* Drawn, and the same in each run. */
let state = 12345;
const draw = (most) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor((state / 2 ** 32) * most); };
const from = (letters, length) => {
  for (;;) {
    const drawn = Array.from({ length }, () => letters[draw(letters.length)]).join('');
    if (/\d/.test(drawn) && new Set(drawn).size > Math.min(length / 3, 10)) return drawn;
  }
};
const digits = '0123456789', hex = `${digits}abcdef`, lower = `${digits}abcdefghijklmnopqrstuvwxyz`, upper = '234567ABCDEFGHIJKLMNOPQRSTUVWXYZ';
const all = `${lower}ABCDEFGHIJKLMNOPQRSTUVWXYZ`;
const base62 = `${digits}ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz`;
const checksum = (body) => {
  let crc = zlib.crc32 ? zlib.crc32(body) : zlib.gzipSync(body).readUInt32LE(zlib.gzipSync(body).length - 8), text = '';
  for (let i = 0; i < 6; i++, crc = Math.floor(crc / 62)) text = base62[crc % 62] + text;
  return text;
};
const published = (prefix) => { const body = from(all, 30); return prefix + body + checksum(body); };
const url64 = (value) => Buffer.from(value).toString('base64url');
const jwt = () => `${url64('{"alg":"HS256","typ":"JWT"}')}.${url64(`{"sub":"${from(lower, 12)}"}`)}.${from(all, 43)}`;
const lines = (text) => text.match(/.{1,64}/g).join('\n');
const pem = (label, length) => `-----BEGIN ${label}-----\n${lines(from(all, length))}\n-----END ${label}-----`;

/* What stands around it, and it: subkind, how it is written, what nobody may see of it. */
const kinds = [
  ['aws-access-key', () => `AKIA${from(upper, 16)}`], ['aws-secret-key', () => from(all, 40), (s) => `aws_secret_access_key = ${s}`],
  ['gcp-api-key', () => `AIza${from(all, 35)}`], ['azure-storage-key', () => `${from(all, 86)}==`, (s) => `DefaultEndpointsProtocol=https;AccountName=acct;AccountKey=${s};EndpointSuffix=core.windows.net`],
  ['azure-client-secret', () => `${from(all, 3)}8Q~${from(all, 34)}`], ['private-key', () => pem('RSA PRIVATE KEY', 1600)], ['private-key', () => pem('OPENSSH PRIVATE KEY', 9000)],
  ['private-key', () => pem('PGP PRIVATE KEY BLOCK', 700)], ['github-token', () => published('ghp_')], ['github-token', () => `github_pat_${from(all, 82)}`],
  ['gitlab-token', () => `glpat-${from(all, 20)}`], ['slack-token', () => `xoxb-${from(digits, 12)}-${from(digits, 12)}-${from(all, 24)}`],
  ['slack-webhook', () => from(all, 24), (s) => `https://hooks.slack.com/services/T01234567/B01234567/${s}`], ['stripe-key', () => `sk_live_${from(all, 24)}`],
  ['stripe-key', () => `sk_test_${from(all, 24)}`], ['sendgrid-key', () => `SG.${from(all, 22)}.${from(all, 43)}`], ['mailchimp-key', () => `${from(hex, 32)}-us12`],
  ['openai-key', () => `sk-${from(all, 20)}T3BlbkFJ${from(all, 20)}`], ['anthropic-key', () => `sk-ant-api03-${from(all, 93)}AA`], ['huggingface-token', () => `hf_${from(all, 34)}`],
  ['npm-token', () => published('npm_')], ['pypi-token', () => `pypi-AgEIcHlwaS5vcmc${from(all, 60)}`], ['docker-token', () => `dckr_pat_${from(all, 27)}`],
  ['terraform-token', () => `${from(all, 14)}.atlasv1.${from(all, 60)}`], ['vault-token', () => `hvs.${from(all, 95)}`], ['databricks-token', () => `dapi${from(hex, 32)}`],
  ['digitalocean-token', () => `dop_v1_${from(hex, 64)}`], ['shopify-token', () => `shpat_${from(hex, 32)}`], ['newrelic-key', () => `NRAK-${from(upper, 27)}`],
  ['telegram-token', () => `${from(digits, 10)}:AAF${from(all, 32)}`], ['jwt', jwt], ['url-password', () => from(all, 14), (s) => `postgres://app:${s}@db.contoso.com:5432/main`],
  ['basic-auth', () => Buffer.from(`app:${from(all, 15)}`).toString('base64'), (s) => `Authorization: Basic ${s}`], ['bearer-token', () => from(all, 32), (s) => `Authorization: Bearer ${s}`],
  ['password-hash', () => `$2b$12$${from(all, 53)}`], ['password', () => from(all, 14), (s) => `db.password=${s}`], ['password', () => `${from(all, 10)}ü${from(all, 6)}`.replace('ü', '!'), (s) => `"password": "${s}"`],
  ['api-key', () => from(lower, 32), (s) => `api_key: "${s}"`], ['azure-sas', () => `${from(all, 43)}%3D`, (s) => `https://acct.blob.core.windows.net/c/x?sv=2020-08-04&sig=${s}`],
];

const planted = [];
function secret(n, { isShort } = {}) {
  const usable = isShort ? kinds.filter(([kind]) => !['private-key', 'jwt'].includes(kind)) : kinds;
  const [subkind, make, around = (s) => s] = usable[n % usable.length];
  const made = make();
  const bare = made.replace(/-----[A-Z ]+-----/g, '').trim();
  /* Its tail, and its middle line where it is long. */
  planted.push({ subkind, tails: [bare.slice(-12).split('\n').at(-1), bare.slice(bare.length / 2, bare.length / 2 + 12).split('\n')[0]].filter((tail) => tail.length >= 5 && /\d|[a-z]/i.test(tail)) });
  return around(made);
}
const entity = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const word = (text) => text.replaceAll(/[^A-Za-z0-9_.~-]/g, '-');

function plantAll(folder) {
  const each = kinds.map((_, n) => secret(n));
  const shorts = (count, start) => Array.from({ length: count }, (_, n) => secret(start + n, { isShort: true }));
  const [title, author, subject, name, csv, cell, comment] = [secret(0), secret(8), secret(10), secret(8), secret(13), secret(20), secret(25)];
  plant(folder, {
    'each.txt': each.map((text, n) => `line ${n}\n${text}\n`).join('\n'),
    'page.html': `<html><head><title>About ${title}</title><meta name="author" content="${author}"></head><body><!-- ${comment} -->${shorts(12, 0).map((text) => `<p>${entity(text)}</p>`).join('\n')}<a href="https://x:${secret(36).split('=')[1]}@host.contoso.com/">x</a></body></html>`,
    'mail.eml': `From: ann@contoso.com\r\nTo: bo@fabrikam.com\r\nSubject: use ${subject}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n${shorts(12, 6).join('\r\n')}\r\n`,
    'archive.zip': zip([[`${word(name)}.txt`, secret(11)], ['inner.zip', zip([['deep.txt', secret(14)]])]]),
    'table.csv': `id,token\n1,${csv}\n2,"${cell}"\n`,
    'data.json': JSON.stringify({ key: secret(9), list: shorts(6, 15), inner: JSON.stringify({ deeper: secret(12) }) }),
    'binary.bin': Buffer.concat([Buffer.from([0, 1, 2, 250, 251]), Buffer.from(` ${secret(26)} `), Buffer.from([0, 7, 255, 254])]),
    'same-1.txt': `again glpat-${from(all, 20)} here`,
  });
}

function* everything(target, flags) {
  const said = (args, options) => { const run = tidemark([...args, ...flags], options); return [args.join(' ').slice(0, 120), run.out + run.err]; };
  const formats = ['json', 'jsonl', 'csv', 'table'];
  yield said(['sweep', target, '--verbose', '--progress', 'always']);
  for (const format of formats)
    for (const args of [['search', '', '--limit', '1000'], ['search', 'line', '--limit', '1000'], ['search', 'entity:secret', '--limit', '1000'], ['entities', '--limit', '1000'], ['entities', '--kind', 'secret', '--limit', '1000'],
      ['entities', '--kind', 'url', '--limit', '1000'], ['entities', '--kind', 'email', '--limit', '1000'], ['organisations'], ['lookup', 'contoso.com'], ['containers'], ['incidents'], ['scope'], ['catalog', 'info'],
      ['catalog', 'verify']]) yield said([...args, '--format', format]);
  for (const { id } of everyHit('', flags)) {
    for (const format of formats) yield said(['show', id, '--format', format]);
    yield said(['show', id, '--text']);
  }
  for (const format of formats) yield said(['journal', 'show', '--format', format]);
}

test('a secret never gets out', { timeout: 900000 }, (t) => {
  const folder = scratch(t), target = path.join(folder, 'leak'), flags = ['--catalog', path.join(folder, 'catalog')];
  mkdirSync(target);
  plantAll(target);
  const out = [];
  for (const [what, text] of everything(target, flags))
    for (const { subkind, tails } of planted)
      for (const tail of tails)
        if (text.includes(tail)) out.push(`${what}: ${subkind} ${tail}: ...${text.slice(Math.max(0, text.indexOf(tail) - 100), text.indexOf(tail) + 30)}`);
  assert.deepEqual(out.slice(0, 20), [], `${out.length} got out`);
  const hit = everyHit('', flags).find(({ path: at }) => at === 'each.txt');
  const { findings } = answer('show', ['show', hit.id, ...flags]);
  const secrets = findings.filter(({ kind }) => kind === 'secret');
  assert.deepEqual(kinds.map(([subkind]) => subkind).filter((subkind) => !secrets.some((found) => found.subkind === subkind)), [], 'each was met');
  assert.ok(secrets.every(({ value, raw }) => /^[a-z2-7]{26}$/.test(value) && raw.includes('*')));
  assert.ok(secrets.some(({ raw }) => raw.startsWith('ghp_*')) && secrets.some(({ raw }) => /^-----BEGIN RSA PRIVATE KEY-----\n\*/.test(raw)));
  const test_ = secrets.find(({ raw }) => raw.startsWith('sk_t'));
  assert.ok(test_.rule.endsWith('/example') && test_.confidence <= 0.3);
});

test('equal secrets are seen to be equal, within an incident', { timeout: 120000 }, (t) => {
  const folder = scratch(t), token = `glpat-${from(all, 20)}`, other = `glpat-${from(all, 20)}`;
  const values = (incident) => answer('entities', ['entities', '--kind', 'secret', '--incident', incident, '--catalog', path.join(folder, 'catalog')]).entities.map(({ value, documents }) => [value, documents]);
  plant(path.join(folder, 'leak'), { 'a.txt': `one ${token}`, 'b.txt': `two ${token}\n`, 'c.txt': `and ${other}` });
  for (const incident of ['first', 'second', 'first']) assert.equal(tidemark(['sweep', path.join(folder, 'leak'), '--incident', incident, '--redo', 'all', '--catalog', path.join(folder, 'catalog')]).code, 0);
  const [first, second] = [values('first'), values('second')];
  assert.deepEqual(first.map(([, documents]) => documents).sort(), [1, 2]);
  assert.equal(new Set([...first, ...second].map(([value]) => value)).size, 4, 'an incident has a key of its own');
});

// SPDX-License-Identifier: Apache-2.0
// A real server of the protocol (Azurite): the same tree as a container and as a folder gives the same documents; who may
// read what; what is read again; and no credential in anything that is written or shown.
import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answer, azurite, everyHit, files, holds, plant, scratch, tidemark } from './house.mjs';

const tree = {
  'a.txt': 'Contact: anna@contoso.com\nsee https://www.example.org/x\n',
  'a copy.txt': 'Contact: anna@contoso.com\nsee https://www.example.org/x\n',
  'Grüße/ma\u00f1ana.txt': 'composed: ines@fabrikam.com\n',
  'Grüße/man\u0303ana.txt': 'decomposed: jose@fabrikam.com\n',
  '日本/報告.csv': 'name,mail\nAnna,Anna@Contoso.com\nBob,bob+x@fabrikam.com\n',
  '100% of a+b?/#1 & [x] \'y\'.html': '<p>Write to <a href="mailto:carl@litwareinc.com">Carl</a></p>',
  'percent%20encoded%2Fname.txt': 'literal percent signs: dora@litwareinc.com\n',
  'p/letter.eml': 'From: eve@adatum.com\r\nTo: anna@contoso.com\r\nSubject: Offer\r\nContent-Type: text/plain\r\n\r\nRegards, Eve\r\n',
  'p/deep/er/and/deep/er/still/1/2/3/4/5/6/7/8/9/10/end.json': '{"owner": "frank@proseware.com"}\n',
  'p/raw.bin': Buffer.from(Array.from({ length: 512 }, (_, i) => (i * 37) & 255)),
  'empty': '',
};
const catalogOf = (folder, name) => ['--catalog', path.join(folder, name)];
const byPath = (hits) => hits.map(({ path: where, sha256, outcome, media_type: type }) => ({ where, sha256, outcome, type }))
  .sort((a, b) => (a.where < b.where ? -1 : 1));
const objects = (listed, read, unchanged, skipped, failed) => ({ listed, read, unchanged, skipped, failed });

/** A service SAS for one container: the string-to-sign of 2020-12-06 and later. */
function sharedAccess({ account, key }, container, permissions) {
  const grant = { sp: permissions, se: '2099-01-01T00:00:00Z', sv: '2022-11-02', sr: 'c' };
  const words = [grant.sp, '', grant.se, `/blob/${account}/${container}`, '', '', '', grant.sv, grant.sr, '', '', '', '', '', '', ''];
  const sig = createHmac('sha256', Buffer.from(key, 'base64')).update(words.join('\n')).digest('base64');
  return { sig, token: String(new URLSearchParams({ ...grant, sig })) };
}

test('Azurite, swept', async (t) => {
  const folder = scratch(t);
  const leak = plant(path.join(folder, 'leak'), tree);
  const store = azurite(t);
  for (const [container, access] of [['open', 'container'], ['known', 'blob'], ['closed', 'none']]) store.upload(leak, container, access);
  const target = (container) => `${store.endpoint}/${container}`;
  const owner = { AZURE_STORAGE_ACCOUNT: store.account, AZURE_STORAGE_KEY: store.key };
  const flags = catalogOf(folder, 'catalog');
  const many = Object.keys(tree).length;

  await t.test('a stranger reads an open container, and it is what the folder is', () => {
    const remote = answer('sweep', ['sweep', target('open'), '--anonymous', ...flags], { code: 4 });
    const local = catalogOf(folder, 'local');
    const here = answer('sweep', ['sweep', leak, ...local], { code: 4 });
    assert.deepEqual(remote.objects, objects(many, many - 1, 0, 0, 1));
    for (const member of ['objects', 'documents', 'outcomes', 'findings', 'twins', 'complete'])
      assert.deepEqual(remote[member], here[member], member);
    assert.equal(remote.bytes.listed, here.bytes.listed);
    const hits = everyHit('', flags);
    assert.deepEqual(byPath(hits), byPath(everyHit('', local)));
    assert.deepEqual(hits.filter((hit) => !hit.path.includes('.eml/')).map((hit) => hit.path).sort(), Object.keys(tree).sort());
    for (const hit of hits.filter((each) => each.path in tree && each.outcome === 'read'))
      assert.equal(hit.sha256, createHash('sha256').update(tree[hit.path]).digest('hex'), hit.path);
    assert.ok(hits.every((hit) => hit.provider === 'azure' && hit.exposed.first_seen));
    const values = (where) => answer('entities', ['entities', '--kind', 'email', '--limit', '100', ...where]).entities;
    assert.deepEqual(values(flags), values(local));
    assert.equal(values(flags).length, 8);
  });

  await t.test('the address of every hit is the address it has there', async () => {
    for (const hit of everyHit('outcome:read', flags).filter((each) => each.path in tree)) {
      const reply = await fetch(hit.url);
      assert.equal(reply.status, 200, hit.url);
      assert.equal(Buffer.from(await reply.arrayBuffer()).toString('latin1'), Buffer.from(tree[hit.path]).toString('latin1'), hit.path);
    }
  });

  await t.test('ids are the same in every catalog, by a stranger and by the owner', () => {
    const ids = (query, where) => everyHit(query, where).map((hit) => `${hit.path} ${hit.id}`).sort();
    const other = catalogOf(folder, 'other');
    answer('sweep', ['sweep', `${target('open')}/p`, ...other], { code: 4, env: owner });
    assert.deepEqual(ids('', other), ids('', flags).filter((line) => line.startsWith('p')));
    assert.ok(ids('', other).some((line) => line.startsWith('percent%20')), 'a prefix is a prefix, not a folder');
  });

  await t.test('a second sweep reads nothing; a changed blob alone is read again', () => {
    assert.deepEqual(answer('sweep', ['sweep', target('open'), ...flags], { code: 4 }).objects, objects(many, 0, many, 0, 0));
    writeFileSync(path.join(leak, 'a.txt'), 'Now: new@tailspintoys.com\n');
    store.upload(leak, 'open', 'container');
    assert.deepEqual(answer('sweep', ['sweep', target('open'), ...flags], { code: 4 }).objects, objects(many, 1, many - 1, 0, 0));
    assert.equal(everyHit('email:new@tailspintoys.com', flags).length, 1);
  });

  await t.test('a prefix and a pattern leave out the rest, counted', () => {
    const prefix = answer('sweep', ['sweep', `${target('open')}/p/`, '--incident', 'prefix', ...flags], { code: 4 });
    assert.equal(prefix.objects.listed, 3);
    const some = answer('sweep', ['sweep', target('open'), '--include', '*.txt', '--incident', 'include', ...flags]);
    assert.deepEqual(some.outcomes.map((row) => [row.outcome, row.objects]).sort(), [['excluded', 6], ['read', 5]]);
  });

  await t.test('a private container opens to the key and to nobody else', () => {
    const refused = tidemark(['sweep', target('closed'), '--anonymous', ...flags], { env: owner });
    assert.equal(refused.code, 1);
    assert.match(refused.err, /^tidemark: sweep: \S+\/closed: could not be listed[^\n]*\n$/);
    const read = answer('sweep', ['sweep', target('closed'), '--incident', 'key', ...flags], { code: 4, env: owner });
    assert.equal(read.objects.read, many - 1);
    const wrong = tidemark(['sweep', target('closed'), '--incident', 'wrong', ...flags],
      { env: { ...owner, AZURE_STORAGE_KEY: Buffer.from('another key altogether').toString('base64') } });
    assert.equal(wrong.code, 1);
    assert.match(wrong.err, /403/);
  });

  await t.test('a signature opens what it names, and it stays unsaid', () => {
    const { sig, token } = sharedAccess(store, 'closed', 'rl');
    const env = { AZURE_STORAGE_ACCOUNT: store.account, AZURE_STORAGE_SAS_TOKEN: token };
    const said = [];
    const run = (...args) => {
      const result = tidemark([...args, ...flags], { env });
      said.push(result.out, result.err);
      return result;
    };
    assert.equal(run('sweep', target('closed'), '--incident', 'sas', '--verbose').code, 4);
    assert.equal(run('sweep', target('closed'), '--incident', 'sas', '--dry-run').code, 0);
    assert.equal(run('sweep', `${target('closed')}?${token}`, '--incident', 'sas').code, 2);
    assert.equal(run('probe', target('closed'), '--format', 'json').code, 1, 'Azurite refuses as a firewall does: alone that says nothing');
    run('search', '', '--format', 'json', '--incident', 'sas');
    assert.match(said.at(-2), /closed/);
    for (const verb of [['journal', 'show'], ['containers'], ['incidents'], ['scope'], ['catalog', 'info'], ['doctor']])
      for (const format of ['json', 'table']) run(...verb, '--format', format);
    const secrets = [sig, encodeURIComponent(sig), new URLSearchParams({ s: sig }).toString().slice(2), store.key, 'sig='];
    for (const secret of secrets) {
      for (const text of said) assert.ok(!text.includes(secret), text.slice(0, 400));
      for (const file of files(folder).filter((name) => !name.startsWith(leak)))
        assert.equal(readFileSync(file).includes(secret), false, file);
    }
  });

  await t.test('probe tells open, blob-level, private and absent apart', () => {
    const { targets } = answer('probe', ['probe', ...['open', 'known', 'closed', 'nonesuch'].map(target)], { code: 3, env: owner });
    assert.deepEqual(targets.map((each) => each.target), ['open', 'known', 'closed', 'nonesuch'].map(target));
    const [open, known, closed, nonesuch] = targets.map((each) => each.verdict);
    assert.equal(open, 'listable');
    assert.ok(['readable', 'private-or-absent'].includes(known), known);
    assert.equal(closed, 'private-or-absent');
    assert.ok(['absent', 'private-or-absent'].includes(nonesuch), nonesuch);
    assert.ok(targets.every((each) => each.evidence.length > 0 && each.advice));
    const { versions, snapshots, deleted } = targets[0].anonymous;
    assert.deepEqual([versions, snapshots, deleted], [null, null, null], 'Azurite passes over what it does not know');
    assert.equal(tidemark(['probe', target('closed')]).code, 1, 'alone its refusal may be a firewall\'s');
  });

  await t.test('verdicts as SARIF, OCSF, lines and rows', () => {
    const probe = (format) => tidemark(['probe', target('open'), target('closed'), '--format', format]).out;
    const sarif = JSON.parse(probe('sarif'));
    assert.equal(sarif.version, '2.1.0');
    assert.equal(sarif.runs[0].tool.driver.name.toLowerCase(), 'tidemark');
    const rules = new Set(sarif.runs[0].tool.driver.rules.map((rule) => rule.id));
    assert.ok(sarif.runs[0].results.length > 0 && sarif.runs[0].results.every((row) => rules.has(row.ruleId) && row.message.text));
    assert.ok(Array.isArray(JSON.parse(probe('ocsf'))));
    assert.equal(probe('jsonl').trim().split('\n').map((line) => JSON.parse(line).verdict)[0], 'listable');
    assert.equal(probe('csv').trim().split('\n').length, 3);
  });

  await t.test('of several targets, one that cannot be listed makes it partial; all of them, a failure', () => {
    const partly = answer('sweep', ['sweep', target('closed'), target('open'), '--include', '*.txt', '--incident', 'two', ...flags], { code: 4 });
    assert.deepEqual([partly.complete, partly.objects.listed], [false, many]);
    const list = path.join(folder, 'targets');
    writeFileSync(list, `${target('open')}\n${leak}\n`);
    const both = answer('sweep', ['sweep', `@${list}`, '--include', '*.txt', '--incident', 'list', ...flags]);
    assert.deepEqual([both.complete, both.objects.listed], [true, 2 * many]);
    const none = tidemark(['sweep', target('closed'), target('nonesuch'), '--incident', 'none', '--format', 'json', ...flags]);
    assert.equal(none.code, 1);
    assert.equal(holds('sweep', JSON.parse(none.out)).complete, false);
  });

  await t.test('containers, catalog and journal agree at the end', () => {
    const rows = answer('containers', ['containers', ...flags]).containers;
    assert.deepEqual(rows.filter((row) => row.container === 'open').map((row) => row.objects), [many]);
    answer('catalog-verify', ['catalog', 'verify', ...flags]);
    answer('journal-verify', ['journal', 'verify', ...flags]);
  });
});

test('a target that cannot be listed costs itself, words that make no sense cost all', (t) => {
  const folder = scratch(t);
  const leak = plant(path.join(folder, 'leak'), { 'a.txt': 'a@contoso.com' });
  const flags = catalogOf(folder, 'catalog');
  const partly = answer('sweep', ['sweep', leak, path.join(folder, 'none'), 's3://bucket', ...flags], { code: 4 });
  assert.deepEqual([partly.complete, partly.objects.read, partly.targets], [false, 1, [leak]]);
  const code = (...targets) => tidemark(['sweep', ...targets, ...flags]).code;
  assert.deepEqual([code(path.join(folder, 'none')), code('s3://bucket', path.join(folder, 'none')), code(leak, 'ftp://x/y')], [1, 1, 2]);
  const absent = 'az+http://nobody.invalid:1/acct/cont';
  const probed = answer('probe', ['probe', 's3://bucket', absent], { code: 4 });
  assert.deepEqual(probed.targets.map((each) => each.target), [absent]);
  assert.equal(tidemark(['probe', 's3://bucket']).code, 1);
});

test('credentials that make no sense matter where they would be shown; blanks are no authority', (t) => {
  const flags = catalogOf(scratch(t), 'catalog');
  const plan = (env, ...args) => tidemark(['sweep', ...args, '--dry-run', '--format', 'json', ...flags], { env });
  const key = { AZURE_STORAGE_KEY: 'S3CRET, and no base64' };
  assert.equal(plan(key, '/').code, 0);
  const refused = plan(key, 'az://contoso/backup');
  assert.equal(refused.code, 2);
  assert.ok(!refused.err.includes('S3CRET'));
  assert.equal(plan(key, 'az://contoso/backup', '--anonymous').code, 0);
  assert.equal(plan({}, 'az://contoso/backup', '--authority', '  ', '--depth', 'full').code, 2);
  assert.match(plan({ AZURE_CLIENT_ID: 'i', AZURE_CLIENT_SECRET: 'S3CRET' }, 'az://contoso/backup').err, /AZURE_CLIENT_ID.*stranger/);
});

test('both written forms of an Azure container are one container', (t) => {
  const flags = catalogOf(scratch(t), 'catalog');
  const plan = (target) => answer('sweep-dry-run', ['sweep', target, '--dry-run', ...flags]).targets[0];
  const [short, long] = ['az://contoso/backup/2020', 'https://contoso.blob.core.windows.net/backup/2020'].map(plan);
  assert.equal(short.url, 'https://contoso.blob.core.windows.net/backup/2020');
  assert.deepEqual({ ...short, target: null }, { ...long, target: null });
});

// SPDX-License-Identifier: Apache-2.0
// Planned, agreed upon, destroyed, listed again and certified, against a real server of the protocol (Azurite).
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answer, azurite, holds, plant, scratch, tidemark } from './house.mjs';
import { certificate, mail, makePlan, ownerOf, planned } from './retain-kit.mjs';

const rules = (more = '') => `rules:\n  - {name: old, match: {path: "**", age: {by: dated, over: 24mo}}, action: delete}\n${more}`;

function setUp(t, tree) {
  const folder = scratch(t), store = azurite(t);
  const url = store.endpoint.replace(/^az\+/, '');
  store.upload(plant(path.join(folder, 'leak'), tree), 'backup', 'none');
  const env = { AZURE_STORAGE_ACCOUNT: store.account, AZURE_STORAGE_KEY: store.key };
  const flags = ['--catalog', path.join(folder, 'catalog'), '--operator', 'anna'];
  const policy = path.join(folder, 'policy.yaml'), plan = path.join(folder, 'plan.json');
  writeFileSync(policy, rules());
  const request = ownerOf({ ...store, url });
  const names = async () => [...(await request('GET', 'backup', { query: { restype: 'container', comp: 'list', include: 'snapshots' } })).text
    .matchAll(/<Name>([^<]*)<\/Name>(?:<Snapshot>)?/g)].map(([whole, name]) => (whole.endsWith('<Snapshot>') ? `${name}@` : name)).sort();
  const sweep = () => answer('sweep', ['sweep', `${store.endpoint}/backup`, ...flags], { env });
  return { folder, store, env, flags, policy, plan, request, names, sweep };
}

test('what is past its time is destroyed, and nothing else', async (t) => {
  const { env, flags, policy, plan, request, names, sweep, folder } = setUp(t, {
    'a/old.eml': mail(2019, 'a'), 'a/older.eml': mail(2018, 'b'), 'a/new.eml': mail(2026, 'c'), 'b/old & <odd>?.eml': mail(2020, 'd'),
    'b/changed.eml': mail(2019, 'e'), 'b/leased.eml': mail(2019, 'f'), 'b/late.eml': mail(2019, 'g') });
  await request('PUT', 'backup/a/old.eml', { query: { comp: 'snapshot' } });
  sweep();
  await request('PUT', 'backup/b/changed.eml', { headers: { 'x-ms-blob-type': 'BlockBlob' }, body: mail(2026, 'new') });
  await request('PUT', 'backup/never-swept.eml', { headers: { 'x-ms-blob-type': 'BlockBlob' }, body: mail(2010, 'h') });
  const made = makePlan(policy, plan, flags, { env });
  assert.deepEqual(made.steps.map((step) => [step.object, step.version !== null]).sort(),
    [['a/old.eml', false], ['a/old.eml', true], ['a/older.eml', false], ['b/late.eml', false], ['b/leased.eml', false], ['b/old & <odd>?.eml', false]]);
  assert.equal(made.blast.left.changed, 1);
  assert.equal(made.blast.left.unknown, 1);
  assert.equal(made.blast.left.kept, 1);
  assert.equal(made.blast.classes.mail, 5);
  assert.match(made.blast.oldest, /^2018-03-04/);
  assert.equal(made.planned_by, 'anna');
  /* Between planning and applying: one is leased, one changes. */
  await request('PUT', 'backup/b/leased.eml', { query: { comp: 'lease' }, headers: { 'x-ms-lease-action': 'acquire', 'x-ms-lease-duration': '-1' } });
  await request('PUT', 'backup/b/late.eml', { headers: { 'x-ms-blob-type': 'BlockBlob' }, body: mail(2026, 'late') });
  const told = answer('retain-apply', ['retain', 'apply', plan, '--ticket', 'INC-1', ...flags], { env, code: 4 });
  assert.deepEqual([told.done, told.left, told.failed], [4, 2, 0]);
  assert.deepEqual(told.residuals.map(({ object, state, reason }) => [object, state, /lease|changed/.exec(reason)?.[0]]),
    [['b/late.eml', 'left', 'changed'], ['b/leased.eml', 'left', 'lease']]);
  assert.deepEqual(await names(), ['a/new.eml', 'b/changed.eml', 'b/late.eml', 'b/leased.eml', 'never-swept.eml']);
  const first = certificate(told.certificate, flags);
  assert.deepEqual([first.totals.destroyed, first.totals.left, first.operator, first.ticket], [4, 2, 'anna', 'INC-1']);
  assert.match(first.method, /Clear, in the words of NIST SP 800-88 Rev\. 2/);
  assert.ok(first.does_not_prove.some((limit) => /media, replicas and backups/.test(limit)));
  assert.equal(first.objects.find((row) => row.object === 'a/old.eml' && row.snapshot).state, 'destroyed');
  /* The same command again takes up what was left, and does nothing twice. */
  await request('PUT', 'backup/b/leased.eml', { query: { comp: 'lease' }, headers: { 'x-ms-lease-action': 'break', 'x-ms-lease-break-period': '0' } });
  const again = answer('retain-apply', ['retain', 'apply', plan, ...flags], { env, code: 4 });
  assert.deepEqual([again.done, again.left], [5, 1]);
  assert.notEqual(again.certificate, told.certificate);
  assert.deepEqual(certificate(planned(plan).id, flags).certificate, again.certificate, "by its plan's id: the latest");
  assert.equal(certificate(again.certificate, flags).ticket, null, 'none was given');
  const page = path.join(folder, 'certificate.html');
  assert.equal(tidemark(['retain', 'certificate', again.certificate, '--html', page, ...flags]).code, 0);
  const html = readFileSync(page, 'utf8');
  assert.match(html, /@page \{ size: A4/);
  assert.match(html, /old &amp; &lt;odd&gt;\?/);
  const journal = JSON.parse(tidemark(['journal', 'show', '--verb', 'retain', '--format', 'json', ...flags]).out).entries.map(({ verb }) => verb);
  assert.ok(journal.includes('retain apply') && journal.includes('retain applied') && journal.includes('retain plan'));
});

test('what is refused', async (t) => {
  const { env, flags, policy, plan, names, sweep, folder } = setUp(t, { 'old.eml': mail(2019, 'a'), 'held.eml': mail(2019, 'b') });
  sweep();
  makePlan(policy, plan, flags, { env });
  const apply = (file, options = {}, more = []) => tidemark(['retain', 'apply', file, '--ticket', 'T', ...flags, ...more], { env, ...options });
  const refused = (result, why, code = 1) => {
    assert.equal(result.code, code, result.err + result.out);
    assert.match(result.err, why);
  };
  const before = await names();
  refused(apply(plan, { env: {} }), /no credentials/);
  refused(apply(plan, { env: { ...env, AZURE_STORAGE_ACCOUNT: '127.0.0.1:1/other' } }), /not of this one|account/);
  const edited = path.join(folder, 'edited.json');
  writeFileSync(edited, readFileSync(plan, 'utf8').replace('held.eml', 'heli.eml'));
  refused(apply(edited), /edited|not as|changed/);
  const other = ['--catalog', path.join(folder, 'other'), '--operator', 'anna'];
  answer('sweep', ['sweep', path.join(folder, 'leak'), ...other]);
  refused(tidemark(['retain', 'apply', plan, '--ticket', 'T', ...other], { env }), /catalog/);
  refused(tidemark(['retain', 'plan', '--policy', policy, '-o', path.join(folder, 'none.json'), ...flags], { env: {} }), /no credentials/);
  assert.deepEqual(await names(), before, 'nothing was touched');
  /* A hold that came after the plan. */
  writeFileSync(policy, rules('holds: [{name: lawsuit, match: {path: "held*"}}]\n'));
  const told = answer('retain-apply', ['retain', 'apply', plan, '--ticket', 'T', '--policy', policy, ...flags], { env, code: 4 });
  assert.deepEqual(told.residuals.map(({ object, reason }) => [object, reason]), [['held.eml', 'left alone: a hold of the policy keeps it now']]);
  assert.deepEqual(await names(), ['held.eml']);
});

test('what the scope file denies is neither planned nor destroyed', async (t) => {
  const { env, flags, policy, plan, names, sweep, store, folder } = setUp(t, { 'a/old.eml': mail(2019, 'a'), 'private/old.eml': mail(2019, 'b') });
  sweep();
  const scope = path.join(folder, 'scope.yaml');
  writeFileSync(scope, `deny:\n  - ${store.endpoint}/backup/private/\n`);
  const made = makePlan(policy, plan, [...flags, '--scope', scope], { env });
  assert.deepEqual([made.steps.map(({ object }) => object), made.blast.left.out_of_scope], [['a/old.eml'], 1]);
  makePlan(policy, plan, flags, { env });
  const told = answer('retain-apply', ['retain', 'apply', plan, '--ticket', 'T', '--scope', scope, ...flags], { env, code: 4 });
  assert.deepEqual(told.residuals.map(({ object, reason }) => [object, reason]), [['private/old.eml', 'left alone: the scope file denies it']]);
  assert.deepEqual(await names(), ['private/old.eml']);
});

test('a container that cannot be listed costs itself alone', async (t) => {
  const { env, flags, policy, plan, sweep, store, folder, request } = setUp(t, { 'old.eml': mail(2019, 'a') });
  store.upload(path.join(folder, 'leak'), 'second', 'none');
  sweep();
  answer('sweep', ['sweep', `${store.endpoint}/second`, ...flags], { env });
  await request('DELETE', 'second', { query: { restype: 'container' } });
  const made = makePlan(policy, plan, flags, { env, code: 4 });
  assert.deepEqual([made.steps.length, made.blast.left.unlisted], [1, 1]);
  await request('DELETE', 'backup', { query: { restype: 'container' } });
  assert.equal(tidemark(['retain', 'plan', '--policy', policy, '-o', plan, ...flags], { env }).code, 1, 'nothing could be listed');
});

test('a second person must agree where the policy wants it', async (t) => {
  const { env, flags, policy, plan, names, sweep } = setUp(t, { 'old.eml': mail(2019, 'a') });
  sweep();
  writeFileSync(policy, rules('approval: second\n'));
  makePlan(policy, plan, flags, { env });
  for (const [name, role] of [['anna', 'admin'], ['maria', 'analyst'], ['otto', 'helpdesk']])
    assert.equal(tidemark(['user', 'add', name, '--role', role, ...flags], { input: `correct horse ${name}\n` }).code, 0);
  const approve = (user, password) => tidemark(['retain', 'approve', plan, '--user', user, '--format', 'json', ...flags], { input: `${password}\n` });
  const apply = () => tidemark(['retain', 'apply', plan, '--ticket', 'T', ...flags], { env });
  const refused = (result, why) => { assert.equal(result.code, 1, result.err); assert.match(result.err, why); };
  refused(apply(), /second person's approval/);
  refused(approve('anna', 'correct horse anna'), /planned it/);
  for (const wrong of ['wrong horse maria', 'short', 'x'.repeat(2000), 'correct horse maria\0x'])
    refused(approve('maria', wrong), /password is wrong/);
  refused(approve('nobody', 'correct horse nobody'), /no such user/);
  refused(approve('otto', 'correct horse otto'), /admin or an analyst/);
  refused(apply(), /second person's approval/);
  const { entries } = answer('journal-show', ['journal', 'show', '--verb', 'retain approve refused', ...flags]);
  assert.equal(entries.length, 7, 'each refusal is on record');
  const agreed = approve('maria', 'correct horse maria');
  assert.equal(agreed.code, 0, agreed.err);
  assert.equal(holds('retain-approve', JSON.parse(agreed.out)).approved_by, 'maria');
  const told = answer('retain-apply', ['retain', 'apply', plan, '--ticket', 'T', ...flags], { env });
  assert.deepEqual(await names(), []);
  assert.deepEqual(certificate(told.certificate, flags).approved_by, ['maria']);
});

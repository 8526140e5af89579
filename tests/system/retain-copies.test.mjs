// SPDX-License-Identifier: Apache-2.0
// Versions, snapshots, soft-deleted copies, holds and trouble, on the labelled fake: what Azurite does not do. What holds here
// rests on the fake alone; tests/fake-azure/README.md says by which pages it was made.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answer, fakeAzure, scratch } from './house.mjs';
import { certificate, mail, makePlan } from './retain-kit.mjs';

const key = Buffer.alloc(32, 7).toString('base64');
const account = (container, more = {}) => ({ accounts: { acme: { key, ...more, containers: { store: container } } } });

async function setUp(t, scenario, policyText = 'undo_days: 0\n') {
  const folder = scratch(t), fake = await fakeAzure(t, scenario);
  const env = { AZURE_STORAGE_ACCOUNT: `127.0.0.1:${fake.port}/acme`, AZURE_STORAGE_KEY: key };
  const target = `az+http://127.0.0.1:${fake.port}/acme/store`;
  const flags = ['--catalog', path.join(folder, 'catalog'), '--operator', 'anna', '--patience', '3'];
  const policy = path.join(folder, 'policy.yaml'), plan = path.join(folder, 'plan.json');
  writeFileSync(policy, `rules: [{name: old, match: {path: "**", age: {by: dated, over: 24mo}}, action: delete}]\n${policyText}`);
  answer('sweep', ['sweep', target, ...flags], { env });
  const made = makePlan(policy, plan, flags, { env });
  const apply = (code) => answer('retain-apply', ['retain', 'apply', plan, '--ticket', 'T', ...flags], { env, code });
  const writes = async () => (await fake.journal()).filter(({ method, path: place }) => ['DELETE', 'POST', 'PUT'].includes(method) && !place.startsWith('/__'));
  const again = () => makePlan(policy, plan, flags, { env });
  return { fake, env, flags, made, again, apply, writes, plan };
}

const stored = (name, text, more = {}) => ({ name, text, contentType: 'message/rfc822', ...more });
const rows = (told) => told.objects.map((row) => [row.object, row.version.slice(0, 4), row.state]);

test('where versions are kept, the object goes with all of them', async (t) => {
  const { made, apply, flags } = await setUp(t, account({ blobs: [
    stored('old.eml', mail(2019, 'v1'), { versionId: '2021-01-01T00:00:00.0000000Z' }),
    stored('old.eml', mail(2019, 'v2'), { versionId: '2022-01-01T00:00:00.0000000Z', current: true }),
    stored('new.eml', mail(2019, 'w1'), { versionId: '2021-01-01T00:00:00.0000000Z' }),
    stored('new.eml', mail(2026, 'w2'), { versionId: '2022-01-01T00:00:00.0000000Z', current: true }),
  ] }, { versioning: true }));
  /* The versions of new.eml were not swept: they follow their object, which stays. */
  assert.deepEqual(made.steps.map(({ object, version, follows }) => [object, version?.slice(0, 4) ?? null, follows ?? null]),
    [['old.eml', null, null], ['old.eml', '2022', 1], ['old.eml', '2021', null]]);
  const told = apply(0);
  assert.deepEqual([told.done, told.residuals], [3, []]);
  assert.deepEqual(rows(certificate(told.certificate, flags)), [['old.eml', '', 'destroyed'], ['old.eml', '2022', 'destroyed'], ['old.eml', '2021', 'destroyed']]);
});

test('soft delete keeps it for its days, and the certificate says so', async (t) => {
  const { made, apply, flags, env, plan, again } = await setUp(t, account({ blobs: [
    stored('old.eml', mail(2019, 'a')), stored('old.eml', mail(2019, 'a'), { snapshot: '2021-01-01T00:00:00.0000000Z' }),
    stored('new.eml', mail(2026, 'b')) ] }, { softDelete: 14 }), 'undo_days: 14\n');
  assert.equal(made.blast.survives.deleted_now_kept_days, 14);
  assert.deepEqual(made.steps.map(({ object, version, action }) => [object, Boolean(version), action]), [['old.eml', true, 'delete'], ['old.eml', false, 'delete']]);
  const told = apply(4), proved = certificate(told.certificate, flags);
  assert.deepEqual([told.done, told.left, told.failed], [2, 0, 0]);
  const days = (time) => (Date.parse(time) - Date.now()) / 86400e3;
  assert.ok(proved.objects.every(({ state, until, reason }) => state === 'survives' && days(until) > 13 && days(until) < 15.1 && /soft-deleted/.test(reason)));
  assert.ok(proved.does_not_prove.some((limit) => /undelete/.test(limit)));
  /* Until then it can be brought back, and destroyed again. */
  const undone = answer('retain-undo', ['retain', 'undo', plan, '--ticket', 'T', ...flags], { env });
  assert.deepEqual([undone.undone, undone.left, undone.failed], [2, 0, 0]);
  assert.deepEqual(again().steps.map(({ object, action, state }) => [object, action, state]), [['old.eml', 'delete', 'planned'], ['old.eml', 'delete', 'planned']]);
});

test('where the account allows it and nobody wants it back, soft-deleted copies go for good', async (t) => {
  const { made, apply, flags } = await setUp(t, account({ blobs: [
    stored('old.eml', mail(2019, 'v1'), { versionId: '2021-01-01T00:00:00.0000000Z' }),
    stored('old.eml', mail(2019, 'v2'), { versionId: '2022-01-01T00:00:00.0000000Z', current: true }),
    stored('old.eml', mail(2018, 'v0'), { versionId: '2020-01-01T00:00:00.0000000Z', deleted: true }),
  ] }, { versioning: true, softDelete: 7, permanentDelete: true }));
  assert.deepEqual(made.steps.map(({ version, action }) => [version?.slice(0, 4) ?? null, action]), [
    [null, 'delete'], ['2022', 'delete'], ['2022', 'delete-permanently'], ['2021', 'delete'], ['2021', 'delete-permanently'], ['2020', 'delete-permanently']]);
  const told = apply(0);
  assert.deepEqual([told.done, told.residuals], [6, []]);
  assert.deepEqual(rows(certificate(told.certificate, flags)),
    [['old.eml', '', 'destroyed'], ['old.eml', '2022', 'destroyed'], ['old.eml', '2021', 'destroyed'], ['old.eml', '2020', 'destroyed']]);
});

test('what was soft-deleted already is told, and until when', async (t) => {
  const { made, apply, flags } = await setUp(t, account({ blobs: [
    stored('old.eml', mail(2019, 'a')), stored('old.eml', mail(2019, 'b'), { snapshot: '2021-01-01T00:00:00.0000000Z', deleted: true }) ] }, { softDelete: 30 }));
  assert.deepEqual(made.steps.map(({ action, state }) => [action, state]), [['delete', 'planned'], ['delete-permanently', 'left']]);
  assert.equal(made.blast.survives.soft_deleted, 1);
  const told = apply(4);
  assert.deepEqual([told.done, told.left], [1, 1]);
  assert.deepEqual(rows(certificate(told.certificate, flags)), [['old.eml', '', 'survives'], ['old.eml', '2021', 'survives']]);
});

test('holds, immutability and leases of the provider leave it, with their reason', async (t) => {
  const { apply, flags, again } = await setUp(t, account({ blobs: [
    stored('a.eml', mail(2019, 'a'), { legalHold: true }), stored('b.eml', mail(2019, 'b'), { immutableUntil: '2099-01-01T00:00:00Z' }),
    stored('c.eml', mail(2019, 'c'), { leased: true }), stored('d.eml', mail(2019, 'd')),
    stored('e.eml', mail(2019, 'e1'), { versionId: '2021-01-01T00:00:00.0000000Z', legalHold: true }),
    stored('e.eml', mail(2019, 'e2'), { versionId: '2022-01-01T00:00:00.0000000Z', current: true }) ] }, { versioning: true }));
  const told = apply(4);
  assert.deepEqual([told.left, told.failed], [4, 0]);
  const reason = (object) => told.residuals.find((each) => each.object === object).reason;
  assert.match(reason('a.eml'), /BlobImmutableDueToLegalHold/);
  assert.match(reason('b.eml'), /BlobImmutableDueToPolicy/);
  assert.match(reason('c.eml'), /LeaseIdMissing/);
  assert.deepEqual(rows(certificate(told.certificate, flags)).filter(([object]) => object > 'd'),
    [['d.eml', '', 'survives'], ['e.eml', '', 'destroyed'], ['e.eml', '2022', 'destroyed'], ['e.eml', '2021', 'left']]);
  /* It was stored before versions were kept: only its deletion made it one, which nobody could plan. The next plan has it. */
  assert.match(reason('d.eml'), /same contents are listed as a version/);
  assert.ok(again().steps.some(({ object, version }) => object === 'd.eml' && version));
  const second = apply(4);
  assert.ok(second.residuals.every(({ object }) => object !== 'd.eml'));
});

test('throttled, refused in part, broken off and unanswered: it goes on, and is done once', async (t) => {
  const blobs = Array.from({ length: 600 }, (_, i) => stored(`${i % 2 ? 'new' : 'old'}/${i}.eml`, mail(i % 2 ? 2026 : 2019, `p${i}`)));
  const { apply, flags, writes, made } = await setUp(t, account({ blobs, faults: [
    { on: 'delete', match: 'old/100', error: 'ServerBusy', times: 2 }, { on: 'batch', error: 'ServerBusy', retryAfter: 0, times: 1 },
    { on: 'batch', after: 1, times: 1, lost: true }, { on: 'delete', match: 'old/400', times: 1, reset: 0 } ] }));
  assert.equal(made.steps.length, 300);
  let told = apply();
  assert.deepEqual([told.done, told.left, told.failed, told.residuals.length], [300, 0, 0, 0]);
  assert.equal(certificate(told.certificate, flags).totals.destroyed, 300);
  assert.ok((await writes()).every(({ path: place }) => !place.includes('/new/')), 'nothing else was touched');
  told = apply();
  assert.equal(told.done, 300);
});

test('what cannot be listed again is not called destroyed', async (t) => {
  const blobs = [stored('old.eml', mail(2019, 'a'))];
  const { apply, flags } = await setUp(t, account({ blobs, faults: [{ on: 'list', after: 2, error: 'AuthorizationFailure' }] }));
  const told = apply(4);
  assert.equal(told.done, 1);
  const proved = certificate(told.certificate, flags);
  assert.deepEqual(rows(proved), [['old.eml', '', 'survives']]);
  assert.ok(proved.does_not_prove.some((limit) => /could not be listed again/.test(limit)));
});

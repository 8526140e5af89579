// SPDX-License-Identifier: Apache-2.0
// A tidemark-act that was taken over: standin-act under its name, which says that all was done and sends nothing. Nothing is closed
// and nothing destroyed on its word: strangers are asked by tidemark-fetch, and what is there is listed by it. On the labelled fake.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { answer, fakeAzure, holds, scratch, sideBySide, tidemark } from './house.mjs';
import { takenOver } from './hostile-kit.mjs';
import { certificate, mail, makePlan } from './retain-kit.mjs';

const test = sideBySide(3);
const key = Buffer.alloc(32, 5).toString('base64');

/* What is believed as far as it goes: the step counts as done, or left; what it comes to is looked at by others. */
const believed = { lie: 'done', wasso: 'done', requests: 'done', words: 'done', absent: 'left' };
/* What breaks the protocol, or brings nothing: the steps stay under way. */
const lost = ['number', 'permit', 'result', 'status', 'answers', 'die', 'mute', 'ready', 'descriptor'];
/* Each tells the truth of one step alone: of a batch of several it is found out. */
const ofBatches = ['backwards', 'first'];

async function setUp(t, containers, scenario = {}) {
  const folder = scratch(t), fake = await fakeAzure(t, { accounts: { acme: { key, ...scenario, containers } } });
  const account = `127.0.0.1:${fake.port}/acme`, target = `az+http://${account}/store`;
  const env = { AZURE_STORAGE_ACCOUNT: account, AZURE_STORAGE_KEY: key };
  const flags = ['--catalog', path.join(folder, 'catalog'), '--operator', 'anna', '--patience', '2', '--rate', '10000'];
  return { folder, fake, target, env, flags, catalog: flags.slice(0, 2), plan: path.join(folder, 'plan.json'),
    writes: async () => (await fake.journal()).filter(({ method, path: place }) => ['DELETE', 'POST', 'PUT'].includes(method) && !place.startsWith('/__')) };
}

function assertTame({ code, err, out }) {
  assert.equal(code, 4, err);
  assert.doesNotMatch(err + out, /[\x00-\x09\x0b-\x1f\x7f-\x9f]/, 'nothing raw');
}

/* ---- close ---- */

async function closes(t, mode, beside = {}, which = 'store', planner = undefined) {
  const store = { public: 'container', blobs: [{ name: 'a.txt', text: 'a letter to bob@contoso.com' }] };
  const at = await setUp(t, { store, ...beside });
  const { plan, env, flags, target } = at;
  answer('sweep', ['sweep', target, '--anonymous', ...flags]);
  answer('close-plan', ['close', 'plan', target.replace('store', which), '-o', plan, ...flags], { env, ...(planner && { from: takenOver(t, 'act', planner) }) });
  const apply = () => tidemark(['close', 'apply', plan, '--ticket', 'T', '--format', 'json', ...flags], { env, from: takenOver(t, 'act', mode) });
  return { ...at, apply };
}

for (const mode of [...Object.keys(believed), ...lost, 'flood', 'failed', ...ofBatches])
  test(`close: never closed on its word: ${mode}`, async (t) => {
    const { apply, writes, flags, catalog, env, plan } = await closes(t, mode);
    const run = apply();
    /* Who is refused before it begins tells why, as of any target that cannot be acted on. */
    if (mode === 'failed') assert.equal(run.code, 1, run.err);
    else {
      assertTame(run);
      const told = holds('close-apply', JSON.parse(run.out));
      assert.ok(told.proofs.every(({ closed }) => closed !== true), JSON.stringify(told.proofs));
      assert.equal(told.steps[0].state, believed[mode] ?? (lost.includes(mode) ? 'under_way' : 'done'));
      if (lost.includes(mode)) assert.match(told.steps[0].reason, /broke the protocol|ended unexpectedly|was silent/);
    }
    assert.deepEqual(await writes(), []);
    assert.equal(answer('containers', ['containers', ...catalog]).containers[0].exposed.closed_at, null);
    assert.equal(answer('catalog-verify', ['catalog', 'verify', ...catalog]).intact, true);
    /* An honest one goes on where that one had nothing to say; what it claimed to have done it is not asked for again. */
    if (lost.includes(mode))
      assert.equal(answer('close-apply', ['close', 'apply', plan, '--ticket', 'T', ...flags], { env }).proofs[0].closed, true);
  });

test('close: a firewall that refused strangers all along proves nothing, whatever the owner\'s view is said to be', async (t) => {
  const faults = [{ on: ['list', 'properties', 'get', 'head'], error: 'AuthorizationFailure' }];
  const { apply } = await closes(t, 'lie', { walled: { public: 'container', faults } }, 'walled', 'open');
  const run = apply();
  assertTame(run);
  const { proofs: [proof] } = holds('close-apply', JSON.parse(run.out));
  assert.equal(proof.closed, null);
  assert.match(proof.why, /firewall refuses strangers here/);
});

/* ---- retain ---- */

const stored = (name, text, more = {}) => ({ name, text, contentType: 'message/rfc822', ...more });
const blobs = [stored('old-1.eml', mail(2019, 'a')), stored('old-2.eml', mail(2018, 'b')), stored('new.eml', mail(2026, 'c'))];

async function retains(t, mode, { container = {}, ...scenario } = {}) {
  const at = await setUp(t, { store: { blobs, ...container } }, scenario);
  const { folder, flags, env, plan, target } = at, policy = path.join(folder, 'policy.yaml');
  writeFileSync(policy, 'rules: [{name: old, match: {path: "**", age: {by: dated, over: 24mo}}, action: delete}]\nundo_days: 0\n');
  answer('sweep', ['sweep', target, ...flags], { env });
  makePlan(policy, plan, flags, { env });
  return { ...at, args: ['retain', 'apply', plan, '--ticket', 'T', ...flags], from: takenOver(t, 'act', mode) };
}

for (const mode of [...Object.keys(believed), ...lost, 'flood', ...ofBatches])
  test(`retain: never destroyed on its word: ${mode}`, async (t) => {
    const { args, from, writes, catalog, env } = await retains(t, mode);
    const run = tidemark([...args, '--format', 'json'], { env, from });
    assertTame(run);
    const told = holds('retain-apply', JSON.parse(run.out));
    const proved = certificate(told.certificate, catalog);
    assert.equal(proved.totals.destroyed, 0, JSON.stringify(proved.objects));
    assert.deepEqual(proved.objects.map(({ object }) => object).sort(), ['old-1.eml', 'old-2.eml']);
    assert.deepEqual(told.residuals.length, 2);
    assert.deepEqual(await writes(), []);
    assert.equal(answer('catalog-verify', ['catalog', 'verify', ...catalog]).intact, true);
  });

test('retain: what is kept for its days survives, whatever it says of the account', async (t) => {
  const { args, catalog, env, from } = await retains(t, 'lie', { softDelete: 14 });
  const honest = answer('retain-apply', args, { env, code: 4 });
  assert.equal(honest.done, 2);
  const again = JSON.parse(tidemark([...args, '--format', 'json'], { env, from }).out);
  const proved = certificate(again.certificate, catalog);
  assert.deepEqual([proved.totals.destroyed, proved.totals.survives], [0, 2], JSON.stringify(proved.objects));
});

test('retain: where what is soft-deleted cannot be listed, its word that there is none proves nothing', async (t) => {
  const refused = { on: 'list', query: 'include=[^&]*deleted', error: 'InvalidQueryParameterValue' };
  const { args, catalog, env, from } = await retains(t, 'lie', { container: { faults: [refused] }, softDelete: 14 });
  assert.equal(answer('retain-apply', args, { env, code: 4 }).done, 2);
  const told = JSON.parse(tidemark([...args, '--format', 'json'], { env, from }).out);
  const proved = certificate(told.certificate, catalog);
  assert.deepEqual([proved.totals.destroyed, proved.totals.survives], [0, 2], JSON.stringify(proved.objects));
  assert.ok(proved.objects.every(({ reason }) => /soft-deleted could not be listed/.test(reason)), JSON.stringify(proved.objects));
});

// SPDX-License-Identifier: Apache-2.0
// close: what stands open is planned, shut, proved from outside and opened again; what must not be done is refused.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { answer, azurite, exited, fakeAzure, holds, plant, root, scratch, start, tidemark } from './house.mjs';

/** The same numbers for the same seed, from 0 up to 1. */
function seeded(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const moment = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

async function until(holdsNow) {
  while (!await holdsNow()) await moment(5);
}

/** A process of ours by name: child itself, or the one of its children that is called so; none is none. */
function killOne(child, name) {
  if (name === 'tidemark') return child.kill('SIGKILL');
  const children = () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').filter(Boolean);
  try {
    for (const pid of children())
      if (readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === name) process.kill(Number(pid), 'SIGKILL');
  } catch { /* it has ended */ }
  return true;
}

/* ---- a real server ---- */

test('a real Azurite: closed, proved by refusals alone, opened as it was', (t) => {
  const folder = scratch(t), server = azurite(t);
  plant(folder, { 'files/a.txt': 'a letter to bob@contoso.com\n' });
  server.upload(path.join(folder, 'files'), 'open', 'container');
  const target = `${server.endpoint}/open`, plan = path.join(folder, 'close.json');
  const flags = ['--catalog', path.join(folder, 'catalog'), '--patience', '10'];
  const env = { AZURE_STORAGE_ACCOUNT: server.account, AZURE_STORAGE_KEY: server.key };
  answer('sweep', ['sweep', target, ...flags]);
  const planned = answer('close-plan', ['close', 'plan', target, '-o', plan, ...flags], { env });
  assert.deepEqual(planned.steps.map(({ action, state }) => [action, state]), [['close-container', 'planned']]);
  assert.equal(planned.blast.containers[0].objects, 1);
  holds('close-plan', JSON.parse(readFileSync(plan, 'utf8')));
  const applied = answer('close-apply', ['close', 'apply', plan, '--ticket', 'T-1', ...flags], { env });
  assert.deepEqual([applied.done, applied.left, applied.failed], [1, 0, 0]);
  assert.deepEqual([applied.proofs[0].closed, applied.proofs[0].recorded], [true, true]);
  const { containers } = answer('containers', ['containers', ...flags]);
  assert.ok(containers[0].exposed.closed_at);
  const probed = JSON.parse(tidemark(['probe', target, '--format', 'json', ...flags]).out);
  assert.equal(probed.targets[0].anonymous.list, false);
  const again = answer('close-apply', ['close', 'apply', plan, '--ticket', 'T-1', ...flags], { env });
  assert.deepEqual([again.done, again.steps[0].state], [1, 'done']);
  const undone = answer('close-apply', ['close', 'undo', plan, '--ticket', 'T-2', ...flags], { env });
  assert.deepEqual([undone.undone, undone.steps[0].state], [1, 'undone']);
  assert.equal(tidemark(['probe', target, ...flags]).code, 3);
  const entries = JSON.parse(tidemark(['journal', 'show', '--verb', 'close', '--format', 'json', ...flags]).out).entries;
  assert.deepEqual(entries.map(({ verb }) => verb).reverse(),
    ['close plan', 'close apply', 'close applied', 'close apply', 'close applied', 'close undo', 'close undone']);
  assert.ok(entries.every(({ detail }) => !JSON.stringify(detail).includes(server.key)));
});

/* ---- the labelled fake: what Azurite does not do ---- */

const KEY = Buffer.from('a key of the tests, of no account').toString('base64');
const POLICIES = '<SignedIdentifiers><SignedIdentifier><Id>partners</Id><AccessPolicy><Permission>r</Permission></AccessPolicy></SignedIdentifier></SignedIdentifiers>';
const owner = { AZURE_STORAGE_ACCOUNT: 'acme', AZURE_STORAGE_KEY: KEY };
const blobs = [{ name: 'a.txt', text: 'a letter to bob@contoso.com' }];
const open = (more = {}) => ({ public: 'container', blobs, ...more });

/** A fake whose containers were swept, and how to ask tidemark about them. */
async function house(t, containers, { account = {}, ...scenario } = {}) {
  const folder = scratch(t);
  const { port, journal } = await fakeAzure(t, { ...scenario, accounts: { acme: { key: KEY, ...account, containers } } });
  const target = (name) => `az+http://127.0.0.1:${port}/acme/${name}`;
  const catalog = ['--catalog', path.join(folder, 'catalog')], flags = [...catalog, '--patience', '6', '--rate', '10000'];
  const plan = path.join(folder, 'close.json');
  const first = Object.keys(containers).find((name) => containers[name].public === 'container');
  answer('sweep', ['sweep', target(first), '--anonymous', ...flags]);
  return {
    folder, catalog, flags, plan, target, journal,
    plans: (names, options = {}) => answer('close-plan', ['close', 'plan', ...names.map(target), '-o', plan, ...(options.more ?? []), ...flags],
      { env: owner, ...options }),
    applies: (options = {}) => answer('close-apply', ['close', 'apply', plan, '--ticket', 'T-1', ...flags], { env: owner, ...options }),
    undoes: (options = {}) => answer('close-apply', ['close', 'undo', plan, '--ticket', 'T-1', ...flags], { env: owner, ...options }),
    probes: (name) => JSON.parse(tidemark(['probe', target(name), '--format', 'json', ...flags]).out).targets[0],
    writes: async () => (await journal()).filter(({ method }) => method === 'PUT').map(({ path: where, query }) => `${where} ${query.comp}`),
    misbehave: (name, faults) => fetch(`http://127.0.0.1:${port}/__faults?container=acme/${name}`, { method: 'PUT', body: JSON.stringify(faults) }),
    /** As the owner sees it. */
    looks: async (name) => {
      const again = answer('close-plan', ['close', 'plan', target(name), '-o', path.join(folder, 'look.json'), ...flags], { env: owner });
      return again.blast.doors.find(({ door }) => door === 'container').open;
    },
  };
}

test('stored access policies stay, and a container that was leased is closed all the same', async (t) => {
  const at = await house(t, { open: open({ policies: POLICIES, leased: true }), beside: open() });
  at.plans(['open']);
  const { done, proofs: [proof] } = at.applies();
  assert.deepEqual([done, proof.closed, proof.verdict], [1, true, 'private-or-absent']);
  assert.ok(proof.evidence.filter(({ url }) => !url.includes('comp=acl')).every(({ status, code }) => status === 401 && code === 'NoAuthenticationInformation'));
  assert.deepEqual(await at.writes(), ['/acme/open acl']);
  assert.equal(at.probes('beside').verdict, 'listable');
  const { steps: [step] } = at.undoes();
  assert.equal(step.state, 'undone');
  assert.equal(at.probes('open').verdict, 'listable');
});

test('a level of blobs alone is closed, and what is private needs nothing', async (t) => {
  const at = await house(t, { open: open(), known: { public: 'blob', blobs }, closed: { blobs } });
  const { steps, blast } = at.plans(['known', 'closed']);
  assert.deepEqual(steps.map(({ target, action }) => [target, action]), [[at.target('known'), 'close-container']]);
  assert.deepEqual(blast.doors.filter(({ door }) => door === 'container').map(({ open: is }) => is), [true, false]);
  const { proofs: [proof] } = at.applies();
  assert.equal(proof.closed, true);
  at.plans(['closed']);
  const { done, steps: none } = at.applies();
  assert.deepEqual([done, none], [0, []]);
});

test('a static site is shut at the account and comes back as it was', async (t) => {
  const page = [{ name: 'index.html', text: '<h1>Contoso</h1>', contentType: 'text/html' }];
  const at = await house(t, { open: open(), $web: { blobs: page } }, { account: { web: { index: 'index.html', notFound: '404.html' } } });
  const planned = at.plans(['$web']);
  assert.deepEqual(planned.steps.map(({ action }) => action), ['close-site']);
  const beside = at.plans(['open']).blast.doors.find(({ door }) => door === 'static_site');
  assert.deepEqual([beside.open, beside.planned], [true, false]);
  at.plans(['$web']);
  const { proofs: [proof] } = at.applies();
  assert.deepEqual([proof.door, proof.closed], ['static_site', true]);
  const site = () => fetch(at.target('').replace('az+', '').replace('/acme/', '/acme-web/')).then(({ status }) => status);
  assert.equal(await site(), 404);
  at.undoes();
  assert.equal(await site(), 200);
});

test('refused, and nothing sent: no credentials, another account, an edited plan, another catalog, a second kind of plan', async (t) => {
  const at = await house(t, { open: open() });
  const refused = (args, env, words) => {
    const { code, err } = tidemark([...args, ...at.flags], { env });
    assert.equal(code, 1, err);
    assert.match(err, words);
  };
  refused(['close', 'plan', at.target('open'), '-o', at.plan], {}, /no credentials/);
  refused(['close', 'plan', at.target('open'), '-o', at.plan], { ...owner, AZURE_STORAGE_ACCOUNT: 'other' }, /of the account other/);
  at.plans(['open']);
  refused(['close', 'apply', at.plan], {}, /no credentials/);
  refused(['close', 'apply', at.plan], { ...owner, AZURE_STORAGE_ACCOUNT: 'other' }, /of the account other/);
  const written = readFileSync(at.plan, 'utf8');
  writeFileSync(at.plan, written.replace('/acme/open', '/acme/shut'));
  refused(['close', 'apply', at.plan], owner, /edited/);
  writeFileSync(at.plan, JSON.stringify(JSON.parse(written)));
  refused(['close', 'apply', at.plan], owner, /edited/);
  writeFileSync(at.plan, written);
  const other = await house(t, { open: open() });
  const { code, err } = tidemark(['close', 'apply', at.plan, ...other.flags], { env: owner });
  assert.deepEqual([code, /another catalog/.test(err)], [1, true], err);
  refused(['close', 'apply', path.join(at.folder, 'none.json')], owner, /cannot be opened/);
  writeFileSync(path.join(at.folder, 'scope.yaml'), `deny: ['${at.target('open')}']\n`);
  assert.equal(tidemark(['close', 'apply', at.plan, '--scope', path.join(at.folder, 'scope.yaml'), ...at.flags], { env: owner }).code, 2);
  assert.deepEqual(await at.writes(), []);
  assert.equal(tidemark(['close', 'plan', at.target('open'), ...at.flags], { env: owner }).code, 2);
});

test('a wrong key and a signature that may not are told as such', async (t) => {
  const sas = 'sv=2022-11-02&ss=b&srt=sco&sp=rl&se=2099-01-01T00:00:00Z&sig=AAAA';
  const at = await house(t, { open: open() }, { account: { sas: [sas] } });
  const wrong = tidemark(['close', 'plan', at.target('open'), '-o', at.plan, ...at.flags],
    { env: { ...owner, AZURE_STORAGE_KEY: Buffer.from('not the key').toString('base64') } });
  assert.deepEqual([wrong.code, /AuthenticationFailed/.test(wrong.err)], [1, true], wrong.err);
  at.plans(['open']);
  const may = at.applies({ code: 4, env: { AZURE_STORAGE_ACCOUNT: 'acme', AZURE_STORAGE_SAS_TOKEN: sas } });
  assert.deepEqual([may.failed, may.proofs], [1, []]);
  assert.match(may.steps[0].reason, /credential may not/);
  assert.equal(at.probes('open').verdict, 'listable');
  assert.equal(at.applies().done, 1);
});

test('what was changed since it was planned is left and reported', async (t) => {
  const at = await house(t, { open: open() });
  at.plans(['open']);
  at.applies();
  at.undoes();
  const { left, steps: [step] } = at.applies({ code: 4 });
  assert.deepEqual([left, step.state], [1, 'left']);
  assert.match(step.reason, /changed since/);
});

test('a change that nobody answered is looked at and not repeated; throttling is obeyed', async (t) => {
  const at = await house(t, {
    open: open({ faults: [{ on: 'set-acl', times: 1, lost: true }] }),
    slow: open({ faults: [{ on: 'set-acl', times: 2, error: 'ServerBusy', retryAfter: 1 }] }),
    broken: open({ faults: [{ on: 'set-acl', times: 1, error: 'InternalError' }] }),
  });
  at.plans(['open', 'slow', 'broken']);
  const { done, steps } = at.applies();
  assert.deepEqual([done, steps.map(({ state }) => state)], [3, ['done', 'done', 'done']]);
  assert.deepEqual((await at.writes()).toSorted?.() ?? (await at.writes()).sort(), ['/acme/broken acl', '/acme/broken acl', '/acme/open acl', '/acme/slow acl', '/acme/slow acl', '/acme/slow acl']);
});

test('two at once: one of them acts, the other is told who', async (t) => {
  const at = await house(t, { open: open({ faults: [{ on: 'set-acl', times: 1, error: 'ServerBusy', retryAfter: 2 }] }) });
  at.plans(['open']);
  const first = start(['close', 'apply', at.plan, ...at.flags], { env: owner });
  await until(async () => (await at.writes()).length > 0);
  const second = tidemark(['close', 'apply', at.plan, ...at.flags], { env: owner });
  assert.deepEqual([second.code, /carries out a plan/.test(second.err)], [1, true], second.err);
  assert.equal(await exited(first), 0);
});

/* ---- proof ---- */

test('a change that spreads slowly is waited for', async (t) => {
  const at = await house(t, { open: open({ lag: 11 }) });
  at.plans(['open']);
  const { proofs: [proof] } = at.applies();
  assert.equal(proof.closed, true);
  assert.ok(proof.probes > 3, String(proof.probes));
});

test('one that does not spread within patience is not closed', async (t) => {
  const at = await house(t, { open: open({ lag: 1e9 }) });
  at.plans(['open']);
  const { done, proofs: [proof] } = at.applies({ code: 4 });
  assert.deepEqual([done, proof.closed, proof.why], [1, false, 'a stranger still gets in']);
  const { containers } = answer('containers', ['containers', ...at.catalog]);
  assert.equal(containers[0].exposed.closed_at, null);
});

test('interrupted while it waits for the proof: told how far it came, and gone on with', async (t) => {
  const at = await house(t, { open: open({ lag: 20 }) });
  at.plans(['open']);
  const child = start(['close', 'apply', at.plan, '--format', 'json', ...at.flags, '--patience', '60'], { env: owner });
  await until(async () => (await at.writes()).length > 0 && (await at.journal()).slice(-4).every(({ authorization }) => !authorization));
  child.kill('SIGINT');
  assert.equal(await exited(child), 130);
  const { done, proofs: [proof] } = at.applies();
  assert.deepEqual([done, proof.closed], [1, true]);
});

/* Strangers still get in; what answers them is a mixture. Whatever it is, nothing of it is a proof. The owner is answered well. */
test('false "closed": none, of open containers behind refusals, silence and resets at random', async (t) => {
  const refusals = [{ error: 'NoAuthenticationInformation' }, { error: 'ResourceNotFound' }, { error: 'AuthorizationFailure' },
    { error: 'PublicAccessNotPermitted' }];
  const others = [{ error: 'ServerBusy' }, { error: 'OperationTimedOut' }, { reset: 0 }, { truncate: 3 }, {}];
  const at = await house(t, { swept: open(), open: open({ lag: 1e9 }) });
  const rounds = Number(process.env.TIDEMARK_ROUNDS ?? 6);
  at.plans(['open']);
  let refused = 0;
  for (let round = 0; round < rounds; round++) {
    const oneOf = [...refusals, ...refusals, ...others.slice(0, 1 + round % others.length)];
    await at.misbehave('open', [{ on: ['list', 'properties', 'get', 'head'], oneOf, seed: 14 + round }]);
    const result = tidemark(['close', 'apply', at.plan, '--format', 'json', ...at.flags, '--patience', '3'], { env: owner });
    const { proofs: [proof] } = holds('close-apply', JSON.parse(result.out));
    assert.notEqual(proof.closed, true, JSON.stringify({ round, oneOf, proof }));
    assert.equal(result.code, 4);
    refused += proof.verdict === 'private-or-absent' || proof.verdict === 'account-off';
  }
  assert.ok(refused > rounds / 4, `only ${refused} of ${rounds} were refused in the end: the mixture tempts nobody`);
});

/* ---- by an identity: a conversation made by documentation (fake-azure/manager.mjs), not recorded from Azure ---- */

async function manager(t, workerData = {}) {
  const worker = new Worker(path.join(root, 'tests/fake-azure/manager.mjs'), { workerData });
  t.after(() => worker.terminate());
  const [{ port }] = await once(worker, 'message');
  return { url: `http://127.0.0.1:${port}`, state: async () => (await fetch(`http://127.0.0.1:${port}/__state`)).json() };
}

const client = (url) => ({ ...owner, AZURE_TENANT_ID: 'tenant-1', AZURE_CLIENT_ID: 'client-1', AZURE_CLIENT_SECRET: 'a secret of the tests',
  AZURE_SUBSCRIPTION_ID: '11111111-2222-3333-4444-555555555555', AZURE_AUTHORITY_HOST: url, AZURE_RESOURCE_MANAGER: `${url}/` });

test('an account is shut through Resource Manager where that is asked for, and let again', async (t) => {
  const at = await house(t, { open: open() });
  const { state, url } = await manager(t, { lost: 1, tokenUses: 5 });
  const env = client(url);
  const beside = at.plans(['open'], { env }).blast.doors.find(({ door }) => door === 'account');
  assert.deepEqual([beside.open, beside.planned], [true, false]);
  const { steps } = at.plans(['open'], { env, more: ['--account'] });
  assert.deepEqual(steps.map(({ action }) => action), ['close-container', 'close-account']);
  const { done } = at.applies({ env });
  assert.deepEqual([done, (await state()).allows], [2, false]);
  assert.equal((await state()).asked.filter((line) => line.startsWith('PATCH')).length, 1, 'one that was not answered was seen to be done');
  at.undoes({ env });
  assert.equal((await state()).allows, true);
  const log = readFileSync(at.plan, 'utf8') + JSON.stringify(tidemark(['journal', 'show', ...at.catalog]).out);
  assert.ok(!log.includes('a secret of the tests') && !log.includes('token-'));
});

test('a managed identity is asked for where the machine has one, and a wrong secret is told', async (t) => {
  const at = await house(t, { open: open() });
  const { state, url } = await manager(t);
  const { AZURE_CLIENT_SECRET: _, ...rest } = client(url);
  const env = { ...rest, AZURE_CLIENT_ID: '', IDENTITY_ENDPOINT: `${url}/msi/token`, IDENTITY_HEADER: 'of the machine' };
  at.plans(['open'], { env, more: ['--account'] });
  at.applies({ env });
  assert.equal((await state()).allows, false);
  const wrong = at.plans(['open'], { env: { ...client(url), AZURE_CLIENT_SECRET: 'wrong' } }).blast.doors.find(({ door }) => door === 'account');
  assert.deepEqual([wrong.open, /invalid_client/.test(wrong.how)], [null, true], wrong.how);
  const plain = tidemark(['close', 'plan', at.target('open'), '-o', at.plan, ...at.flags],
    { env: { ...client(url), AZURE_AUTHORITY_HOST: 'http://login.contoso.com' } });
  assert.deepEqual([plain.code !== 0, /https/.test(plain.err)], [true, true], plain.err);
});

test('with nothing but an identity the container itself is shut by a token, and another is fetched where one has run out', async (t) => {
  const folder = scratch(t), { url, state } = await manager(t);
  const bearer = '^token-\\d+-https://storage.azure.com/.default$';
  const { port, journal } = await fakeAzure(t, { accounts: { acme: { bearer, bearerUses: 2, containers: { open: open({ policies: POLICIES }) } },
    closed: { containers: { open: open() } } } });
  const flags = ['--catalog', path.join(folder, 'catalog'), '--patience', '6', '--rate', '10000'], plan = path.join(folder, 'close.json');
  const target = (account) => `az+http://127.0.0.1:${port}/${account}/open`;
  const { AZURE_STORAGE_ACCOUNT: _, AZURE_STORAGE_KEY: __, ...env } = client(url);
  answer('sweep', ['sweep', target('acme'), '--anonymous', ...flags]);
  answer('close-plan', ['close', 'plan', target('acme'), '-o', plan, ...flags], { env });
  const { done, proofs: [proof] } = answer('close-apply', ['close', 'apply', plan, '--ticket', 'T', ...flags], { env });
  assert.deepEqual([done, proof.closed], [1, true]);
  const fetched = (await state()).asked.filter((line) => line.endsWith('/token')).length;
  assert.ok(fetched > 3, `${fetched} tokens`);
  const told = await journal();
  assert.ok(told.some(({ method, authorization, status }) => method === 'PUT' && authorization && status === 200));
  assert.ok(told.some(({ authorization, status }) => authorization && status === 401), 'one had run out');
  assert.ok(!(readFileSync(plan, 'utf8') + JSON.stringify(told)).includes('token-'));
  /* A token that the account does not take is refused, and told so. */
  const other = tidemark(['close', 'plan', target('closed'), '-o', plan, ...flags], { env });
  assert.deepEqual([other.code, /InvalidAuthenticationInfo/.test(other.err)], [1, true], other.err);
});

/* ---- killed ---- */

test('killed at seeded moments, whichever program: the next run finishes, and nothing beside the plan is touched', async (t) => {
  const names = ['con1', 'con2', 'con3', 'con4', 'con5'];
  const random = seeded(1914);
  const rounds = Number(process.env.TIDEMARK_KILLS ?? 10);
  const at = await house(t, Object.fromEntries([...names, 'beside'].map((name) => [name, open()])));
  for (let round = 0; round < rounds; round++) {
    at.plans(names);
    const began = (await at.writes()).length;
    const child = start(['close', 'apply', at.plan, ...at.flags, '--patience', '3'], { env: owner });
    const victim = round % 2 === 0 ? 'tidemark' : 'tidemark-act', wanted = Math.floor(random() * 120);
    await Promise.race([exited(child), moment(wanted).then(() => killOne(child, victim))]);
    await exited(child);
    const { done, left, failed } = at.applies();
    assert.deepEqual([done, left, failed], [names.length, 0, 0], `round ${round}, ${victim} after ${wanted} ms`);
    for (const name of names) assert.equal(await at.looks(name), false, name);
    assert.equal(await at.looks('beside'), true);
    const written = (await at.writes()).slice(began);
    assert.ok(written.every((where) => names.some((name) => where === `/acme/${name} acl`)), String(written));
    at.undoes();
    for (const name of names) assert.equal(await at.looks(name), true, name);
  }
});

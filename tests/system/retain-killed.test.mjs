// SPDX-License-Identifier: Apache-2.0
// Killed at seeded moments, whichever of the programs, and run again: the plan is finished, nothing outside of it is touched,
// and what the certificate says is what the server has. TIDEMARK_KILLS=1000 for as many rounds; on the labelled fake.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { answer, exited, fakeAzure, sanitizer, scratch, start, tidemark } from './house.mjs';
import { certificate, mail, makePlan, ownerOf } from './retain-kit.mjs';

const key = Buffer.alloc(32, 9).toString('base64');
const rounds = Number(process.env.TIDEMARK_KILLS ?? (sanitizer ? 8 : 50));

function* numbers(seed) {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    yield state / 2 ** 32;
  }
}

/** 40 names: of each third one is new, each has an older version. */
function world(random) {
  const blobs = Array.from({ length: 40 }, (_, i) => {
    const name = `${i % 3 ? 'old' : 'new'}-${i}.eml`, year = i % 3 ? 2019 : 2026;
    return [{ name, text: mail(year, `v${i}`), versionId: '2021-01-01T00:00:00.0000000Z' },
      { name, text: mail(year, `w${i}`), versionId: '2022-01-01T00:00:00.0000000Z', current: true },
      ...(i % 4 === 1 ? [{ name, text: mail(year, `s${i}`), snapshot: '2021-06-01T00:00:00.0000000Z' }] : [])];
  }).flat();
  const faults = [['lost', true], ['error', 'ServerBusy'], ['reset', 0]].filter(() => random.next().value < 0.4)
    .map(([what, value]) => ({ on: ['batch', 'delete'], after: Math.floor(random.next().value * 6), times: 1, [what]: value, ...(what === 'error' ? { retryAfter: 0 } : {}) }));
  const soft = random.next().value < 0.5 ? { softDelete: 7, permanentDelete: random.next().value < 0.5 } : {};
  return { accounts: { acme: { key, versioning: true, ...soft, containers: { store: { blobs, faults } } } } };
}

const programs = (pid) => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean)
  .map((child) => ({ pid: Number(child), name: readFileSync(`/proc/${child}/comm`, 'utf8').trim() }));

/** Ends tidemark, or one of its programs, so many milliseconds after it began. */
async function cutShort(args, env, wait, whom) {
  const child = start(args, { env });
  const timer = setTimeout(() => {
    try {
      const found = whom === 'tidemark' ? { pid: child.pid } : programs(child.pid).find(({ name }) => name === whom);
      if (found) process.kill(found.pid, 'SIGKILL');
    } catch { /* it had ended */ }
  }, wait);
  const end = await exited(child);
  clearTimeout(timer);
  return end;
}

test('killed at any moment and run again, certificate and reality agree', async (t) => {
  const random = numbers(4711), folder = scratch(t);
  let kills = 0;
  for (let round = 0; round < rounds; round++) {
    const fake = await fakeAzure(t, world(random)), about = `round ${round}`;
    const env = { AZURE_STORAGE_ACCOUNT: `127.0.0.1:${fake.port}/acme`, AZURE_STORAGE_KEY: key };
    const flags = ['--catalog', path.join(folder, `catalog-${round}`), '--operator', 'anna', '--patience', '5'];
    const policy = path.join(folder, 'policy.yaml'), plan = path.join(folder, `plan-${round}.json`);
    writeFileSync(policy, 'rules: [{name: old, match: {path: "**", age: {by: dated, over: 24mo}}, action: delete}]\n');
    answer('sweep', ['sweep', `az+http://127.0.0.1:${fake.port}/acme/store`, ...flags], { env });
    const made = makePlan(policy, plan, flags, { env });
    const apply = ['retain', 'apply', plan, '--ticket', 'T', ...flags];
    for (let life = 0; life < 3; life++) {
      const whom = ['tidemark', 'tidemark-act', 'tidemark-fetch'][Math.floor(random.next().value * 3)];
      kills += await cutShort(apply, env, random.next().value * (sanitizer ? 1500 : 150), whom) === 'SIGKILL';
    }
    const result = tidemark([...apply, '--format', 'json'], { env });
    assert.ok([0, 4].includes(result.code), `${about}: ${result.err}`);
    const told = JSON.parse(result.out);
    assert.equal(told.done, made.steps.length, about);
    const proved = certificate(told.certificate, flags);
    const owner = ownerOf({ account: 'acme', key, url: `http://127.0.0.1:${fake.port}/acme` });
    const listing = (await owner('GET', 'store', { query: { restype: 'container', comp: 'list', include: 'deleted,snapshots,versions' } })).text;
    const there = new Map([...listing.matchAll(/<Blob>(.*?)<\/Blob>/gs)].map(([, blob]) => {
      const value = (name) => new RegExp(`<${name}>(.*?)</${name}>`).exec(blob)?.[1];
      return [`${value('Name')} ${value('IsCurrentVersion') ? '' : value('Snapshot') ?? value('VersionId') ?? ''}`, value('Deleted') === 'true'];
    }));
    for (const row of proved.objects) {
      const place = `${row.object} ${row.version}`, isThere = there.has(place);
      if (row.version) assert.equal(row.state === 'destroyed', !isThere, `${about}: ${place} is ${row.state}`);
      assert.notEqual(row.state, 'left', `${about}: ${place}`);
    }
    const kept = [...there.keys()].filter((place) => place.startsWith('new-'));
    assert.equal(kept.length, 14 * 2 + [...Array(40).keys()].filter((i) => i % 3 === 0 && i % 4 === 1).length, about);
    const outside = (await fake.journal()).filter(({ method, path: place }) => ['DELETE', 'PUT'].includes(method) && place.includes('/new-'));
    assert.deepEqual(outside, [], about);
  }
  t.diagnostic(`${kills} kills of tidemark that met it alive, in ${rounds} rounds`);
  /* Most find it over already: how many meet it depends on the machine. */
  assert.ok(kills > 0);
});

test('two operators at once do no harm', async (t) => {
  const folder = scratch(t), fake = await fakeAzure(t, world(numbers(1)));
  const env = { AZURE_STORAGE_ACCOUNT: `127.0.0.1:${fake.port}/acme`, AZURE_STORAGE_KEY: key };
  const flags = ['--catalog', path.join(folder, 'catalog'), '--patience', '5'];
  const policy = path.join(folder, 'policy.yaml'), plan = path.join(folder, 'plan.json');
  writeFileSync(policy, 'rules: [{name: old, match: {path: "**", age: {by: dated, over: 24mo}}, action: delete}]\n');
  answer('sweep', ['sweep', `az+http://127.0.0.1:${fake.port}/acme/store`, ...flags], { env });
  const made = makePlan(policy, plan, flags, { env });
  const apply = ['retain', 'apply', plan, '--ticket', 'T', ...flags];
  const ends = await Promise.all([1, 2, 3].map(() => exited(start(apply, { env }))));
  assert.ok(ends.some((end) => end === 0 || end === 4) && ends.every((end) => [0, 1, 4].includes(end)), String(ends));
  const told = JSON.parse(tidemark([...apply, '--format', 'json'], { env }).out);
  assert.deepEqual([told.done, told.left, told.failed], [made.steps.length, 0, 0]);
});

// SPDX-License-Identifier: Apache-2.0
// close: what stands open is planned, shut, proved from outside and opened again; what must not be done is refused.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answer, azurite, holds, plant, scratch, tidemark } from './house.mjs';

const named = (name) => `az://acme/${name}`;

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

// SPDX-License-Identifier: Apache-2.0
// A sample is no census: the ledger says what was drawn, from how many, and how far to trust it.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { answer, everyHit, plant, scratch, tidemark } from './house.mjs';

test('the ledger says what was drawn and from how many', (t) => {
  const folder = scratch(t);
  const flags = ['--catalog', path.join(folder, 'catalog')];
  const files = Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`letters/${i}.txt`, `from p${i}@contoso.com`]));
  const leak = plant(path.join(folder, 'leak'), { ...files, 'left/out.bin': 'x' });
  const sampling = (incident, ...args) => {
    answer('sweep', ['sweep', leak, '--include', '*.txt', '--incident', incident, ...args, ...flags]);
    return answer('scope', ['scope', '--incident', incident, ...flags]).sampling;
  };
  const by = sampling('count', '--sample', '40');
  assert.deepEqual([by.sample, by.population.objects, by.drawn.objects, by.share], ['40', 400, 40, 0.1]);
  assert.ok(by.margin > 0.14 && by.margin < 0.16);
  const share = sampling('share', '--sample', '25%');
  assert.deepEqual([share.sample, share.population.objects], ['25%', 400]);
  assert.equal(share.drawn.objects, everyHit('outcome:read', ['--incident', 'share', ...flags]).length);
  assert.ok(share.drawn.objects > 60 && share.drawn.objects < 140);
  assert.equal(sampling('all', '--sample', '1000').margin, 0);
  assert.equal(sampling('census'), null);
  assert.match(tidemark(['scope', '--incident', 'count', ...flags]).out, /40 of 400 objects were drawn/);
  assert.equal(sampling('count'), null, 'what was left out has been read since');
});

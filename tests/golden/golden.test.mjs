// SPDX-License-Identifier: Apache-2.0
// The one input of every FORMAT/CASE in, its documents out, compared with expected.jsonl beside it. After a change that is meant:
//   UPDATE=1 node --test tests/golden/golden.test.mjs, and read the diff.
// One process reads them all, one after the other, as a worker does; what is behind one that ended it is read singly.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const here = path.dirname(new URL(import.meta.url).pathname);
const reader = path.join(process.env.TIDEMARK_BUILD ?? path.join(here, '../../build'), 'tests/read-object');
const folders = (folder) => readdirSync(folder).filter((name) => statSync(path.join(folder, name)).isDirectory()).sort();

const cases = folders(here).flatMap((format) => folders(path.join(here, format)).map((name) => {
  const folder = path.join(here, format, name);
  const input = path.join(folder, readdirSync(folder).find((file) => file !== 'expected.jsonl'));
  return { title: `${format}: ${name}`, input, expected: path.join(folder, 'expected.jsonl') };
}));
const settings = { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 120000 };
const all = spawnSync(reader, cases.map(({ input }) => input), settings);
/* Each ends with an empty line: behind the last of them is nothing, or what an unfinished one left. */
const documents = all.stdout.split(/(?<=^|\n)\n/).slice(0, -1);

cases.forEach(({ title, input, expected }, i) => test(title, () => {
  const output = documents[i] ?? execFileSync(reader, [input], settings).slice(0, -1);
  if (process.env.UPDATE) writeFileSync(expected, output);
  assert.ok(existsSync(expected), `${expected} is missing; UPDATE=1 writes it`);
  assert.deepEqual(output.split('\n'), readFileSync(expected, 'utf8').split('\n'));
}));

test('one process reads them all and ends well', () => assert.equal(all.status, 0, all.stderr));

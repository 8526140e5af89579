// SPDX-License-Identifier: Apache-2.0
// The one input of every FORMAT/CASE in, its documents out, compared with expected.jsonl beside it. After a change that is meant:
//   UPDATE=1 node --test tests/golden/golden.test.mjs, and read the diff.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';

const here = path.dirname(new URL(import.meta.url).pathname);
const reader = path.join(process.env.TIDEMARK_BUILD ?? path.join(here, '../../build'), 'tests/read-object');
const folders = (folder) => readdirSync(folder).filter((name) => statSync(path.join(folder, name)).isDirectory()).sort();

for (const format of folders(here)) {
  for (const name of folders(path.join(here, format))) {
    const folder = path.join(here, format, name);
    const input = readdirSync(folder).find((file) => file !== 'expected.jsonl');
    test(`${format}: ${name}`, () => {
      const output = execFileSync(reader, [path.join(folder, input)], { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 60000 });
      const expected = path.join(folder, 'expected.jsonl');
      if (process.env.UPDATE) writeFileSync(expected, output);
      assert.ok(existsSync(expected), `${expected} is missing; UPDATE=1 writes it`);
      assert.deepEqual(output.split('\n'), readFileSync(expected, 'utf8').split('\n'));
    });
  }
}

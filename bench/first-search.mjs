// SPDX-License-Identifier: Apache-2.0
// script/bench first-search [FOLDER]: the first search of a new process, on a catalog of these files
// Wall time from start to end, median of 20. FOLDER is ../shared/corpus/dev unless given.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measured, median, root, tidemark } from './measure.mjs';

const corpus = path.resolve(process.argv[2] ?? path.join(root, '../shared/corpus/dev'));
if (!existsSync(corpus)) {
  console.log(`first-search: skipped: no ${corpus}; give a folder`);
  process.exit(0);
}
const queries = ['invoice', '"terms and conditions"', 'contract -draft', 'ext:pdf size:>100k', 'name:report', 'email:info@example.com', ''];

const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-bench-'));
try {
  const flags = ['--catalog', path.join(folder, 'catalog')];
  measured(tidemark, ['sweep', corpus, '--quiet', ...flags]);
  for (const query of queries) {
    const walls = Array.from({ length: 20 }, () => {
      const began = process.hrtime.bigint();
      const { status, stderr } = spawnSync(tidemark, ['search', query, '--format', 'json', ...flags], { maxBuffer: 1 << 28 });
      if (status !== 0) throw new Error(`search ${query}: exit ${status}: ${stderr}`);
      return Number(process.hrtime.bigint() - began) / 1e6;
    });
    console.log(`search '${query}': ${median(walls).toFixed(1)} ms (least ${Math.min(...walls).toFixed(1)}, most ${Math.max(...walls).toFixed(1)})`);
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

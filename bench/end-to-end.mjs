// SPDX-License-Identifier: Apache-2.0
// script/bench end-to-end [FOLDER [ROUNDS]]: a sweep, beside recollindex on the same files
// Alternating, each time from nothing. FOLDER is ../shared/corpus/dev unless given, ROUNDS 3.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { measured, median, root, tidemark } from './measure.mjs';

const corpus = path.resolve(process.argv[2] ?? path.join(root, '../shared/corpus/dev'));
const rounds = Number(process.argv[3] ?? 3);
if (!existsSync(corpus)) {
  console.log(`end-to-end: skipped: no ${corpus}; give a folder`);
  process.exit(0);
}
const hasRecoll = spawnSync('sh', ['-c', 'command -v recollindex']).status === 0;
if (!hasRecoll) console.log('recollindex is missing: apt-get install -y --no-install-recommends recollcmd');

function byRecoll(folder) {
  mkdirSync(folder);
  writeFileSync(path.join(folder, 'recoll.conf'), `topdirs = ${corpus}\nloglevel = 1\n`);
  return measured('recollindex', ['-c', folder, '-z'], { stdio: ['ignore', 'ignore', 'pipe'] });
}

const byTidemark = (folder) => measured(tidemark, ['sweep', corpus, '--quiet', '--catalog', folder]);

const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-bench-'));
const tell = (name, run) => console.log(`${name}: wall ${run.wall} s, CPU ${(run.user + run.system).toFixed(2)} s, largest program ${run.megabytes} MB`);
try {
  const walls = { tidemark: [], recollindex: [] };
  for (let i = 0; i < rounds; i++)
    for (const [name, program] of [['tidemark', byTidemark], ...(hasRecoll ? [['recollindex', byRecoll]] : [])]) {
      const run = program(path.join(folder, `${name}-${i}`));
      walls[name].push(run.wall);
      tell(name, run);
    }
  if (hasRecoll) console.log(`median: ${(median(walls.recollindex) / median(walls.tidemark)).toFixed(1)} times as fast as recollindex`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

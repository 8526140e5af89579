// SPDX-License-Identifier: Apache-2.0
// script/bench detect [FOLDER [MEGABYTES [ROUNDS]]]: all detectors, and that of e-mail alone, over the text of these files, beside ripgrep
// FOLDER is ../shared/corpus/dev unless given, MEGABYTES 500, ROUNDS 5. The files are swept and their kept text repeated; each
// program runs on one core, by turns with rg on the same bytes in memory. Wanted: all at least 0.8 times rg -a -c, e-mail 5 times rg -a -o.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { root, tidemark } from './measure.mjs';

const corpus = path.resolve(process.argv[2] ?? path.join(root, '../shared/corpus/dev'));
const [megabytes, rounds] = [process.argv[3] ?? '500', process.argv[4] ?? '5'];
if (!existsSync(corpus)) {
  console.log(`detect: skipped: no ${corpus}; give a folder`);
  process.exit(0);
}

function run(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync(command, args, { maxBuffer: 1 << 30, ...options });
  if (status !== 0 && !(options.may ?? []).includes(status)) throw new Error(`${command} ${args.join(' ')}: exit ${status}\n${stderr}`);
  return stdout;
}

/* The kept text of every document that has some, one after another. */
function keptText(catalog) {
  run(tidemark, ['sweep', corpus, '--quiet', '--catalog', catalog], { may: [4] });
  const documents = run(tidemark, ['search', '', '--format', 'jsonl', '--limit', '10000000', '--catalog', catalog]).toString();
  const texts = documents.split('\n').filter(Boolean).map((line) => JSON.parse(line).id)
    .map((id) => run(tidemark, ['show', id, '--text', '--catalog', catalog], { may: [1] }));
  return Buffer.concat(texts);
}

const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-bench-'));
try {
  const file = path.join(folder, 'text'), build = path.dirname(tidemark);
  writeFileSync(file, keptText(path.join(folder, 'catalog')));
  run('ninja', ['-C', build, '--quiet', 'bench/all-detectors', 'bench/email']);
  for (const [name, program] of [['all detectors', 'all-detectors'], ['e-mail alone', 'email']]) {
    console.log(name);
    run(path.join(build, 'bench', program), [file, megabytes, rounds], { stdio: ['ignore', 'inherit', 'inherit'] });
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

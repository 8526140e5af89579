// SPDX-License-Identifier: Apache-2.0
// Where the gate is silent though a document is the subject's, by reason; and what it tells that is not: over the demo's leak, whose
// truth says who is a party to each file.
//   node bench/quality/silent.mjs BUILD LEAK [--markdown] [--wrong]        LEAK: a folder that demo-kit/make-leak.mjs made
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tell, tellShare, words } from './figures.mjs';

const namesWrong = words.includes('--wrong');
const [build, leak] = words.filter((word) => word !== '--wrong');
if (leak === undefined || !existsSync(join(leak, 'truth.json'))) throw new Error('usage: silent.mjs BUILD LEAK [--markdown] [--wrong]');
const tidemark = join(build, 'tidemark');
const ran = (args) => {
  const { status, stdout, stderr } = spawnSync(tidemark, args, { encoding: 'utf8', maxBuffer: 1 << 30 });
  if (![0, 4].includes(status)) throw new Error(`tidemark ${args[0]}: exit ${status}: ${stderr}`);
  return stdout;
};
const outer = (path) => path.split('!/')[0];

const folder = mkdtempSync(join(tmpdir(), 'tidemark-silent-'));
try {
  const flags = ['--catalog', join(folder, 'catalog')];
  const { entries, organisations } = JSON.parse(readFileSync(join(leak, 'truth.json'), 'utf8'));
  const files = new Map(entries.filter(({ container }) => container === 'open').map((entry) => [entry.path, entry]));
  ran(['sweep', join(leak, 'open'), '--quiet', ...flags]);
  const outcomes = new Map(ran(['search', '', '--limit', '1000000', '--format', 'jsonl', ...flags]).trimEnd().split('\n').map((line) => JSON.parse(line)).map((hit) => [hit.path, hit]));
  writeFileSync(join(folder, 'list'), organisations.map(({ domain }) => `${domain}\n`).join(''));
  const list = (more) => ran(['lookup', '--list', join(folder, 'list'), '--format', 'jsonl', ...more, ...flags]).trimEnd().split('\n').map((line) => JSON.parse(line));
  const seen = new Map(list([]).map((one) => [one.subject, new Map(one.documents.map((document) => [outer(document.path), document]))]));
  const reasons = new Map();
  let own = 0, told = 0, right = 0, met = 0;
  const note = (reason, path, domain) => {
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    if (namesWrong) console.log(`  ${reason}: ${domain} in ${path}`);
  };
  for (const { subject: domain, documents } of list(['--as-subject'])) {
    const shown = documents.length === 0 ? [] : JSON.parse(ran(['show', '--subject', domain, ...documents.map(({ id }) => id), '--format', 'json', ...flags]));
    const paths = new Set((shown.documents ?? [shown]).flat().map(({ path }) => outer(path)));
    told += paths.size;
    for (const path of paths) right += files.get(path)?.parties.includes(domain) || files.get(path)?.domains.includes(domain);
    for (const [path, { parties }] of files) {
      if (!parties.includes(domain)) continue;
      own++;
      const view = seen.get(domain).get(path), hit = outcomes.get(path);
      if (paths.has(path)) met++;
      else if (hit === undefined || hit.outcome !== 'read') note(`it could not be read (${hit?.outcome ?? 'not there'})`, path, domain);
      else if (view === undefined) note('nothing in it says that they are a party', path, domain);
      else note(`not sure enough: ${view.why.replace(/["“][^"”]*["”]|\S+@\S+|\S+\.(?:com|net|org|de|uk|fr)\b/g, '_')}`, path, domain);
    }
  }
  tellShare('the gate tells, of files whose party a subject is', met, own, 'bar 95 %');
  tellShare('of files told, those that name the subject', right, told, 'bar 99 %');
  for (const [reason, n] of [...reasons].sort((a, b) => b[1] - a[1])) tell(`silent, and should not be: ${reason}`, String(n), own);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

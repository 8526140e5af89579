// SPDX-License-Identifier: Apache-2.0
// Makes the leak that the demo sweeps: about 300 business files of fictitious organisations, in
// OUTDIR/open, OUTDIR/blob-level and OUTDIR/private, and OUTDIR/truth.json, which says what was
// planted where; beside them OUTDIR/register.csv, the owner's own list of organisations. Two runs write the same bytes.
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { years } from './leak/cast.mjs';
import { Leak, containers } from './leak/ledger.mjs';
import { addPeople } from './leak/people.mjs';
import { writeRegister } from './leak/register.mjs';
import { addYear } from './leak/year.mjs';
import { addTraps } from './leak/traps.mjs';
import { addBlobLevel, addPrivate } from './leak/elsewhere.mjs';

function prepare(outdir) {
  const folders = containers.map((container) => join(outdir, container));
  if (folders.some(existsSync) && !existsSync(join(outdir, 'truth.json'))) {
    throw new Error(`${outdir} holds folders that this program did not make; choose another`);
  }
  mkdirSync(outdir, { recursive: true });
  writeFileSync(join(outdir, 'truth.json'), '{}\n');
  for (const folder of folders) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
  }
}

async function main(outdir) {
  if (!outdir) throw new Error('usage: make-leak.mjs OUTDIR');
  prepare(resolve(outdir));
  const leak = new Leak(resolve(outdir));
  for (const year of years) await addYear(leak, year);
  await addTraps(leak);
  await addPeople(leak);
  await addBlobLevel(leak);
  await addPrivate(leak);
  writeRegister(leak);
  console.log(JSON.stringify(leak.writeTruth()));
}

main(process.argv[2]).catch((error) => {
  console.error(`make-leak.mjs: ${error.message}`);
  process.exitCode = 1;
});

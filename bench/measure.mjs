// SPDX-License-Identifier: Apache-2.0
// What benches share: a command with its CPU time, children included, and its largest process.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

export const root = path.join(path.dirname(new URL(import.meta.url).pathname), '..');
export const tidemark = path.join(path.resolve(process.env.TIDEMARK_BUILD ?? path.join(root, 'build')), 'tidemark');
export const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1];

if (!existsSync('/usr/bin/time')) {
  console.error('bench: time is missing: apt-get install -y --no-install-recommends time');
  process.exit(1);
}

/** {user, system, wall, megabytes, out}; ends the bench when the command fails otherwise than by reading in part. */
export function measured(command, args, options = {}) {
  const { status, stdout, stderr } = spawnSync('/usr/bin/time', ['-f', '\ntime %U %S %e %M', command, ...args],
    { encoding: 'utf8', maxBuffer: 1 << 30, ...options });
  const [, user, system, wall, kib] = /\ntime (\S+) (\S+) (\S+) (\S+)\s*$/.exec(stderr) ?? [];
  if (![0, 4].includes(status) || user === undefined) throw new Error(`${command} ${args.join(' ')}: exit ${status}\n${stderr}`);
  return { user: Number(user), system: Number(system), wall: Number(wall), megabytes: Math.round(kib / 1024), out: stdout };
}

// SPDX-License-Identifier: Apache-2.0
// tidemark serve on free ports of the loopback.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';
import { build, exited } from './house.mjs';

const sanitizers = () => Object.fromEntries(['ASAN_OPTIONS', 'UBSAN_OPTIONS', 'TSAN_OPTIONS'].filter((name) => process.env[name]).map((name) => [name, process.env[name]]));

/** {url, operators, child, stop()}: once it has said that it answers. */
export async function serve(args, { env = {} } = {}) {
  const child = spawn(path.join(build, 'tidemark'), ['serve', '--listen', '127.0.0.1:0', '--operator-listen', '127.0.0.1:0', ...args],
    { env: { PATH: process.env.PATH, HOME: '/nonexistent', ...sanitizers(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '', err = '';
  child.stderr.on('data', (piece) => { err += piece; });
  const urls = await new Promise((resolve, reject) => {
    child.stdout.on('data', (piece) => {
      said += piece;
      if (said.includes('\n')) resolve(said.match(/https?:\/\/[^\s;]+/g));
    });
    child.on('exit', (code) => reject(new Error(`serve ended with ${code}: ${err}`)));
  });
  return {
    url: urls[0], operators: urls[1], child,
    async stop() {
      child.kill('SIGTERM');
      assert.equal(await exited(child), 0, err);
      assert.doesNotMatch(err, /Sanitizer|runtime error/);
    },
  };
}

// SPDX-License-Identifier: Apache-2.0
// A key that its group may read is refused, unless a service manager handed it over.
import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { randomBytes } from 'node:crypto';
import path from 'node:path';
import { test } from 'node:test';
import { plant, scratch, tidemark } from './house.mjs';

test('a credential of systemd may be readable by its group, another key may not', (t) => {
  const folder = scratch(t), target = path.join(folder, 'leak'), credentials = path.join(folder, 'credentials');
  const key = path.join(credentials, 'tidemark.key'), flags = ['--catalog', path.join(folder, 'catalog')];
  const handedOver = { env: { CREDENTIALS_DIRECTORY: credentials } };
  plant(target, { 'a.txt': 'an invoice' });
  mkdirSync(credentials);
  writeFileSync(key, randomBytes(32));
  chmodSync(key, 0o440);
  chmodSync(credentials, 0o550);
  assert.equal(tidemark(['sweep', target, ...flags], handedOver).code, 0);
  assert.equal(existsSync(path.join(folder, 'catalog.key')), false);
  for (const options of [[], ['--key-file', key]])
    assert.match(tidemark(['search', 'invoice', ...flags, ...options], handedOver).out, /a\.txt/);
  const refused = tidemark(['search', 'invoice', ...flags, '--key-file', key]);
  assert.equal(refused.code, 1);
  assert.match(refused.err, /others than its owner may touch this key \(mode 440\)/);
  chmodSync(credentials, 0o755);
  assert.equal(tidemark(['search', 'invoice', ...flags], handedOver).code, 1);
});

// SPDX-License-Identifier: Apache-2.0
// discover: containers that documents name, and nobody is asked.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { answer, plant, scratch, tidemark } from './house.mjs';

test('containers named in documents, each once, with where they were found', (t) => {
  const folder = scratch(t), leak = path.join(folder, 'leak');
  plant(leak, {
    'settings.txt': 'BlobUrl=https://acme.blob.core.windows.net/backups/2021/a.bak\nbeside az://acme/backups and s3://acme-files/x.txt\n',
    'mail.txt': 'see https://acme.blob.core.windows.net/backups/b.bak?sv=2021-01-01&sig=abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq%3D\n',
    'other.txt': 'https://storage.googleapis.com/acme-gcs/y.pdf\nhttps://example.test/no-storage\n',
  });
  const flags = ['--catalog', path.join(folder, 'catalog')];
  answer('sweep', ['sweep', leak, ...flags]);
  const said = tidemark(['discover', 'text', '--format', 'json', ...flags]).out;
  const { targets } = answer('discover-text', ['discover', 'text', ...flags]);
  const backups = targets.filter(({ container }) => container === 'backups');
  assert.equal(backups.length, 1, JSON.stringify(targets));
  assert.deepEqual([backups[0].target, backups[0].account, backups[0].swept], ['az://acme/backups', 'acme', false]);
  assert.ok(backups[0].urls >= 2);
  assert.deepEqual(backups[0].found_in.map(({ path: where }) => where).sort(), ['mail.txt', 'settings.txt']);
  assert.ok(targets.some(({ url, target }) => url.includes('acme-files') && target === null));
  assert.ok(targets.some(({ url, target }) => url.includes('acme-gcs') && target === null));
  assert.ok(!said.includes('abcdefghijklmnop'), 'a signature was shown');
  assert.match(tidemark(['discover', 'text', ...flags]).out, /^az:\/\/acme\/backups /m);
});

test('what is not built is refused by name', () => {
  for (const name of ['azure', 's3', 'gcs']) {
    const said = tidemark(['discover', name]);
    assert.equal(said.code, 2, name);
    assert.match(said.err, new RegExp(`${name}.*not built yet`));
  }
  assert.match(tidemark(['discover', '--help']).out, /no provider/);
});

// SPDX-License-Identifier: Apache-2.0
// An SQLite database, made by Debian's own sqlite3 in the given working file.
import { execFileSync } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';

const quoted = (value) => (typeof value === 'number' ? value : `'${String(value).replaceAll("'", "''")}'`);

export function sqlite(tables, workFile) {
  const statements = Object.entries(tables).flatMap(([name, [columns, ...rows]]) => [
    `CREATE TABLE ${name} (${columns.join(', ')});`,
    ...rows.map((row) => `INSERT INTO ${name} VALUES (${row.map(quoted).join(', ')});`),
  ]);
  execFileSync('sqlite3', ['-batch', workFile], { input: ['BEGIN;', ...statements, 'COMMIT;'].join('\n') });
  const bytes = readFileSync(workFile);
  rmSync(workFile);
  return bytes;
}

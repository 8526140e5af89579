// SPDX-License-Identifier: Apache-2.0
// The tools that hold the house together: each refuses what it is there to refuse.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { build, files, plant, root, scratch } from './house.mjs';
import { isAlive } from './watch.mjs';

/* Runs shell words as if meson had listed them: each {name, does} is TAP of the kind unit, unless it says otherwise. */
function runner(t, tests, ...args) {
  const folder = scratch(t);
  const list = tests.map(({ does, ...given }) => ({ suite: ['tidemark:unit'], cmd: ['sh', '-c', does, 'sh', folder], env: {}, timeout: 60,
    is_parallel: true, priority: 0, protocol: 'tap', ...given }));
  plant(folder, { 'meson-info/intro-tests.json': JSON.stringify(list) });
  const { status, stdout } = spawnSync(process.execPath, [path.join(root, 'tests/run.mjs'), `it=${folder}`, ...args], { encoding: 'utf8' });
  return { folder, code: status, said: stdout, last: stdout.trimEnd().split('\n').at(-1) };
}

const many = (count, does) => Array.from({ length: count }, (_, i) => ({ name: `many-${i}`, does }));

test('the runner counts cases, of subtests too, and a program that says nothing of its end is one failure', (t) => {
  const tests = [
    { name: 'tap', does: 'echo ok 1 - a; echo "    ok 1 - within"; echo "        ok 1 - deeper"; echo "ok 2 - b # SKIP no reason"' },
    { name: 'seeds', does: 'exit 0', protocol: 'exitcode', suite: ['tidemark:fuzz'] },
  ];
  const well = runner(t, tests);
  assert.deepEqual([well.code, well.last], [0, '3 passed, 0 failed, 1 skipped']);
  const ill = runner(t, [...tests, { name: 'not-ok', does: 'echo not ok 1 - c; echo ok 2 - d; exit 1' },
    { name: 'dies', does: 'echo ok 1 - e; kill -SEGV $$' }, { name: 'silent', does: 'exit 0' },
    { name: 'absent', does: '', cmd: ['/nonexistent/program'] }, { name: 'dying-seeds', does: 'exit 3', protocol: 'exitcode' }]);
  assert.deepEqual([ill.code, ill.last], [1, '5 passed, 5 failed, 1 skipped']);
  assert.match(ill.said, /FAILED \[it\] unit dies: 1 passed, 1 failed, 0 skipped[^\n]*\nexit SIGSEGV/);
  assert.deepEqual([runner(t, tests, '--only', 'fuzz').last, runner(t, tests, '--match', '^tap$').last],
    ['1 passed, 0 failed, 0 skipped', '2 passed, 0 failed, 1 skipped']);
  assert.equal(runner(t, tests, '--match', 'misspelt').code, 1);
});

test('the runner ends what is late with all that it started', (t) => {
  const { code, folder, said } = runner(t, [{ name: 'late', does: 'echo ok 1 - a; sleep 300 & echo $! > "$1/child"; wait', timeout: 1 }]);
  assert.equal(code, 1);
  assert.match(said, /exit timed out/);
  assert.equal(isAlive(Number(readFileSync(path.join(folder, 'child'), 'utf8'))), false);
});

test('the runner has so many at work at once, and one alone that is not to be disturbed', (t) => {
  const does = 'mkdir -p "$1/at"; touch "$1/at/$$"; ls "$1/at" | wc -l >> "$1/seen"; sleep 0.2; rm "$1/at/$$"; echo ok 1 - a';
  const seen = ({ folder }, file) => readFileSync(path.join(folder, file), 'utf8').trim().split('\n').map(Number);
  const wide = runner(t, many(8, does), '--jobs', '4');
  assert.ok(Math.max(...seen(wide, 'seen')) > 1 && Math.max(...seen(wide, 'seen')) <= 4, `${seen(wide, 'seen')}`);
  const alone = many(2, does.replaceAll('seen', 'quiet')).map((each, i) => ({ ...each, name: `quiet-${i}`, is_parallel: false, priority: 9 }));
  assert.deepEqual(seen(runner(t, [...alone, ...many(8, does)], '--jobs', '4'), 'quiet'), [1, 1]);
});

test('the runner lets what waits run beside the others, whatever their places; what is quick can be had alone', (t) => {
  /* The first is done when the second has begun, and there is one place. */
  const first = { name: 'first', does: 'for i in $(seq 100); do [ -e "$1/begun" ] && break; sleep 0.1; done; [ -e "$1/begun" ] && echo ok 1 - a' };
  const second = { name: 'second', does: 'touch "$1/begun"; echo ok 1 - b', suite: ['tidemark:unit', 'tidemark:waiting', 'tidemark:quick'] };
  assert.equal(runner(t, [first, second], '--jobs', '1').last, '2 passed, 0 failed, 0 skipped');
  assert.equal(runner(t, [first, second], '--quick').last, '1 passed, 0 failed, 0 skipped');
});

test('the runner tells the processor time of all that a test has started, and does not wait for what it left', (t) => {
  const { code, said } = runner(t, [{ name: 'busy', does: 'sh -c "i=0; while [ \\$i -lt 1000000 ]; do i=\\$((i + 1)); done"; sleep 300 & echo ok 1 - a' }]);
  assert.equal(code, 0, said);
  assert.ok(Number(/, ([\d.]+) s of processor/.exec(said)[1]) >= 0.1, said);
});

test('a case that waits for ever is named before its file is ended', (t) => {
  const folder = plant(scratch(t), { 'waits.mjs': `import { test } from 'node:test';
import ${JSON.stringify(path.join(root, 'tests/system/house.mjs'))};
test('is soon done', () => {});
test('never ends', () => new Promise(() => setInterval(() => {}, 1000)));
` });
  const { status, stderr } = spawnSync(process.execPath, [path.join(folder, 'waits.mjs')],
    { encoding: 'utf8', env: { ...process.env, TIDEMARK_TEST_SECONDS: '2' } });
  assert.equal(status, 1);
  assert.match(stderr, /^not ended after 2 s: never ends$/m);
});

/* A house of two floors with one door. */
const house = {
  'ARCHITECTURE.md': '| 0 | `base/` | what it is | |\n| 1 | `net/` | what it is | |\n| 1 | `wire/` | what it is | |\n' +
    '\n| folder | doors |\n|---|---|\n| `base/` | open.h |\n',
  'src/base/open.h': '#include "base/inner.h"\n', 'src/base/inner.h': '', 'src/net/net.c': '#include "base/open.h"\n', 'src/wire/wire.h': '',
};

test('floors: no include upwards, none across, none of a private header, no permission and no door for nothing', (t) => {
  const floors = (changes) => {
    const folder = plant(scratch(t), { ...house, ...changes });
    const sources = files(path.join(folder, 'src')).sort();
    return spawnSync(path.join(root, 'tools/check-floors'), [`stamp=${folder}/stamp`, `depfile=${folder}/depfile`,
      path.join(folder, 'ARCHITECTURE.md'), ...sources], { encoding: 'utf8', cwd: folder });
  };
  assert.deepEqual([floors({}).status, floors({}).stdout], [0, '']);
  const refused = {
    'base/open.h:1: includes wire/wire.h: floor 0 may not look at floor 1': { 'src/base/open.h': '#include "wire/wire.h"\n' },
    'net.c:2: includes wire/wire.h: floor 1 may not look at floor 1': { 'src/net/net.c': '#include "base/open.h"\n#include "wire/wire.h"\n' },
    'net.c:2: includes base/inner.h, which is no door of base/': { 'src/net/net.c': '#include "base/open.h"\n#include "base/inner.h"\n' },
    'nobody comes in by base/open.h: it is no door': { 'src/net/net.c': '' },
    'net may include wire, but does not': { 'ARCHITECTURE.md': house['ARCHITECTURE.md'].replace('`net/` | what it is | |', '`net/` | what it is | wire |') },
    'a merge left this line': { 'ARCHITECTURE.md': house['ARCHITECTURE.md'].replace('\n\n', '\n=======\n\n') },
    'base/ has its doors already': { 'ARCHITECTURE.md': `${house['ARCHITECTURE.md']}| \`base/\` | open.h |\n` },
    'net/ has a row already': { 'ARCHITECTURE.md': `| 1 | \`net/\` | what it is | |\n${house['ARCHITECTURE.md']}` },
    'has no row in the floor table': { 'src/attic/box.c': '\n' },
  };
  for (const [why, changes] of Object.entries(refused)) {
    const { status, stdout } = floors(changes);
    assert.equal(status, 1, why);
    assert.ok(stdout.includes(why), stdout);
  }
});

test('the build has the floors checked, and again when any source has changed', () => {
  const known = execFileSync('ninja', ['-C', build, '-t', 'deps', 'check-floors'], { encoding: 'utf8' });
  for (const file of ['ARCHITECTURE.md', ...files(path.join(root, 'src')).map((each) => path.relative(root, each)).filter((each) => /\.[ch]$/.test(each))])
    assert.ok(known.includes(`/${file}\n`), file);
  assert.ok(existsSync(path.join(build, 'check-floors')));
});

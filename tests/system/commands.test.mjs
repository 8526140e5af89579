// SPDX-License-Identifier: Apache-2.0
// The commands around a catalog, and what the option rows yield: help, manual pages, completion.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { zip } from './hostile-kit.mjs';
import { answer, build, everyHit, fakeAzure, holds, onTerminal, plant, quoted, scratch, tidemark } from './house.mjs';

function catalog(t) {
  const folder = scratch(t);
  const flags = ['--catalog', path.join(folder, 'catalog')];
  plant(path.join(folder, 'leak'), { 'a.txt': 'anna@contoso.com' });
  assert.equal(tidemark(['sweep', path.join(folder, 'leak'), ...flags]).code, 0);
  return { folder, flags };
}

test('catalog info, verify and backup; a backup opens with the same key', (t) => {
  const { folder, flags } = catalog(t);
  answer('catalog-info', ['catalog', 'info', ...flags]);
  answer('catalog-verify', ['catalog', 'verify', ...flags]);
  answer('catalog-backup', ['catalog', 'backup', path.join(folder, 'copy'), ...flags]);
  const copy = ['--catalog', path.join(folder, 'copy'), '--key-file', path.join(folder, 'catalog.key')];
  assert.equal(answer('search', ['search', 'anna', ...copy]).hits.length, 1);
});

test('the journal records what was asked, and holds together', (t) => {
  const { flags } = catalog(t);
  answer('search', ['search', 'anna', ...flags]);
  const entries = answer('journal-show', ['journal', 'show', ...flags]).entries;
  assert.deepEqual(entries.map((entry) => entry.verb), ['search', 'sweep']);
  assert.equal(answer('journal-verify', ['journal', 'verify', ...flags]).entries, 2);
});

test('the journal says who asked: the one given, or else who is logged in', (t) => {
  const { flags } = catalog(t), login = userInfo().username;
  answer('search', ['search', 'anna', ...flags]);
  answer('search', ['search', 'bob', ...flags], { env: { TIDEMARK_OPERATOR: 'carol' } });
  answer('search', ['search', 'dora', '--operator', 'Dora, "legal"', ...flags], { env: { TIDEMARK_OPERATOR: 'carol' } });
  answer('catalog-purge', ['catalog', 'purge', '--expired', '--yes', '--operator', 'erin', ...flags]);
  const operators = ({ entries }) => Object.fromEntries(entries.map((entry) => [entry.sequence, entry.operator]));
  assert.deepEqual(operators(answer('journal-show', ['journal', 'show', ...flags])),
    { 1: login, 2: login, 3: 'carol', 4: 'Dora, "legal"', 5: 'erin' });
  assert.match(tidemark(['journal', 'show', ...flags]).out, /SEQ .*OPERATOR/);
  assert.match(tidemark(['journal', 'show', '--format', 'csv', ...flags]).out, /^sequence,time,verb,incident,operator,detail,hash\r\n[^]*search,default,"Dora, ""legal""",/);
  assert.equal(tidemark(['search', 'anna', '--operator', 'x'.repeat(257), ...flags]).code, 2);
  assert.equal(answer('journal-verify', ['journal', 'verify', ...flags]).entries, 5);
});

test('a secret that was typed where none belongs is refused, and not on record', (t) => {
  const { flags } = catalog(t);
  const smtp = 'smtp://anna:sesame@mail.example.com';
  assert.equal(tidemark(['serve', '--smtp', smtp, ...flags]).code, 2);
  assert.equal(tidemark(['notify', 'send', 'plan', '--from', 'a@b.test', '--smtp', smtp, ...flags]).code, 2);
  answer('search', ['search', 'x?sv=2020&sig=sesame', ...flags]);
  const { entries } = answer('journal-show', ['journal', 'show', ...flags]);
  assert.deepEqual(entries.map((entry) => entry.verb), ['search', 'notify send', 'serve', 'sweep']);
  assert.doesNotMatch(JSON.stringify(entries), /sesame/);
  assert.match(JSON.stringify(entries), /smtp:\/\/anna:\*{6}@mail\.example\.com/);
});

test('the journal is shown newest first, by time and verb, and paged to its end', (t) => {
  const { flags } = catalog(t), show = (...words) => answer('journal-show', ['journal', 'show', ...words, ...flags]);
  for (const word of ['a', 'b', 'c']) answer('search', ['search', word, ...flags]);
  answer('containers', ['containers', ...flags]);
  const sequences = ({ entries }) => entries.map((entry) => entry.sequence);
  assert.deepEqual(sequences(show()), [5, 4, 3, 2, 1]);
  assert.deepEqual(sequences(show('--verb', 'search')), [4, 3, 2]);
  assert.deepEqual(sequences(show('--since', '<1d')), [5, 4, 3, 2, 1]);
  assert.deepEqual(sequences(show('--since', '2999')), []);
  const paged = [];
  for (let cursor = []; cursor;) {
    const page = show('--verb', 'search', '--limit', '2', ...cursor);
    paged.push(sequences(page));
    cursor = page.next === null ? null : ['--cursor', String(page.next)];
  }
  assert.deepEqual(paged, [[4, 3], [2]]);
  for (const [words, said] of [[['--since', '2019..2020'], /--since: '2019\.\.2020' is not a time to begin at/],
    [['--verb', 'serach'], /--verb: there is no command 'serach'; did you mean search\?/]]) {
    const refused = tidemark(['journal', 'show', ...words, ...flags]);
    assert.deepEqual([refused.code, refused.out], [2, '']);
    assert.match(refused.err, said);
  }
});

test('whatever prints a container prints it as it can be typed again', async (t) => {
  const { port } = await fakeAzure(t, 'open.json'), folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  const leak = plant(path.join(folder, 'a leak'), { 'f.txt': 'bob@contoso.com' }), open = `az+http://127.0.0.1:${port}/acme/open`;
  tidemark(['sweep', leak, open, ...flags]);
  const cells = (line) => line.match(/(?:"(?:[^"]|"")*"|[^,]*)(?:,|$)/g).map((cell) => cell.replace(/,$/, ''));
  const column = (words, name) => {
    const [head, ...rows] = tidemark([...words, '--format', 'csv', ...flags]).out.trim().split('\r\n').map(cells);
    return [...new Set(rows.map((row) => row[head.indexOf(name)]))].sort();
  };
  assert.deepEqual(column(['containers'], 'container'), [leak, open]);
  assert.match(tidemark(['containers', ...flags]).out, new RegExp(`^${open.replaceAll(/[+.]/g, '\\$&')} `, 'm'));
  assert.deepEqual(column(['search', ''], 'container'), [leak, open]);
  assert.deepEqual(column(['sweep', '--dry-run', leak, open], 'target'), [leak, open]);
  assert.deepEqual([...new Set(everyHit('', flags).map((hit) => hit.target))].sort(), [leak, open]);
  for (const rows of [answer('containers', ['containers', ...flags]).containers, answer('scope', ['scope', ...flags]).by_container])
    assert.deepEqual(rows.map((row) => row.target).sort(), [leak, open]);
  for (const [target, name] of [[leak, 'f.txt'], [open]]) {
    const hits = everyHit(`container:"${target}"`, flags);
    assert.ok(hits.length > 0 && hits.every((hit) => hit.target === target), target);
    assert.ok(name === undefined || hits[0].path === name);
  }
  assert.deepEqual(everyHit(`container:${open}`, flags), everyHit(`container:"${open}"`, flags));
  assert.match(tidemark(['search', `container:${open}/2021`, ...flags]).err, /container:: names more than a container; ask for path:/);
  const stolen = tidemark(['search', `container:${open}?sig=c2VjcmV0`, ...flags]);
  assert.deepEqual([stolen.code, stolen.err.includes('c2VjcmV0')], [2, false]);
  for (const { id, target } of everyHit('', flags)) {
    assert.equal(answer('show', ['show', id, ...flags]).target, target);
    assert.equal(/^container: +(.*)$/m.exec(tidemark(['show', id, ...flags]).out)[1], target);
  }
});

test('a name that says it is UTF-8 and is not is shown repaired, given by its bytes, and found as it is shown', (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')];
  plant(path.join(folder, 'leak'), { 'a.zip': zip([[Buffer.from('Gr\xf6\xdfe.txt', 'latin1'), 'anna@contoso.com'], ['b.txt', 'bob@contoso.com']]) });
  assert.equal(tidemark(['sweep', path.join(folder, 'leak'), ...flags]).code, 0);
  const [hit] = everyHit('email:anna@contoso.com', flags);
  assert.deepEqual([hit.path, Buffer.from(hit.path_bytes, 'base64').toString('latin1')], ['a.zip!/Gr\ufffd\ufffde.txt', 'a.zip!/Gr\xf6\xdfe.txt']);
  assert.equal(answer('show', ['show', hit.path, ...flags]).id, hit.id);
});

test('show takes ids in either case, their beginnings and paths, several at once', (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')], one = path.join(folder, 'one'), two = path.join(folder, 'two');
  plant(one, { 'a.txt': 'anna@contoso.com', 'deep/b.txt': 'bob@contoso.com', 'both.txt': 'one' });
  plant(two, { 'both.txt': 'two', ...Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`n/${i}.txt`, `number ${i}`])) });
  assert.equal(tidemark(['sweep', one, two, ...flags]).code, 0);
  const hits = everyHit('', flags), { id } = hits.find((hit) => hit.path === 'a.txt');
  const show = (...words) => tidemark(['show', ...words, ...flags]);
  for (const word of [id, id.toUpperCase(), id.slice(0, 20), id.slice(0, 12).toUpperCase(), 'a.txt'])
    assert.equal(answer('show', ['show', word, ...flags]).id, id, word);
  const several = answer('show-several', ['show', 'deep/b.txt', id.slice(0, 20), ...flags]).documents;
  assert.deepEqual(several.map((document) => [document.path, document.text]), [['deep/b.txt', 'bob@contoso.com'], ['a.txt', 'anna@contoso.com']]);
  assert.deepEqual(show('deep/b.txt', id, '--format', 'jsonl').out.trim().split('\n').map((line) => JSON.parse(line).path), ['deep/b.txt', 'a.txt']);
  const rows = show('deep/b.txt', id, '--format', 'csv').out.trim().split('\r\n');
  assert.deepEqual([rows[0].slice(0, 26), rows.length, rows[2].startsWith(`${id},a.txt,${one},read,`)], ['id,path,container,outcome,', 3, true]);
  assert.match(show('deep/b.txt', id).out, /^b\.txt\n[^]*\n\na\.txt\nid: +/);
  assert.equal(show('deep/b.txt', id, '--text').out, 'bob@contoso.comanna@contoso.com');
  /* Forty-three ids in thirty-two first letters: some begin alike. */
  const first = hits.map((hit) => hit.id[0]).find((letter, i, all) => all.indexOf(letter) !== i);
  const rank = ({ id: letters }) => letters.replaceAll(/\d/g, (digit) => `~${digit}`), alike = hits.filter((hit) => hit.id[0] === first)
    .sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
  const unsure = show(first.toUpperCase());
  assert.deepEqual([unsure.code, unsure.out], [1, '']);
  assert.match(unsure.err, new RegExp(`several ids begin so; write more of it: ${alike.slice(0, 3).map((hit) => `${hit.id} \\(${hit.name}\\)`).join(', ')}`));
  const places = show('both.txt');
  assert.deepEqual([places.code, places.out], [1, '']);
  assert.match(places.err, /both\.txt: lies in several places; name an id: \w{26} \(\S+\), \w{26} \(\S+\)$/m);
  for (const words of [['nowhere.txt'], [id, 'nowhere.txt'], ['A.TXT'], ['']]) assert.deepEqual([show(...words).code, show(...words).out], [1, '']);
  /* What is exact wins over what is short. */
  plant(one, { [alike[0].id.slice(0, 6)]: 'named like the beginning of an id' });
  assert.equal(tidemark(['sweep', one, two, ...flags]).code, 0);
  assert.equal(answer('show', ['show', alike[0].id.slice(0, 6), ...flags]).text, 'named like the beginning of an id');
});

test('a purge says what goes and asks; without a terminal it needs --yes', (t) => {
  const { flags } = catalog(t), there = () => answer('incidents', ['incidents', ...flags]).incidents.length;
  for (const what of [['--incident', 'default'], ['--expired']]) {
    const refused = tidemark(['catalog', 'purge', ...what, ...flags], { input: 'yes\n' });
    assert.deepEqual([refused.code, refused.out, there()], [2, '', 1]);
    assert.match(refused.err, /--yes: is needed where there is no terminal/);
  }
  assert.equal(tidemark(['catalog', 'purge', '--incident', 'nowhere', ...flags]).code, 1);
  const told = /default: 1 objects, 1 documents, [\d.]+ \S+ on disk/;
  for (const said of ['no', 'y', '']) {
    const refused = onTerminal(['catalog', 'purge', '--incident', 'default', ...flags], { typed: `${said}\n` });
    assert.deepEqual([refused.code, there()], [1, 1], refused.shown);
    assert.match(refused.shown, told);
    assert.match(refused.shown, /not confirmed; nothing was done/);
  }
  assert.ok(answer('journal-show', ['journal', 'show', '--verb', 'catalog', ...flags]).entries.length === 0);
  const done = onTerminal(['catalog', 'purge', '--incident', 'default', ...flags], { typed: 'yes\n' });
  assert.deepEqual([done.code, there()], [0, 0], done.shown);
  assert.match(done.shown, told);
  assert.match(done.shown, /default +everything +1 +1 /);
});

test('a purged incident is gone, and the journal still verifies', (t) => {
  const { flags } = catalog(t);
  answer('catalog-purge', ['catalog', 'purge', '--incident', 'default', '--yes', ...flags]);
  assert.equal(answer('incidents', ['incidents', ...flags]).incidents.length, 0);
  assert.equal(tidemark(['journal', 'verify', ...flags]).code, 0);
  assert.equal(tidemark(['search', 'anna', ...flags]).code, 1);
});

test('doctor knows this machine, with and without a catalog', (t) => {
  const { folder, flags } = catalog(t);
  for (const where of [flags, ['--catalog', path.join(folder, 'nowhere')]]) {
    const result = tidemark(['doctor', '--format', 'json', ...where]);
    holds('doctor', JSON.parse(result.out));
  }
});

test('doctor tells what each cell may', () => {
  const { powers, unheld } = answer('doctor-cells', ['doctor', '--cells']);
  const of = (cell, what) => powers.filter((power) => power.cell === cell && power.what === what);
  assert.deepEqual([...new Set(powers.map(({ cell }) => cell))], ['extract', 'zygote', 'fetch', 'act', 'walk', 'prove', 'send', 'listen']);
  assert.deepEqual(of('listen', 'connect'), []);
  assert.deepEqual(of('listen', 'socket'), []);
  assert.deepEqual(of('extract', 'memfd_create'), []);
  assert.deepEqual(of('walk', 'socket'), []);
  assert.deepEqual(of('fetch', 'tgkill').map(({ verdict, when }) => [verdict, when]), [['allowed', 'tgid its own']]);
  assert.equal(of('fetch', '/etc/ssl/certs/ca-certificates.crt').length, 1);
  assert.deepEqual(of('prove', '/etc/hosts'), []);
  assert.deepEqual(of('prove', 'memfd_create'), []);
  assert.equal(unheld, powers.filter((power) => !power.is_held).length);
  assert.equal(tidemark(['doctor', '--cells', '--format', 'csv']).out.trimEnd().split('\n').length, powers.length + 1);
  assert.deepEqual([...of('listen', 'connect'), ...of('listen', 'socket')], []);
  assert.match(tidemark(['doctor', '--cells']).out, /^fetch +seccomp +refused +ioctl +answers EACCES /m);
});

test('every command has help, a manual page and a place in completion', () => {
  const help = tidemark(['help']);
  assert.equal(help.code, 0);
  const completion = tidemark(['help', '--completion', 'bash']).out;
  for (const name of ['probe', 'sweep', 'search', 'show', 'lookup', 'organisations', 'entities', 'containers', 'incidents', 'scope',
    'catalog', 'journal', 'doctor']) {
    assert.match(help.out, new RegExp(`\\b${name}\\b`));
    assert.match(completion, new RegExp(`\\b${name}\\b`));
    assert.equal(tidemark([name, '--help']).code, 0);
    assert.match(tidemark(['help', '--man', name]).out, /^\.TH /m);
  }
  assert.match(tidemark(['--version']).out, /^tidemark \d/);
});

test('what could be nobody\'s country is refused, and not answered with nobody', (t) => {
  const { flags } = catalog(t);
  for (const country of ['Germany', 'D', '12', ''])
    assert.equal(tidemark(['organisations', '--country', country, ...flags]).code, 2, country);
  for (const country of ['de', 'US'])
    answer('organisations', ['organisations', '--country', country, ...flags]);
});

test('help speaks with one voice: what a command or option does begins in small letters and ends in no full stop', () => {
  const names = ['probe', 'sweep', 'search', 'show', 'lookup', 'organisations', 'entities', 'containers', 'incidents', 'scope', 'catalog', 'journal',
    'doctor', 'help', 'version'];
  for (const name of [null, ...names]) {
    const page = tidemark(name ? [name, '--help'] : ['help']).out;
    for (const [line, , about] of page.matchAll(/^ {2}(-\S.*?|[a-z-]+) {2,}(\S.*)$/gm)) {
      assert.doesNotMatch(about, /^[A-Z][a-z ]/, `${name}: ${line}`);
      assert.doesNotMatch(about, /[^.]\.$/, `${name}: ${line}`);
    }
    if (name) assert.match(page, /^\n[A-Z][^\n]*(\n[^\n]+)*\.$/m, name);
  }
});

test('topics are pages, and man pages; one that is called like a command stands below it', () => {
  const overall = tidemark(['help']).out, man = tidemark(['help', '--man']).out;
  const holds = { outcomes: /^ +needs_ocr +a picture of text/m, search: /^ +sha256:DIGEST +with these bytes/m, targets: /az:\/\/ACCOUNT\/CONTAINER/,
    'exit-codes': /^ +130 +interrupted/m, catalog: /TIDEMARK_KEY_FILE/ };
  for (const [name, wanted] of Object.entries(holds)) {
    const { code, out } = tidemark(['help', name]);
    assert.equal(code, 0);
    assert.match(out, wanted);
    assert.equal(/^Usage: tidemark/m.test(out), ['search', 'catalog'].includes(name), name);
    assert.match(overall, new RegExp(`^  ${name} `, 'm'));
    assert.ok(man.includes(`tidemark\\-${name.replace('-', '\\-')} (7)`), name);
    assert.match(tidemark(['help', '--man', '--topic', name]).out, /^\.TH TIDEMARK\\-[A-Z\\-]+ 7 /m);
  }
  for (const outcome of ['read', 'listed_only', 'excluded', 'archived', 'over_budget', 'needs_ocr', 'special', 'denied', 'absent', 'changed', 'redirected',
    'truncated', 'timed_out', 'unreachable', 'encrypted', 'malformed', 'unsupported', 'too_large', 'bomb', 'crashed'])
    assert.match(tidemark(['help', 'outcomes']).out, new RegExp(`^  ${outcome} +[a-z-]`, 'm'));
  assert.match(tidemark(['help', 'outcome']).err, /no such command or topic/);
});

test('what errors and help point to is there', (t) => {
  const { flags } = catalog(t);
  const pages = ['', 'probe', 'sweep', 'search', 'show', 'lookup', 'organisations', 'entities', 'containers', 'incidents', 'scope', 'catalog',
    'journal', 'doctor', 'outcomes', 'targets', 'exit-codes'].map((name) => tidemark(name ? ['help', name] : ['help']).out).join('\n');
  const errors = [['search', 'zzz:x'], ['search', 'outcome:zzz'], ['search', 'class:zzz'], ['search', 'type:zzz'], ['search', 'entity:zzz=1'], ['nonsense'],
    ['sweep']].map((words) => tidemark([...words, ...flags]).err).join('\n');
  const pointers = [...`${pages}\n${errors}`.replaceAll(/\s+/g, ' ').matchAll(/tidemark help ([a-z-]+)/g)].map(([, name]) => name);
  assert.ok(pointers.length >= 3);
  for (const name of new Set(pointers)) assert.equal(tidemark(['help', name]).code, 0, name);
});

test('a catalog that nobody lets us look into is not one that is not there', { skip: process.getuid() === 0 ? false : 'takes another user' }, (t) => {
  const { flags } = catalog(t);
  const place = mkdtempSync(path.join(tmpdir(), 'tidemark-test-'));
  t.after(() => rmSync(place, { recursive: true, force: true }));
  chmodSync(place, 0o755);
  copyFileSync(path.join(build, 'tidemark'), path.join(place, 'tidemark'));
  chmodSync(path.join(place, 'tidemark'), 0o755);
  const asNobody = (...words) => spawnSync(path.join(place, 'tidemark'), words, { encoding: 'utf8', uid: 65534, gid: 65534, cwd: '/' });
  for (const words of [['search', 'anna'], ['scope'], ['catalog', 'info'], ['journal', 'show']]) {
    const { status, stderr } = asNobody(...words, ...flags);
    assert.equal(status, 1, words.join(' '));
    assert.match(stderr, /cannot be looked into \(Permission denied\)/, words.join(' '));
  }
  assert.match(asNobody('search', 'anna', '--catalog', path.join(place, 'none')).stderr, /there is no catalog/);
});

test('bash completes commands, options, names of incidents and the closed lists of queries', (t) => {
  const { flags } = catalog(t);
  const script = path.join(scratch(t), 'tidemark.bash');
  writeFileSync(script, tidemark(['help', '--completion', 'bash']).out);
  /* Words as bash parts them: at colons, too. */
  const completed = (line) => {
    const words = line.split(' ').flatMap((word) => (/^\w+:/.test(word) ? [word.split(':')[0], ':', word.split(':')[1]] : [word]));
    const run = `source ${quoted(script)}; COMP_LINE=${quoted(line)} COMP_POINT=${line.length} COMP_CWORD=${words.length - 1}
      COMP_WORDS=(${words.map(quoted).join(' ')}); _tidemark; printf '%s\\n' "\${COMPREPLY[@]}"`;
    const env = { ...process.env, PATH: `${build}:${process.env.PATH}`, TIDEMARK_CATALOG: flags[1] };
    return spawnSync('bash', ['-c', run], { encoding: 'utf8', env }).stdout.trim().split('\n');
  };
  assert.deepEqual(completed('tidemark sc'), ['scope']);
  assert.deepEqual(completed('tidemark search outcome:unr'), ['unreachable', 'unread']);
  assert.deepEqual(completed('tidemark search anna class:inv'), ['invoice']);
  assert.deepEqual(completed('tidemark search type:she'), ['sheet']);
  assert.deepEqual(completed('tidemark search ou'), ['outcome:']);
  assert.deepEqual(completed('tidemark scope --incident d'), ['default']);
  assert.deepEqual(completed('tidemark sweep --dep'), ['--depth']);
});

const withShell = (name) => ({ skip: spawnSync(name, ['--version']).status === 0 ? false : `no ${name}` });

/* Of words that begin a line: what Tab makes of it. A terminal of zsh's own, whose ^X shows the line and empties it. */
test('zsh completes as bash does, from its first Tab on', withShell('zsh'), (t) => {
  const { flags } = catalog(t), folder = scratch(t), home = scratch(t);
  writeFileSync(path.join(folder, '_tidemark'), tidemark(['help', '--completion', 'zsh']).out);
  const typed = `zmodload zsh/zpty; zpty z zsh -f -i
    zpty -w z "unsetopt zle_bracketed_paste prompt_sp; PS1=; fpath=(${folder} \\$fpath); autoload -U compinit; compinit -u -D"
    zpty -w z 'show() { print -r -- "<$BUFFER>"; BUFFER= }; zle -N show; bindkey "^X" show; print READY'
    zpty -r z out '*READY*READY*'
    for line in "$@"; do
      zpty -w -n z "$line"$'\\t\\x18'
      zpty -r z out '*<*>*'
      print -r -- "\${\${out##*<}%%>*}"
    done
    zpty -d z`;
  const env = { ...process.env, HOME: home, TERM: 'dumb', PATH: `${build}:${process.env.PATH}`, TIDEMARK_CATALOG: flags[1] };
  const completed = (...lines) => spawnSync('zsh', ['-f', '-c', typed, 'zsh', ...lines], { encoding: 'utf8', env, timeout: 60000 }).stdout.split('\n').slice(0, -1);
  const pairs = [['tidemark sc', 'tidemark scope '], ['tidemark search class:inv', 'tidemark search class:invoice '],
    ['tidemark search anna type:she', 'tidemark search anna type:sheet '], ['tidemark search outcome:unrea', 'tidemark search outcome:unrea'],
    ['tidemark search ou', 'tidemark search outcome:'], ['tidemark scope --incident d', 'tidemark scope --incident default '],
    ['tidemark sweep --dep', 'tidemark sweep --depth '], ['tidemark --incident x sea', 'tidemark --incident x search '],
    ['tidemark catalog v', 'tidemark catalog verify ']];
  assert.deepEqual(completed(...pairs.map(([line]) => line)), pairs.map(([, line]) => line));
});

test('fish completes commands, options, names of incidents and the closed lists of queries', withShell('fish'), (t) => {
  const { flags } = catalog(t), home = scratch(t), script = path.join(home, 'tidemark.fish');
  writeFileSync(script, tidemark(['help', '--completion', 'fish']).out);
  const env = { ...process.env, HOME: home, PATH: `${build}:${process.env.PATH}`, TIDEMARK_CATALOG: flags[1] };
  const completed = (line) => {
    const { stdout, stderr } = spawnSync('fish', ['--no-config', '-c', `source ${script}; complete -C ${quoted(line)}`], { encoding: 'utf8', env, cwd: home });
    assert.equal(stderr, '', line);
    return stdout.split('\n').slice(0, -1).map((each) => each.split('\t')[0]);
  };
  assert.deepEqual(completed('tidemark se'), ['search', 'serve']);
  assert.deepEqual(completed('tidemark --incident x se'), ['search', 'serve']);
  assert.deepEqual(completed('tidemark search --so'), ['--sort']);
  assert.deepEqual(completed('tidemark search --sort '), ['dated', 'modified', 'name', 'relevance', 'size']);
  assert.deepEqual(completed('tidemark search siz'), ['size:']);
  assert.deepEqual(completed('tidemark search outcome:unrea'), ['outcome:unreachable', 'outcome:unread']);
  assert.deepEqual(completed('tidemark search anna type:she'), ['type:sheet']);
  assert.deepEqual(completed('tidemark scope --incident d'), ['default']);
  assert.deepEqual(completed('tidemark catalog v'), ['verify']);
  assert.deepEqual(completed('tidemark sweep --depth f'), ['full']);
});

test('options of all commands stand anywhere, and -- ends them', (t) => {
  const { flags } = catalog(t);
  const total = (args) => JSON.parse(tidemark(args).out).total;
  assert.equal(total([...flags, '--format', 'json', 'search', 'anna']), 1);
  assert.equal(total(['search', ...flags, 'anna', '--format=json']), 1);
  assert.equal(total(['search', ...flags, '--format', 'json', '--', '-anna']), 0);
});

test('CSV guards cells that a spreadsheet would run', (t) => {
  const folder = scratch(t);
  const flags = ['--catalog', path.join(folder, 'catalog')];
  plant(path.join(folder, 'leak'), { '=cmd.txt': 'x', 'esc\u001b[31m.txt': 'y' });
  tidemark(['sweep', path.join(folder, 'leak'), ...flags]);
  assert.match(tidemark(['search', '', '--format', 'csv', ...flags]).out, /,'=cmd\.txt,/);
  assert.doesNotMatch(tidemark(['search', '', ...flags]).out, /\u001b/);
});

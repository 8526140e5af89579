// SPDX-License-Identifier: Apache-2.0
// What Azurite does not do, by the labelled fake: busy, broken, changing and cunning servers. The fake's journal is the
// witness of what was asked.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { test } from 'node:test';
import { answer, everyHit, exited, fakeAzure, holds, sanitizer, scratch, start, tidemark } from './house.mjs';
import { watched } from './watch.mjs';

const key = 'dGlkZW1hcmsgZmFrZSBrZXkgZm9yIHRlc3RzIG9ubHk=';

async function fake(t, scenario) {
  const server = await fakeAzure(t, scenario);
  const flags = ['--catalog', path.join(scratch(t), 'catalog')];
  const target = (container, account = 'acme') => `az+http://127.0.0.1:${server.port}/${account}/${container}`;
  const sweep = (container, code, ...args) => answer('sweep', ['sweep', target(container), ...args, ...flags], { code });
  const outcomes = () => Object.fromEntries(everyHit('', flags).map((hit) => [hit.path, hit.outcome]));
  const asked = async (word) => (await server.journal()).filter((entry) => entry.path.includes(word));
  return { ...server, flags, target, sweep, outcomes, asked };
}

const isList = (entry) => entry.query.comp === 'list';
const inContainer = (...blobs) => ({ accounts: { acme: { containers: { open: { public: 'container', blobs } } } } });

test('every request says who asks, in what version, and can be found in the owner\'s logs', async (t) => {
  const server = await fake(t, 'open.json');
  server.sweep('open', 0);
  tidemark(['probe', server.target('open')]);
  const journal = await server.journal();
  assert.ok(journal.length > 10);
  for (const { method, headers, authorization } of journal) {
    assert.match(headers['user-agent'], /^tidemark\/\d/);
    assert.match(headers['x-ms-client-request-id'], /^[0-9a-f-]{36}$/);
    assert.match(headers['x-ms-version'], /^\d{4}-\d\d-\d\d$/);
    assert.equal(authorization, false);
    assert.ok(['GET', 'HEAD'].includes(method), method);
  }
  assert.equal(new Set(journal.map((entry) => entry.headers['x-ms-client-request-id'])).size, journal.length);
  assert.ok(new Set(journal.map((entry) => entry.connection)).size < journal.length, 'connections are used again');
});

test('servers are told an operator who was named, and never the login name', async (t) => {
  const server = await fake(t, 'open.json');
  server.sweep('open', 0);
  tidemark(['probe', server.target('open')]);
  const before = await server.journal(), named = ['--operator', 'ops@acme.example'];
  for (const { headers } of before) assert.match(headers['user-agent'], /^tidemark\/\S+ \(\+[^;)]*\)$/);
  tidemark(['sweep', server.target('open'), '--redo', 'all', ...named, ...server.flags]);
  tidemark(['probe', server.target('open'), ...named]);
  const after = (await server.journal()).slice(before.length);
  assert.ok(after.length > 3);
  for (const { headers } of after) assert.match(headers['user-agent'], /; ops@acme\.example\)$/);
});

test('a busy account is waited for, as long as it says', async (t) => {
  const server = await fake(t, 'throttled.json');
  const { objects } = server.sweep('first', 0);
  assert.deepEqual([objects.read, objects.failed], [2, 0]);
  const lists = (await server.asked('/acme/first')).filter(isList).map((entry) => entry.at);
  assert.equal(lists.length, 4);
  for (let i = 1; i < 4; i++) assert.ok(lists[i] - lists[i - 1] >= 990, `asked again after ${lists[i] - lists[i - 1]} ms`);
  assert.equal((await server.asked('/patient.txt')).length, 8);
});

test('Ctrl-C is heeded while a server says nothing', async (t) => {
  const server = await fake(t, { accounts: { acme: { containers: { mute: { public: 'container', faults: [{ hang: true }] } } } } });
  for (const words of [['probe', server.target('mute')], ['sweep', server.target('mute'), ...server.flags]]) {
    const child = start([...words, '--format', 'json']);
    for (let waits = 0; (await server.journal()).length === 0 && waits < 600; waits++) await sleep(50);
    const before = Date.now();
    child.kill('SIGINT');
    assert.equal(await exited(child), 130);
    assert.ok(Date.now() - before < 15000, `${words[0]}: ${Date.now() - before} ms`);
    await fetch(`http://127.0.0.1:${server.port}/__journal`, { method: 'DELETE' });
  }
});

test('an account busy a third of the time gives all it has', async (t) => {
  const server = await fake(t, 'throttled.json');
  assert.deepEqual(server.sweep('third', 0).objects, { listed: 30, read: 30, unchanged: 0, skipped: 0, failed: 0 });
});

test('a body cut off is resumed where it ended, of the same revision', async (t) => {
  const whole = 'Resumed. '.repeat(20000);
  const server = await fake(t, inContainer(
    { name: 'thrice.txt', text: `first@contoso.com ${whole}last@contoso.com`, faults: [{ on: 'get', times: 3, reset: 40000 }] },
    { name: 'never.txt', text: 'never', faults: [{ on: 'get', reset: 0 }] }));
  assert.deepEqual(server.sweep('open', 4).findings.email, 2);
  const got = await server.asked('/thrice.txt');
  assert.equal(got.length, 4);
  assert.deepEqual(got.map((entry) => entry.headers.range), [undefined, 'bytes=40000-', 'bytes=80000-', 'bytes=120000-']);
  assert.ok(got.slice(1).every((entry) => /^"0x/.test(entry.headers['if-match'])));
  const { 'thrice.txt': thrice, 'never.txt': never } = server.outcomes();
  assert.equal(thrice, 'read');
  assert.ok(['truncated', 'unreachable'].includes(never), never);
});

test('a list cut off is asked for again', async (t) => {
  const server = await fake(t, { accounts: { acme: { containers: { open: {
    public: 'container', page: 3, generate: { count: 10 }, faults: [{ on: 'list', after: 1, times: 1, reset: 300 }] } } } } });
  assert.equal(server.sweep('open', 0).objects.read, 10);
  assert.equal((await server.asked('/acme/open')).filter(isList).length, 5);
});

test('what ends early is truncated, what came twice alike is read, with a note', async (t) => {
  const server = await fake(t, 'truncated.json');
  server.sweep('open', 4);
  assert.deepEqual(server.outcomes(), { 'once.txt': 'read', 'always.txt': 'truncated', 'wrong-md5.txt': 'read', 'no-md5.txt': 'read' });
  const [hit] = everyHit('name:wrong-md5', server.flags);
  assert.match(answer('show', ['show', hit.id, ...server.flags]).note, /MD5/);
});

test('empty pages are not the end', async (t) => {
  const server = await fake(t, 'empty-pages.json');
  const summary = server.sweep('open', 0);
  assert.deepEqual([summary.objects.read, summary.complete], [10, true]);
  assert.equal((await server.asked('/acme/open')).filter(isList).length, 15);
});

test('a byte order mark and encoded names', async (t) => {
  const server = await fake(t, 'bom-and-encoded.json');
  server.sweep('open', 0);
  assert.deepEqual(Object.keys(server.outcomes()).sort(), ['100%25.txt', 'bell\u0001/50%.txt', 'end\uffff.txt'].sort());
});

test('what is archived is not fetched', async (t) => {
  const server = await fake(t, 'archived.json');
  server.sweep('open', 4);
  assert.deepEqual(server.outcomes(), { 'cold.txt': 'archived', 'waking.txt': 'archived', 'hot.txt': 'read' });
  assert.deepEqual([...await server.asked('cold'), ...await server.asked('waking')], []);
});

test('halves of two revisions are never one document', async (t) => {
  const server = await fake(t, 'changed.json');
  const { bytes } = server.sweep('open', 4);
  assert.equal(server.outcomes()['between-ranges.txt'], 'changed');
  assert.ok(bytes.unseen >= 100000);
  const [whole] = everyHit('name:since-listing', server.flags);
  assert.equal(tidemark(['show', whole.id, '--text', ...server.flags]).out, 'Changed since the listing.\n');
});

test('a row holds what was read, whatever was listed', { timeout: 300000 }, async (t) => {
  const [text, large] = ['Now: ada@contoso.com\n', 70 << 20];
  const becomes = { after: 0, text, modified: 'Wed, 05 Jun 2019 09:00:00 GMT' };
  const server = await fake(t, inContainer(
    { name: 'short.txt', text: 'As listed.\n', becomes }, { name: 'twin.txt', text },
    { name: 'twin-too.txt', text: 'x\n', becomes }, { name: 'to-nothing.txt', text: 'x\n', becomes: { after: 0, text: '' } },
    { name: 'grows.txt', text: 'small\n', becomes: { after: 0, text: 'So much of it.\n', size: large } },
    { name: 'shrinks.txt', text: 'large\n', size: large, becomes },
    { name: 'between-windows.txt', text: 'old\n', size: large, becomes: { after: 3, text: 'new\n', size: large } }));
  const summary = server.sweep('open', 4);
  const hits = Object.fromEntries(everyHit('', server.flags).map((hit) => [hit.path, hit]));
  for (const name of ['short.txt', 'twin-too.txt', 'shrinks.txt']) {
    const { outcome, size, modified, sha256 } = hits[name];
    assert.deepEqual({ outcome, size, modified, sha256 },
      { outcome: 'read', size: text.length, modified: '2019-06-05T09:00:00Z', sha256: hits['twin.txt'].sha256 }, name);
  }
  assert.equal(hits['twin.txt'].modified, '2019-06-04T08:30:00Z');
  assert.deepEqual([hits['to-nothing.txt'].size, hits['to-nothing.txt'].outcome], [0, 'read']);
  assert.deepEqual([hits['grows.txt'].size, hits['between-windows.txt'].outcome], [large, 'changed']);
  assert.equal(summary.bytes.listed, Object.values(hits).reduce((sum, hit) => sum + hit.size, 0));
  const again = server.sweep('open', 0);
  assert.deepEqual([again.objects.read, again.objects.unchanged], [1, 6], 'listed as it was read: not read again');
  server.sweep('open', 4, '--max-object', '1M', '--incident', 'bounded');
  const bounded = Object.fromEntries(everyHit('', [...server.flags, '--incident', 'bounded']).map((hit) => [hit.path, hit.outcome]));
  assert.deepEqual([bounded['short.txt'], bounded['grows.txt']], ['read', 'too_large']);
  const peek = server.sweep('open', 0, '--depth', 'peek', '--incident', 'peek');
  assert.equal(peek.bytes.listed, 4 * text.length + 2 * large);
});

test('redirects are followed within scope only', async (t) => {
  const server = await fake(t, 'redirect-out.json');
  server.sweep('open', 4);
  assert.deepEqual(server.outcomes(), { 'target.txt': 'read', 'inside.txt': 'read', 'other-container.txt': 'redirected',
    'other-host.txt': 'redirected', 'circle.txt': 'redirected' });
  assert.equal((await server.asked('/circle.txt')).length, 1);
  const moved = tidemark(['sweep', server.target('moved'), '--incident', 'moved', ...server.flags]);
  assert.equal(moved.code, 1);
  assert.match(moved.err, /out of scope/);
  const told = JSON.stringify(answer('probe', ['probe', server.target('moved')], { code: 1 }));
  assert.ok(!told.includes('elsewhere'), 'evidence is what was asked');
  for (const entry of await server.journal()) {
    assert.ok(!entry.path.includes('elsewhere') && !('trap' in entry.query), JSON.stringify(entry));
    assert.match(entry.headers.host, /^127\.0\.0\.1:/);
  }
});

test('a credential does not follow a redirect', async (t) => {
  const server = await fake(t, { accounts: { acme: { key, containers: {
    closed: { blobs: [{ name: 'a.txt', text: 'a', faults: [{ redirect: 'http://127.0.0.1:{port}/other/open/trap.txt' }] }] } } },
  other: { containers: { open: { public: 'container', blobs: [{ name: 'trap.txt', text: 'trap' }] } } } } });
  const env = { AZURE_STORAGE_ACCOUNT: 'acme', AZURE_STORAGE_KEY: key };
  answer('sweep', ['sweep', server.target('closed'), ...server.flags], { code: 4, env });
  answer('sweep', ['sweep', server.target('open', 'other'), '--incident', 'other', ...server.flags], { env });
  const elsewhere = await server.asked('/other/');
  assert.ok(elsewhere.length > 0 && elsewhere.every((entry) => entry.authorization === false));
});

test('what a stranger saw is exposed, what the owner saw beside it is not', async (t) => {
  const blobs = [{ name: 'a.txt', text: 'a' }];
  const server = await fake(t, { accounts: { acme: { key, containers: { closed: { blobs } } }, other: { containers: { open: { public: 'container', blobs } } } } });
  const env = { AZURE_STORAGE_ACCOUNT: 'acme', AZURE_STORAGE_KEY: key };
  answer('sweep', ['sweep', server.target('closed'), server.target('open', 'other'), ...server.flags], { env });
  const exposed = Object.fromEntries(everyHit('', server.flags).map((hit) => [hit.container, hit.exposed.first_seen !== null]));
  assert.deepEqual(exposed, { closed: false, open: true });
  const rows = answer('containers', ['containers', ...server.flags]).containers;
  assert.deepEqual(Object.fromEntries(rows.map((row) => [row.container, row.exposed.first_seen !== null])), exposed);
});

test('what was open is said to be closed only once a stranger was refused', async (t) => {
  const server = await fake(t, { accounts: { acme: { containers: { open: { public: 'container',
    faults: [{ on: 'list', after: 1, times: 1, error: 'PublicAccessNotPermitted' }], blobs: [{ name: 'a.txt', text: 'a' }] } } } } });
  const spans = () => answer('show', ['show', everyHit('a.txt', server.flags)[0].id, ...server.flags]).exposure;
  const isClosed = () => answer('containers', ['containers', ...server.flags]).containers[0].exposed.closed_at !== null;
  server.sweep('open', 0);
  assert.deepEqual(spans().map(({ door, closed_at, evidence }) => [door, closed_at, evidence.map((seen) => [seen.found, seen.sweep])]),
    [['list', null, [['open', 1]]], ['read', null, [['open', 1]]]]);
  assert.equal(isClosed(), false);
  server.sweep('open', 1);
  const [list, read] = spans();
  assert.ok(list.closed_at >= list.last_seen);
  assert.deepEqual(list.evidence.map((seen) => [seen.found, seen.sweep]), [['open', 1], ['refused', 2]]);
  assert.match(list.evidence[1].said, /\S/);
  assert.equal(read.closed_at, null, 'who may not list may still read');
  assert.equal(isClosed(), true);
  server.sweep('open', 0);
  assert.equal(isClosed(), false);
});

test('snapshots and versions are documents of their own when asked for', async (t) => {
  const server = await fake(t, 'versions-and-snapshots.json');
  assert.equal(server.sweep('open', 0).objects.listed, 2);
  const summary = server.sweep('open', 0, '--versions', '--incident', 'versions');
  assert.equal(summary.objects.listed, 6);
  const hits = everyHit('', [...server.flags, '--incident', 'versions']);
  assert.deepEqual(hits.map((hit) => hit.path).sort(), ['gone.txt', 'note.txt', 'note.txt', 'plan.txt', 'plan.txt', 'plan.txt']);
  assert.equal(new Set(hits.map((hit) => hit.id)).size, 6);
  const doors = hits.map((hit) => answer('show', ['show', hit.id, ...server.flags, '--incident', 'versions']).exposure.map(({ door }) => door));
  assert.deepEqual(doors.map((list) => list.join(' ')).sort(),
    ['list read', 'list read', 'read snapshot', 'read version', 'read version', 'read version']);
  for (const word of ['ada', 'bert', 'carol', 'dora'])
    assert.equal(everyHit(word, [...server.flags, '--incident', 'versions']).length, 1, word);
});

test('versions refused to a stranger leave what is current', async (t) => {
  const server = await fake(t, 'open.json');
  const result = tidemark(['sweep', server.target('open'), '--versions', '--format', 'json', ...server.flags]);
  assert.ok([0, 4].includes(result.code), `${result.code} ${result.err}`);
  assert.equal(holds('sweep', JSON.parse(result.out)).objects.read, 5);
});

test('an old server is spoken to in its own version', async (t) => {
  const server = await fake(t, 'old-version-only.json');
  assert.equal(server.sweep('open', 0).objects.read, 1);
  const journal = await server.journal();
  const versions = journal.map((entry) => entry.headers['x-ms-version']);
  assert.equal(journal.at(-1).status, 200);
  assert.ok(versions[0] > '2019-02-02' && versions.at(-1) <= '2019-02-02', versions.join());
  assert.equal(answer('probe', ['probe', server.target('closed')]).targets[0].verdict, 'private-or-absent');
});

test('verdicts: off, walled, disabled, https only, blob level, busy', async (t) => {
  const verdicts = async (scenario, code, ...names) => {
    const server = await fake(t, scenario);
    return answer('probe', ['probe', ...names.map((name) => server.target(...name.split('/').reverse()))], { code }).targets
      .map((target) => target.verdict);
  };
  assert.deepEqual(await verdicts('account-off.json', 0, 'acme/open'), ['account-off']);
  assert.deepEqual(await verdicts('firewall.json', 3, 'walled/open', 'partly/open', 'partly/walled'),
    ['unreachable', 'listable', 'private-or-absent']);
  assert.deepEqual(await verdicts('disabled.json', 1, 'gone/open', 'secure/open', 'acme/leaving', 'acme/off'),
    ['unknown', 'unknown', 'unknown', 'unknown']);
  assert.deepEqual(await verdicts('blob-level.json', 3, 'acme/readable', 'acme/none'), ['readable', 'private-or-absent']);
  const busy = { accounts: { acme: { faults: [{ error: 'ServerBusy', retryAfter: 0 }], containers: { open: { public: 'container' } } } } };
  assert.deepEqual(await verdicts(busy, 1, 'acme/open'), ['throttled']);
  const server = await fake(t, 'private.json');
  assert.equal(answer('probe', ['probe', server.target('closed')]).targets[0].tenant, '72f988bf-0000-4000-8000-2d7cd011db47');
});

test('a static site stays open whatever the containers are, and is asked where an allow entry lets it', async (t) => {
  const web = { index: 'index.html' };
  const server = await fake(t, { accounts: {
    acme: { publicAccess: false, web, containers: { $web: { blobs: [{ name: 'index.html', text: 'hi' }] }, closed: {} } },
    bare: { containers: { open: { public: 'container' } } }, walled: { firewall: true, web, containers: { open: {} } } } });
  const scope = path.join(scratch(t), 'scope.yaml');
  writeFileSync(scope, 'allow:\n  - az+http://127.0.0.1:*/*/$web\n');
  const targets = [['closed', 'acme'], ['open', 'bare'], ['open', 'walled']].map((pair) => server.target(...pair));
  const sites = (code, ...args) => answer('probe', ['probe', ...targets, ...args], { code }).targets;
  assert.deepEqual(sites(3).map((each) => each.static_site), [null, null, null]);
  assert.equal((await server.asked('-web')).length, 0);
  const [acme, bare, walled] = sites(3, '--scope', scope);
  assert.deepEqual([acme.verdict, acme.static_site, bare.static_site, walled.static_site], ['account-off', true, null, false]);
  assert.ok([acme, bare, walled].every((each) => each.static_site_why && each.evidence.at(-1).url.endsWith('-web/')));
  assert.ok((await server.asked('-web')).every((entry) => entry.method === 'HEAD'));
  assert.equal(tidemark(['probe', targets[0], '--scope', scope]).code, 3);
});

test('a name that does not exist is absent, what does not answer proves nothing and says why, as no closed one does', async (t) => {
  const [absent] = answer('probe', ['probe', 'az+http://nobody.invalid:10000/acme/open']).targets;
  assert.deepEqual([absent.verdict, absent.anonymous.list, absent.static_site], ['absent', false, false]);
  assert.deepEqual(absent.evidence.map(({ method, url, status, code }) => [method, url, status, code]),
    [['DNS', 'dns:nobody.invalid?type=A', null, 'NXDOMAIN']]);
  const silent = 'az+http://127.0.0.1:1/acme/open';
  const [closed] = answer('probe', ['probe', silent], { code: 1 }).targets;
  assert.equal(closed.verdict, 'unreachable');
  for (const format of ['table', 'json', 'jsonl', 'csv', 'sarif', 'ocsf']) {
    const shown = tidemark(['probe', silent, '--format', format, '--patience', '1']);
    assert.equal(shown.code, 1, format);
    assert.match(shown.out, /Nothing answered/, format);
  }
  const { port } = await fakeAzure(t, 'private.json');
  assert.equal(tidemark(['probe', silent, `az+http://127.0.0.1:${port}/acme/closed`]).code, 4);
});

test('the owner\'s key signs every page and every path', async (t) => {
  const server = await fake(t, 'shared-key.json');
  const env = { AZURE_STORAGE_ACCOUNT: 'acme', AZURE_STORAGE_KEY: key };
  const summary = answer('sweep', ['sweep', server.target('closed'), ...server.flags], { env });
  assert.equal(summary.objects.read, 2);
  assert.ok((await server.journal()).every((entry) => entry.authorization && entry.status === 200));
  assert.equal(tidemark(['sweep', server.target('closed'), '--anonymous', ...server.flags], { env }).code, 1);
  answer('sweep', ['sweep', server.target('open'), '--anonymous', '--incident', 'open', ...server.flags], { env });
  assert.ok((await server.asked('/acme/open')).every((entry) => entry.authorization === false));
});

test('a signature reads what it may, and is refused for what it may not', async (t) => {
  const server = await fake(t, 'sas.json');
  const by = (grant, incident) => tidemark(['sweep', server.target('closed'), '--incident', incident, '--format', 'json', ...server.flags],
    { env: { AZURE_STORAGE_ACCOUNT: 'acme', AZURE_STORAGE_SAS_TOKEN: grant } });
  assert.equal(by('?sv=2022-11-02&sr=c&sp=rl&se=2099-01-01T00:00:00Z&sig=RkFLRStmdWxsLw%3D%3D', 'full').code, 0);
  const listed = by('sv=2022-11-02&sr=c&sp=l&se=2099-01-01T00:00:00Z&sig=RkFLRS1saXN0', 'list');
  assert.equal(listed.code, 4);
  assert.deepEqual(JSON.parse(listed.out).outcomes.map((row) => row.outcome), ['denied']);
  const expired = by('sv=2022-11-02&sr=c&sp=rl&se=2020-01-01T00:00:00Z&sig=RkFLRS1vbGQ%3D', 'expired');
  assert.equal(expired.code, 1);
  assert.match(expired.err, /403/);
});

test('an object of more than one window is read whole, in bounded memory', { timeout: 300000 }, async (t) => {
  const [window, size] = [64 << 20, 70 << 20];
  const text = Buffer.alloc(size, 'Nothing to be seen in this line of many.\n');
  const put = (at, address) => text.write(` ${address} `, at, 'latin1');
  put(0, 'start@contoso.com');
  put(size / 2, 'middle@contoso.com');
  put(window - 9, 'across@contoso.com');
  put(size - 40, 'end@contoso.com');
  const server = await fake(t, inContainer({ name: 'large.txt', text: text.toString('latin1') }));
  const result = await watched(['sweep', server.target('open'), '--format', 'json', ...server.flags]);
  assert.equal(result.code, 0, result.err + result.out);
  t.diagnostic(`70 MiB in ${result.seconds} s, ${result.megabytes} MB in all three programs`);
  const summary = holds('sweep', JSON.parse(result.out));
  assert.deepEqual([summary.objects.read, summary.bytes.unseen], [1, 0]);
  /* Its end is looked at first, for what lies there tells an archive: that window comes twice. */
  assert.ok([size, size + (1 << 20)].includes(summary.bytes.fetched), `${summary.bytes.fetched} of ${size}`);
  const { entities } = answer('entities', ['entities', '--kind', 'email', ...server.flags]);
  assert.deepEqual(entities.map((row) => row.value).sort(), ['across', 'end', 'middle', 'start'].map((name) => `${name}@contoso.com`));
  const [head, ...windows] = await server.asked('/large.txt');
  assert.equal(head.method, 'HEAD');
  assert.ok(windows.length >= 2 && windows.every(({ headers }) => headers.range && headers['if-match']));
  if (!sanitizer) assert.ok(result.megabytes < 300, `${result.megabytes} MB`);
});

// SPDX-License-Identifier: Apache-2.0
// watch: a container that opens, closes or holds something else is told, at least once and with one id; who is busy, silent or breaks
// off changes nothing.
import assert from 'node:assert/strict';
import { createHmac, createPublicKey, verify } from 'node:crypto';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { SMTPServer } from 'smtp-server';
import { azurite, build, exited, fakeAzure, holds, plant, scratch, sideBySide, start, tidemark } from './house.mjs';

const test = sideBySide(2);
const SECRET = 'a secret of the tests';
const HIDDEN = 'Jane Doe, diagnosis.txt';
const blobs = [{ name: HIDDEN, text: 'a letter to bob@contoso.com' }];
const open = { public: 'container', blobs }, shut = { blobs };
const more = { public: 'container', blobs: [...blobs, { name: 'b.txt', text: 'b' }, { name: 'c.txt', text: 'c' }] };

function seeded(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

const moment = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });
async function until(holdsNow) {
  while (!await holdsNow()) await moment(5);
}

/** As tidemark() of house.mjs, while servers of this process answer. */
function talk(args, env = {}, { killAfter } = {}) {
  const child = spawn(path.join(build, 'tidemark'), args,
    { env: { PATH: process.env.PATH, HOME: '/nonexistent', ASAN_OPTIONS: process.env.ASAN_OPTIONS ?? '', ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (piece) => { said.out += piece; });
  child.stderr.on('data', (piece) => { said.err += piece; });
  const timer = killAfter !== undefined && setTimeout(() => child.kill('SIGKILL'), killAfter);
  return new Promise((resolve) => {
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      assert.doesNotMatch(said.err, /(ERROR|WARNING): \w+Sanitizer: |: runtime error: /);
      resolve({ code: code ?? signal, ...said });
    });
  });
}

/** A fake whose containers are the given ones; the first one was swept. */
async function house(t, containers = { open }) {
  const folder = scratch(t);
  const { port, journal } = await fakeAzure(t, { accounts: { acme: { containers } } });
  const target = (name) => `az+http://127.0.0.1:${port}/acme/${name}`;
  const catalog = ['--catalog', path.join(folder, 'catalog')], flags = [...catalog, '--patience', '6', '--rate', '10000'];
  const names = Object.keys(containers);
  const swept = tidemark(['sweep', target(names[0]), '--anonymous', ...flags]);
  assert.equal(swept.code, 0, swept.err);
  const put = (what, name, value) => fetch(`http://127.0.0.1:${port}/__${what}?container=acme/${name}`, { method: 'PUT', body: JSON.stringify(value) });
  const answered = (schema, args, result, code) => {
    assert.equal(result.code, code, `${args.join(' ')}: exit ${result.code}\n${result.err}\n${result.out.slice(0, 2000)}`);
    return holds(schema, JSON.parse(result.out));
  };
  return {
    folder, catalog, flags, target, journal,
    becomes: (name, container) => put('container', name, container),
    misbehaves: (name, faults) => put('faults', name, faults),
    looks: async ({ code = 3, more: args = [], env = {} } = {}) => answered('watch', args,
      await talk(['watch', 'once', ...args, ...flags, '--format', 'json'], env), code),
    asks: (schema, args) => answered(schema, args, tidemark([...args, ...catalog, '--format', 'json']), 0),
  };
}

const told = ({ changes }) => changes.map(({ event, from, to }) => [event, from, to]);

/* ---- doors ---- */

test('a real Azurite: closed, opened again, something put in', (t) => {
  const folder = scratch(t), server = azurite(t);
  plant(folder, { 'files/a.txt': 'a letter\n', 'more/b.txt': 'another\n' });
  server.upload(path.join(folder, 'files'), 'open', 'container');
  const target = `${server.endpoint}/open`, plan = path.join(folder, 'close.json');
  const flags = ['--catalog', path.join(folder, 'catalog'), '--patience', '10'];
  const env = { AZURE_STORAGE_ACCOUNT: server.account, AZURE_STORAGE_KEY: server.key };
  const run = (...args) => {
    const result = tidemark([...args, ...flags], { env });
    assert.equal(result.code, 0, result.err);
  };
  const look = (code, asWho = env) => {
    const result = tidemark(['watch', 'once', '--format', 'json', ...flags], { env: asWho });
    assert.equal(result.code, code, result.err);
    return holds('watch', JSON.parse(result.out));
  };
  run('sweep', target, '--anonymous');
  assert.deepEqual(told(look(3)), []);
  run('close', 'plan', target, '-o', plan);
  run('close', 'apply', plan, '--ticket', 'T-1');
  /* Azurite refuses as a firewall does. */
  assert.deepEqual(told(look(1, {})), []);
  assert.deepEqual(told(look(0)), [['closed', 'listable', 'private-or-absent']]);
  assert.deepEqual(told(look(0)), []);
  run('close', 'undo', plan, '--ticket', 'T-2');
  assert.deepEqual(told(look(3)), [['opened', 'private-or-absent', 'listable']]);
  server.upload(path.join(folder, 'more'), 'open', 'container');
  const { changes: [change], open: count } = look(3);
  assert.deepEqual([change.event, change.names, count], ['contents', { listed: 2, new: 1, gone: 0 }, 1]);
  const { containers: [{ exposed, last_write: written, last_read: read, dormant }] } =
    holds('containers', JSON.parse(tidemark(['containers', '--format', 'json', ...flags.slice(0, 2)]).out));
  assert.ok(exposed.closed_at === null && exposed.last_seen >= exposed.first_seen && written);
  assert.deepEqual([read, dormant], [null, false]);
});

test('spans begin and end in the exposures as in a sweep, and the looks are signed', async (t) => {
  const at = await house(t);
  const exposed = () => at.asks('containers', ['containers']).containers[0].exposed;
  assert.deepEqual(told(await at.looks()), []);
  await at.becomes('open', shut);
  assert.deepEqual(told(await at.looks({ code: 0 })), [['closed', 'listable', 'private-or-absent']]);
  const first = exposed();
  assert.ok(first.closed_at >= first.last_seen && first.last_seen >= first.first_seen);
  await at.looks({ code: 0 });
  await at.looks({ code: 0 });
  await at.becomes('open', open);
  assert.deepEqual(told(await at.looks()), [['opened', 'private-or-absent', 'listable']]);
  assert.equal(exposed().closed_at, null);
  const { observations } = at.asks('watch-observations', ['watch', 'observations']);
  assert.deepEqual(observations.map(({ verdict }) => verdict), ['listable', 'private-or-absent', 'private-or-absent', 'listable']);
  for (const { statement, signature, public_key: key, in_exposures: settled } of observations) {
    const point = createPublicKey({ key: Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), Buffer.from(key, 'hex')]), format: 'der', type: 'spki' });
    const message = (text) => Buffer.from(`tidemark-observation-1\n${text}`);
    assert.ok(settled && verify(null, message(statement), point, Buffer.from(signature, 'hex')));
    assert.ok(!verify(null, message(statement.replace('acme', 'acne')), point, Buffer.from(signature, 'hex')));
    assert.ok(JSON.parse(statement).evidence.length > 0);
  }
  assert.equal(tidemark(['catalog', 'verify', ...at.catalog]).code, 0);
  const { entries } = JSON.parse(tidemark(['journal', 'show', '--verb', 'watch changed', '--format', 'json', ...at.catalog]).out);
  assert.deepEqual(entries.map(({ detail }) => detail.event).reverse(), ['closed', 'opened']);
});

test('one that no sweep has met is looked at when named, and known from then on', async (t) => {
  const at = await house(t, { open, other: open, private: shut });
  assert.deepEqual(told(await at.looks({ more: [at.target('other'), at.target('private')] })), [['opened', null, 'listable']]);
  const known = at.asks('containers', ['containers']).containers;
  assert.deepEqual(known.map(({ container, exposed: { first_seen: from } }) => [container, from !== null]), [['open', true], ['other', true]]);
  assert.deepEqual(told(await at.looks({ more: [at.target('private')], code: 0 })), []);
});

test('listing may end and reading go on: that is narrower, not closed', async (t) => {
  const at = await house(t);
  await at.looks();
  await at.becomes('open', { public: 'blob', blobs });
  const found = await at.looks();
  assert.deepEqual(told(found), [['narrowed', 'listable', 'readable']]);
  assert.deepEqual(found.changes[0].doors.opened, []);
});

for (const [name, faults, verdict] of [
  ['busy', [{ error: 'ServerBusy' }], 'throttled'],
  ['breaking off', [{ reset: 0 }, { on: ['properties', 'head'], error: 'ServerBusy' }], 'throttled'],
  ['silent', [{ hang: true }], 'unreachable'],
  ['refusing once and then busy', [{ error: 'NoAuthenticationInformation', times: 4 }, { error: 'ServerBusy', after: 4 }], undefined],
  ['refusing twice and then silent', [{ error: 'NoAuthenticationInformation', times: 8 }, { hang: true, after: 8 }], undefined],
]) test(`${name}, it is not closed and nothing has changed`, async (t) => {
  const at = await house(t);
  at.flags[at.flags.indexOf('--patience') + 1] = '2';
  assert.deepEqual(told(await at.looks()), []);
  await at.misbehaves('open', faults);
  const found = await at.looks({ code: 1 });
  assert.deepEqual(told(found), []);
  assert.deepEqual([found.targets[0].open, found.targets[0].known, found.unjudged], [null, 'listable', 1]);
  if (verdict) assert.equal(found.targets[0].verdict, verdict);
  assert.equal(at.asks('containers', ['containers']).containers[0].exposed.closed_at, null);
  await at.misbehaves('open', []);
  assert.deepEqual(told(await at.looks()), []);
});

const ROUNDS = Number(process.env.TIDEMARK_ROUNDS ?? 12);
test('false "closed": none in mixtures drawn at random', async (t) => {
  const at = await house(t), random = seeded(14);
  at.flags[at.flags.indexOf('--patience') + 1] = '1';
  await at.looks();
  const mixture = [{ error: 'ServerBusy' }, { error: 'OperationTimedOut' }, { reset: 0 }, { truncate: 3 }, { error: 'NoAuthenticationInformation' },
    { error: 'ContainerNotFound' }, { error: 'AuthorizationFailure' }, {}];
  for (let round = 0; round < ROUNDS; round++) {
    await at.misbehaves('open', [{ oneOf: mixture, seed: Math.floor(random() * 2 ** 31) }]);
    const result = await talk(['watch', 'once', ...at.flags, '--format', 'json']);
    const found = holds('watch', JSON.parse(result.out));
    assert.deepEqual(found.changes.filter(({ event }) => event === 'closed'), [], `round ${round}`);
  }
});

test('a firewall is no closing, unless a neighbour answers', async (t) => {
  const walled = { ...shut, faults: [{ error: 'AuthorizationFailure' }] };
  const at = await house(t, { open, other: open });
  assert.deepEqual(told(await at.looks()), []);
  await at.becomes('open', walled);
  assert.deepEqual(told(await at.looks({ code: 1 })), []);
  assert.deepEqual(told(await at.looks({ more: [at.target('open'), at.target('other')] })),
    [['opened', null, 'listable'], ['closed', 'listable', 'private-or-absent']]);
});

test('what can be judged of several is judged: exit 4, 1 and 3', async (t) => {
  const at = await house(t, { open, private: shut, busy: { ...open, faults: [{ error: 'ServerBusy' }] } });
  at.flags[at.flags.indexOf('--patience') + 1] = '2';
  await at.looks({ code: 4, more: [at.target('private'), at.target('busy')] });
  await at.looks({ code: 1, more: [at.target('busy')] });
  await at.looks({ code: 3, more: [at.target('open'), at.target('busy')] });
  await at.looks({ code: 0, more: [at.target('private')] });
});

test('mute targets cost a round no more than patience allows', async (t) => {
  const mute = { ...open, faults: [{ hang: true }] };
  const at = await house(t, { open, ...Object.fromEntries(Array.from({ length: 12 }, (_, nth) => [`mute-${nth}`, mute])) });
  at.flags[at.flags.indexOf('--patience') + 1] = '1';
  const found = await at.looks({ code: 1, more: Array.from({ length: 12 }, (_, nth) => at.target(`mute-${nth}`)) });
  assert.equal(found.unjudged, 12);
  assert.ok(found.targets.some(({ advice }) => /^Not asked/.test(advice)));
});

/* ---- telling ---- */

/** A webhook; react(nth) says how: a status, or 'drop' once it was read. */
async function webhook(t, react = () => 200) {
  const got = [];
  const server = http.createServer((request, response) => {
    const pieces = [];
    request.on('data', (piece) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces);
      const how = react(got.length);
      got.push({ body: holds('watch-alert', JSON.parse(body)), signed: request.headers['tidemark-signature'],
        right: `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`, how });
      if (how === 'drop') request.socket.destroy();
      else response.writeHead(how).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => { server.closeAllConnections(); server.close(); });
  return { got, more: ['--webhook', `http://127.0.0.1:${server.address().port}/hook`], env: { TIDEMARK_WEBHOOK_SECRET: SECRET } };
}

test('a webhook gets each change, signed, without names of objects', async (t) => {
  const at = await house(t), hook = await webhook(t);
  await at.looks(hook);
  assert.equal(hook.got.length, 0);
  await at.becomes('open', more);
  const contents = await at.looks(hook);
  await at.becomes('open', shut);
  await at.looks({ ...hook, code: 0 });
  assert.deepEqual(hook.got.map(({ body }) => [body.event, body.repeated]), [['contents', false], ['closed', false]]);
  assert.equal(hook.got[0].body.alert, contents.changes[0].alert);
  assert.deepEqual(hook.got[0].body.names, { listed: 3, new: 2, gone: 0 });
  for (const { signed, right, body } of hook.got) {
    assert.equal(signed, right);
    assert.ok(!JSON.stringify(body).includes('diagnosis'));
    assert.ok(body.evidence.length > 0);
  }
  const plain = await at.looks({ more: hook.more, code: 0 });
  assert.deepEqual(plain.alerts, { sent: 0, waiting: { webhook: 0, mail: 0, syslog: 0, command: 0 } });
});

test('a webhook that has not taken it gets it later; one that may have gets it as repeated', async (t) => {
  const at = await house(t);
  const hook = await webhook(t, (nth) => [503, 'drop', 200][nth] ?? 200);
  await at.looks(hook);
  await at.becomes('open', shut);
  const first = await at.looks({ ...hook, code: 4 });
  assert.deepEqual([first.alerts.sent, first.alerts.waiting.webhook], [0, 1]);
  await at.looks({ ...hook, code: 4 });
  const last = await at.looks({ ...hook, code: 0 });
  assert.deepEqual([last.alerts.sent, last.alerts.waiting.webhook], [1, 0]);
  assert.deepEqual(hook.got.map(({ body, how }) => [how, body.repeated]), [[503, false], ['drop', false], [200, true]]);
  assert.equal(new Set(hook.got.map(({ body }) => body.alert)).size, 1);
});

const KILLS = Number(process.env.TIDEMARK_KILLS ?? 15);
test('killed at any moment, each change is told at least once, under one id', async (t) => {
  const at = await house(t), hook = await webhook(t), random = seeded(2022);
  await at.looks(hook);
  let isOpen = true, killed = 0;
  for (let round = 0; round < KILLS; round++) {
    isOpen = !isOpen;
    await at.becomes('open', isOpen ? open : shut);
    const result = await talk(['watch', 'once', ...hook.more, ...at.flags], hook.env, { killAfter: 20 + random() * 500 });
    killed += result.code === 'SIGKILL';
    await at.looks({ ...hook, code: isOpen ? 3 : 0 });
  }
  const ids = new Map();
  for (const { body, signed, right } of hook.got) {
    assert.equal(signed, right);
    if (ids.has(body.alert)) assert.equal(body.repeated, true);
    ids.set(body.alert, body.event);
  }
  assert.deepEqual([...ids.values()], Array.from({ length: KILLS }, (_, nth) => (nth % 2 === 0 ? 'closed' : 'opened')));
  assert.ok(killed > KILLS / 4, `${killed} of ${KILLS} were killed`);
  assert.equal(tidemark(['catalog', 'verify', ...at.catalog]).code, 0);
  const { exposed } = at.asks('containers', ['containers']).containers[0];
  assert.equal(exposed.closed_at === null, isOpen);
});

test('mail, the system\'s log and a command are told, too, each by itself', async (t) => {
  const at = await house(t), mails = [], lines = [];
  const server = new SMTPServer({ authOptional: true, disableReverseLookup: true, logger: false, disabledCommands: ['STARTTLS'],
    onData(stream, session, done) {
      const pieces = [];
      stream.on('data', (piece) => pieces.push(piece));
      stream.on('end', () => { mails.push({ text: Buffer.concat(pieces).toString(), to: session.envelope.rcptTo[0].address }); done(); });
    } });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  t.after(() => new Promise((done) => { server.close(done); }));
  const log = path.join(at.folder, 'log'), output = path.join(at.folder, 'output'), script = path.join(at.folder, 'two words.sh');
  const logger = net.createServer((socket) => { socket.on('data', (piece) => lines.push(piece.toString())); });
  logger.listen(log);
  await once(logger, 'listening');
  t.after(() => logger.close());
  writeFileSync(script, `#!/bin/sh\n[ "$1" = 'a b' ] || exit 1\n[ -z "$TIDEMARK_WEBHOOK_SECRET$SECRET" ] || exit 1\ncat >> '${output}'\n`);
  chmodSync(script, 0o755);
  const ways = ['--mail', 'security@contoso.example', '--from', 'tidemark@contoso.example', '--smtp', `smtp://127.0.0.1:${server.server.address().port}`,
    '--syslog', '--syslog-socket', log, '--run', `'${script}' "a b"`];
  await at.looks({ more: ways });
  await at.becomes('open', shut);
  const env = { TIDEMARK_WEBHOOK_SECRET: SECRET };
  const { changes: [{ alert }], alerts } = await at.looks({ more: ways, code: 0, env });
  assert.equal(alerts.sent, 3);
  const [mail] = mails;
  assert.equal(mail.to, 'security@contoso.example');
  for (const line of [`Message-ID: <${alert}@contoso.example>`, 'Subject: Tidemark: container open: closed', 'Before:    listable', 'Now:       private-or-absent'])
    assert.ok(mail.text.includes(line), line);
  const command = holds('watch-alert', JSON.parse(readFileSync(output, 'utf8')));
  assert.deepEqual([command.alert, command.repeated], [alert, false]);
  await until(() => lines.join('').endsWith('\0'));
  const line = lines.join('');
  assert.match(line, /^<28>\w{3} [ \d]\d \d\d:\d\d:\d\d tidemark\[\d+\]: \{/);
  const finding = JSON.parse(line.slice(line.indexOf('{'), -1));
  assert.deepEqual([finding.class_uid, finding.type_uid, finding.activity_name, finding.unmapped.alert, finding.unmapped.repeated],
    [2004, 200403, 'Close', alert, false]);
  assert.ok(!line.includes('diagnosis') && !mail.text.includes('diagnosis'));
});

test('nobody at home: the alert waits, however often it is tried', async (t) => {
  const at = await house(t), output = path.join(at.folder, 'output');
  await at.looks();
  await at.becomes('open', shut);
  const log = ['--syslog', '--syslog-socket', path.join(at.folder, 'none')], run = (line) => ['--run', line];
  assert.deepEqual((await at.looks({ more: [...log, ...run('/nonexistent/command')], code: 4 })).alerts.waiting, { webhook: 0, mail: 0, syslog: 1, command: 1 });
  await at.looks({ more: [...log, ...run('false')], code: 4 });
  assert.deepEqual((await at.looks({ code: 4 })).alerts.waiting, { webhook: 0, mail: 0, syslog: 1, command: 1 });
  const { alerts } = await at.looks({ more: run(`tee '${output}'`), code: 4 });
  assert.deepEqual([alerts.sent, alerts.waiting.command], [1, 0]);
  assert.equal(JSON.parse(readFileSync(output, 'utf8')).repeated, true);
});

/* ---- again and again ---- */

test('run sees it open, hold more and close; one at a time watches an incident', async (t) => {
  const at = await house(t, { seen: open, open: shut }), hook = await webhook(t);
  at.flags[at.flags.indexOf('--patience') + 1] = '2';
  const child = start(['watch', 'run', at.target('open'), '--every', '20ms', ...hook.more, ...at.flags], { env: hook.env });
  const events = () => hook.got.map(({ body }) => body.event);
  const lastLook = async () => (await at.journal()).filter(({ path: where }) => where === '/acme/open').length;
  const before = await lastLook();
  await until(async () => await lastLook() > before + 8);
  const second = await talk(['watch', 'once', ...at.flags]);
  assert.equal(second.code, 1);
  assert.match(second.err, new RegExp(`process ${child.pid} watches`));
  await at.becomes('open', open);
  /* It may open between two questions of one look: then it is told in two steps. */
  await until(() => hook.got.some(({ body }) => body.to === 'listable'));
  await at.becomes('open', more);
  await until(() => events().includes('contents'));
  await at.becomes('open', shut);
  await until(() => events().includes('closed'));
  child.kill('SIGTERM');
  assert.equal(await exited(child), 130);
  const steps = events().filter((event, n, all) => event !== 'narrowed' && event !== all[n - 1]);
  assert.deepEqual(steps, ['opened', 'contents', 'closed']);
  assert.ok(hook.got.every(({ body: { repeated }, signed, right }) => !repeated && signed === right));
});

test('while a sweep holds the incident looks wait, and are settled by the next', async (t) => {
  const at = await house(t, { open, slow: { ...open, faults: [{ on: 'get', hang: true }] } });
  const sweep = start(['sweep', at.target('slow'), '--anonymous', ...at.catalog, '--patience', '600']);
  t.after(() => sweep.kill('SIGKILL'));
  await until(async () => (await at.journal()).some(({ path: where, method }) => method === 'GET' && where.startsWith('/acme/slow/')));
  await at.becomes('open', shut);
  assert.deepEqual(told(await at.looks({ more: [at.target('open')], code: 0 })), [['closed', 'listable', 'private-or-absent']]);
  const exposures = () => at.asks('watch-observations', ['watch', 'observations']).observations.map(({ in_exposures: is }) => is);
  assert.deepEqual(exposures(), [false]);
  sweep.kill('SIGKILL');
  await exited(sweep);
  await at.looks({ more: [at.target('open')], code: 0 });
  assert.deepEqual(exposures(), [true, true]);
  assert.ok(at.asks('containers', ['containers']).containers[0].exposed.closed_at);
});

/* ---- refusals ---- */

test('what is wrongly said is refused before anything is asked', async (t) => {
  const at = await house(t), scope = path.join(at.folder, 'scope.yaml');
  writeFileSync(scope, `deny:\n  - "${at.target('open')}"\n`);
  const asked = (await at.journal()).length;
  for (const [args, why] of [
    [['run', '--every', '5x'], /--every: a number and its unit/],
    [['run', 'az://contoso/backup', '--every', '1s'], /every 10s at most/],
    [['once', '--webhook', 'ftp://example.com'], /--webhook: is no https/],
    [['once', '--mail', 'a b@example.com'], /--mail: is not an address/],
    [['once', '--mail', 'a@example.com', '--smtp', 'smtp://u:p@example.com'], /--smtp/],
    [['once', '--run', "a 'b"], /--run: .*never closed/],
    [['once', at.folder], /has no strangers/],
    [['once', '--scope', scope], /denied|deny/],
  ]) {
    const { code, err } = tidemark(['watch', ...args, ...at.flags]);
    assert.equal(code, 2, `${args.join(' ')}: ${err}`);
    assert.match(err, why);
  }
  assert.equal((await at.journal()).length, asked);
  assert.ok(!existsSync(path.join(at.folder, 'output')));
});

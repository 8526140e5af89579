// SPDX-License-Identifier: Apache-2.0
// tidemark serve as a whole: its doors, their cells killed and taken over, its end.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, linkSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answer, build, root, scratch, tidemark } from './house.mjs';
import { cells, certificate, connect, cutReply, metrics, raw, serve, until, words } from './door-kit.mjs';

const ask = (port, target, { method = 'GET', host = `127.0.0.1:${port}`, ...options } = {}) => raw(port, words(method, target, { host, ...options }));

/* Until it does, for as long as the test may take. */
async function answers(port, holds = (reply) => reply?.code === 200, target = '/healthz') {
  for (;;) {
    const reply = await ask(port, target);
    if (holds(reply)) return reply;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('it tells its addresses in one line, answers at both, and is on record', async (t) => {
  const running = await serve(t), { port, operatorPort, catalog } = running;
  assert.notEqual(port, operatorPort);
  for (const at of [port, operatorPort]) {
    const health = await ask(at, '/healthz');
    assert.deepEqual([health.code, health.headers['content-type'], health.body], [200, 'text/plain; charset=utf-8', 'ok\n']);
    assert.equal((await ask(at, '/metrics')).headers['content-type'], 'text/plain; version=0.0.4; charset=utf-8');
  }
  const schema = await ask(port, '/api/v1/openapi.yaml');
  assert.deepEqual([schema.code, schema.headers['content-type']], [200, 'application/yaml']);
  assert.equal(Buffer.from(schema.body, 'latin1').toString(), readFileSync(path.join(root, 'schema/openapi.yaml'), 'utf8'));
  const again = await ask(port, '/api/v1/openapi.yaml', { headers: { 'If-None-Match': schema.headers.etag } });
  assert.deepEqual([again.code, again.body], [304, '']);
  running.child.kill('SIGTERM');
  assert.equal(await running.ended, 0);
  assert.equal(running.lines.length, 1);
  const verbs = answer('journal-show', ['journal', 'show', '--catalog', catalog]).entries.map((entry) => entry.verb);
  assert.ok(verbs.includes('serve'), `${verbs}`);
  const plain = tidemark(['serve', '--catalog', catalog, '--listen', '127.0.0.1:0', '--operator-listen', 'nowhere']);
  assert.deepEqual([plain.code, plain.out], [2, '']);
});

test('the description of the API has its routes, and the answer as its schema has it', () => {
  const text = readFileSync(path.join(root, 'schema/openapi.yaml'), 'utf8');
  assert.match(text, /^openapi: 3\.1\.0\n/);
  const routes = [...readFileSync(path.join(root, 'src/model/portal.h'), 'utf8').matchAll(/row\([A-Z_]+, SUBJECTS, (GET|POST), "([^"]+)"\)/g)]
    .map(([, method, at]) => `${method.toLowerCase()} ${at.replaceAll('*', '{}')}`).filter((route) => /\/(api|healthz|metrics)/.test(route));
  const described = [];
  let at;
  for (const line of text.slice(text.indexOf('\npaths:\n'), text.indexOf('\ncomponents:\n')).split('\n')) {
    at = /^ {2}(\/\S*):$/.exec(line)?.[1].replaceAll(/\{\w+\}/g, '{}') ?? at;
    const method = /^ {4}(get|post):$/.exec(line)?.[1];
    if (method) described.push(`${method} ${at}`);
  }
  assert.deepEqual(described.sort(), [...routes, 'get /api/v1/openapi.yaml'].sort());
  const answered = JSON.parse(text.slice(text.indexOf('\n    Answer:\n') + '\n    Answer:\n'.length));
  assert.deepEqual(answered, JSON.parse(readFileSync(path.join(root, 'schema/lookup-as-subject.json'), 'utf8')));
});

test('a door answers its own routes alone', async (t) => {
  const { port, operatorPort } = await serve(t);
  for (const target of ['/operator', '/operator/sign-in', '/operator/journal']) {
    assert.equal((await ask(port, target)).code, 404, target);
    assert.notEqual((await ask(operatorPort, target)).code, 404, target);
  }
  for (const target of ['/asked', '/api/v1/answer']) {
    assert.equal((await ask(operatorPort, target)).code, 404, target);
    assert.notEqual((await ask(port, target)).code, 404, target);
  }
});

test('what is refused is counted, and told to this machine alone', async (t) => {
  const { port } = await serve(t, ['--requests-per-minute', '40', '--connections-per-address', '30']), host = `127.0.0.1:${port}`;
  for (const headers of [{ 'X-Forwarded-For': '1.2.3.4' }, { Forwarded: 'for=1.2.3.4' }, { Via: '1.1 proxy' }]) assert.equal((await ask(port, '/metrics', { headers })).code, 404);
  await ask(port, '/nothing');
  await ask(port, '/healthz', { method: 'POST', body: '' });
  await ask(port, '/', { host: 'evil.example' });
  await ask(port, '/?a=1&a=2');
  await ask(port, '/prove', { method: 'POST', headers: { 'Content-Length': 99999, 'Content-Type': 'application/x-www-form-urlencoded' } });
  await ask(port, '/prove', { method: 'POST', body: 'x', headers: { 'Content-Type': 'text/plain' } });
  await ask(port, `/${'a'.repeat(40000)}`);
  await ask(port, '/', { headers: { X: 'a'.repeat(40000) } });
  await ask(port, '/', { method: 'no\0 thing' });
  const held = Array.from({ length: 31 }, () => connect(port));
  await Promise.race(held.map((socket) => socket.closed_));
  for (const socket of held) socket.destroy();
  await Promise.all(held.map((socket) => socket.closed_));
  const from = (number) => raw(port, words('GET', '/healthz', { host }), { local: number });
  for (let n = 0; n < 45; n++) await from('127.0.0.5');
  const told = await metrics(port), of = (reason) => told[`tidemark_portal_refused_total{door="subjects",reason="${reason}"}`];
  assert.deepEqual(['route', 'method', 'host', 'malformed', 'too_large', 'media_type'].map(of), [4, 1, 1, 3, 2, 1]);
  assert.ok(of('requests_of_an_address') >= 4 && of('requests_of_an_address') <= 5, `${of('requests_of_an_address')}`);
  assert.ok(of('connections_of_an_address') >= 1);
  assert.equal(told['tidemark_portal_restarts_total{door="subjects"}'], 0);
  for (const name of Object.keys(told)) assert.match(name, /^tidemark_portal_[a-z_]+\{door="subjects"(,reason="[a-z_]+")?\}$/);
});

test('a cell that is killed is started again at its port, and the other door notices nothing', async (t) => {
  const running = await serve(t), { port, operatorPort } = running, started = cells(running).sort((a, b) => a - b);
  assert.equal(started.length, 2);
  for (const [which, at, other] of [[0, port, operatorPort], [1, operatorPort, port]]) {
    const kept = connect(other);
    kept.write(words('GET', '/healthz', { host: `127.0.0.1:${other}` }));
    await until(kept, (text) => cutReply(text) !== undefined);
    const under = connect(at);
    under.write(words('POST', which === 0 ? '/prove' : '/operator/answer', { host: `127.0.0.1:${at}`, headers: { 'Content-Length': 10 } }));
    await answers(at);
    process.kill(started[which], 'SIGKILL');
    await under.closed_;
    await answers(at);
    kept.received = '';
    kept.write(words('GET', '/healthz', { host: `127.0.0.1:${other}` }));
    assert.ok(await until(kept, (text) => cutReply(text) !== undefined), 'the other door kept its connection');
    kept.destroy();
    const told = await metrics(at), door = which === 0 ? 'subjects' : 'operators';
    assert.equal(told[`tidemark_portal_restarts_total{door="${door}"}`], 1);
  }
  assert.match(running.err, /listens for subjects ended; it is started again/);
  assert.match(running.err, /listens for operators ended; it is started again/);
});

test('cells die with the program that has the keys', async (t) => {
  const running = await serve(t), [first] = cells(running), held = connect(running.port);
  await answers(running.port);
  running.child.kill('SIGKILL');
  await held.closed_;
  await running.ended;
  while (existsSync(`/proc/${first}`) && !/^State:\s+Z/m.test(readFileSync(`/proc/${first}/status`, 'utf8'))) await new Promise(setImmediate);
  const again = await serve(t, ['--listen', `127.0.0.1:${running.port}`]);
  assert.equal(again.port, running.port);
});

test('SIGTERM: what is under way is finished, and then it has ended', async (t) => {
  const running = await serve(t), { port } = running, host = `127.0.0.1:${port}`;
  const bytes = words('POST', '/api/v1/appeals', { host, body: 'a=b', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
  const busy = connect(port), idle = connect(port);
  busy.write(bytes.slice(0, -1));
  await answers(port);
  running.child.kill('SIGTERM');
  await idle.closed_;
  busy.write(bytes.slice(-1));
  await busy.closed_;
  const reply = cutReply(busy.received);
  assert.ok(reply !== undefined, busy.received);
  assert.equal(reply.headers.connection, 'close');
  assert.notEqual(reply.code, 503);
  assert.equal(await running.ended, 0);
  /* One that does not finish is not waited for longer. */
  const stuck = await serve(t), holder = connect(stuck.port), from = Date.now();
  holder.write(bytes.replaceAll(String(port), String(stuck.port)).slice(0, -1));
  await answers(stuck.port);
  stuck.child.kill('SIGTERM');
  assert.equal(await stuck.ended, 0);
  t.diagnostic(`ended after ${Date.now() - from} ms with a request that never ended`);
});

test('TLS, and what would go in the clear is not begun', async (t) => {
  const { cert, key } = certificate(t), folder = scratch(t), catalog = path.join(folder, 'catalog');
  const running = await serve(t, ['--tls-cert', cert, '--tls-key', key, '--url', 'https://Leak.example:443/'], { catalog });
  assert.match(running.url, /^https:\/\/127\.0\.0\.1:\d+$/);
  assert.match(running.operator, /^http:\/\/127\.0\.0\.1:\d+$/, 'the operator is on this machine');
  const health = await raw(running.port, words('GET', '/healthz', { host: 'leak.example' }), { secure: {} });
  assert.equal(health.code, 200);
  assert.ok(health.headers['strict-transport-security']);
  const other = certificate(t), none = path.join(folder, 'none.pem');
  writeFileSync(none, 'no certificate\n');
  for (const [flags, said] of [
    [['--listen', '0.0.0.0:0'], /--url: is needed/], [['--listen', '0.0.0.0:0', '--url', 'http://leak.example'], /needs TLS/],
    [['--operator-listen', '0.0.0.0:0'], /needs --tls-cert/], [['--tls-cert', cert], /goes together/], [['--tls-cert', cert, '--tls-key', path.join(folder, 'nothing')], /cannot be read/],
    [['--tls-cert', cert, '--tls-key', other.key], /do not go together/], [['--tls-cert', none, '--tls-key', key], /do not go together|are none/],
    [['--url', 'https://leak.example/portal'], /is the address of a host/], [['--url', 'leak.example'], /is the address of a host/], [['--url', 'https://leak.example:x y'], /--url/],
    [['--listen', 'localhost:80'], /is no address/], [['--listen', '127.0.0.1'], /is no address/], [['--listen', '127.0.0.1:99999'], /is no address/],
    [['--listen', `127.0.0.1:${running.port}`], /cannot be listened at: Address already in use/],
    [['--tls-cert', cert, '--tls-key', key, '--url', 'http://leak.example'], /begins with https/],
  ]) {
    const refused = tidemark(['serve', '--catalog', catalog, '--listen', '127.0.0.1:0', '--operator-listen', '127.0.0.1:0', ...flags]);
    assert.equal(refused.code, 2, `${flags}: ${refused.err}`);
    assert.match(refused.err, said, `${flags}`);
    assert.equal(refused.out, '');
  }
});

/* What each comes to: "" where the cell is ended for what it said. */
const lies = {
  'operators-route': '', 'operators-door': '', 'number-again': '', 'number-of-none': '', 'token-of-none': '', 'not-text': '', 'parameter-of-none': '', 'field-twice': '',
  'no-peer': '', language: '', 'ready-again': '', unknown: '', oversized: '', large: '', 'took-nothing': '', descriptor: '', flood: '', deaf: 'does not read',
};
for (const [mode, how] of Object.entries(lies))
  test(`a cell that was taken over is not believed: ${mode}`, { skip: existsSync(path.join(build, 'tests/standin-portal')) ? false : 'another tree has the stand-in' }, async (t) => {
    const from = scratch(t);
    for (const [name, program] of [['tidemark', 'tidemark'], ['tidemark-portal', 'tests/standin-portal'], ['tidemark-portal-real', 'tidemark-portal']]) {
      try { linkSync(path.join(build, program), path.join(from, name)); } catch { copyFileSync(path.join(build, program), path.join(from, name)); }
    }
    writeFileSync(path.join(from, 'mode'), `${mode}\n`);
    const running = await serve(t, [], { from }), said = how === '' ? /said what it may not/ : /does not read what it is sent/;
    await answers(running.operatorPort);
    while (!said.test(running.err)) {
      assert.equal(running.child.exitCode, null, `${mode}: ${running.err}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    const heard = readFileSync(path.join(from, 'heard'), 'utf8');
    assert.match(heard, /^lied 1$/m, mode);
    if (!['took-nothing', 'flood'].includes(mode)) assert.doesNotMatch(heard, /reply/, mode);
    assert.equal((await ask(running.operatorPort, '/healthz')).code, 200, mode);
    running.child.kill('SIGTERM');
    assert.equal(await running.ended, 0, mode);
  });

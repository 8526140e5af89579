// SPDX-License-Identifier: Apache-2.0
// The portal under load, and its programs killed one after the other: the doors, the asker of the web, the sender of mail, and tidemark
// serve itself. Whoever asks goes on until it is answered. What was proved stays proved, or is asked for again; nothing is told twice,
// or to anybody else. TIDEMARK_SEED: another order of kills. TIDEMARK_KILLS: more of them.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { answer, exited, plant, scratch, tidemark } from './house.mjs';
import { serve } from './serve-kit.mjs';

const SUBJECTS = 4, KILLS = Number(process.env.TIDEMARK_KILLS ?? 12), seed = Number(process.env.TIDEMARK_SEED ?? 1);
const domain = (n) => `harbour${n}.com`;
const letter = (n, i) => [`From: Anna Berg <anna.berg@${domain(n)}>`, 'To: Tom Calloway <tom.calloway@halvorsenwerke.com>', `Subject: Invoice INV-${n}-${i}`, `Date: ${new Date(Date.now() - 30 * 86400000).toUTCString().replace('GMT', '+0000')}`,
  `Message-ID: <${n}.${i}@${domain(n)}>`, '', `Dear Tom, please find attached invoice number INV-${4000 + n}-${i}.`, '', 'Anna Berg', ''].join('\n');

/* The same numbers for the same seed. */
function numbers(from) {
  let state = from >>> 0;
  return (below) => { state = (Math.imul(state, 1664525) + 1013904223) >>> 0; return Math.floor(state / 2 ** 32 * below); };
}

async function freePort() {
  const server = net.createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

/** Of one program, those that run below a process: pids. */
function running(parent, name) {
  const listed = spawnSync('ps', ['-o', 'pid=,comm=', '--ppid', String(parent)], { encoding: 'utf8' }).stdout;
  return listed.trim().split('\n').map((line) => line.trim().split(/\s+/)).filter(([, comm]) => comm === name).map(([pid]) => Number(pid));
}

const settle = (url, options) => fetch(url, { redirect: 'manual', ...options }).then(async (reply) => ({ status: reply.status, text: await reply.text() }), () => undefined);
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));

test(`killed under load, in the order of ${seed}`, async (t) => {
  const folder = scratch(t), flags = ['--catalog', path.join(folder, 'catalog')], random = numbers(seed), mails = [];
  plant(path.join(folder, 'leak'), Object.fromEntries(Array.from({ length: SUBJECTS * 40 }, (_, i) => [`${i}.eml`, letter(i % SUBJECTS, i)])));
  assert.equal(tidemark(['sweep', path.join(folder, 'leak'), ...flags]).code, 0);
  const smtp = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true, logger: false,
    onData(stream, session, done) {
      let text = '';
      stream.on('data', (piece) => { text += piece; });
      stream.on('end', () => { mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text }); done(); });
    },
  });
  smtp.listen(0, '127.0.0.1');
  await once(smtp.server, 'listening');
  t.after(() => smtp.close());
  const [port, nobody] = [await freePort(), await freePort()];
  const begin = () => serve([...flags, '--listen', `127.0.0.1:${port}`, '--proofs-per-hour', '100000', '--requests-per-minute', '1000000', '--connections-per-address', '1000',
    '--proofs-open', '1000', '--smtp', `smtp://127.0.0.1:${smtp.server.address().port}`, '--resolver', `127.0.0.1:${nobody}`]);
  let portal = await begin(), isOver = false, isGone = false;
  t.after(() => { isOver = isGone = true; portal.child.kill('SIGKILL'); });
  const api = `http://127.0.0.1:${port}/api/v1`, json = (body) => ({ method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });

  /* Whatever the doors do: the reply, once there is a whole one that is not "busy". */
  async function ask(url, options) {
    for (;;) {
      const reply = await settle(url, options);
      if (reply !== undefined && reply.status !== 503 && reply.status < 500) return reply;
      assert.equal(reply === undefined || reply.status === 503, true, reply?.text);
      assert.ok(!isGone, 'the portal is gone');
      await pause(20);
    }
  }
  const asked = { proved: 0, lost: 0, answered: 0 }, tokens = new Map(), secrets = new Set();

  /* A token that did not arrive is lost, and asked for again: one that was given once is never given again. */
  async function prove(subject) {
    for (;;) {
      const { status, text } = await ask(`${api}/proofs`, json({ subject, method: 'invitation' }));
      assert.equal(status, 202, text);
      const { proof } = JSON.parse(text), { code } = answer('invite', ['invite', subject, '--ticket', 'T-1', ...flags]);
      const checked = JSON.parse((await ask(`${api}/proofs/${proof}`, json({ code }))).text);
      assert.equal(JSON.parse((await ask(`${api}/proofs/${proof}`, json({ code }))).text).token, undefined, 'once');
      if (checked.token === undefined) { asked.lost += 1; continue; }
      assert.ok(!secrets.has(checked.token));
      secrets.add(checked.token);
      asked.proved += 1;
      return checked.token;
    }
  }
  async function reader(n) {
    const subject = domain(n % SUBJECTS);
    while (!isOver) {
      const token = tokens.get(subject);
      const { status, text } = await ask(`${api}/answer`, { headers: { authorization: `Bearer ${token}` } });
      assert.equal(status, 200, text);
      assert.deepEqual([...new Set(text.match(/harbour\d\.com/g))], [subject]);
      assert.equal(JSON.parse(text).documents.length, 40);
      asked.answered += 1;
      const page = await ask(`http://127.0.0.1:${port}/answer`, { headers: { cookie: `tidemark=${token}` } });
      assert.equal(page.status, 200);
      assert.deepEqual([...new Set(page.text.match(/harbour\d\.com/g))], [subject]);
    }
  }
  /* Keeps the asker and the sender busy, which last as long as one question. */
  async function prover(n) {
    for (let i = 0; !isOver; i++) {
      const subject = i % 2 ? `anna${n}x${i}@mail${n}x${i}.com` : `other${n}x${i}.com`;
      const { status, text } = await ask(`${api}/proofs`, json({ subject, method: i % 2 ? 'mail' : 'dns' }));
      assert.equal(status, 202, text);
      const checked = await ask(`${api}/proofs/${JSON.parse(text).proof}`, json({}));
      if (checked.status !== 429) assert.equal(JSON.parse(checked.text).state, 'pending', checked.text); /* 429: as many look at once as may */
    }
  }

  for (let n = 0; n < SUBJECTS; n++) tokens.set(domain(n), await prove(domain(n)));
  const busy = [...Array.from({ length: 8 }, (_, n) => reader(n)), ...Array.from({ length: 4 }, (_, n) => prover(n))];
  const failed = Promise.race(busy.map((one) => one.then(() => new Promise(() => {}))));
  failed.catch(() => {});
  const killed = { 'tidemark-portal': 0, 'tidemark-fetch': 0, tidemark: 0 };
  async function kill(name) {
    if (name === 'tidemark') {
      portal.child.kill('SIGKILL');
      await exited(portal.child);
      portal = await begin();
    } else {
      let pids = [];
      while ((pids = running(portal.child.pid, name)).length === 0) await Promise.race([pause(5), failed]);
      try { process.kill(pids[random(pids.length)], 'SIGKILL'); } catch { return; /* it was done */ }
    }
    killed[name] += 1;
  }
  for (let i = 0; i < KILLS; i++) {
    const before = asked.answered;
    await Promise.race([kill(Object.keys(killed)[i < 3 ? i : random(3)]), failed]);
    while (asked.answered < before + 4 + random(8)) await Promise.race([pause(5), failed]);
    const subject = domain(random(SUBJECTS));
    if (random(3) === 0) tokens.set(subject, await Promise.race([prove(subject), failed]));
  }
  isOver = true;
  await Promise.all(busy);
  for (const token of secrets) assert.equal((await ask(`${api}/answer`, { headers: { authorization: `Bearer ${token}` } })).status, 200, 'what was proved stays proved');
  for (const { to, text } of mails) {
    const [subject] = to;
    assert.ok(text.includes(`To: ${subject}`) && to.length === 1, text);
  }
  const times = new Map();
  for (const { to: [subject], text } of mails) {
    const letterOf = `${subject} ${text.replaceAll('=\r\n', '').match(/(?:[a-z2-7]{4}-){7}[a-z2-7]{4}/)[0]}`;
    times.set(letterOf, (times.get(letterOf) ?? 0) + 1);
  }
  const twice = [...times.values()].filter((count) => count > 1).length;
  assert.ok(twice <= killed['tidemark-fetch'] + killed.tidemark, `a code may go again where its sender was killed, and only there: ${twice}`);
  assert.equal(tidemark(['journal', 'verify', ...flags]).code, 0);
  await portal.stop();
  t.diagnostic(`${JSON.stringify(killed)}; ${asked.answered} answers, ${asked.proved} proofs, ${asked.lost} asked for again, ${mails.length} mails`);
});

// SPDX-License-Identifier: Apache-2.0
// Proofs by what the world holds: a record that unbound serves, a code that smtp-server takes; what proves too much; and what is
// left of it all when the portal is killed.
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import { EventEmitter, once } from 'node:events';
import { promises as dns } from 'node:dns';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import https from 'node:https';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { serverAt } from '../gate/server.mjs';
import { answer, exited, plant, tidemark } from './house.mjs';
import { serve } from './serve-kit.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'tidemark-portal-proofs-'));
const flags = ['--catalog', path.join(folder, 'catalog')];
const invite = (subject) => answer('invite', ['invite', subject, '--ticket', 'T-1', ...flags]).code;
const mails = [], arrivals = new EventEmitter();
let portal, server, smtp, resolver, resolverPort;

const letter = (domain, date) => [`From: Anna Berg <anna.berg@${domain}>`, 'To: Tom Calloway <tom.calloway@halvorsenwerke.com>', 'Subject: Invoice INV-4711-22', `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
  `Message-ID: <1@${domain}>`, '', 'Dear Tom, please find attached invoice number INV-4711-22.', '', 'Anna Berg', ''].join('\n');
const longAgo = new Date('2019-03-04T10:00:00Z'), recently = new Date(Date.now() - 30 * 86400000);

async function freeUdpPort() {
  const socket = dgram.createSocket('udp4');
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  const { port } = socket.address();
  await new Promise((done) => socket.close(done));
  return port;
}

/* unbound, which knows these records [name, text, or address] and nothing else of their zones. */
async function publish(records) {
  if (resolver) {
    resolver.kill('SIGTERM');
    await exited(resolver);
  }
  const file = path.join(folder, 'unbound.conf');
  const zones = [...new Set(records.map(([name]) => name.replace(/^_tidemark-proof\./, '')))];
  writeFileSync(file, `server:
  interface: 127.0.0.1@${resolverPort}
  do-daemonize: no
  use-syslog: no
  chroot: ""
  username: ""
  directory: "${folder}"
  pidfile: ""
  module-config: "iterator"
${zones.map((zone) => `  local-zone: "${zone}." static\n  local-data: "${zone}. 60 IN SOA ns.${zone}. x.${zone}. 1 60 60 60 60"\n`).join('')}${records.map(([name, value, address]) => `  local-data: '${name}. 60 IN ${address ? `A ${address}` : `TXT "${value}"`}'\n`).join('')}remote-control:
  control-enable: no
`);
  resolver = spawn('unbound', ['-c', file], { stdio: 'ignore' });
  const asks = new dns.Resolver({ timeout: 200, tries: 1 });
  asks.setServers([`127.0.0.1:${resolverPort}`]);
  while (!(await asks.resolveSoa(zones[0]).then(() => true, () => false))) assert.equal(resolver.exitCode, null);
}

const serveAgain = () => serve([...flags, '--proofs-per-hour', '1000', '--url', 'http://leak.example.com', '--smtp', `smtp://127.0.0.1:${smtp.server.address().port}`,
  '--resolver', `127.0.0.1:${resolverPort}`, '--trust-anchor', path.join(folder, 'anchor'), '--proof-ca', path.join(folder, 'ca.pem'), '--proof-allow', '127.77.0.0/16']);

before(async () => {
  plant(path.join(folder, 'leak'), {
    'old.eml': letter('oldharbour.com', longAgo), 'listed.eml': letter('listedharbour.com', longAgo), 'new.eml': letter('newharbour.com', recently),
  });
  assert.equal(tidemark(['sweep', path.join(folder, 'leak'), ...flags]).code, 0);
  writeFileSync(path.join(folder, 'register.csv'), 'domain,name,relationship,contact\nlistedharbour.com,Listed Harbour Ltd,customer,privacy@listedharbour.com\n');
  assert.equal(tidemark(['register', 'import', path.join(folder, 'register.csv'), ...flags]).code, 0);
  writeFileSync(path.join(folder, 'anchor'), `test. IN DS 12345 15 2 ${'ab'.repeat(32)}\n`);
  const made = spawnSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=site',
    '-addext', 'subjectAltName=DNS:newharbour.com', '-keyout', path.join(folder, 'site.key'), '-out', path.join(folder, 'ca.pem')], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  resolverPort = await freeUdpPort();
  smtp = new SMTPServer({
    authOptional: true, disabledCommands: ['STARTTLS'], disableReverseLookup: true, logger: false,
    onData(stream, session, done) {
      let text = '';
      stream.on('data', (piece) => { text += piece; });
      stream.on('end', () => {
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), text });
        done();
        arrivals.emit('mail');
      });
    },
  });
  smtp.listen(0, '127.0.0.1');
  await once(smtp.server, 'listening');
  portal = await serveAgain();
  server = serverAt(portal.url.replace('leak.example.com', '127.0.0.1'), invite);
});
after(async () => {
  await portal.stop();
  smtp.close();
  resolver.kill('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

const code = ({ text }) => text.replaceAll('=\r\n', '').match(/(?:[a-z2-7]{4}-){7}[a-z2-7]{4}/)[0];
async function mailTo(address) {
  for (;;) {
    const found = mails.find(({ to }) => to.includes(address));
    if (found) return found;
    await once(arrivals, 'mail');
  }
}

test('a record proves its own domain, and no other asker of it', async () => {
  const [fresh, old, listed, other, unknown] = await Promise.all(['newharbour.com', 'oldharbour.com', 'listedharbour.com', 'newharbour.com', 'unknownharbour.com']
    .map(async (subject) => (await server.begin(subject)).body));
  await publish([[`_tidemark-proof.unrelated.com`, 'x']]);
  assert.deepEqual((await server.check(fresh.proof)).body, { state: 'pending', seen: 'unreachable', awaits_operator: false });
  await publish([fresh, old, listed, unknown].map(({ record }) => [record.name, record.value]));
  const wrong = (await server.check(other.proof)).body;
  assert.deepEqual(wrong, { state: 'pending', seen: 'wrong', awaits_operator: false });
  const proved = (await server.check(fresh.proof)).body;
  assert.equal(proved.state, 'proved');
  assert.equal((await server.get('answer', proved.token)).body.summary.documents, 1);
  assert.equal((await server.check(fresh.proof)).body.token, undefined, 'once');

  /* Who has the domain today may not be who had it. */
  for (const asked of [1, 2]) {
    const waits = (await server.check(old.proof)).body;
    assert.equal(waits.state, 'pending');
    assert.equal(waits.awaits_operator, true, `asked ${asked} times`);
    assert.equal(waits.token, undefined);
  }
  assert.equal((await server.check(listed.proof)).body.state, 'proved', 'the register says that they are who they were');
  const nobody = (await server.check(unknown.proof)).body;
  assert.equal(nobody.state, 'proved');
  assert.deepEqual((await server.get('answer', nobody.token)).body.documents, []);
});

test('a file proves its own domain, where the site may be asked', async (t) => {
  const [own, inner] = [(await server.begin('newharbour.com', 'http')).body, (await server.begin('innerharbour.com', 'http')).body];
  const site = https.createServer({ key: readFileSync(path.join(folder, 'site.key')), cert: readFileSync(path.join(folder, 'ca.pem')) }, (request, reply) => {
    reply.end(request.url === '/.well-known/tidemark-proof.txt' ? `${own.record.value}\n` : 'x');
  });
  const listens = await new Promise((done) => site.once('error', () => done(false)).listen(443, '127.77.0.1', () => done(true)));
  if (!listens) return t.skip('port 443 is not ours to listen at');
  t.after(() => site.close());
  await publish([['newharbour.com', '', '127.77.0.1'], ['innerharbour.com', '', '127.0.0.1']]);
  assert.deepEqual((await server.check(inner.proof)).body, { state: 'pending', seen: 'refused', awaits_operator: false }, 'a private address');
  const proved = (await server.check(own.proof)).body;
  assert.equal(proved.state, 'proved', JSON.stringify(proved));
});

test('a code goes to the mailbox that was chosen, and proves its own challenge', async () => {
  const begun = (await server.begin('newharbour.com', 'mail', { mailbox: 'security' })).body;
  const other = (await server.begin('newharbour.com', 'mail', { mailbox: 'abuse' })).body;
  const mail = await mailTo('security@newharbour.com');
  assert.deepEqual(mail.to, ['security@newharbour.com']);
  assert.match(mail.text, /^From: proof@leak\.example\.com\r$/m);
  assert.ok(!/https?:/.test(mail.text));
  assert.match(mail.text, /TM-[A-Z2-7]{4}-[A-Z2-7]{4}/);
  assert.equal((await server.check(other.proof, { code: code(mail) })).body.seen, 'wrong');
  assert.equal((await server.check(begun.proof, { code: 'x' })).body.seen, 'wrong');
  const proved = (await server.check(begun.proof, { code: code(mail).toUpperCase() })).body;
  assert.equal(proved.state, 'proved');
  const { body } = await server.get('asked', proved.token);
  assert.ok(body.asked.some(({ method, result }) => method === 'mail' && result === 'wrong_code'));
});

test('the register\'s contact gets the code, too, and the reply does not tell', async () => {
  const known = (await server.begin('listedharbour.com', 'mail')).body;
  const unknown = (await server.begin('nobodyharbour.com', 'mail')).body;
  assert.equal(known.instructions.replaceAll('listed', 'nobody'), unknown.instructions);
  assert.equal(code(await mailTo('privacy@listedharbour.com')), code(await mailTo('postmaster@listedharbour.com')));
});

test('three mails a day go to a domain, whoever asks, and the reply is the same', async () => {
  const replies = [];
  for (let i = 0; i < 5; i++) replies.push(await server.begin('busyharbour.com', 'mail', { mailbox: 'hostmaster' }));
  for (const reply of replies) assert.equal(reply.status, 202);
  await server.begin('lastharbour.com', 'mail');
  await mailTo('postmaster@lastharbour.com');
  assert.equal(mails.filter(({ to }) => to[0].endsWith('@busyharbour.com')).length, 3);
});

test('a person\'s code goes to the address alone, and a strange one to nobody', async () => {
  const begun = (await server.begin('anna.berg@newharbour.com', 'mail')).body;
  for (const hostile of ['a,b@newharbour.com', '"x"@newharbour.com', '<a>@newharbour.com', 'a;b@newharbour.com'])
    await server.begin(hostile, 'mail');
  const mail = await mailTo('anna.berg@newharbour.com');
  assert.deepEqual(mail.to, ['anna.berg@newharbour.com']);
  assert.equal((await server.check(begun.proof, { code: code(mail) })).body.state, 'proved');
  for (const method of ['dns', 'http']) {
    const wrong = (await server.begin('anna.berg@newharbour.com', method)).body;
    assert.equal((await server.check(wrong.proof)).body.state, 'pending');
  }
  await server.begin('afterharbour.com', 'mail');
  await mailTo('postmaster@afterharbour.com');
  assert.ok(!mails.some(({ to }) => /["<>,;]/.test(to.join(''))));
});

test('killed, it knows its proofs, and what was under way goes on', async () => {
  const token = await server.tokenOf('newharbour.com');
  const begun = (await server.begin('newharbour.com', 'invitation')).body;
  const asked = (await server.get('asked', token)).body.asked.length;
  portal.child.kill('SIGKILL');
  await exited(portal.child);
  portal = await serveAgain();
  server = serverAt(portal.url.replace('leak.example.com', '127.0.0.1'), invite);
  assert.equal((await server.get('answer', token)).status, 200);
  assert.equal((await server.check(begun.proof, { code: invite('newharbour.com') })).body.state, 'proved');
  assert.ok((await server.get('asked', token)).body.asked.length > asked);
  assert.equal(tidemark(['journal', 'verify', ...flags]).code, 0);
});

test('what makes no sense is refused before anything is served', () => {
  for (const wrong of [['--resolver', 'x'], ['--proof-allow', '10.0.0.1/8'], ['--smtp', 'http://x'], ['--trust-anchor', path.join(folder, 'none')], ['--proof-ca', folder]]) {
    const { code: exit, err } = tidemark(['serve', '--listen', '127.0.0.1:0', '--operator-listen', '127.0.0.1:0', ...wrong, ...flags]);
    assert.equal(exit, 2, `${wrong}: ${err}`);
    assert.ok(err.includes(wrong[0]), err);
  }
});

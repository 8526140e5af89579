// SPDX-License-Identifier: Apache-2.0
// The role `prove` against real servers: zones that knot serves, signed and not, forged, expired and lying; resolvers that agree or
// not; and web servers that redirect, dawdle, flood or stand where nobody may be led.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import https from 'node:https';
import net from 'node:net';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { authority, errand, freePort } from './errand.mjs';
import { scratch, sideBySide } from './house.mjs';
import { world } from './world.mjs';

const test = sideBySide(4);
const token = 'q3v7k2m5x4';
const proof = `_tidemark-proof TXT "tidemark-proof=${token}"`;
const three = ['127.0.0.2', '127.0.0.3', '127.0.0.4'];
const byDns = (words, name, more = {}) => errand('prove', { method: 'dns', name, token, ...words, ...more });
const told = ({ verdict, reason, validated, servers }) => [verdict, reason, validated, servers];

test('each authoritative server is asked, and DNSSEC told', async (t) => {
  const { words } = await world(t, {
    'signed.test': { signed: true, hosts: three, records: [proof, 'other TXT "x"'] },
    'plain.test': { hosts: three, records: [proof] },
    'two.test': { signed: true, records: [`_tidemark-proof TXT "tidemark-" "proof=${token}"`, '_tidemark-proof TXT "tidemark-proof=older"'] },
    'none.test': { signed: true, records: [] },
  });
  assert.deepEqual(told(await byDns(words, 'signed.test')), ['seen', '', true, 3]);
  assert.deepEqual(told(await byDns(words, 'plain.test')), ['seen', '', false, 3]);
  assert.deepEqual(told(await byDns(words, 'two.test')), ['seen', '', true, 1]);
  assert.deepEqual(told(await byDns(words, 'none.test')), ['not_seen', '', true, 1]);
  assert.deepEqual(told(await byDns(words, 'signed.test', { token: 'another' })), ['seen_wrong', '', true, 3]);
  assert.deepEqual(told(await byDns(words, 'absent.test')), ['not_seen', '', true, 1]);
  /* A parent's proof is nothing to a name below it: it is asked for itself. */
  assert.deepEqual(told(await byDns(words, 'below.signed.test')), ['not_seen', '', true, 3]);
});

test('what DNSSEC does not hold is refused', async (t) => {
  const month = 30 * 86400, now = Math.floor(Date.now() / 1000);
  const forged = (text) => text.replace(/"tidemark-proof=[a-z]+"/, `"tidemark-proof=${token}"`);
  const { words } = await world(t, {
    'expired.test': { signed: true, records: [proof], at: { '127.0.0.2': { time: now - 2 * month } } },
    'future.test': { signed: true, records: [proof], at: { '127.0.0.2': { time: now + month } } },
    'forged.test': { signed: true, records: ['_tidemark-proof TXT "tidemark-proof=mine"'], at: { '127.0.0.2': { edit: forged } } },
    'unsigned.test': { signed: true, records: [proof], at: { '127.0.0.2': { signed: false } } },
    'stripped.test': { signed: true, records: [proof],
      at: { '127.0.0.2': { edit: (text) => text.replace(/^_tidemark.*RRSIG\s+TXT.*\n/m, '') } } },
    'one.test': { signed: true, hosts: three, records: [proof], at: { '127.0.0.3': { signed: false } } },
    'denied.test': { signed: true, records: [proof], at: { '127.0.0.2': { edit: (text) => text.replace(/^_tidemark.*(TXT|NSEC).*\n/gm, '') } } },
  });
  for (const name of ['expired', 'future', 'forged', 'unsigned', 'stripped', 'one', 'denied']) {
    const { verdict, reason } = await byDns(words, `${name}.test`);
    assert.deepEqual([verdict, reason], ['refused', 'bogus'], name);
  }
});

test('one server that says otherwise is enough', async (t) => {
  const { words } = await world(t, {
    'lie.test': { hosts: three, records: [], at: { '127.0.0.3': { records: [proof] } } },
    'late.test': { hosts: three, records: [proof], at: { '127.0.0.4': { records: [] } } },
    'other.test': { hosts: three, records: [proof], at: { '127.0.0.4': { records: ['_tidemark-proof TXT "tidemark-proof=x"'] } } },
  });
  for (const name of ['lie', 'late', 'other'])
    assert.deepEqual(told(await byDns(words, `${name}.test`)), ['refused', 'disagreement', false, 3], name);
});

test('servers that do not answer are not counted; if none does, nobody can say', async (t) => {
  const { words } = await world(t, {
    'half.test': { hosts: ['127.0.0.2', '127.0.0.3'], records: [proof, 'ns1 A 127.0.0.9'] },
    'mute.test': { hosts: ['127.0.0.2'], records: [proof] },
  });
  /* 127.0.0.9 refuses; its name is one of the zone's servers'. */
  assert.deepEqual(told(await byDns(words, 'half.test')), ['seen', '', false, 2]);
  const { verdict, reason } = await byDns({ ...words, 'dns-port': await freePort(), milliseconds: 2000 }, 'mute.test');
  assert.deepEqual([verdict, reason], ['unreachable', 'timed_out']);
});

test('a wildcard proves nothing, whatever it answers', async (t) => {
  const { words } = await world(t, {
    'wild.test': { signed: true, records: [`* TXT "tidemark-proof=${token}"`] },
    'mail.test': { records: ['* TXT "v=spf1 -all"', proof] },
    'alias.test': { records: ['* CNAME proof', `proof TXT "tidemark-proof=${token}"`] },
    'hosts.test': { records: ['* A 127.0.0.1', proof] },
  });
  for (const name of ['wild', 'mail', 'alias']) {
    const { verdict, reason } = await byDns(words, `${name}.test`);
    assert.deepEqual([verdict, reason], ['refused', 'wildcard'], name);
  }
  assert.equal((await byDns(words, 'hosts.test')).verdict, 'seen');
});

test('an alias stays within the domain', async (t) => {
  const { words } = await world(t, {
    'within.test': { signed: true, records: ['_tidemark-proof CNAME proof', `proof TXT "tidemark-proof=${token}"`] },
    'out.test': { signed: true, records: ['_tidemark-proof CNAME proof.else.test.'] },
    'back.test': { records: ['_tidemark-proof CNAME back.else.test.', `proof TXT "tidemark-proof=${token}"`] },
    'like.test': { records: ['_tidemark-proof CNAME proof.notlike.test.'] },
    'notlike.test': { records: [`proof TXT "tidemark-proof=${token}"`] },
    'tree.test': { records: ['sub DNAME else.test.', '_tidemark-proof CNAME proof.sub'] },
    'else.test': { signed: true, records: [`proof TXT "tidemark-proof=${token}"`, 'back CNAME proof.back.test.'] },
    'loop.test': { records: ['_tidemark-proof CNAME a', 'a CNAME _tidemark-proof'] },
  });
  assert.deepEqual(told(await byDns(words, 'within.test')), ['seen', '', true, 1]);
  for (const name of ['out', 'back', 'like', 'tree']) {
    const { verdict, reason } = await byDns(words, `${name}.test`);
    assert.deepEqual([verdict, reason], ['refused', 'leaves'], name);
  }
  assert.notEqual((await byDns(words, 'loop.test')).verdict, 'seen');
});

test('of resolvers all must agree, and DNSSEC holds all the same', async (t) => {
  const { words: { anchor }, resolver } = await world(t, {
    'plain.test': { records: [proof] },
    'empty.test': { records: [] },
    'signed.test': { signed: true, records: [proof] },
    'nothing.test': { signed: true, records: [] },
  });
  const lies = ['empty', 'nothing'].map((name) => `_tidemark-proof.${name}.test. TXT "tidemark-proof=${token}"`);
  const [one, two, liar] = [await resolver(), await resolver(), await resolver(lies)];
  const words = { anchor, resolver: [one, two] };
  assert.deepEqual(told(await byDns(words, 'plain.test')), ['seen', '', false, 2]);
  assert.deepEqual(told(await byDns(words, 'signed.test')), ['seen', '', true, 2]);
  words.resolver = [one, liar, two];
  assert.deepEqual(told(await byDns(words, 'plain.test')), ['seen', '', false, 3]);
  assert.deepEqual(told(await byDns(words, 'empty.test')).slice(0, 2), ['refused', 'disagreement']);
  assert.deepEqual(told(await byDns(words, 'nothing.test')).slice(0, 2), ['refused', 'bogus']);
  assert.deepEqual(told(await byDns({ anchor, resolver: liar }, 'nothing.test')).slice(0, 2), ['refused', 'bogus']);
  /* Silence is no agreement. */
  words.resolver = [one, `127.0.0.1:${await freePort()}`];
  assert.equal((await byDns({ ...words, milliseconds: 3000 }, 'plain.test')).verdict, 'unreachable');
  /* A resolver of this machine that has no root is taken as it is; nothing is called validated. */
  assert.deepEqual(told(await byDns({ resolver: one }, 'signed.test')), ['seen', '', false, 1]);
});

test('name servers at closed addresses are not asked', async (t) => {
  const { words } = await world(t, { 'plain.test': { records: [proof] } });
  const { allow, ...strict } = words;
  assert.ok(allow);
  assert.deepEqual(told(await byDns(strict, 'plain.test')), ['refused', 'closed_address', false, 0]);
});

test('texts of any name, wherever it leads', async (t) => {
  const { words } = await world(t, {
    'mail.test': { signed: true, records: ['@ TXT "v=spf1 include:else.test -all"', 's1._domainkey CNAME key.else.test.', '@ TXT "a\\255b"'] },
    'else.test': { records: ['key TXT "v=DKIM1; k=rsa; " "p=MIIB"', ...Array.from({ length: 20 }, (_, i) => `many TXT "${i} ${'x'.repeat(240)}"`)] },
  });
  const texts = (name) => errand('prove', { method: 'txt', name, ...words });
  const own = await texts('mail.test');
  assert.deepEqual([own.verdict, own.validated, own.texts.sort()], ['seen', true, ['a\ufffdb', 'v=spf1 include:else.test -all']]);
  assert.deepEqual((await texts('s1._domainkey.mail.test')).texts, ['v=DKIM1; k=rsa; p=MIIB']);
  const many = await texts('many.else.test'); /* more than a datagram holds, and more than is told */
  assert.equal(new Set(many.texts).size, 16);
  const none = await texts('_dmarc.mail.test');
  assert.deepEqual([none.verdict, none.validated, none.texts], ['not_seen', true, []]);
});

test('questions that make no sense are not asked', async (t) => {
  const file = path.join(scratch(t), 'anchor');
  writeFileSync(file, 'no record\n');
  for (const words of [{ name: 'test' }, { name: 'a..test' }, { name: 'Contoso.test' }, { name: 'contoso.test.' }, { name: 'a b.test' }, { name: '' },
    { name: 'contoso.test', token: 'a b' }, { name: 'contoso.test', token: '' }, { name: 'contoso.test', anchor: file }])
    assert.equal((await byDns({ resolver: '127.0.0.1:9' }, 'contoso.test', words)).status, 'usage', JSON.stringify(words));
});

/* ---- pages ---- */

/** Web servers of one port, each at its host's address: {port, asked}. */
async function webServers(t, issue, hosts) {
  const port = await freePort([...new Set(Object.values(hosts).map(({ at }) => at))]);
  const asked = [];
  for (const [name, { at, names = [name], handler, days }] of Object.entries(hosts)) {
    const server = https.createServer(issue(names, days), (request, response) => {
      asked.push(`${request.headers.host.split(':')[0]}${request.url}`);
      handler(request, response);
    });
    server.listen(port, at);
    await once(server, 'listening');
    t.after(() => { server.closeAllConnections(); server.close(); });
  }
  return { port, asked };
}

const saying = (text, status = 200) => (request, response) => { response.writeHead(status); response.end(text); };
const leading = (location) => (request, response) => { response.writeHead(302, { location: location(request) }); response.end(); };

test('a page proves by its certificate, its name and its address', async (t) => {
  const { ca, issue } = authority(scratch(t));
  let bare;
  const lead = (to) => leading(() => `${to}:${bare}/p`);
  const hosts = {
    'good.test': { at: '127.0.1.1', handler: saying(`tidemark-proof=${token}\r\n`) },
    'token.test': { at: '127.0.1.2', handler: saying(`  ${token}  \n`) },
    'wrong.test': { at: '127.0.1.3', handler: saying('tidemark-proof=other') },
    'soft.test': { at: '127.0.1.4', handler: saying(`<html>not found: ${token}</html>`) },
    'absent.test': { at: '127.0.1.5', handler: saying(`tidemark-proof=${token}`, 404) },
    'failing.test': { at: '127.0.1.6', handler: saying(`tidemark-proof=${token}`, 500) },
    'within.test': { at: '127.0.1.7', handler: lead('https://www.within.test') },
    'www.within.test': { at: '127.0.1.8', handler: saying(`tidemark-proof=${token}`) },
    'out.test': { at: '127.0.1.9', handler: lead('https://good.test') },
    'like.test': { at: '127.0.1.10', handler: lead('https://notlike.test') },
    'clear.test': { at: '127.0.1.11', handler: lead('http://clear.test') },
    'port.test': { at: '127.0.1.12', handler: leading(() => 'https://port.test:9/') },
    'address.test': { at: '127.0.1.13', handler: lead('https://127.0.1.1') },
    'user.test': { at: '127.0.1.14', handler: lead('https://x@user.test') },
    'circle.test': { at: '127.0.1.15', handler: lead('https://circle.test') },
    'named.test': { at: '127.0.1.16', names: ['other.test'], handler: saying(`tidemark-proof=${token}`) },
    'big.test': { at: '127.0.1.17', handler: saying(`tidemark-proof=${token}\n${'x'.repeat(4096)}`) },
    'full.test': { at: '127.0.1.18', handler: saying(`tidemark-proof=${token}\n`.padEnd(4096, 'x')) },
  };
  const { words } = await world(t, Object.fromEntries(Object.entries(hosts).filter(([name]) => !name.startsWith('www.')).map(([name, { at }]) => [name,
    { records: [`@ A ${at}`, ...(hosts[`www.${name}`] ? [`www A ${hosts[`www.${name}`].at}`] : [])] }])));
  const { port, asked } = await webServers(t, issue, hosts);
  bare = port;
  const byHttp = async (name, more = {}) => {
    const { verdict, reason } = await errand('prove', { method: 'http', name, token, ...words, ca, 'https-port': port, ...more });
    return [verdict, reason].join(' ').trim();
  };
  const expected = {
    'good.test': 'seen', 'token.test': 'seen', 'wrong.test': 'seen_wrong', 'soft.test': 'not_seen', 'absent.test': 'not_seen',
    'failing.test': 'unreachable not_available', 'within.test': 'seen', 'out.test': 'refused leaves', 'like.test': 'refused leaves',
    'clear.test': 'refused leaves', 'port.test': 'refused leaves', 'address.test': 'refused leaves', 'user.test': 'refused leaves',
    'circle.test': 'refused redirects', 'named.test': 'refused certificate', 'big.test': 'refused too_large', 'full.test': 'seen',
  };
  for (const [name, verdict] of Object.entries(expected)) assert.equal(await byHttp(name), verdict, name);
  assert.ok(asked.includes('good.test/.well-known/tidemark-proof.txt'));
  assert.ok(!asked.some((one) => /^(127|notlike|other)/.test(one)) && asked.filter((one) => one === 'good.test/p').length === 0, asked.join('\n'));
  assert.equal(await byHttp('good.test', { ca: [] }), 'refused certificate', 'the authorities of the system do not know it');
  assert.equal(await byHttp('nowhere.test'), 'unreachable no_address');
});

test('nobody is led to an address that is not open, nor twice to one name', async (t) => {
  const { ca, issue } = authority(scratch(t));
  const proves = saying(`tidemark-proof=${token}`);
  const hosts = { 'closed.test': { at: '127.0.2.1', handler: proves }, 'open.test': { at: '127.0.2.2', handler: (request, response) =>
    (request.url === '/again' ? proves : leading(() => '/again'))(request, response) } };
  const { words } = await world(t, {
    'closed.test': { records: ['@ A 127.0.2.1'] },
    'open.test': { records: ['@ A 127.0.2.2', '@ A 127.0.2.1', '@ A 10.0.0.1', '@ AAAA ::ffff:127.0.2.1', '@ AAAA fe80::1'] },
    'private.test': { records: ['@ A 10.0.0.1', '@ A 169.254.169.254', '@ AAAA fc00::1', '@ AAAA ::1', '@ AAAA 64:ff9b::a00:1'] },
    'inner.test': { records: ['@ CNAME closed.test.'.replace('@', 'www'), '@ A 127.0.2.1'] },
  });
  const { port, asked } = await webServers(t, issue, hosts);
  /* The servers of names stand at 127.0.0.0/24; of web servers one is open. */
  const ask = (name) => errand('prove', { method: 'http', name, token, ...words, allow: ['127.0.0.0/24', '127.0.2.2'], ca, 'https-port': port });
  for (const name of ['closed.test', 'private.test', 'inner.test']) {
    const { verdict, reason } = await ask(name);
    assert.deepEqual([verdict, reason], ['refused', 'closed_address'], name);
  }
  assert.equal((await ask('open.test')).verdict, 'seen', 'of several addresses the open one');
  assert.deepEqual(asked, ['open.test/.well-known/tidemark-proof.txt', 'open.test/again']);
});

test('slow, endless and silent servers end in time', async (t) => {
  const { ca, issue } = authority(scratch(t));
  const drip = (write) => (request, response) => { const timer = setInterval(() => write(response), 20); response.on('close', () => clearInterval(timer)); };
  const hosts = {
    'slow.test': { at: '127.0.3.1', handler: (request, response) => { response.writeHead(200); drip((to) => to.write('x'))(request, response); } },
    'endless.test': { at: '127.0.3.2', handler: (request, response) => { response.writeHead(200); drip((to) => to.write('x'.repeat(4000)))(request, response); } },
    'header.test': { at: '127.0.3.3', handler: (request) => { request.socket.write('HTTP/1.1 200 OK\r\n'); drip(() => request.socket.write('X: y\r\n'))(request, request.socket); } },
    'silent.test': { at: '127.0.3.4', handler: () => {} },
    'garbage.test': { at: '127.0.3.5', handler: (request) => request.socket.end('no such protocol\r\n\r\n') },
    'cut.test': { at: '127.0.3.6', handler: (request) => request.socket.end('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort') },
    'heads.test': { at: '127.0.3.7', handler: (request) => request.socket.end(`HTTP/1.1 200 OK\r\n${`X-${'y'.repeat(900)}: z\r\n`.repeat(200)}\r\n`) },
  };
  const { words } = await world(t, Object.fromEntries([...Object.entries(hosts), ['deaf.test', { at: '127.0.3.8' }], ['nobody.test', { at: '127.0.3.9' }]]
    .map(([name, { at }]) => [name, { records: [`@ A ${at}`] }])));
  const { port } = await webServers(t, issue, hosts);
  const deaf = net.createServer(() => {});
  deaf.listen(port, '127.0.3.8');
  await once(deaf, 'listening');
  const sockets = [];
  deaf.on('connection', (socket) => sockets.push(socket));
  t.after(() => { sockets.forEach((socket) => socket.destroy()); deaf.close(); });
  const ask = async (name) => {
    const { verdict, reason } = await errand('prove', { method: 'http', name, token, ...words, ca, 'https-port': port, milliseconds: 1500 });
    return `${verdict} ${reason}`;
  };
  const expected = {
    'slow.test': 'unreachable timed_out', 'endless.test': 'refused too_large', 'header.test': 'unreachable timed_out', 'silent.test': 'unreachable timed_out',
    'garbage.test': 'unreachable no_sense', 'cut.test': 'unreachable no_sense', 'heads.test': 'refused too_large', 'deaf.test': 'unreachable timed_out',
    'nobody.test': 'unreachable no_connection',
  };
  for (const [name, verdict] of Object.entries(expected)) assert.equal(await ask(name), verdict, name);
});

test('a bogus address leads nowhere', async (t) => {
  const { ca, issue } = authority(scratch(t));
  const { words } = await world(t, { 'bogus.test': { signed: true, records: ['@ A 127.0.4.2'],
    at: { all: { edit: (text) => text.replace(/^(bogus\.test\.\s+\d+\s+A\s+)127\.0\.4\.2/m, '$1127.0.4.1') } } } });
  const { port, asked } = await webServers(t, issue, { 'bogus.test': { at: '127.0.4.1', handler: saying(`tidemark-proof=${token}`) } });
  const { verdict, reason } = await errand('prove', { method: 'http', name: 'bogus.test', token, ...words, ca, 'https-port': port });
  assert.deepEqual([verdict, reason, asked], ['refused', 'bogus', []]);
});

test('security.txt comes as text, and no longer than it may be', async (t) => {
  const { ca, issue } = authority(scratch(t));
  const hosts = {
    'told.test': { at: '127.0.5.1', handler: saying('Contact: mailto:security@told.test\nExpires: 2027-01-01T00:00:00Z\n') },
    'odd.test': { at: '127.0.5.2', handler: saying(Buffer.from([0x43, 0, 0xff, 0x0a])) },
    'long.test': { at: '127.0.5.3', handler: saying('x'.repeat(32769)) },
    'none.test': { at: '127.0.5.4', handler: saying('no', 404) },
  };
  const { words } = await world(t, Object.fromEntries(Object.entries(hosts).map(([name, { at }]) => [name, { records: [`@ A ${at}`] }])));
  const { port, asked } = await webServers(t, issue, hosts);
  const ask = (name) => errand('prove', { method: 'security.txt', name, ...words, ca, 'https-port': port });
  assert.equal((await ask('told.test')).page, 'Contact: mailto:security@told.test\nExpires: 2027-01-01T00:00:00Z\n');
  assert.equal((await ask('odd.test')).page, 'C\ufffd\ufffd\n');
  assert.equal((await ask('long.test')).reason, 'too_large');
  assert.equal((await ask('none.test')).verdict, 'not_seen');
  assert.equal(asked[0], 'told.test/.well-known/security.txt');
});

// SPDX-License-Identifier: Apache-2.0
// The role `send` against a real mail server (smtp-server), servers that break off where they like, and webhooks: whether they
// have it is told right, and nothing is said in an envelope that was not meant.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import net from 'node:net';
import path from 'node:path';
import { SMTPServer } from 'smtp-server';
import { authority, errand, freePort } from './errand.mjs';
import { scratch, sideBySide } from './house.mjs';

const test = sideBySide(4);
const text = 'From: a@sender.example\r\nTo: b@contoso.example\r\nSubject: Notice\r\n\r\nLine\r\n.\r\n..two\r\n.end\r\n';
const envelope = { from: 'a@sender.example', to: 'b@contoso.example' };

function writeMessage(t, contents = text) {
  const file = path.join(scratch(t), 'message.eml');
  writeFileSync(file, contents);
  return file;
}

/** A mail server; what it got lies in got. */
async function mailServer(t, options = {}) {
  const got = [];
  const server = new SMTPServer({
    authOptional: true, disableReverseLookup: true, logger: false,
    onData(stream, session, done) {
      const pieces = [];
      stream.on('data', (piece) => pieces.push(piece));
      stream.on('end', () => {
        const { envelope: { mailFrom, rcptTo }, secure } = session;
        got.push({ text: Buffer.concat(pieces).toString('binary'), from: mailFrom.address, to: rcptTo.map(({ address }) => address), secure });
        done();
      });
    },
    ...options,
  });
  server.on('error', () => {});
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  t.after(() => new Promise((done) => server.close(done)));
  return { got, port: server.server.address().port };
}

const refusing = (code, message) => Object.assign(new Error(message), { responseCode: code });

test('a mail goes out by STARTTLS, byte for byte', async (t) => {
  const { ca, issue } = authority(scratch(t));
  const { got, port } = await mailServer(t, issue(['localhost']));
  const sent = await errand('mail', { url: `smtp://localhost:${port}`, ca, message: writeMessage(t), ...envelope });
  assert.deepEqual([sent.verdict, sent.stage, sent.code, sent.encrypted], ['accepted', 'end', 250, true]);
  assert.equal(got[0].text, text);
  assert.deepEqual([got[0].from, got[0].to], [envelope.from, [envelope.to]]);
});

test('TLS from the first byte, user and password', async (t) => {
  const { ca, issue } = authority(scratch(t));
  const onAuth = ({ username, password }, session, done) =>
    (username === 'tidemark' && password === 'pass word' ? done(null, { user: 1 }) : done(refusing(535, 'No such user')));
  const { got, port } = await mailServer(t, { ...issue(['localhost']), secure: true, authOptional: false, onAuth });
  const words = { url: `smtps://tidemark@localhost:${port}`, ca, message: writeMessage(t), ...envelope };
  assert.equal((await errand('mail', { ...words, password: 'pass word' })).verdict, 'accepted');
  const refused = await errand('mail', { ...words, password: 'other' });
  assert.deepEqual([refused.verdict, refused.stage, refused.code], ['refused', 'login', 535]);
  assert.equal(got.length, 1);
});

test('a certificate that does not hold is no TLS', async (t) => {
  const folder = scratch(t);
  const { ca, issue } = authority(folder);
  const { got, port } = await mailServer(t, issue(['other.example']));
  const sent = await errand('mail', { url: `smtp://localhost:${port}`, ca, message: writeMessage(t), ...envelope });
  assert.deepEqual([sent.verdict, sent.stage], ['unreachable', 'tls']);
  assert.equal(got.length, 0);
});

test('to this machine itself it may go in clear, or by any certificate', async (t) => {
  const plain = await mailServer(t, { hideSTARTTLS: true });
  const own = await mailServer(t);
  for (const { port } of [plain, own])
    assert.equal((await errand('mail', { url: `smtp://127.0.0.1:${port}`, message: writeMessage(t), ...envelope })).verdict, 'accepted');
  assert.equal(plain.got.length, 1);
  assert.equal(own.got[0].secure, true);
});

test('what is refused, for now or for good, is told with its stage', async (t) => {
  const stages = [
    ['sender', 550, 'refused', { onMailFrom: (address, session, done) => done(refusing(550, 'Not you')) }],
    ['recipient', 550, 'refused', { onRcptTo: (address, session, done) => done(refusing(550, 'No such user')) }],
    ['recipient', 450, 'later', { onRcptTo: (address, session, done) => done(refusing(450, 'Greylisted')) }],
    ['end', 554, 'refused', { onData: (stream, session, done) => { stream.resume(); stream.on('end', () => done(refusing(554, 'Spam'))); } }],
    ['end', 452, 'later', { onData: (stream, session, done) => { stream.resume(); stream.on('end', () => done(refusing(452, 'Full'))); } }],
    ['greeting', 421, 'later', { onConnect: (session, done) => done(refusing(421, 'Busy')) }],
  ];
  for (const [stage, code, verdict, options] of stages) {
    const { port } = await mailServer(t, options);
    const sent = await errand('mail', { url: `smtp://127.0.0.1:${port}`, message: writeMessage(t), ...envelope });
    assert.deepEqual([sent.verdict, sent.stage, sent.code], [verdict, stage, code], JSON.stringify(sent));
  }
});

/** A server that speaks a part of SMTP, line by line: what it does on DATA and after is the test's. */
async function brokenServer(t, { offers = [], onData = () => {}, onEnd = () => {}, onLine = () => false }) {
  const sockets = new Set();
  const lines = [];
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.write('220 broken\r\n');
    let rest = '', inData = false;
    socket.on('data', (piece) => {
      rest += piece.toString('binary');
      for (let end; (end = rest.indexOf('\r\n')) >= 0;) {
        const line = rest.slice(0, end);
        rest = rest.slice(end + 2);
        lines.push(line);
        if (inData) {
          if (line === '.') { inData = false; onEnd(socket); }
          continue;
        }
        if (onLine(line, socket)) continue;
        if (/^EHLO/.test(line)) socket.write(['broken', ...offers].map((word, i, all) => `250${i < all.length - 1 ? '-' : ' '}${word}\r\n`).join(''));
        else if (line === 'DATA') { inData = true; socket.write('354 go on\r\n'); onData(socket); }
        else socket.write('250 ok\r\n');
      }
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => { for (const socket of sockets) socket.destroy(); server.close(); });
  return { port: server.address().port, lines };
}

test('dropped behind the last byte, nobody knows; before it, they have it not', async (t) => {
  const after = await brokenServer(t, { onEnd: (socket) => socket.destroy() });
  const before = await brokenServer(t, { onLine: (line, socket) => line === 'DATA' && socket.destroy() });
  const within = await brokenServer(t, { onData: (socket) => socket.resetAndDestroy() });
  const message = writeMessage(t);
  const lost = await errand('mail', { url: `smtp://127.0.0.1:${after.port}`, message, ...envelope });
  assert.deepEqual([lost.verdict, lost.stage], ['unknown', 'end']);
  const none = await errand('mail', { url: `smtp://127.0.0.1:${before.port}`, message, ...envelope });
  assert.deepEqual([none.verdict, none.stage], ['unreachable', 'body']);
  /* How much of it the kernel takes before the reset is not ours to say. */
  const large = writeMessage(t, `${text}${'x'.repeat(70).concat('\r\n').repeat(100000)}`);
  const cut = await errand('mail', { url: `smtp://127.0.0.1:${within.port}`, message: large, ...envelope });
  assert.ok(['unreachable body', 'unknown end'].includes(`${cut.verdict} ${cut.stage}`), JSON.stringify(cut));
});

test('silence ends: before the end unreachable, behind it unknown', async (t) => {
  const mute = await brokenServer(t, { onLine: (line) => /^MAIL/.test(line) });
  const deaf = await brokenServer(t, {});
  const message = writeMessage(t);
  const words = { message, ...envelope, milliseconds: 800 };
  const early = await errand('mail', { url: `smtp://127.0.0.1:${mute.port}`, ...words });
  assert.deepEqual([early.verdict, early.stage], ['unreachable', 'sender']);
  const late = await errand('mail', { url: `smtp://127.0.0.1:${deaf.port}`, ...words });
  assert.deepEqual([late.verdict, late.stage], ['unknown', 'end']);
});

test('nobody there, no name, and replies that are none', async (t) => {
  const message = writeMessage(t);
  const nobody = await errand('mail', { url: `smtp://127.0.0.1:${await freePort()}`, message, ...envelope });
  assert.deepEqual([nobody.verdict, nobody.stage], ['unreachable', 'connection']);
  const noName = await errand('mail', { url: 'smtp://no-such-host.invalid', message, ...envelope, milliseconds: 5000 });
  assert.equal(noName.verdict, 'unreachable');
  const endless = await brokenServer(t, { onLine: (line, socket) => /^MAIL/.test(line) && socket.write('250-more\r\n'.repeat(5000)) });
  const sent = await errand('mail', { url: `smtp://127.0.0.1:${endless.port}`, message, ...envelope });
  assert.deepEqual([sent.verdict, sent.stage], ['unreachable', 'sender']);
});

test('eight bits and UTF-8 are said where they are offered, and nothing is sent where not', async (t) => {
  const message = writeMessage(t, text.replace('Line', 'Zeile mit ü'));
  const able = await brokenServer(t, { offers: ['8BITMIME', 'SMTPUTF8'], onEnd: (socket) => socket.write('250 ok\r\n') });
  const sent = await errand('mail', { url: `smtp://127.0.0.1:${able.port}`, message, from: envelope.from, to: 'jörg@contoso.example' });
  assert.equal(sent.verdict, 'accepted', JSON.stringify(sent));
  assert.ok(able.lines.includes('MAIL FROM:<a@sender.example> BODY=8BITMIME SMTPUTF8'), able.lines.join('\n'));
  const unable = await brokenServer(t, {});
  for (const words of [{ message, ...envelope }, { message: writeMessage(t), from: envelope.from, to: 'jörg@contoso.example' }]) {
    const refused = await errand('mail', { url: `smtp://127.0.0.1:${unable.port}`, ...words });
    assert.deepEqual([refused.verdict, refused.stage, refused.code], ['refused', 'sender', 0]);
  }
  assert.ok(!unable.lines.some((line) => /^MAIL/.test(line)));
});

test('an envelope holds one address each, and a message ends its lines as it must', async (t) => {
  const { port, lines } = await brokenServer(t, { onEnd: (socket) => socket.write('250 ok\r\n') });
  const url = `smtp://127.0.0.1:${port}`, message = writeMessage(t);
  const addresses = ['b@contoso.example>\r\nRCPT TO:<c@other.example', 'b@contoso.example SIZE=1', 'b', '<b@contoso.example>',
    'b@contoso.example,c@other.example', 'b@c@contoso.example', '"b c"@contoso.example', `${'b'.repeat(65)}@contoso.example`];
  for (const to of addresses)
    assert.equal((await errand('mail', { url, message, from: envelope.from, to })).status, 'usage', to);
  for (const contents of ['From: a\nTo: b\n\nBare\n', `${text}\r.\r\n`, `${text}${'x'.repeat(999)}\r\n`, `${text}no end`, `${text}\0\r\n`])
    assert.equal((await errand('mail', { url, message: writeMessage(t, contents), ...envelope })).status, 'usage', contents);
  assert.deepEqual(lines, []);
});

/* ---- webhooks ---- */

async function webServer(t, module, options, handler) {
  const server = module.createServer(options, handler);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => { server.closeAllConnections?.(); server.close(); });
  return server.address().port;
}

test('a webhook gets one POST with its signature; its status is the verdict', async (t) => {
  const { ca, issue } = authority(scratch(t));
  const asked = [];
  const port = await webServer(t, https, issue(['localhost']), (request, response) => {
    let body = '';
    request.on('data', (piece) => { body += piece; });
    request.on('end', () => {
      asked.push({ method: request.method, headers: request.headers, body });
      response.writeHead(Number(request.url.slice(1)), { location: '/200' });
      response.end('said');
    });
  });
  const words = { ca, body: '{"a":1}', signature: 'sha256=00ff' };
  for (const [status, verdict] of [[200, 'accepted'], [204, 'accepted'], [302, 'refused'], [400, 'refused'], [410, 'refused'], [429, 'later'],
    [500, 'later'], [503, 'later']]) {
    const sent = await errand('post', { url: `https://localhost:${port}/${status}`, ...words });
    assert.deepEqual([sent.verdict, sent.code, sent.encrypted], [verdict, status, true], JSON.stringify(sent));
  }
  assert.equal(asked.length, 8, 'no redirect was followed');
  const [{ method, headers, body }] = asked;
  assert.deepEqual([method, headers['content-type'], headers['x-signature'], body], ['POST', 'application/json', 'sha256=00ff', '{"a":1}']);
});

test('a webhook that breaks off leaves it open; one that is not trusted gets nothing', async (t) => {
  const { ca, issue } = authority(scratch(t));
  let asked = 0;
  const port = await webServer(t, https, issue(['localhost']), (request) => { asked++; request.socket.destroy(); });
  const words = { ca, body: '{}', milliseconds: 5000 };
  assert.equal((await errand('post', { url: `https://localhost:${port}/`, ...words })).verdict, 'unknown');
  assert.equal(asked, 1);
  const untrusted = await errand('post', { url: `https://127.0.0.1:${port}/`, ...words });
  assert.deepEqual([untrusted.verdict, untrusted.stage], ['unreachable', 'tls']);
  assert.equal(asked, 1);
  const nobody = await errand('post', { url: `https://localhost:${await freePort()}/`, ...words });
  assert.deepEqual([nobody.verdict, nobody.stage], ['unreachable', 'connection']);
});

test('in clear a webhook is asked on this machine alone, and headers stay headers', async (t) => {
  let asked = 0;
  const port = await webServer(t, http, {}, (request, response) => { asked++; response.end(); });
  assert.equal((await errand('post', { url: `http://127.0.0.1:${port}/`, body: '{}' })).verdict, 'accepted');
  for (const words of [{ url: 'http://contoso.example/' }, { url: 'http://127.0.0.1.contoso.example/' }, { url: `http://user@127.0.0.1:${port}/` },
    { url: `ftp://127.0.0.1:${port}/` }, { url: `http://127.0.0.1:${port}/`, signature: 'a\r\nX-Other: b' }])
    assert.equal((await errand('post', { body: '{}', ...words })).status, 'usage', JSON.stringify(words));
  assert.equal(asked, 1);
});

// SPDX-License-Identifier: Apache-2.0
// What the cell that listens hands on of a request, and what it refuses: asked byte by byte, with a stand-in for tidemark behind it
// that says back what it got.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sanitizer } from './house.mjs';
import { certificate, connect, cutReply, raw, residentOf, standin, until, words } from './door-kit.mjs';

const always = {
  'cache-control': 'no-store', 'x-content-type-options': 'nosniff', 'referrer-policy': 'same-origin', 'x-frame-options': 'DENY',
  'cross-origin-opener-policy': 'same-origin', 'cross-origin-resource-policy': 'same-origin',
};
function isDressed({ headers }) {
  for (const [name, value] of Object.entries(always)) assert.equal(headers[name], value, name);
  assert.match(headers['content-security-policy'], /default-src 'none'.*frame-ancestors 'none'/);
  assert.doesNotMatch(headers['content-security-policy'], /unsafe|\*|data:/);
  assert.equal(headers.server, undefined);
}
const said = (reply) => { assert.equal(reply.code, 200, reply.body); isDressed(reply); return JSON.parse(Buffer.from(reply.body, 'latin1').toString()); };

test('a request is handed on as its route and fields', async (t) => {
  const { port } = await standin(t), host = `127.0.0.1:${port}`;
  const ask = async (method, target, options) => said(await raw(port, words(method, target, { host, ...options })));

  assert.deepEqual(await ask('GET', '/answer?page=2&q=a+b%26c%3D%C3%BC'), {
    route: 'PAGE_ANSWER', session: 'none', token: null, parameter: null, peer: '127.0.0.1', language: 'en', wants_problem: false,
    is_same_origin: true, fields: { page: '2', q: 'a b&c=ü' } });
  const form = await ask('POST', '/prove', { body: 'subject=contoso.com&method=dns', headers: { 'Content-Type': 'application/x-www-form-urlencoded; charset=utf-8' } });
  assert.deepEqual([form.route, form.fields], ['PAGE_BEGIN', { subject: 'contoso.com', method: 'dns' }]);
  const json = await ask('POST', '/api/v1/proofs', { body: ' {"subject" : "b\\u00fccher.example", "x":"\\ud83d\\ude00\\n"} ', headers: { 'Content-Type': 'application/json' } });
  assert.deepEqual([json.route, json.wants_problem, json.fields], ['PROOFS', true, { subject: 'bücher.example', x: '😀\n' }]);
  assert.deepEqual((await ask('POST', '/api/v1/proofs', { body: '{}', headers: { 'Content-Type': 'application/json' } })).fields, {});

  const parameter = await ask('POST', '/api/v1/notices/a%2Fb%20c/acknowledge', { body: '' });
  assert.deepEqual([parameter.route, parameter.parameter], ['ACKNOWLEDGE', 'a/b c']);
  assert.equal((await ask('GET', 'http://' + host + '/asked')).route, 'PAGE_ASKED');

  const bearer = await ask('GET', '/api/v1/answer', { headers: { Authorization: 'Bearer abc.DEF-123' } });
  assert.deepEqual([bearer.session, bearer.token], ['bearer', 'abc.DEF-123']);
  const cookie = await ask('GET', '/answer', { headers: { Cookie: 'other=1; tidemark=t0ken; x=y' } });
  assert.deepEqual([cookie.session, cookie.token], ['cookie', 't0ken']);
  for (const headers of [{ Cookie: 'tidemark=a; tidemark=b' }, { Cookie: '__Host-tidemark=a' }, { Cookie: 'tidemark-operator=a' }, { Authorization: 'Basic YTpi', Cookie: 'tidemark=a' },
    { Authorization: `Bearer ${'a'.repeat(129)}` }, { Authorization: 'Bearer a"b' }])
    assert.equal((await ask('GET', '/answer', { headers })).session, 'none', JSON.stringify(headers));

  for (const [accepted, language] of [['de', 'de'], ['de-AT, en;q=0.5', 'de'], ['fr, de;q=0.3, en;q=0.2', 'de'], ['en;q=0, de;q=0.1', 'de'], ['den', 'en'], ['fr', 'en'], ['en, de', 'en']])
    assert.equal((await ask('GET', '/', { headers: { 'Accept-Language': accepted } })).language, language, accepted);
  for (const [headers, same] of [[{ Origin: `http://${host}` }, true], [{ Origin: 'http://evil.example' }, false], [{ Origin: 'null' }, false], [{ Origin: `https://${host}` }, false],
    [{ 'Sec-Fetch-Site': 'same-origin' }, true], [{ 'Sec-Fetch-Site': 'none' }, true], [{ 'Sec-Fetch-Site': 'cross-site' }, false], [{ 'Sec-Fetch-Site': 'same-site' }, false],
    [{ Origin: `http://${host}`, 'Sec-Fetch-Site': 'cross-site' }, false]])
    assert.equal((await ask('GET', '/', { headers })).is_same_origin, same, JSON.stringify(headers));
  for (const [target, headers, wants] of [['/', { Accept: 'application/json' }, true], ['/', { Accept: 'text/html, application/json' }, false], ['/api/v1/answer', { Accept: 'text/html' }, true]])
    assert.equal((await ask('GET', target, { headers })).wants_problem, wants);
});

test('what can be read in two ways, or not at all, is refused', async (t) => {
  const desk = await standin(t), { port } = desk, host = `127.0.0.1:${port}`;
  const form = { 'Content-Type': 'application/x-www-form-urlencoded' }, json = { 'Content-Type': 'application/json' };
  const prove = (body, headers) => words('POST', '/prove', { host, body, headers });
  const cases = [
    ['no route', words('GET', '/nothing', { host }), 404], ['a dot segment', words('GET', '/a/../answer', { host }), 404],
    ['an encoded slash', words('GET', '/%61nswer', { host }), 404], ['a double slash', words('GET', '//answer', { host }), 404],
    ['a slash at its end', words('GET', '/answer/', { host }), 404], ['an empty parameter', words('POST', '/api/v1/proofs/', { host }), 404],
    ['a NUL in a parameter', words('GET', '/notice/a%00b', { host }), 404], ['no text in a parameter', words('GET', '/notice/%ff', { host }), 404],
    ['a long parameter', words('GET', `/notice/${'a'.repeat(257)}`, { host }), 404],
    ["the operator's routes", words('GET', '/operator', { host }), 404], ["the operator's sign-in", words('POST', '/operator/sign-in', { host }), 404],
    ['another method', words('POST', '/answer', { host, body: '' }), 405], ['OPTIONS', words('OPTIONS', '/', { host }), 405], ['TRACE', words('TRACE', '/', { host }), 405],
    ['an unknown method', words('BREW', '/', { host }), 405], ['PUT', words('PUT', '/prove', { host, body: 'a=b', headers: form }), 405],
    ['no path', words('GET', '*', { host }), 400], ['a fragment', words('GET', '/#a', { host }), 400], ['a backslash', words('GET', '/\\evil', { host }), 400],
    ['raw bytes', words('GET', '/\xe4', { host }), 400], ['a path without slash', words('GET', 'answer', { host }), 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400], ['two hosts', `GET / HTTP/1.1\r\nHost: ${host}\r\nHost: ${host}\r\n\r\n`, 400],
    ["another's host", words('GET', '/', { host: 'evil.example' }), 421], ['another port', words('GET', '/', { host: '127.0.0.1:1' }), 421],
    ['no port', words('GET', '/', { host: '127.0.0.1' }), 421], ['a name for this machine', words('GET', '/', { host: `rebound.example:${port}` }), 421],
    ["another's address in the path", words('GET', 'http://evil.example/', { host }), 421], ['an empty host', words('GET', '/', { host: '' }), 421],
    ['two lengths', `POST /prove HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\nContent-Length: 4\r\n\r\na=b`, 400],
    ['a length and chunks', `POST /prove HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, 400],
    ['another coding', `POST /prove HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n`, 400],
    ['a length that is none', `POST /prove HTTP/1.1\r\nHost: ${host}\r\nContent-Length: -1\r\n\r\n`, 400],
    ['a length too long', `POST /prove HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 99999999999999999999999\r\n\r\n`, 413],
    ['a body for GET', words('GET', '/', { host, body: 'a=b', headers: form }), 400],
    ['a large body', words('POST', '/prove', { host, headers: { ...form, 'Content-Length': 32769 } }), 413],
    ['a long field', prove(`a=${'b'.repeat(8193)}`, form), 413], ['a long name', prove(`${'b'.repeat(65)}=a`, form), 413],
    ['too many fields', prove(Array.from({ length: 17 }, (_, i) => `f${i}=1`).join('&'), form), 413],
    ['too many in a query', words('GET', `/?${Array.from({ length: 17 }, (_, i) => `f${i}=1`).join('&')}`, { host }), 413],
    ['a field twice', prove('a=1&a=2', form), 400], ['a field in query and body', words('POST', '/prove?a=1', { host, body: 'a=2', headers: form }), 400],
    ['a NUL in a field', prove('a=%00', form), 400], ['no text in a field', prove('a=%ff%fe', form), 400], ['a field without a name', prove('=a', form), 400],
    ['no text in a query', words('GET', '/?a=%c3%28', { host }), 400],
    ['no media type', prove('a=b', {}), 415], ['multipart', prove('--x', { 'Content-Type': 'multipart/form-data; boundary=x' }), 415], ['XML', prove('<a/>', { 'Content-Type': 'text/xml' }), 415],
    ...['[]', '{"a":1}', '{"a":null}', '{"a":{"b":"c"}}', '{"a":"b"', '{"a":"b"}x', '{"a":"b",}', '{"a" "b"}', '{"a":"\\u0000"}', '{"a":"\\ud800"}', '{"a":"\\x"}', '{"a":"\n"}', '{"a":"b","a":"c"}', '"a"', '{,}', '{"":"a"}', '\xff']
      .map((body) => [`JSON ${JSON.stringify(body)}`, `POST /api/v1/proofs HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body}`, 400]),
    ['a blank behind a name', `GET / HTTP/1.1\r\nHost: ${host}\r\nX-A : x\r\n\r\n`, 400],
    ['a hundred headers more', `GET / HTTP/1.1\r\nHost: ${host}\r\n${Array.from({ length: 120 }, (_, i) => `X-${i}: y\r\n`).join('')}\r\n`, 431],
  ];
  for (const [what, bytes, code] of cases) {
    const reply = await raw(port, bytes);
    assert.equal(reply?.code, code, `${what}: ${reply?.body}`);
    if (code === 405) assert.match(reply.headers.allow, /^(GET, HEAD|POST|GET, HEAD, POST)$/);
    if (![413, 400].includes(code) || reply.headers['content-security-policy']) isDressed(reply);
  }
  /* These the library answers, or cuts off: nothing of them is handed on. */
  for (const bytes of [`GET / HTTP/1.1\r\nHost: ${host}\r\nX: ${'a'.repeat(40000)}\r\n\r\n`, `GET /${'a'.repeat(40000)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, 'GET / HTTP/9.9\r\n\r\n', 'GET\r\n\r\n', '\x16\x03\x01\x02\x00\x01\x00', '\x00\x00\r\n\r\n',
    `GET / HTTP/1.1\r\nHost: ${host}\r\nbroken\r\n\r\n`, `POST /prove HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\nzz\r\n`,
    `POST /prove HTTP/1.1\r\nHost: ${host}\r\nTransfer-Encoding: chunked\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n9c40\r\n${'a'.repeat(40000)}\r\n0\r\n\r\n`]) {
    const socket = connect(port);
    socket.end(Buffer.from(bytes, 'latin1'));
    await socket.closed_;
    assert.match(socket.received, /^$|^HTTP\/1\.[01] (4\d\d|505)/, bytes.slice(0, 60));
  }
  assert.equal(said(await raw(port, words('GET', '/', { host }))).route, 'PAGE_ASK', 'it still answers');
  assert.deepEqual(desk.lines.length, 1, 'nothing but the port was told');
});

test('refusals are problems where that is asked for, and pages else; nothing of the request is in them', async (t) => {
  const { port } = await standin(t), host = `127.0.0.1:${port}`;
  const problem = await raw(port, words('GET', '/api/v1/%3Cscript%3E', { host }));
  assert.equal(problem.headers['content-type'], 'application/problem+json');
  assert.deepEqual(JSON.parse(problem.body), { type: 'about:blank', title: 'Not found', status: 404 });
  const page = await raw(port, words('GET', '/<script>alert(1)</script>', { host }));
  assert.equal(page.code, 404);
  assert.equal(page.headers['content-type'], 'text/html; charset=utf-8');
  assert.doesNotMatch(page.body, /script/);
});

test('requests come one behind the other on a connection, and HEAD has no body', async (t) => {
  const { port } = await standin(t), host = `127.0.0.1:${port}`;
  const socket = connect(port), ask = (target) => words('GET', target, { host });
  socket.write(ask('/?n=1') + ask('/nothing') + words('POST', '/prove', { host, body: 'n=3', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } }) + ask('/?n=4'));
  const replies = [];
  await until(socket, (text) => {
    replies.length = 0;
    for (let reply; (reply = cutReply(text)) !== undefined; text = reply.rest) replies.push(reply);
    return replies.length === 4;
  });
  socket.destroy();
  assert.deepEqual(replies.map((reply) => reply.code), [200, 404, 200, 200]);
  assert.deepEqual([0, 2, 3].map((at) => JSON.parse(replies[at].body).fields.n), ['1', '3', '4']);

  const get = await raw(port, ask('/')), head = await raw(port, words('HEAD', '/', { host }), { isHead: true });
  assert.deepEqual([head.code, head.rest, head.headers['content-length']], [200, '', get.headers['content-length']]);
  const patient = connect(port), expecting = words('POST', '/prove', { host, body: 'a=b', headers: { 'Content-Type': 'application/x-www-form-urlencoded', Expect: '100-continue' } });
  patient.write(expecting.slice(0, -3));
  await until(patient, (text) => text.startsWith('HTTP/1.1 100 Continue\r\n\r\n'));
  patient.write('a=b');
  await until(patient, (text) => cutReply(text.slice(25)) !== undefined);
  assert.equal(cutReply(patient.received.slice(25)).code, 200);
  patient.destroy();
  const slow = connect(port), bytes = words('POST', '/prove', { host, body: 'a=b', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
  for (const byte of bytes) { slow.write(byte); await new Promise(setImmediate); }
  await until(slow, (text) => cutReply(text) !== undefined);
  assert.deepEqual(JSON.parse(cutReply(slow.received).body).fields, { a: 'b' }, 'byte by byte');
  slow.destroy();
});

test('replies have the door\'s cookie, a place to go to, a name to be kept under', async (t) => {
  const desk = await standin(t), { port } = desk, host = `127.0.0.1:${port}`;
  const act = (name) => raw(port, words('GET', `/?act=${name}`, { host }));
  assert.equal((await act('cookie')).headers['set-cookie'], 'tidemark=token-1; Path=/; HttpOnly; SameSite=Strict');
  assert.equal((await act('forget')).headers['set-cookie'], 'tidemark=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0');
  const moved = await act('move');
  assert.deepEqual([moved.code, moved.headers.location], [303, '/answer?page=2']);
  assert.equal((await act('file')).headers['content-disposition'], 'attachment; filename="your-part.csv"');
  /* What would break a header was never to be sent: the cell believes nothing after that. */
  assert.equal(await act('unsound'), undefined);
  await desk.says(/^ended/);
});

test('a large reply comes whole, and who does not read holds no memory', async (t) => {
  const { port, cell } = await standin(t), host = `127.0.0.1:${port}`, size = 50_000_000;
  const before = residentOf(cell), sockets = [];
  for (let i = 0; i < 200; i++) {
    const socket = connect(port);
    socket.pause();
    socket.write(words('GET', `/?act=large&size=${size}`, { host }));
    sockets.push(socket);
  }
  const reader = connect(port);
  let got = 0;
  reader.removeAllListeners('data');
  reader.on('data', (piece) => { got += piece.length; });
  reader.write(words('GET', `/?act=large&size=${size}`, { host, headers: { Connection: 'close' } }));
  await reader.closed_;
  assert.ok(got > size && got < size * 1.01, `${got}`);
  const grown = residentOf(cell) - before;
  t.diagnostic(`200 that do not read and one that read 50 MB: ${Math.round(grown / 1e6)} MB more`);
  assert.ok(grown < 201 * 384 * 1024, `${grown}`);
  for (const socket of sockets) socket.destroy();
});

test('a reply that cannot be finished does not look whole; who leaves is told of', async (t) => {
  const desk = await standin(t), { port } = desk, host = `127.0.0.1:${port}`;
  const socket = connect(port);
  socket.write(words('GET', '/?act=cut', { host }));
  await socket.closed_;
  assert.equal(cutReply(socket.received), undefined);
  const leaver = connect(port);
  leaver.write(words('GET', '/?act=never', { host }));
  assert.equal(said(await raw(port, words('GET', '/', { host }))).route, 'PAGE_ASK');
  leaver.resetAndDestroy();
  await desk.says(/^cancel$/);
});

test('TLS: 1.2 and 1.3 alone, cookies and transport are strict', async (t) => {
  const { cert, key } = certificate(t);
  const { port } = await standin(t, { cert, key, url: 'https://leak.example' }), secure = {};
  const ask = (target, headers = {}, host = 'leak.example') => raw(port, words('GET', target, { host, headers }), { secure });
  const reply = await ask('/answer', { Cookie: '__Host-tidemark=abc', Origin: 'https://leak.example' });
  assert.deepEqual(((said_) => [said_.session, said_.token, said_.is_same_origin])(said(reply)), ['cookie', 'abc', true]);
  assert.match(reply.headers['strict-transport-security'], /max-age=31536000/);
  assert.equal((await ask('/?act=cookie')).headers['set-cookie'], '__Host-tidemark=token-1; Path=/; HttpOnly; SameSite=Strict; Secure');
  assert.equal((await ask('/', {}, 'other.example')).code, 421);
  assert.equal(said(await ask('/', {}, `localhost:${port}`)).route, 'PAGE_ASK');
  const large = await ask('/?act=large&size=5000000');
  assert.deepEqual([large.code, large.body.length], [200, 5000000]);
  const old = connect(port, { secure: { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } });
  await old.closed_;
  assert.equal(old.authorized, false);
  assert.equal(await raw(port, words('GET', '/', { host: 'leak.example' })), undefined, 'no HTTP there');
  const mixed = certificate(t), refused = await standin(t, { cert, key: mixed.key });
  assert.match(refused.lines[0], /failed .*certificate and key/);
});

test('behind a proxy the address is the one it names; before none it is not believed', async (t) => {
  const headers = { 'X-Forwarded-For': '198.51.100.7, 203.0.113.9' };
  const proxied = await standin(t, { url: 'https://leak.example' });
  const ask = async (port, host, more) => said(await raw(port, words('GET', '/', { host, headers: more })));
  assert.equal((await ask(proxied.port, 'leak.example', headers)).peer, '203.0.113.9');
  assert.equal((await raw(proxied.port, words('GET', '/metrics', { host: 'leak.example' }))).code, 404, 'figures are for this machine');
  assert.equal((await raw(proxied.port, words('GET', '/metrics', { host: `localhost:${proxied.port}` }))).code, 200);
  assert.equal((await ask(proxied.port, 'leak.example', { 'X-Forwarded-For': '2001:db8::1' })).peer, '2001:db8::1');
  for (const wrong of ['evil', '', '1.2.3.4:80', 'a'.repeat(100)])
    assert.equal((await ask(proxied.port, 'leak.example', { 'X-Forwarded-For': wrong })).peer, '127.0.0.1', wrong);
  const direct = await standin(t);
  assert.equal((await ask(direct.port, `127.0.0.1:${direct.port}`, headers)).peer, '127.0.0.1');
});

test('an operator is at the operator\'s door alone', async (t) => {
  const { port } = await standin(t, { door: 'operators' }), host = `127.0.0.1:${port}`;
  const ask = (target, headers) => raw(port, words('GET', target, { host, headers }));
  assert.equal(said(await ask('/operator/organisations/contoso.com')).route, 'OPERATOR_ORGANISATION');
  for (const target of ['/answer', '/api/v1/answer', '/asked', '/notice/abc']) assert.equal((await ask(target)).code, 404, target);
  const home = await ask('/');
  assert.deepEqual([home.code, home.headers.location], [308, '/operator']);
  assert.equal(said(await ask('/operator', { Cookie: 'tidemark=a' })).session, 'none');
  assert.equal(said(await ask('/operator', { Cookie: 'tidemark-operator=a' })).session, 'cookie');
});

test('each address has its share, and one that fills it takes nothing from others', async (t) => {
  const few = await standin(t, { env: { PER_ADDRESS: '20', PER_MINUTE: '30' } }), host = `127.0.0.1:${few.port}`;
  const held = Array.from({ length: 60 }, () => connect(few.port));
  const cut = held.slice(20);
  await Promise.all(cut.map((socket) => socket.closed_));
  assert.equal(await raw(few.port, words('GET', '/', { host })), undefined, 'a connection too many is closed');
  const other = (n) => raw(few.port, words('GET', `/?n=${n}`, { host }), { local: '127.0.0.2' });
  const codes = [];
  for (let n = 0; n < 40; n++) codes.push((await other(n)).code);
  assert.deepEqual([codes.slice(0, 30).every((code) => code === 200), codes.slice(31).every((code) => code === 429)], [true, true], `${codes}`);
  assert.equal((await raw(few.port, words('GET', '/', { host }), { local: '127.0.0.3' })).code, 200);
  for (const socket of held) socket.destroy();
});

test('idle connections make room, longest idle first', async (t) => {
  const { port } = await standin(t, { env: { CONNECTIONS: '50' } }), host = `127.0.0.1:${port}`;
  const idle = [];
  for (let i = 0; i < 120; i++) {
    const socket = connect(port);
    await new Promise((resolve) => socket.once('connect', resolve));
    idle.push(socket);
    socket.write('GET / HTTP/1.1\r\nHost: ');
  }
  for (let n = 0; n < 20; n++) assert.equal((await raw(port, words('GET', '/', { host }))).code, 200);
  await Promise.all(idle.slice(0, 60).map((socket) => socket.closed_));
  for (const socket of idle) socket.destroy();
});

test('two thousand idle connections stop nobody', async (t) => {
  const { port, cell } = await standin(t, { env: { CONNECTIONS: '4000', PER_ADDRESS: '4000' } }), host = `127.0.0.1:${port}`;
  const idle = [];
  for (let i = 0; i < 2000; i++) {
    const socket = connect(port);
    idle.push(new Promise((resolve) => socket.once('connect', () => resolve(socket))));
  }
  const sockets = await Promise.all(idle);
  for (let n = 0; n < 100; n++) assert.equal((await raw(port, words('GET', '/', { host }))).code, 200);
  const resident = residentOf(cell);
  t.diagnostic(`${Math.round(resident / 1e6)} MB with 2,000 idle connections`);
  assert.ok(resident < 200e6);
  for (const socket of sockets) socket.destroy();
});

test('heads that never end are cut off, bodies too', async (t) => {
  const { port } = await standin(t), host = `127.0.0.1:${port}`;
  const loris = connect(port), body = connect(port), mute = connect(port);
  const drip = (socket, first, byte) => { socket.write(first); return setInterval(() => { if (!socket.destroyed) socket.write(byte); }, 500); };
  const timers = [drip(loris, `GET / HTTP/1.1\r\nHost: ${host}\r\nX: `, 'a'), drip(body, `POST /prove HTTP/1.1\r\nHost: ${host}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 30000\r\n\r\n`, 'a')];
  await Promise.all([loris, body, mute].map((socket) => socket.closed_));
  timers.forEach(clearInterval);
  assert.deepEqual([loris, body, mute].map((socket) => socket.received), ['', '', '']);
  assert.equal((await raw(port, words('GET', '/', { host }))).code, 200);
});

test('what is under way is finished before it drains', async (t) => {
  const desk = await standin(t), { port } = desk, host = `127.0.0.1:${port}`;
  const idle = connect(port), busy = connect(port), bytes = words('POST', '/prove', { host, body: 'a=b', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } });
  busy.write(bytes.slice(0, -1));
  assert.equal((await raw(port, words('GET', '/', { host }))).code, 200);
  desk.child.stdin.write('\n');
  await idle.closed_;
  busy.write(bytes.slice(-1));
  await busy.closed_;
  const reply = cutReply(busy.received);
  assert.deepEqual([reply.code, reply.headers.connection, JSON.parse(reply.body).fields.a], [200, 'close', 'b']);
  /* A leak checker does not get out of a cell. */
  assert.equal(await desk.ended, sanitizer === '' ? 0 : 5);
});

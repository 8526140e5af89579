// SPDX-License-Identifier: Apache-2.0
// What a stranger tries at the portal's door: whose proof it is, and what replies tell. Each case has the name of what an
// attacker tries (docs/gate.md). server is of server.mjs; leak of leak.mjs, swept by the one who serves it.
import assert from 'node:assert/strict';
import http from 'node:http';

/* But for what is new each time and the echo. */
const plain = (reply, subject) => {
  const { date, 'content-length': length, ...headers } = reply.headers;
  const body = JSON.parse(JSON.stringify(reply.body).replaceAll(subject, 'SUBJECT').replaceAll(/[a-z2-7]{32}/g, 'SECRET')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:]+Z/g, 'TIME'));
  return { status: reply.status, headers, order: Object.keys(reply.headers), length: Number(length) - (reply.text.split(subject).length - 1) * subject.length, body };
};

/* As many letters as a name has, of nobody. */
const nobodyLike = (name) => [...name].map((letter, i) => (/[a-z]/.test(letter) && i < name.indexOf('.') ? 'q' : letter)).join('');

/** Bytes as they are sent, and what comes back. */
function speak(url, bytes) {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const asked = http.request({ hostname, port, method: 'POST', path: '/api/v1/proofs', headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(bytes) } },
      (reply) => {
        let text = '';
        reply.on('data', (piece) => { text += piece; });
        reply.on('end', () => resolve({ status: reply.statusCode, raw: reply.rawHeaders, text }));
      });
    asked.on('error', reject);
    asked.end(bytes);
  });
}

/** Registers the cases with test(). open() → server. */
export function provesSafely(test, { leak, open }) {
  const [first, second] = leak.organisations;
  const [label, ...suffix] = first.domain.split('.');
  const methods = ['dns', 'http', 'mail', 'invitation'];

  for (const method of methods)
    test(`to begin tells nothing of whether somebody is affected: ${method}`, async () => {
      const server = await open();
      const known = plain(await server.begin(first.domain, method), first.domain);
      assert.equal(known.status, 202);
      for (const subject of [nobodyLike(first.domain), second.domain, `mail.${first.domain}`, `${label}.net`, suffix.join('.'), `${label}.onmicrosoft.com`, 'gmail.com'])
        assert.deepEqual(plain(await server.begin(subject, method), subject), known, subject);
      const person = first.people[0].address;
      const address = plain(await server.begin(person, method), person);
      for (const subject of [`nobody@${first.domain}`, 'nobody@nowhere-at-all.org', 'nobody@gmail.com'])
        assert.deepEqual(plain(await server.begin(subject, method), subject), address, subject);
    });

  test('the subject is echoed as it was written, and proved in its form', async () => {
    const server = await open();
    const written = ` ${first.domain.toUpperCase()}.`;
    assert.equal((await server.begin(written)).body.subject, written);
    const [, name] = (await server.begin(written)).body.instructions.match(/_tidemark-proof\.(\S+) /);
    assert.equal(name, first.domain);
  });

  test('what is no subject, no method or no mailbox is refused, whoever it is like', async () => {
    const server = await open();
    for (const subject of ['', ' ', 'a b', '@', 'a@', 'no..dots', `${first.domain}/x`, 'x'.repeat(300), `${first.domain}\r\nX-Injected: 1`, 'a\u0000b.com'])
      assert.equal((await server.begin(subject)).status, 400, JSON.stringify(subject));
    for (const method of ['', 'DNS', 'token', 'dns,http', '__proto__'])
      assert.equal((await server.begin(first.domain, method)).status, 400);
    for (const mailbox of ['anna', `postmaster@${second.domain}`, 'abuse,security', 'abuse\r\nBcc: x@y.z'])
      assert.equal((await server.begin(first.domain, 'mail', { mailbox })).status, 400);
  });

  test('nothing that is typed becomes a header', async () => {
    const server = await open();
    for (const subject of [`${first.domain}\r\nSet-Cookie: a=b`, `${first.domain}\nX: y`, `a\r\n\r\nHTTP/1.1 200 OK@${first.domain}`]) {
      const { status, raw, text } = await speak(server.url, JSON.stringify({ subject, method: 'dns' }));
      assert.equal(status, 400);
      assert.ok(!raw.some((name) => /set-cookie|^x$/i.test(name)));
      assert.ok(!/[\r\n]./.test(text), 'nor a line of the body');
    }
  });

  test('a token of somebody else, expired, made up or left out is one refusal', async () => {
    const server = await open();
    const begun = await server.begin(first.domain);
    const [published] = begun.body.record.value.match(/[a-z2-7]{32}$/);
    const left = await server.prove(second.domain);
    const tokens = [undefined, '', 'x', 'a'.repeat(32), left.replace(/^./, (letter) => (letter === 'a' ? 'b' : 'a')), left.toUpperCase(), begun.body.proof, published, await server.invite(first.domain), '../../x', 'é'.repeat(3)];
    for (const what of ['answer', 'answer.csv', 'asked']) {
      const refusals = [];
      for (const token of tokens) {
        const reply = await server.get(what, /^[\x20-\x7e]*$/.test(token ?? '') ? token : encodeURIComponent(token));
        const { date, ...headers } = reply.headers;
        refusals.push({ status: reply.status, headers, text: reply.text });
      }
      assert.equal(refusals[0].status, 401);
      for (const refusal of refusals) assert.deepEqual(refusal, refusals[0], what);
    }
    assert.equal((await server.post('appeals', 'a'.repeat(32), { kind: 'other', text: 'x' })).status, 401);
  });

  test('an id that was guessed is no proof, whatever is sent with it', async () => {
    const server = await open();
    const seen = new Set();
    for (const id of ['a'.repeat(32), 'x', first.domain, 'a'.repeat(200), '%00', '..%2f..']) {
      const reply = await server.check(id, { code: 'x' });
      seen.add(`${reply.status} ${reply.text}`);
    }
    assert.equal(seen.size, 1);
    assert.match([...seen][0], /^404 /);
  });

  test('what is published is not what is asked by, and neither leads to the other', async () => {
    const server = await open();
    const { proof, record } = (await server.begin(first.domain)).body;
    const published = record.value.split('=')[1];
    assert.notEqual(published, proof);
    assert.equal((await server.check(published)).status, 404);
    assert.equal((await server.check(proof)).body.state, 'pending');
    assert.equal((await server.check(proof)).body.token, undefined);
  });

  test('an invitation proves whom it is for, once', async () => {
    const server = await open();
    const code = await server.invite(first.domain);
    for (const subject of [second.domain, `mail.${first.domain}`, `${label}.net`, first.people[0].address]) {
      const other = await server.begin(subject, 'invitation', { code });
      assert.equal((await server.check(other.body.proof)).body.state, 'pending', subject);
    }
    const own = await server.begin(first.domain, 'invitation', { code });
    const proved = await server.check(own.body.proof);
    assert.equal(proved.body.state, 'proved');
    assert.match(proved.body.token, /^[a-z2-7]{32}$/);
    const replayed = await server.check(own.body.proof, { code });
    assert.equal(replayed.body.token, undefined);
    const again = await server.begin(first.domain, 'invitation');
    assert.equal((await server.check(again.body.proof, { code })).body.state, 'pending');
  });

  test('of many that race for one proof, or one invitation, one gets a token', async () => {
    const server = await open();
    const code = await server.invite(first.domain);
    const tokensOf = (replies) => replies.map((reply) => reply.body?.token).filter(Boolean);
    const one = await server.begin(first.domain, 'invitation');
    assert.equal(tokensOf(await Promise.all(Array.from({ length: 20 }, () => server.check(one.body.proof, { code })))).length, 1);
    const shared = await server.invite(first.domain);
    /* Five are open at once for one asker, so five race. */
    const begun = [];
    for (let i = 0; i < 5; i++) begun.push((await server.begin(first.domain, 'invitation')).body.proof);
    assert.equal(tokensOf(await Promise.all(begun.map((id) => server.check(id, { code: shared })))).length, 1);
  });

  test('ten wrong tries end an invitation, and tries at random end nobody\'s', async () => {
    const server = await open();
    const code = await server.invite(second.domain);
    const tried = async (written) => (await server.check((await server.begin(second.domain, 'invitation')).body.proof, { code: written })).body;
    for (let i = 0; i < 12; i++) assert.equal((await tried(`${'abcdefghijkl'[i]}${'q'.repeat(25)}`)).state, 'pending');
    const near = code.slice(0, 20) + (code[20] === 'a' ? 'b' : 'a') + code.slice(21);
    for (let i = 0; i < 10; i++) assert.equal((await tried(near)).state, 'pending');
    assert.equal((await tried(code)).state, 'pending');
    assert.equal((await tried(await server.invite(second.domain))).state, 'proved');
  });

  test('an asker\'s sixth proof replaces its first', async () => {
    const server = await open();
    const ids = [];
    for (let i = 0; i < 6; i++) ids.push((await server.begin(`replaced-${label}.org`, 'mail')).body.proof);
    const states = [];
    for (const id of ids) states.push((await server.check(id)).body.state);
    assert.deepEqual(states, ['expired', ...Array(5).fill('pending')]);
  });

  test('a cursor, a document and an appeal of another subject are nobody\'s', async () => {
    const server = await open();
    const mine = await server.tokenOf(first.domain), theirs = await server.tokenOf(second.domain);
    const { body: page } = await server.get('answer', mine, { limit: 1 });
    assert.equal((await server.get('answer', mine, { limit: 1, cursor: page.next })).status, 200);
    assert.equal((await server.get('answer', theirs, { limit: 1, cursor: page.next })).status, 400);
    assert.equal((await server.get('answer', mine, { limit: 0 })).status, 400);
    const appeal = (token, document) => server.post('appeals', token, { kind: 'not_ours', document, text: 'no' });
    assert.equal((await appeal(mine, page.documents[0].id)).status, 201);
    const [told] = (await server.get('asked', mine)).body.appeals;
    assert.deepEqual([told.kind, told.document, told.state, told.decided_at], ['not_ours', page.documents[0].id, 'open', null]);
    assert.deepEqual((await server.get('asked', theirs)).body.appeals, []);
    const refused = await appeal(theirs, page.documents[0].id), guessed = await appeal(theirs, 'a'.repeat(26));
    assert.equal(refused.status, 400);
    assert.equal(refused.text, guessed.text);
    for (const wrong of [{ kind: 'ours', text: 'x' }, { kind: 'other', text: '' }, { kind: 'other', text: 'x'.repeat(4001) }, {}])
      assert.equal((await server.post('appeals', mine, wrong)).status, 400);
  });

  test('a negative has the status, the headers, the length and the words of any other', async () => {
    const server = await open();
    const asked = async (subject) => {
      const reply = await server.get('answer', await server.tokenOf(subject));
      const { as_of, ...body } = reply.body;
      const { date, ...headers } = reply.headers;
      return { status: reply.status, headers, order: Object.keys(reply.headers), body: JSON.stringify(body).replaceAll(subject, 'SUBJECT'), length: reply.text.length - subject.length };
    };
    const unknown = await asked('nowhere-at-all.org');
    for (const subject of [nobodyLike(first.domain), `mail.${first.domain}`, `${label}.net`, suffix.join('.'), `${label}.onmicrosoft.com`, 'gmail.com', `x${first.domain}`]) {
      const { headers: { 'content-length': length, ...headers }, ...rest } = await asked(subject);
      const { headers: { 'content-length': known, ...others }, ...wanted } = unknown;
      assert.deepEqual({ headers, ...rest }, { headers: others, ...wanted }, subject);
      assert.equal(length - subject.length, known - 'nowhere-at-all.org'.length);
    }
  });

  test('nothing of an answer is kept or marked for a cache', async () => {
    const server = await open();
    const token = await server.tokenOf(first.domain);
    for (const what of ['answer', 'answer.csv', 'asked']) {
      const { headers } = await server.get(what, token);
      assert.equal(headers['cache-control'], 'no-store');
      for (const name of ['etag', 'last-modified', 'content-encoding', 'set-cookie', 'server']) assert.equal(headers[name], undefined, `${what}: ${name}`);
    }
  });

  test('who asked is seen as time, method, result and network, and of nobody else', async () => {
    const server = await open();
    const subject = `seen-${label}.org`;
    await server.begin(subject, 'http');
    await server.begin(second.domain, 'http');
    const { body } = await server.get('asked', await server.tokenOf(subject));
    assert.deepEqual(body.asked.map(({ method, result }) => `${method} ${result}`),
      ['invitation read_asked', 'invitation proved', 'invitation invited', 'invitation started', 'http started']);
    for (const one of body.asked) {
      assert.deepEqual(Object.keys(one), ['at', 'method', 'result', 'network']);
      assert.ok(one.network === null || /\.0\/24$|::\/48$/.test(one.network));
    }
    const { body: page } = await server.get('asked', await server.tokenOf(subject), { limit: 2 });
    assert.equal(page.asked.length, 2);
    assert.ok(Number(page.next) < 10, 'it counts what was asked of this subject, not of all');
    const { body: next } = await server.get('asked', await server.tokenOf(subject), { cursor: page.next });
    assert.ok(next.asked.length >= 4);
    assert.equal((await server.get('asked', await server.tokenOf(subject), { cursor: 'x' })).status, 400);
  });
}

/** The same of one whose limits are those of every day: it is asked by nobody else meanwhile. */
export function limitsAsking(test, { leak, open }) {
  const [first] = leak.organisations;
  test('who asks too often is refused in the same words for every subject', async () => {
    const server = await open();
    let begun = 0;
    while ((await server.begin(first.domain)).status === 202 && begun < 100) begun++;
    assert.equal(begun, 20);
    const refusals = [];
    for (const subject of [first.domain, 'nowhere-at-all.org', 'com', first.people[0].address]) {
      const { status, headers, text } = await server.begin(subject);
      refusals.push({ status, order: Object.keys(headers), text });
      assert.match(headers['retry-after'], /^\d+$/);
      assert.ok(Number(headers['retry-after']) <= 3600);
    }
    for (const refusal of refusals) assert.deepEqual(refusal, refusals[0]);
    assert.equal(refusals[0].status, 429);
  });
}

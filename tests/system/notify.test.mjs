// SPDX-License-Identifier: Apache-2.0
// Notices: ten organisations are told over a real SMTP server, each once whatever is killed when; what comes back is told apart,
// and nothing of a register, a name or an answer gets out of its place.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import https from 'node:https';
import { createRequire } from 'node:module';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { test } from 'node:test';
import { SMTPServer } from 'smtp-server';
import { dkimVerify } from 'mailauth/lib/dkim/verify.js';
import { answer, build, exited, holds, plant, root, scratch, start, tidemark } from './house.mjs';
import { authority } from './errand.mjs';
import { serve } from './serve-kit.mjs';
import { world } from './world.mjs';

const libmime = createRequire(import.meta.url)('libmime');
const domains = ['contoso.com', 'kranichfeld.de', 'city.gov.uk', 'adatum.at', 'lucerne.ch', 'litware.fr', 'northwind.es', 'wingtip.it',
  'stadtwerke-nord.de', 'proseware.se'];
const sectors = { 'stadtwerke-nord.de': 'Energy supply' };
const countries = { 'contoso.com': 'US' };

const mail = (domain, nth) => `From: Anna Berg <anna.berg@${domain}>
To: Dana Whitlock <dana.whitlock@fabrikam.com>
Date: Mon, 1${nth} May 2021 10:00:00 +0000
Subject: Offer ${nth}
Message-ID: <m${nth}@${domain}>

Dear Dana,

please find our offer number Q-2021-00${domain.length}${nth} attached.

Anna Berg
Head of Sales
anna.berg@${domain}
`;
const leak = Object.fromEntries(domains.flatMap((domain) => [0, 1].map((nth) => [`leak/${domain}-${nth}.eml`, mail(domain, nth)])));
const register = ['domain,name,relationship,sector,country,contact', 'fabrikam.com,Fabrikam Inc.,own,,US,',
  ...domains.map((domain) => `${domain},,customer,${sectors[domain] ?? ''},${countries[domain] ?? ''},privacy@${domain}`)].join('\n');
const contacts = 'contact,country,name\ncert@gb.example.net,GB,NCSC\ncert@de.example.net,de,CERT-Bund\n';

/** As tidemark() of house.mjs, while the server of this process answers: {code, out, err}. */
function talk(args) {
  const child = spawn(path.join(build, 'tidemark'), args, { env: { PATH: process.env.PATH, HOME: '/nonexistent' }, stdio: ['ignore', 'pipe', 'pipe'] });
  const said = { out: '', err: '' };
  child.stdout.on('data', (piece) => { said.out += piece; });
  child.stderr.on('data', (piece) => { said.err += piece; });
  return new Promise((resolve) => { child.on('close', (code, signal) => resolve({ code: code ?? signal, ...said })); });
}

/** A catalog of the leak: {folder, flags, plan(...)}, in which nobody was told anything yet. */
function house(t, { rows = register } = {}) {
  const folder = plant(scratch(t), { ...leak, 'register.csv': rows, 'contacts.csv': contacts });
  const flags = ['--catalog', path.join(folder, 'catalog')];
  const at = (name) => path.join(folder, name);
  assert.equal(tidemark(['register', 'import', at('register.csv'), ...flags]).code, 0);
  assert.equal(tidemark(['sweep', at('leak'), ...flags]).code, 0);
  const plan = (...more) => {
    const told = answer('notify-plan', ['notify', 'plan', '-o', at('plan'), ...more, ...flags]);
    return { told, file: at('plan'), ...JSON.parse(readFileSync(at('plan'), 'utf8')) };
  };
  const send = async (server, more = [], { code = 0 } = {}) => {
    const said = await talk(['notify', 'send', at('plan'), '--from', 'privacy@fabrikam.test', '--smtp', `smtp://127.0.0.1:${server.port}`,
      '--pace', '0', ...more, ...flags, '--format', 'json']);
    assert.equal(said.code, code, said.err + said.out);
    return holds('notify-send', JSON.parse(said.out));
  };
  return { folder, flags, at, plan, send, status: () => answer('notify-status', ['notify', 'status', ...flags]) };
}

/** A real SMTP server: {port, got: [{to, secure, raw}]}. at(step, address): awaited at each step of each message. */
async function smtp(t, { refuse = () => null, at = async () => {}, ...more } = {}) {
  const got = [];
  const server = new SMTPServer({
    authOptional: true, disabledCommands: ['AUTH'], disableReverseLookup: true, closeTimeout: 100, logger: false,
    onRcptTo({ address }, session, done) {
      const code = refuse(address);
      at('recipient', address).then(() => done(code ? Object.assign(new Error('no such user here'), { responseCode: code }) : null));
    },
    onData(stream, session, done) {
      const [{ address }] = session.envelope.rcptTo;
      let raw = '', ended = false;
      at('data', address);
      stream.setEncoding('utf8');
      stream.on('data', (piece) => { raw += piece; if (!ended && /--\r\n$/.test(raw)) { ended = true; at('body', address); } });
      stream.on('end', async () => {
        got.push({ to: address, secure: session.secure, raw });
        await at('end', address);
        done(null, 'taken');
        at('taken', address);
      });
    },
    ...more,
  });
  server.on('error', () => {}); // clients that are killed
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.after(() => new Promise((resolve) => server.close(resolve)));
  return { port: server.server.address().port, got, tally: () => got.map((one) => one.to).sort() };
}

const headers = (raw) => raw.slice(0, raw.indexOf('\r\n\r\n')).replace(/\r\n[ \t]+/g, ' ').split('\r\n');
const header = (raw, name) => headers(raw).filter((line) => line.toLowerCase().startsWith(`${name.toLowerCase()}: `)).map((line) => line.slice(name.length + 2));
const parts = (raw) => {
  const boundary = raw.match(/boundary="([^"]+)"/)[1];
  return raw.split(`--${boundary}`).slice(1, -1).map((part) => {
    const body = part.slice(part.indexOf('\r\n\r\n') + 4).replace(/=\r\n/g, '');
    return { type: part.match(/Content-Type: ([^;]+)/)[1],
      text: Buffer.from(body.replace(/=([0-9A-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString('utf8') };
  });
};
const codeIn = (text) => text.match(/\b([a-z2-7]{5}-){5}[a-z2-7]{5}\b/)[0];
const firsts = domains.map((domain) => `privacy@${domain}`).sort();

test('a plan turns to each recipient once, and to government and critical infrastructure first', (t) => {
  const { at, plan } = house(t);
  const { told, steps, blast } = plan('--contacts', at('contacts.csv'));
  assert.deepEqual([told.organisations, told.government, told.critical_infrastructure], [10, 1, 1]);
  assert.equal(blast.organisations, 10);
  const order = [...new Set(steps.map((step) => step.target))];
  assert.deepEqual(order.slice(0, 2), ['city.gov.uk', 'stadtwerke-nord.de']);
  assert.deepEqual([...order].sort(), [...domains].sort(), 'nobody but those the gate would answer, and not the owner');
  const of = (domain) => steps.filter((step) => step.target === domain).map((step) => [step.object, step.found_by, step.alongside]);
  assert.deepEqual(of('city.gov.uk'), [['privacy@city.gov.uk', 'register', false], ['security@city.gov.uk', 'role', false],
    ['abuse@city.gov.uk', 'role', false], ['postmaster@city.gov.uk', 'role', false], ['hostmaster@city.gov.uk', 'role', false],
    ['cert@gb.example.net', 'contacts', true]]);
  assert.deepEqual(of('kranichfeld.de').at(-1), ['cert@de.example.net', 'contacts', false]);
  const language = Object.fromEntries(steps.map((step) => [step.target, step.language]));
  assert.deepEqual([language['kranichfeld.de'], language['adatum.at'], language['lucerne.ch'], language['litware.fr'], language['contoso.com']],
    ['de', 'de', 'de+en', 'en', 'en']);
});

test('the register naming a role address, or in capitals, is turned to once', (t) => {
  const { plan } = house(t, { rows: register.replace('privacy@contoso.com', 'Security@Contoso.COM') });
  const { steps } = plan('--to', 'contoso.com');
  assert.deepEqual(steps.map((step) => step.object), ['security@contoso.com', 'abuse@contoso.com', 'postmaster@contoso.com', 'hostmaster@contoso.com']);
});

test('who is asked for by name and has nothing to be told is left, and nobody is told of it', async (t) => {
  const { plan, send, status } = house(t);
  const { told, steps } = plan('--to', 'contoso.com,nowhere-at-all.com');
  assert.deepEqual([told.organisations, told.left], [1, 1]);
  assert.deepEqual(steps.filter((step) => step.state === 'left').map((step) => [step.target, step.object]), [['nowhere-at-all.com', null]]);
  const server = await smtp(t);
  const sent = await send(server, [], { code: 4 });
  assert.deepEqual([sent.done, sent.left, server.tally()], [1, 1, ['privacy@contoso.com']]);
  assert.equal(status().reach.organisations, 1);
});

test('a contacts file is read as CSV and as YAML, and what is off is told with its line', (t) => {
  const { at, plan, flags, folder } = house(t);
  plant(folder, { 'c.yaml': 'contacts:\n  - country: fr\n    contact: cert@fr.example.net\n    language: en\n',
    'bad.csv': 'country,contact\nDE,cert@de.example.net\nFR,"cert@fr.example.net\r\nBcc: x@example.net"\n', 'odd.csv': 'country,mail\nDE,x\n', 'tongue.csv': 'country,contact,language\nDE,cert@de.example.net,german\n' });
  assert.ok(plan('--contacts', at('c.yaml')).steps.some((step) => step.object === 'cert@fr.example.net' && step.target === 'litware.fr'));
  for (const [file, line] of [['bad.csv', /bad\.csv: line 3: no address that a notice can go to/], ['odd.csv', /odd\.csv: line 1: columns are/],
    ['tongue.csv', /tongue\.csv: line 2: notices are written in en, de/]]) {
    const refused = tidemark(['notify', 'plan', '--contacts', at(file), '-o', at('other'), ...flags]);
    assert.equal(refused.code, 2);
    assert.match(refused.err, line);
    assert.ok(!existsSync(at('other')));
  }
});

test('a notice says who, what is known and not, and asks for no click; it has its organisation alone in it', async (t) => {
  const { at, plan, send, flags } = house(t);
  assert.equal(tidemark(['notify', 'plan', '-o', at('plan'), '--portal', 'javascript:alert(1)', ...flags]).code, 2);
  plan('--contacts', at('contacts.csv'), '--portal', 'https://leak.fabrikam.example', '--postal', 'Main Street 1, Springfield', '--case', 'FAB-7');
  const server = await smtp(t);
  await send(server);
  assert.deepEqual(server.tally(), [...firsts, 'cert@de.example.net', 'cert@gb.example.net'].sort());
  assert.ok(server.got.every((one) => one.secure), 'STARTTLS was taken');
  const previews = answer('notify-preview', ['notify', 'preview', at('plan'), ...flags]).notices;
  for (const { to, raw } of server.got) {
    const [plain, page] = parts(raw);
    assert.deepEqual([plain.type, page.type], ['text/plain', 'text/html']);
    const preview = previews.find((one) => one.recipient === to);
    assert.equal(plain.text.replaceAll('\r\n', '\n').trim(), preview.text.trim(), 'what was previewed is what was sent');
    assert.doesNotMatch(page.text, /<(a|img|link|script|iframe|form|object)\b|(src|href|action|background)\s*=|url\(/i);
    for (const text of [plain.text, page.text]) {
      const named = domains.filter((domain) => text.includes(domain));
      assert.deepEqual(named, [preview.organisation], 'nobody else is named');
      assert.match(text, /FAB-7/);
      assert.match(text, /Fabrikam Inc\./);
      assert.equal(codeIn(text), preview.code);
      assert.doesNotMatch(text, /Q-2021|Anna|anna\.berg|Offer/, 'nothing of the documents');
    }
    if (!to.startsWith('cert@')) assert.match(plain.text.replace(/\s+/g, ' '), /https:\/\/leak\.fabrikam\.example/);
    assert.deepEqual([header(raw, 'To'), header(raw, 'Bcc'), header(raw, 'Message-ID').length, header(raw, 'From')],
      [[`<${to}>`], [], 1, ['"Fabrikam Inc." <privacy@fabrikam.test>']]);
    assert.ok(raw.split('\r\n').every((line) => line.length <= 998 && !/[^\x00-\x7f]/.test(line)));
  }
  const german = server.got.find((one) => one.to === 'privacy@kranichfeld.de');
  assert.equal(libmime.decodeWords(header(german.raw, 'Subject')[0]), 'Mitteilung über Dokumente von kranichfeld.de, Fall FAB-7');
  assert.match(parts(german.raw)[0].text, /Dokumente, an denen kranichfeld\.de beteiligt ist: 2/);
  const both = parts(server.got.find((one) => one.to === 'privacy@lucerne.ch').raw)[0].text;
  assert.ok(both.indexOf('Was bekannt ist') < both.indexOf('What is known') && both.includes('Was bekannt ist'));
  assert.equal(new Set(previews.map((one) => one.code)).size, previews.length, 'every notice has a code of its own');
});

test('killed at every step, each organisation is told exactly once', async (t) => {
  const { plan, flags, at, status } = house(t);
  plan();
  const arguments_ = (port) => ['notify', 'send', at('plan'), '--from', 'privacy@fabrikam.test', '--smtp', `smtp://127.0.0.1:${port}`, '--pace', '0', ...flags];
  const moments = ['recipient', 'data', 'body', 'end', 'taken'];
  const unsure = [];
  let child = null, killed = 0;
  const met = new Set();
  // At each moment once for two of the organisations: what is told then dies, and the next run goes on.
  const server = await smtp(t, { at: async (step, address) => {
    const key = `${step} ${address}`;
    const turn = domains.indexOf(address.split('@')[1]);
    if (turn % moments.length !== moments.indexOf(step) || met.has(key) || child === null) return;
    met.add(key);
    killed++;
    child.kill('SIGKILL');
    await exited(child);
  } });
  for (let run = 0; run < 30; run++) {
    child = start(arguments_(server.port));
    if (await exited(child) !== 'SIGKILL') break;
  }
  child = null;
  assert.equal(killed, domains.length);
  const notices = status().notices.filter((one) => one.attempts > 0);
  for (const domain of domains) {
    const times = server.got.filter((one) => one.to === `privacy@${domain}`).length;
    const [notice] = notices.filter((one) => one.organisation === domain);
    // Killed between the word to go and the last dot, it did not go, and nobody can know: that is said, and not guessed.
    const never = times === 0 && notice.unknown && domains.indexOf(domain) % moments.length === moments.indexOf('body');
    assert.ok(times === 1 || never, `${domain}: ${times} times, ${JSON.stringify(notice)}`);
    assert.equal(notice.state, 'sent');
    if (notice.unknown) unsure.push(moments[domains.indexOf(domain) % moments.length]);
  }
  assert.ok(server.tally().every((to, nth, all) => to !== all[nth - 1] && firsts.includes(to)), 'nobody twice, and nobody else');
  assert.ok(unsure.filter((moment) => moment === 'end').length === 2 && !unsure.includes('recipient') && !unsure.includes('data'), unsure.join());
});

test('the sender killed over a message: told as unknown or sent later, never twice, and again only when asked for', async (t) => {
  const { plan, flags, at, send, status } = house(t);
  plan('--to', 'contoso.com,litware.fr');
  const fetchOf = (child) => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ').map(Number);
  let child, once = new Set(['body privacy@contoso.com', 'end privacy@litware.fr']);
  const server = await smtp(t, { at: async (step, address) => {
    if (!once.delete(`${step} ${address}`)) return;
    for (const pid of fetchOf(child)) process.kill(pid, 'SIGKILL');
    if (step === 'end') await new Promise((resolve) => { setTimeout(resolve, 100); });
  } });
  child = start(['notify', 'send', at('plan'), '--from', 'privacy@fabrikam.test', '--smtp', `smtp://127.0.0.1:${server.port}`, '--pace', '0', ...flags]);
  assert.equal(await exited(child), 4);
  const seen = () => Object.fromEntries(status().notices.filter((one) => one.attempts > 0).map((one) => [one.organisation, [one.state, one.unknown]]));
  const first = seen();
  assert.deepEqual(first['litware.fr'], ['sent', true]);
  const next = await send(server, [], { code: 4 });
  assert.equal(next.unknown >= 1, true);
  assert.equal(server.got.filter((one) => one.to === 'privacy@litware.fr').length, 1, 'not again by itself');
  assert.ok(server.got.filter((one) => one.to === 'privacy@contoso.com').length <= 1);
  await send(server, ['--again']);
  assert.equal(server.got.filter((one) => one.to === 'privacy@litware.fr').length, 2);
  const ids = server.got.filter((one) => one.to === 'privacy@litware.fr').map((one) => header(one.raw, 'Message-ID')[0]);
  assert.equal(ids[0], ids[1], 'under the same Message-ID');
  assert.deepEqual(seen()['litware.fr'], ['sent', false]);
});

test('who refuses is followed by the next, up to the CSIRT; a server that takes nothing ends the run', async (t) => {
  const { at, plan, send, status } = house(t);
  plan('--contacts', at('contacts.csv'), '--to', 'kranichfeld.de,contoso.com');
  const server = await smtp(t, { refuse: (address) => (address.endsWith('@kranichfeld.de') ? 550 : address === 'privacy@contoso.com' ? 450 : null) });
  const first = await send(server, [], { code: 4 });
  assert.deepEqual([first.done, first.refused, first.deferred, server.tally()], [1, 5, 1, ['cert@de.example.net']]);
  const { notices, reach } = status();
  const of = (domain) => notices.filter((one) => one.organisation === domain).map((one) => one.state);
  assert.deepEqual(of('kranichfeld.de'), ['escalated', 'escalated', 'escalated', 'escalated', 'escalated', 'sent']);
  assert.deepEqual(of('contoso.com'), ['planned', 'planned', 'planned', 'planned', 'planned']);
  assert.deepEqual(reach, { organisations: 2, reached: 0, acknowledged: 0, unreachable: 1, waiting: 1 }, 'its CSIRT is not the organisation');
  const second = await send(server, [], { code: 4 });
  assert.deepEqual([second.done, second.refused], [0, 0], 'nobody who refused is asked again');
  const closed = await talk(['notify', 'send', at('plan'), '--from', 'privacy@fabrikam.test', '--smtp', 'smtp://127.0.0.1:1', ...house(t).flags]);
  assert.equal(closed.code, 1, 'a plan of another catalog');
});

test('a mail server that is not there: exit 1, and nobody counts as refused', async (t) => {
  const { plan, at, flags, status } = house(t);
  plan('--to', 'contoso.com');
  const nobody = await talk(['notify', 'send', at('plan'), '--from', 'privacy@fabrikam.test', '--smtp', 'smtp://127.0.0.1:1', ...flags]);
  assert.equal(nobody.code, 1);
  assert.match(nobody.err, /takes nothing from us/);
  assert.ok(status().notices.every((one) => one.state === 'planned'));
});

const report = (original, { action = 'failed', status: code = '5.1.1', from = 'Mail Delivery System <MAILER-DAEMON@mx.example.net>' } = {}) => `Return-Path: <>
From: ${from}
To: privacy@fabrikam.test
Subject: Delivery Status Notification
Date: Mon, 30 Nov 2026 08:00:00 +0000
Message-ID: <dsn.${Math.random()}@mx.example.net>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="b1"

--b1
Content-Type: text/plain

This is the mail system.

--b1
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; ${original.to}
Action: ${action}
Status: ${code}
Diagnostic-Code: smtp; 550 ${code} mailbox of ${original.to} is gone

--b1
Content-Type: message/rfc822

${original.raw.replaceAll('\r\n', '\n')}
--b1--
`;
const plainBounce = (original) => `Return-Path: <>
From: MAILER-DAEMON@old.example.net
To: privacy@fabrikam.test
Subject: failure notice
Date: Mon, 30 Nov 2026 08:00:00 +0000
Message-ID: <plain@old.example.net>

Hi. This is the qmail-send program. I'm afraid I wasn't able to deliver your message.

<${original.to}>:
550 5.7.1 Sorry, no mailbox here by that name.

--- Below this line is a copy of the message.

${headers(original.raw).join('\n')}
`;
const reply = (original, more = '') => `From: Anna Berg <anna.berg@contoso.com>
To: privacy@fabrikam.test
Subject: Re: notice
Date: Mon, 30 Nov 2026 09:00:00 +0000
Message-ID: <r${Math.random()}@contoso.com>
In-Reply-To: ${header(original.raw, 'Message-ID')[0]}
References: ${header(original.raw, 'Message-ID')[0]}
${more}
Is this genuine? It says 550 documents.
> ${codeIn(parts(original.raw)[0].text)}
`;
const mbox = (...messages) => messages.map((one) => `From MAILER-DAEMON Mon Nov 30 08:00:00 2026\n${one.replace(/^From /gm, '>From ')}\n`).join('');

test('what comes back is told apart: bounces, delays, deliveries, machines and people', async (t) => {
  const { plan, send, status, at, flags, folder } = house(t);
  plan();
  const server = await smtp(t);
  await send(server);
  const to = (domain) => server.got.find((one) => one.to.endsWith(`@${domain}`));
  plant(folder, { 'box.mbox': mbox(report(to('contoso.com')), plainBounce(to('litware.fr')), report(to('adatum.at'), { action: 'delayed', status: '4.4.1' }),
    report(to('northwind.es'), { action: 'delivered', status: '2.0.0' }), reply(to('proseware.se'), 'Auto-Submitted: auto-replied\n'),
    reply(to('wingtip.it')), 'From: a@example.net\nTo: b@example.net\nSubject: spam\nDate: Mon, 30 Nov 2026 09:00:00 +0000\nMessage-ID: <x@example.net>\n\n550 no.\n') });
  const read = () => answer('notify-bounces', ['notify', 'bounces', at('box.mbox'), ...flags]);
  const told = read();
  assert.deepEqual(Object.fromEntries(told.notices.map((one) => [one.organisation, one.kind])), { 'contoso.com': 'bounced', 'litware.fr': 'bounced',
    'adatum.at': 'delayed', 'northwind.es': 'delivered', 'proseware.se': 'automatic', 'wingtip.it': 'answer' });
  assert.deepEqual([told.messages, told.bounced, told.not_ours, told.unread], [7, 2, 1, 0]);
  const standing = () => Object.fromEntries(status().notices.filter((one) => one.attempts > 0).map((one) => [one.recipient, one.state]));
  assert.equal(standing()['privacy@contoso.com'], 'bounced');
  assert.match(status().notices.find((one) => one.recipient === 'privacy@contoso.com').reason, /550 5\.1\.1 mailbox of/);
  assert.equal(standing()['privacy@litware.fr'], 'bounced');
  assert.deepEqual(['adatum.at', 'proseware.se', 'wingtip.it', 'northwind.es'].map((domain) => standing()[`privacy@${domain}`]), ['sent', 'sent', 'sent', 'sent']);
  assert.deepEqual(status().reach, { organisations: 10, reached: 8, acknowledged: 0, unreachable: 0, waiting: 2 });
  const before = status();
  read();
  assert.deepEqual(status(), before, 'the same mailbox again changes nothing');
  server.got.length = 0;
  await send(server);
  assert.deepEqual(server.tally(), ['security@contoso.com', 'security@litware.fr'], 'the next ones are turned to, and nobody else');
  assert.deepEqual([standing()['privacy@contoso.com'], standing()['security@contoso.com']], ['escalated', 'sent']);
  assert.equal(status().reach.reached, 10);
  // Planned anew, for there is more to be told: whose mailbox is gone is not the first to be turned to again.
  plant(folder, { 'leak/more.eml': mail('contoso.com', 7) });
  assert.equal(tidemark(['sweep', at('leak'), ...flags]).code, 0);
  assert.deepEqual(plan('--to', 'contoso.com').steps.map((step) => step.object.split('@')[0]), ['security', 'abuse', 'postmaster', 'hostmaster', 'privacy']);
});

test('bounces come on standard input, alone, and hostile', async (t) => {
  const { plan, send, flags, status } = house(t);
  plan('--to', 'contoso.com');
  const server = await smtp(t);
  await send(server);
  const [original] = server.got;
  const given = (input, code = 0) => tidemark(['notify', 'bounces', '-', '--format', 'json', ...flags], { input });
  const rubbish = Buffer.from(Array.from({ length: 5000 }, (_, nth) => (nth * 7919) % 256));
  for (const input of ['', rubbish, 'Action: failed\nStatus: 5.1.1\n', report({ to: 'x@example.net', raw: 'From: a\r\nMessage-ID: <tidemark.aaaaaaaaaaaaaaaaaaaaaaaaaa@fabrikam.test>\r\n\r\n' })]) {
    const { code, out, err } = given(input);
    assert.equal(code, 0, err);
    assert.equal(holds('notify-bounces', JSON.parse(out)).bounced, 0);
  }
  const hostile = report(original, { from: 'MAILER-DAEMON@x.example' }).replace('is gone', '\u001b[2J\u202e=cmd()');
  const shown = tidemark(['notify', 'bounces', '-', ...flags], { input: hostile });
  assert.equal(shown.code, 0);
  assert.doesNotMatch(shown.out, /\u001b|\u202e/);
  assert.equal(status().notices[0].state, 'bounced');
});

test('nothing that a register or an operator writes leaves its place in a message', async (t) => {
  const bad = 'Evil <b>"Corp"</b>\r\nBcc: x@example.net\r\n\r\n<script>alert(1)</script> \u202egpj';
  const rows = register.replace('contoso.com,,customer', 'contoso.com,"<script>alert(1)</script> Contoso, Bcc: y@example.net",customer')
    .replace('privacy@litware.fr', '"x>,<y@litware.fr"');
  const { plan, send, at, folder, flags } = house(t, { rows });
  const { steps } = plan('--to', 'contoso.com,litware.fr', '--name', bad, '--postal', bad, '--phone', '=1+1', '--portal', 'https://p.example/"><img src=x>', '--case', bad);
  assert.ok(steps.every((step) => /^[a-z]+@[a-z.]+$/.test(step.object)));
  const server = await smtp(t);
  await send(server, ['--letters', at('letters')]);
  assert.deepEqual(server.tally(), ['privacy@contoso.com', 'security@litware.fr']);
  for (const { raw } of server.got) {
    const names = headers(raw).map((line) => line.split(':')[0]);
    assert.deepEqual(names, ['From', 'To', 'Subject', 'Date', 'Message-ID', 'Auto-Submitted', 'MIME-Version', 'Content-Type']);
    const [plain, page] = parts(raw);
    assert.doesNotMatch(page.text, /<script|<img|<b>/);
    assert.doesNotMatch(plain.text + page.text + libmime.decodeWords(header(raw, 'Subject')[0]), /\u202e/);
  }
  const csv = readFileSync(at('letters/letters.csv'), 'utf8');
  assert.equal(csv.trim().split('\r\n').length, 3);
  assert.doesNotMatch(readFileSync(at('letters/contoso.com.html'), 'utf8'), /<script|<img/);
  for (const from of ['a@b.example\r\nBcc: c@d.example', 'A <a@b.example>', 'nobody', 'a@b.example, c@d.example'])
    assert.equal(tidemark(['notify', 'send', at('plan'), '--from', from, ...flags]).code, 2);
  assert.ok(existsSync(folder));
});

test('letters: a page and a row for each, with a code of its own, readable by the operator alone', (t) => {
  const { plan, at, flags, status } = house(t);
  plan();
  const sent = answer('notify-send', ['notify', 'send', at('plan'), '--from', 'privacy@fabrikam.test', '--letters', at('letters'), ...flags]);
  assert.equal(sent.letters.count, 10);
  assert.equal(sent.notices, undefined, 'without --smtp letters alone');
  const rows = readFileSync(at('letters/letters.csv'), 'utf8').trim().split('\r\n').slice(1).map((line) => line.slice(1, -1).split('","'));
  assert.deepEqual(rows.map((row) => row[0]).sort(), [...domains].sort());
  for (const row of rows) {
    const page = readFileSync(at(path.join('letters', row[7])), 'utf8');
    assert.ok(page.includes(row[5]) && page.includes('@page') && page.includes(row[0]));
  }
  assert.equal(readdirSync(at('letters')).length, 11);
  assert.ok(readdirSync(at('letters')).every((name) => (statSync(at(path.join('letters', name))).mode & 0o77) === 0));
  const letters = status().notices.filter((one) => one.channel === 'letter');
  assert.deepEqual([letters.length, letters.every((one) => one.written && one.state === 'planned')], [10, true]);
});

test('signed by DKIM, it verifies; a key without its selector is refused', async (t) => {
  const { plan, send, folder, at, flags } = house(t);
  plan('--to', 'contoso.com');
  for (const [type, options] of [['rsa', { modulusLength: 2048 }], ['ed25519', {}]]) {
    const { privateKey, publicKey } = generateKeyPairSync(type, options);
    plant(folder, { 'key.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }) });
    const der = publicKey.export({ type: 'spki', format: 'der' });
    const p = (type === 'rsa' ? der : der.subarray(-32)).toString('base64');
    const server = await smtp(t);
    plan('--to', type === 'rsa' ? 'contoso.com' : 'litware.fr');
    await send(server, ['--dkim-key', at('key.pem'), '--dkim-selector', 's1']);
    const { results } = await dkimVerify(Buffer.from(server.got[0].raw, 'utf8'), { resolver: async (name) => {
      assert.equal(name, 's1._domainkey.fabrikam.test');
      return [[`v=DKIM1; k=${type}; p=${p}`]];
    } });
    assert.deepEqual(results.map((one) => [one.status.result, one.signingDomain]), [['pass', 'fabrikam.test']]);
  }
  assert.equal(tidemark(['notify', 'send', at('plan'), '--from', 'a@b.test', '--dkim-key', at('key.pem'), ...flags]).code, 2);
});

test('a plan that was edited, or what is known since has changed: not sent', async (t) => {
  const { plan, send, at, flags, folder } = house(t);
  plan();
  const server = await smtp(t);
  const whole = readFileSync(at('plan'), 'utf8');
  writeFileSync(at('plan'), whole.replace('privacy@contoso.com', 'privacy@c0ntoso.com'));
  const edited = await talk(['notify', 'send', at('plan'), '--from', 'a@b.test', '--smtp', `smtp://127.0.0.1:${server.port}`, ...flags]);
  assert.equal(edited.code, 1, edited.err);
  writeFileSync(at('plan'), whole);
  plant(folder, { 'leak/more.eml': mail('contoso.com', 7) });
  assert.equal(tidemark(['sweep', at('leak'), ...flags]).code, 0);
  const sent = await send(server, ['--letters', at('letters')], { code: 4 });
  assert.deepEqual([sent.done, sent.left], [9, 1]);
  assert.deepEqual([sent.letters.count, sent.letters.left, existsSync(at('letters/contoso.com.html'))], [9, 1, false]);
  const { entries } = answer('journal-show', ['journal', 'show', '--verb', 'notify tell', '--limit', '1000', ...flags]);
  assert.ok(entries.every((entry) => entry.detail.organisation !== 'contoso.com'), 'what was not told is not on record as told');
  const alone = answer('notify-send', ['notify', 'send', at('plan'), '--from', 'a@b.test', '--letters', at('letters'), ...flags], { code: 4 });
  assert.equal(alone.letters.left, 1);
  assert.ok(!server.tally().includes('privacy@contoso.com'));
  plan();
  server.got.length = 0;
  const again = await send(server);
  assert.deepEqual([again.done, again.told_before, server.tally()], [1, 9, ['privacy@contoso.com']], 'a new plan tells nobody the same twice');
});

test('status and drafts: what is due when, what is decided, and what nobody knows', (t) => {
  const { plan, flags, status } = house(t);
  plan();
  const duty = (id) => status().deadlines.find((one) => one.regime === id);
  assert.equal(duty('gdpr').told, 'authority');
  assert.equal(tidemark(['notify', 'decide', 'gdpr', '--aware', '2026-11-01T00:00:00Z', ...flags]).code, 2, 'reasons must be given');
  assert.equal(tidemark(['notify', 'decide', 'gdpr', '--aware', '2999-01-01', '--why', 'x', ...flags]).code, 2, 'nobody knew tomorrow');
  answer('notify-decide', ['notify', 'decide', 'gdpr', '--aware', '2026-11-01T00:00:00Z', '--why', 'told by a finder', ...flags]);
  assert.equal(duty('gdpr').due_at ?? '2026-11-04T00:00:00Z', '2026-11-04T00:00:00Z');
  answer('notify-decide', ['notify', 'decide', 'gdpr', '--authority-told', '2026-11-05', '--why', 'filed', ...flags]);
  assert.equal(duty('gdpr').state, 'done_late');
  answer('notify-decide', ['notify', 'decide', 'gdpr-34', '--people', 'need-not', '--why', 'business addresses alone', ...flags]);
  assert.deepEqual([duty('gdpr-34').state, /business addresses alone/.test(duty('gdpr-34').basis)], ['not_required', true]);
  assert.deepEqual([duty('eu-digital-omnibus').state, duty('eu-digital-omnibus').due_at], ['proposed', null]);
  const draft = answer('notify-draft', ['notify', 'draft', 'GDPR', ...flags]);
  const field = (name) => draft.fields.find((one) => one.field === name);
  assert.deepEqual([field('controller').value, field('dpo_contact').known, field('consequences').known], ['Fabrikam Inc. (fabrikam.com)', false, false]);
  assert.equal(field('aware_since').value, '2026-11-01T00:00:00Z');
  assert.match(field('people_told').value, /^people are not told: business addresses alone$/);
  const scope = JSON.parse(tidemark(['scope', '--format', 'json', ...flags]).out);
  assert.equal(field('number_of_people').value, String(scope.counts.people.distinct));
  assert.equal(field('number_of_records').value, String(scope.counts.people.references));
  assert.equal(tidemark(['notify', 'draft', 'atlantis', ...flags]).code, 2);
  const [breach, ...others] = answer('notify-breaches', ['notify', 'breaches', ...flags]).breaches;
  assert.deepEqual([breach.incident, breach.aware_since, breach.people, breach.told, breach.reached, others.length],
    ['default', '2026-11-01T00:00:00Z', scope.counts.people.distinct, 10, 0, 0]);
  assert.deepEqual(breach.decisions.map((one) => [one.regime, one.authority_told, one.people, one.why]),
    [['gdpr', '2026-11-05T00:00:00Z', null, null], ['gdpr-34', null, 'need-not', 'business addresses alone']]);
  const [entry] = JSON.parse(tidemark(['journal', 'show', '--verb', 'notify decide', '--format', 'json', ...flags]).out).entries;
  assert.match(JSON.stringify(entry), /business addresses alone/);
});

test('each notice stands in the journal before it goes', async (t) => {
  const { plan, send, flags } = house(t);
  plan('--to', 'contoso.com');
  const seen = [];
  const server = await smtp(t, { at: async (step) => {
    if (step === 'end') seen.push(...JSON.parse(tidemark(['journal', 'show', '--verb', 'notify tell', '--format', 'json', ...flags]).out).entries);
  } });
  // The journal is read by another process while this one waits for the server, so it is not held up by it.
  const child = start(['notify', 'send', path.join(path.dirname(flags[1]), 'plan'), '--from', 'a@b.test', '--smtp', `smtp://127.0.0.1:${server.port}`, ...flags]);
  assert.equal(await exited(child), 0);
  assert.equal(seen.length, 1);
  assert.match(JSON.stringify(seen[0]), /privacy@contoso\.com/);
  assert.equal((await send(server)).told_before, 1);
});

test('a code acknowledges its notice, once and again; others are answered alike, and a slip of the pen is told', async (t) => {
  const { plan, send, status, flags } = house(t);
  plan();
  const server = await smtp(t);
  await send(server);
  const codes = Object.fromEntries(server.got.map((one) => [one.to.split('@')[1], codeIn(parts(one.raw)[0].text)]));
  const door = await serve(flags);
  t.after(() => door.stop());
  const address = door.url;
  const acknowledge = async (code) => {
    const reply = await fetch(`${address}/api/v1/notices/${code}/acknowledge`, { method: 'POST' });
    const kept = [...reply.headers].filter(([name]) => name !== 'date');
    return [reply.status, await reply.text(), kept];
  };
  const first = await acknowledge(codes['contoso.com']);
  assert.equal(first[0], 200);
  assert.deepEqual(await acknowledge(codes['contoso.com'].toUpperCase().replaceAll('-', '')), first, 'in any case, without its hyphens, again');
  // Codes that anybody can make: 26 letters, and what checks them.
  const { createHash } = await import('node:crypto');
  const base32 = (bytes) => [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('').match(/.{1,5}/g)
    .map((bits) => 'abcdefghijklmnopqrstuvwxyz234567'[parseInt(bits.padEnd(5, '0'), 2)]).join('');
  const made = (fill) => {
    const code = Buffer.alloc(16, fill);
    return base32(code) + base32(createHash('sha256').update('tidemark-notice-1').update(code).digest()).slice(0, 4);
  };
  for (const fill of [0, 1, 255]) assert.deepEqual(await acknowledge(made(fill)), first, 'a code that no notice has');
  for (const wrong of [codes['litware.fr'].replace(/^./, (c) => (c === 'a' ? 'b' : 'a')), codes['litware.fr'].slice(1), 'x', '..%2f', "'%20OR%201=1"])
    assert.equal((await acknowledge(wrong))[0], 404);
  const { notices, reach } = status();
  assert.deepEqual(notices.filter((one) => one.state === 'acknowledged').map((one) => one.recipient), ['privacy@contoso.com']);
  assert.equal(reach.acknowledged, 1);
  assert.equal(notices.find((one) => one.recipient === 'privacy@adatum.at').code, codes['adatum.at']);
  // Who calls instead gives it to the operator.
  assert.deepEqual(answer('notify-acknowledge', ['notify', 'acknowledge', codes['adatum.at'], ...flags]),
    { organisation: 'adatum.at', recipient: 'privacy@adatum.at', state: 'acknowledged' });
  assert.deepEqual([tidemark(['notify', 'acknowledge', made(7), ...flags]).code, tidemark(['notify', 'acknowledge', 'x', ...flags]).code], [1, 2]);
  // It opens nothing: no proof, no token, no answer.
  for (const use of [{ headers: { authorization: `Bearer ${codes['contoso.com']}` } }, { headers: { authorization: `Bearer ${codes['contoso.com'].replaceAll('-', '')}` } }])
    assert.equal((await fetch(`${address}/api/v1/answer`, use)).status, 401);
  const begun = await (await fetch(`${address}/api/v1/proofs`, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ subject: 'contoso.com', method: 'invitation', code: codes['contoso.com'] }) })).json();
  const checked = await (await fetch(`${address}/api/v1/proofs/${begun.proof}`, { method: 'POST', headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code: codes['contoso.com'] }) })).json();
  assert.notEqual(checked.state, 'proved');
  // A bounce that comes late does not undo it, nor does sending again.
  const late = report(server.got.find((one) => one.to === 'privacy@contoso.com'));
  assert.equal(tidemark(['notify', 'bounces', '-', ...flags], { input: late }).code, 0);
  assert.equal(status().notices.find((one) => one.recipient === 'privacy@contoso.com').state, 'acknowledged');
  const entries = JSON.parse(tidemark(['journal', 'show', '--verb', 'notify acknowledged', '--format', 'json', ...flags]).out).entries;
  assert.equal(entries.length, 2);
});

test('SPF, DKIM and DMARC of the sender are told before anything goes', async (t) => {
  const { plan, send, folder, at } = house(t);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const p = publicKey.export({ type: 'spki', format: 'der' }).toString('base64').match(/.{1,200}/g).map((piece) => `"${piece}"`).join(' ');
  plant(folder, { 'key.pem': privateKey.export({ type: 'pkcs8', format: 'pem' }) });
  const { resolver, anchor } = await world(t, { 'fabrikam.test': { signed: true, records: ['@ TXT "v=spf1 -all"', '@ TXT "other"', '_dmarc TXT "v=DMARC1; p=reject"',
    `s1._domainkey TXT "v=DKIM1; k=rsa; p=" ${p}`, 's2._domainkey TXT "v=DKIM1; p=MCowBQYDK2VwAyEA"'] } });
  const names = ['--resolver', await resolver(), '--trust-anchor', anchor];
  const server = await smtp(t);
  const standing = async (domain, selector) => {
    plan('--to', domain);
    const { sender } = await send(server, ['--dkim-key', at('key.pem'), '--dkim-selector', selector, ...names]);
    return [sender.domain, ...['spf', 'dkim', 'dmarc'].map((one) => sender[one].state), sender.spf.record];
  };
  assert.deepEqual(await standing('contoso.com', 's1'), ['fabrikam.test', 'found', 'found', 'found', 'v=spf1 -all']);
  assert.deepEqual((await standing('litware.fr', 's2')).slice(2, 3), ['another key']);
  assert.deepEqual((await standing('adatum.at', 's3')).slice(2, 3), ['missing']);
});

test('with --look-up an organisation says itself whom to tell', async (t) => {
  const { plan, folder, at, flags } = house(t);
  const { ca, issue } = authority(folder);
  const asked = [];
  const web = https.createServer(issue(['contoso.com']), (request, reply) => {
    asked.push(`${request.headers.host}${request.url}`);
    reply.end('# ours\nContact: https://contoso.com/report\nContact: mailto:PSIRT@contoso.com\nContact: mailto:x@y.example%0d%0aBcc: z\nExpires: 2027-01-01T00:00:00Z\n');
  });
  const listening = await new Promise((resolve) => { web.once('error', () => resolve(false)); web.listen(443, '127.0.77.5', () => resolve(true)); });
  if (!listening) return t.skip('nobody but root has port 443');
  t.after(() => web.close());
  const { resolver } = await world(t, { 'unused.test': { records: [] } });
  const names = ['--resolver', await resolver(['contoso.com. A 127.0.77.5', 'litware.fr. A 127.0.77.6']), '--proof-allow', '127.0.77.0/24', '--proof-ca', ca];
  const made = await talk(['notify', 'plan', '--to', 'contoso.com,litware.fr', '--look-up', '-o', at('plan'), ...names, ...flags]);
  assert.equal(made.code, 0, made.err);
  const { steps } = JSON.parse(readFileSync(at('plan'), 'utf8'));
  const of = (domain) => steps.filter((step) => step.target === domain).slice(0, 3).map((step) => [step.object, step.found_by]);
  assert.deepEqual(of('contoso.com'), [['privacy@contoso.com', 'register'], ['psirt@contoso.com', 'security.txt'], ['security@contoso.com', 'role']]);
  assert.deepEqual(of('litware.fr')[1], ['security@litware.fr', 'role'], 'who does not answer has role addresses');
  assert.deepEqual(asked, ['contoso.com/.well-known/security.txt']);
  assert.ok(plan('--to', 'contoso.com').steps.every((step) => step.found_by !== 'security.txt'), 'nobody is asked without --look-up');
});

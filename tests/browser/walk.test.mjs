// SPDX-License-Identifier: Apache-2.0
// Somebody at an affected organisation, from the first page to the last, at a portal that runs: with script and without, in both
// languages; what others may do to them on the way; and what must not be told before they have shown who they are.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import path from 'node:path';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { tmpdir } from 'node:os';
import { SMTPServer } from 'smtp-server';
import { holds, plant, tidemark } from '../system/house.mjs';
import { serve } from '../system/serve-kit.mjs';
import { faultsByAxe, inBrowser, openPage, startBrowser } from './browser.mjs';

const mail = (i, host) => `From: clerk${i}@${host}\nTo: anna@contoso.com, ben@contoso.com\nDate: ${(i % 28) + 1} Mar ${2015 + i % 6} 10:00:00 +0000\n` +
  `Subject: Invoice RE-${1000 + i}\nMessage-ID: <m${i}@${host}>\n\nDear Anna, invoice no. RE-${1000 + i}, tel. +49 30 90${1000 + i}\n`;

let folder, flags, portal, origin, relay;
const letters = []; // that came: {to, text}

/* A server of mail that keeps what comes. */
async function keepMail() {
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['AUTH'],
    async onData(stream, { envelope }, done) {
      let text = '';
      for await (const piece of stream) text += piece;
      letters.push({ to: envelope.rcptTo.map(({ address }) => address), text });
      done();
    },
  });
  server.listen(0, '127.0.0.1');
  await once(server.server, 'listening');
  return server;
}

async function letterTo(address) {
  for (;;) {
    const letter = letters.find(({ to }) => to.includes(address));
    if (letter) return letter.text;
    await new Promise((resolve) => { setTimeout(resolve, 50); });
  }
}

before(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tidemark-walk-'));
  flags = ['--catalog', path.join(folder, 'catalog')];
  const leak = {};
  for (let i = 0; i < 60; i++) leak[`contoso/${i}.eml`] = mail(i, 'fabrikam.com');
  leak['contoso/<img src=x onerror=alert(1)>.eml'] = mail(60, 'fabrikam.com');
  leak['old.eml'] = mail(61, 'fabrikam.com').replaceAll('contoso', 'northwind');
  const { code, err } = tidemark(['sweep', plant(path.join(folder, 'leak'), leak), ...flags]);
  assert.equal(code, 0, err);
  const register = path.join(folder, 'register.csv');
  writeFileSync(register, 'domain,name,relationship\nfabrikam.com,Fabrikam GmbH,own\ncontoso.com,Contoso Ltd,customer\n');
  assert.equal(tidemark(['register', 'import', register, ...flags]).code, 0);
  relay = await keepMail();
  portal = await serve([...flags, '--proofs-per-hour', '1000', '--requests-per-minute', '100000',
    '--smtp', `smtp://127.0.0.1:${relay.server.address().port}`]);
  origin = portal.url;
});

after(async () => {
  await portal?.stop();
  if (relay) await new Promise((resolve) => { relay.close(resolve); });
  rmSync(folder, { recursive: true, force: true });
});

function invitation(subject = 'contoso.com') {
  const { code, out, err } = tidemark(['invite', subject, '--ticket', 'called back on the number of the contract', ...flags]);
  assert.equal(code, 0, err);
  return out.trim().split('\n').at(-1);
}

async function ask(page, subject, button = 'Continue') {
  await page.goto(`${origin}/`);
  await page.locator('#subject').fill(subject);
  await page.getByRole('button', { name: button }).click();
}

async function prove(page, subject = 'contoso.com') {
  await ask(page, subject);
  await page.getByRole('navigation', { name: 'Ways to show it' }).getByRole('link', { name: 'Invitation' }).click();
  await page.getByLabel('Your invitation').fill(invitation(subject));
  await page.getByRole('button', { name: 'Use the invitation' }).click();
}

for (const javaScriptEnabled of [true, false])
  test(`ask, prove, read, doubt, leave, ${javaScriptEnabled ? 'with' : 'without'} script`, inBrowser, async (t) => {
    const browser = await startBrowser(t), page = await openPage(browser, origin, { javaScriptEnabled });
    await page.goto(`${origin}/`);
    assert.equal(await page.title(), 'What of yours was exposed? · Tidemark');
    assert.match(await page.locator('main').innerText(), /Documents kept by Fabrikam GmbH/);
    assert.match(await page.locator('header').innerText(), /Case TM-[A-Z0-9]{4}-[A-Z0-9]{4}/, 'as notices have it');
    await ask(page, ' Contoso.com ');
    assert.equal(new URL(page.url()).pathname, '/prove');
    const value = await page.locator('.record code').nth(2).innerText();
    assert.match(value, /^tidemark-proof=[a-z2-7]{32}$/);
    assert.equal(await page.locator('.record code').nth(1).innerText(), '_tidemark-proof.contoso.com');
    await page.getByRole('button', { name: 'Check now' }).click();
    await page.locator('#state:not([data-state=new])').waitFor();
    assert.notEqual(await page.locator('#state').getAttribute('data-state'), 'new');
    if (javaScriptEnabled) {
      assert.equal(page.url(), `${origin}/prove?method=dns`, 'the page was not left');
      await page.getByText('Checked again every half minute').waitFor();
    }

    const ways = page.getByRole('navigation', { name: 'Ways to show it' });
    await ways.getByRole('link', { name: 'File on the website' }).click();
    await page.getByRole('button', { name: 'Get the file' }).click();
    assert.equal(await page.locator('.record code').first().innerText(), 'https://contoso.com/.well-known/tidemark-proof.txt');
    await ways.getByRole('link', { name: 'DNS record' }).click();
    assert.equal(await page.locator('.record code').nth(2).innerText(), value, 'what was begun before is still good');
    await ways.getByRole('link', { name: 'Code by mail' }).click();
    assert.deepEqual(await page.getByRole('radio').evaluateAll((all) => all.map((each) => each.value).sort()), ['abuse', 'hostmaster', 'postmaster', 'security']);
    await page.getByRole('radio', { name: 'hostmaster@contoso.com' }).check();
    await page.getByRole('button', { name: 'Send the code' }).click();
    await page.getByLabel('The code from the mail').fill('no such code');
    await page.getByRole('button', { name: 'Check the code' }).click();
    assert.equal(await page.locator('#state').getAttribute('data-state'), 'wrong_code');
    await ways.getByRole('link', { name: 'Invitation' }).click();
    await page.getByLabel('Your invitation').fill('aaaaaaaaaaaaaaaaaaaaaaaaaa');
    await page.getByRole('button', { name: 'Use the invitation' }).click();
    assert.equal(await page.locator('#state').getAttribute('data-state'), 'wrong_code');
    await page.getByLabel('Your invitation').fill(` ${invitation()} `);
    await page.getByRole('button', { name: 'Use the invitation' }).click();

    assert.equal(page.url(), `${origin}/answer`);
    assert.match(await page.locator('.lead').innerText(), /^61 documents of contoso\.com/);
    assert.match(await page.locator('#documents').innerText(), /1 to 25 of 61/);
    await page.getByRole('link', { name: 'Further in the list' }).click();
    assert.match(await page.locator('#documents').innerText(), /26 to 50 of 61/);
    await page.getByLabel('Words in it').fill('RE-1017');
    await page.getByRole('button', { name: 'Show', exact: true }).click();
    assert.match(await page.locator('#documents').innerText(), /1 to 1 of 1/);
    await page.getByText('What of yours is in it').first().click();
    const id = await page.locator('.documents dd code').last().innerText();
    assert.match(id, /^[a-z2-7]{26}$/);
    await page.getByRole('link', { name: 'Not ours?' }).click();
    assert.equal(await page.getByLabel('Id of the document').inputValue(), id);
    assert.ok(await page.getByLabel('This document is not ours').isChecked());
    await page.getByLabel('What should be known about it').fill('Of our sister company.');
    await page.getByRole('button', { name: 'Send' }).click();
    assert.match(await page.getByRole('status').innerText(), /Received\. It has number \d+/);
    await page.getByLabel('Id of the document').fill('not-an-id');
    await page.getByLabel('What should be known about it').fill('What I wrote is not lost.');
    await page.getByRole('button', { name: 'Send' }).click();
    assert.match(await page.getByRole('alert').innerText(), /No document of this answer has that id/);
    assert.equal(await page.getByLabel('What should be known about it').inputValue(), 'What I wrote is not lost.');

    await page.getByRole('link', { name: 'See who asked' }).click();
    const asked = await page.getByRole('table').first().innerText();
    for (const words of ['read the answer', 'showed that it is theirs', 'was invited by the operator', 'gave a wrong code', '127.0.0.0/24'])
      assert.ok(asked.includes(words), words);
    await page.getByRole('link', { name: 'Back to your answer' }).click();
    await page.getByRole('button', { name: 'Leave' }).click();
    assert.equal(page.url(), `${origin}/`);
    const response = await page.goto(`${origin}/answer`);
    assert.equal(response.status(), 401);
    assert.match(await page.locator('h1').innerText(), /show again who you are/);
    assert.deepEqual(page.faults.filter((fault) => !/status of 40[01]/.test(fault)), []);
  });

test('a code by mail is shown, or waits for a person where a domain may have changed hands', inBrowser, async (t) => {
  const browser = await startBrowser(t), page = await openPage(browser, origin);
  for (const [subject, button, name] of [['contoso.com', 'Continue', 'security'], ['northwind.com', 'Continue', 'abuse'], ['ben@contoso.com', 'Continue', null]]) {
    await page.context().clearCookies();
    await ask(page, subject, button);
    if (name) {
      await page.getByRole('navigation', { name: 'Ways to show it' }).getByRole('link', { name: 'Code by mail' }).click();
      await page.getByRole('radio', { name: `${name}@${subject}` }).check();
    } else {
      assert.equal(await page.getByRole('navigation', { name: 'Ways to show it' }).getByRole('link').count(), 2, 'an address has two ways');
    }
    await page.getByRole('button', { name: 'Send the code' }).click();
    const letter = await letterTo(name ? `${name}@${subject}` : subject);
    assert.doesNotMatch(letter, /href=|<a\s/i, 'asks for no click');
    await page.getByLabel('The code from the mail').fill(letter.replace(/=\r?\n/g, '').match(/^ {4}([a-z2-7]{4}(?:.[a-z2-7]{4}){7})\s*$/m)[1]);
    await page.getByRole('button', { name: 'Check the code' }).click();
    if (subject === 'northwind.com') {
      assert.equal(await page.locator('#state').getAttribute('data-state'), 'waiting');
      assert.deepEqual(await page.locator('#state').innerText(), 'State: Seen. A person has to decide now, because a domain can change hands and the papers are older. Come back to this page: it stays as it is.');
    } else {
      assert.equal(page.url(), `${origin}/answer`);
      assert.match(await page.locator('.lead').innerText(), name ? /^61 documents/ : /^Your address ben@contoso\.com stands in 61 documents/);
    }
  }
});

test('what is taken away is the same answer', inBrowser, async (t) => {
  const browser = await startBrowser(t), page = await openPage(browser, origin);
  await prove(page);
  const taken = async (name) => {
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name }).click()]);
    const chunks = [];
    for await (const chunk of await download.createReadStream()) chunks.push(chunk);
    return { name: download.suggestedFilename(), text: Buffer.concat(chunks).toString('utf8') };
  };
  const json = await taken('Data (JSON)');
  const answer = holds('lookup-as-subject', JSON.parse(json.text));
  assert.equal(answer.documents.length, 61);
  const same = JSON.parse(tidemark(['lookup', 'contoso.com', '--as-subject', '--format', 'json', ...flags]).out);
  assert.deepEqual({ ...answer, as_of: null }, { ...same, as_of: null });
  const csv = await taken('Table (CSV)');
  assert.equal(csv.text.trimEnd().split('\r\n').length, 62);
  const html = await taken('Page to print or keep');
  assert.equal(html.name, 'tidemark-answer.html');
  assert.equal([...html.text.matchAll(/<p class="line">/g)].length, 61);
  assert.ok(!html.text.includes('<img'), 'a name from the leak is text');
  assert.doesNotMatch(html.text, /<(script|link|form)/);
});

test('a form is of its session, and of this site', inBrowser, async (t) => {
  const browser = await startBrowser(t), page = await openPage(browser, origin);
  await prove(page);
  const [cookie] = await page.context().cookies();
  assert.equal(cookie.httpOnly, true);
  assert.equal(cookie.sameSite, 'Strict');
  const send = (route, body, headers = {}) => fetch(`${origin}${route}`, { method: 'POST', redirect: 'manual',
    headers: { 'content-type': 'application/x-www-form-urlencoded', cookie: `${cookie.name}=${cookie.value}`, ...headers }, body });
  for (const [route, body] of [['/leave', 'form=guessed'], ['/appeal', 'kind=other&text=words'], ['/prove', 'subject=example.com&form=']])
    assert.equal((await send(route, body)).status, 403, route);
  const form = await page.locator('input[name=form]').first().inputValue();
  assert.notEqual(form, cookie.value);
  assert.equal((await send('/leave', `form=${form}`, { origin: 'https://evil.example' })).status, 403);
  assert.equal((await send('/leave', `form=${form}`, { 'sec-fetch-site': 'cross-site' })).status, 403);
  await page.reload();
  assert.equal(new URL(page.url()).pathname, '/answer', 'nothing of that did anything');
  assert.equal((await send('/leave', `form=${form}`)).status, 303);
  assert.equal((await page.reload()).status(), 401);
});

test('before the proof all pages are one, whoever is asked about', async () => {
  const secret = /(p-d|tidemark-proof=|name="form" value=")[a-z2-7]{32}/g;
  const seen = async (subject) => {
    const begun = await fetch(`${origin}/prove`, { method: 'POST', redirect: 'manual', headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `subject=${subject}` });
    const cookie = begun.headers.get('set-cookie').split(';')[0];
    const pages = [];
    for (const method of ['dns', 'http', 'mail', 'invitation']) {
      const reply = await fetch(`${origin}/prove?method=${method}`, { headers: { cookie } });
      pages.push([reply.status, [...reply.headers].filter(([name]) => name !== 'date'), (await reply.text()).replaceAll(subject, 'SUBJECT').replaceAll(secret, '$1SECRET')
        .replace(/<time.*?<\/time>/g, 'TIME')]);
    }
    return { begun: [begun.status, begun.headers.get('location'), begun.headers.get('set-cookie').replaceAll(secret, '$1SECRET')], pages };
  };
  const known = await seen('contoso.com'), unknown = await seen('nothing.net');
  assert.deepEqual(known, unknown);
});

test('a notice is acknowledged, and its page tells nothing of its code', inBrowser, async (t) => {
  const browser = await startBrowser(t), page = await openPage(browser, origin), seen = [];
  for (const code of ['abcde-fghij-klmno-pqrst-uvwxy-z2345', 'nonsense <b>']) {
    await page.goto(`${origin}/`);
    await page.getByLabel('Code of the notice').fill(code);
    await page.getByRole('button', { name: 'Acknowledge the notice' }).click();
    assert.equal(page.url(), `${origin}/notice/${encodeURIComponent(code)}`);
    assert.equal(await page.locator('.record .foreign').innerText(), code);
    await page.getByRole('link', { name: 'Deutsch' }).click();
    await page.getByRole('button', { name: 'Ich habe sie erhalten' }).click();
    seen.push((await page.locator('main').innerText()).replace(code, 'CODE'));
  }
  assert.match(seen[0], /Wenn dieser Code zu einer unserer Mitteilungen gehört/);
  assert.equal(seen[0], seen[1]);
  assert.deepEqual(page.faults, []);
});

test('what is not there says so, in the same look', inBrowser, async (t) => {
  const browser = await startBrowser(t), page = await openPage(browser, origin, { bypassCSP: true });
  assert.equal((await page.goto(`${origin}/nowhere`)).status(), 404);
  assert.deepEqual(await faultsByAxe(page), []);
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).fontSize), '17px');
  await page.getByRole('link').click();
  assert.equal(page.url(), `${origin}/`);
});

test('each page of a portal that runs is clean to axe, in German too', inBrowser, async (t) => {
  const browser = await startBrowser(t), page = await openPage(browser, origin, { bypassCSP: true, locale: 'de-DE' });
  await page.goto(`${origin}/`);
  assert.equal(await page.locator('html').getAttribute('lang'), 'de', 'as the browser asks for');
  await page.getByRole('link', { name: 'English' }).click();
  assert.equal(await page.locator('html').getAttribute('lang'), 'en');
  await page.getByRole('link', { name: 'Deutsch' }).click();
  await ask(page, 'weder noch!', 'Weiter');
  assert.equal(await page.getByRole('alert').count(), 1);
  assert.deepEqual(await faultsByAxe(page), []);
  await page.locator('#subject').fill('niemand.net');
  await page.getByRole('button', { name: 'Weiter' }).click();
  assert.deepEqual(await faultsByAxe(page), []);
  await page.getByRole('link', { name: 'Einladung', exact: true }).click();
  await page.getByLabel('Ihre Einladung').fill(invitation('niemand.net'));
  await page.getByRole('button', { name: 'Einladung verwenden' }).click();
  assert.equal(await page.locator('h1').innerText(), 'Nichts von Ihnen wurde festgestellt');
  assert.deepEqual(await faultsByAxe(page), []);
  await page.getByRole('link', { name: 'Ansehen, wer gefragt hat' }).click();
  assert.deepEqual(await faultsByAxe(page), []);
  assert.deepEqual(page.faults.filter((fault) => !/status of 400/.test(fault)), []);
});

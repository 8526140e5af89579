// SPDX-License-Identifier: Apache-2.0
// The operator's pages in Chromium, served by tidemark serve over a catalog of its own: as a person walks them, with script and
// without, in both languages; axe has nothing to say, they fit every width, and nothing hostile acts in them.
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { answer, azurite, build, exited, holds, plant, scratch, start, tidemark } from '../system/house.mjs';
import { faultsByAxe, inBrowser, openPage, pictures, startBrowser, widths } from './browser.mjs';

const password = 'correct horse battery';
const roles = ['admin', 'analyst', 'notifier', 'auditor', 'helpdesk'];
const ended = [];
const life = { after: (end) => ended.push(end) };
let portal, flags, store;

const invoice = (i, domain) => `Invoice RE-2021-${1000 + i}\nFrom: Fabrikam AG <billing@fabrikam.com>\nTo: accounts@${domain}\nDate: 2021-0${1 + i % 9}-11\n`
  + `Dear Sir, your project "Tide ${i}" for ${domain}.\nContact: person${i}@${domain}, +49 30 123456${10 + i}\n`;
const domains = ['contoso.com', 'litwareinc.com', 'stadt-beispiel.de', 'proseware.com', 'adatum.com',
  'a-very-long-name-of-an-organisation-that-fits-nowhere-on-a-phone.example.org'];

function leak() {
  const files = { 'locked.zip': 'PK\x03\x04', 'sub/notes.txt': 'nothing of anybody' };
  domains.forEach((domain, n) => { for (let i = 0; i < 12 - n; i++) files[`${domain.split('.')[0]}/invoice-${i}.txt`] = invoice(i + n * 20, domain); });
  return files;
}

const register = 'domain,name,relationship,sector,country,contact\n'
  + 'stadt-beispiel.de,Stadt Beispiel,customer,Public administration,DE,datenschutz@stadt-beispiel.de\n'
  + 'proseware.com,Proseware Energy,customer,Energy,US,legal@proseware.com\n'
  + 'contoso.com,"<script>alert(1)</script> Contoso",customer,Retail,US,legal@contoso.com\n'
  + 'litwareinc.com,شركة ليتوير,partner,,EG,\n';

before(async () => {
  if (inBrowser.skip) return;
  const place = scratch(life);
  flags = ['--catalog', path.join(place, 'catalog')];
  plant(place, { 'register.csv': register });
  plant(path.join(place, 'leak'), leak());
  plant(path.join(place, 'more'), { 'one.txt': 'a note' });
  store = azurite(life);
  store.upload(path.join(place, 'leak'), 'invoices', 'container');
  store.upload(path.join(place, 'more'), 'closed-since', 'container');
  const sweep = () => tidemark(['sweep', `${store.endpoint}/invoices`, `${store.endpoint}/closed-since`, '--anonymous', ...flags]);
  assert.ok([0, 4].includes(sweep().code));
  store.upload(path.join(place, 'more'), 'closed-since', 'none');
  assert.ok([0, 4].includes(sweep().code));
  assert.equal(tidemark(['register', 'import', path.join(place, 'register.csv'), ...flags]).code, 0);
  for (const role of roles) assert.equal(tidemark(['user', 'add', role, '--role', role, ...flags], { input: password }).code, 0);
  const child = start(['serve', '--listen', '127.0.0.1:0', '--operator-listen', '127.0.0.1:0', ...flags]);
  life.after(async () => { child.kill('SIGTERM'); await exited(child); });
  const [line] = await once(child.stdout, 'data');
  const [, subjects, operators] = String(line).match(/(http:\S+) answers; for operators (http:\S+)/);
  portal = { subjects, operators };
  await prove('contoso.com', [['not_ours', '<img src=x onerror=alert(1)> \u202Egnp is not ours'], ['ours_too', 'there must be more']]);
});
after(async () => { for (const end of ended.reverse()) await end(); });

/* As a subject does it, with an invitation. */
async function prove(subject, appeals) {
  const code = tidemark(['invite', subject, '--ticket', 'T-1', ...flags]).out.trim().split('\n').at(-1);
  const post = async (where, body, token) => {
    const reply = await fetch(`${portal.subjects}/api/v1/${where}`, { method: 'POST', body: JSON.stringify(body),
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) } });
    assert.ok(reply.ok, `${where}: ${reply.status} ${await reply.clone().text()}`);
    return reply.json();
  };
  const { proof } = await post('proofs', { subject, method: 'invitation', code });
  const { token } = await post(`proofs/${proof}`, { code });
  for (const [kind, text] of appeals) await post('appeals', { kind, text }, token);
}

async function signIn(page, name) {
  page.setDefaultTimeout(10000);
  await page.goto(`${portal.operators}/operator`);
  assert.match(page.url(), /\/operator\/sign-in$/);
  await page.getByLabel('Name').fill(name);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(/\/operator(\/answer)?$/);
}

const everyPage = ['/operator', '/operator/organisations', '/operator/organisations/contoso.com', '/operator/organisations/litwareinc.com',
  '/operator/notices', '/operator/proofs', '/operator/sweep', '/operator/answer', '/operator/journal'];

for (const javaScriptEnabled of [true, false])
  test(`a person walks the pages ${javaScriptEnabled ? 'with' : 'without'} script`, inBrowser, async (t) => {
    const browser = await startBrowser(t), page = await openPage(browser, portal.operators, { javaScriptEnabled });
    await page.goto(`${portal.operators}/operator/sign-in`);
    await page.getByLabel('Name').fill('admin');
    await page.getByLabel('Password').fill('not the password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    assert.match(await page.getByRole('alert').textContent(), /Name or password is wrong/);
    page.faults.length = 0; // the browser counts 403 as one
    await signIn(page, 'admin');
    assert.match(await page.locator('.lead').textContent(), /2 containers stood open to strangers/);
    assert.match(await page.locator('main').textContent(), /1 container not seen closed since/);
    await page.getByRole('link', { name: /organisations were not told/ }).click();
    const rows = await page.locator('tbody th').allTextContents();
    assert.match(rows[0], /stadt-beispiel\.de/);
    assert.match(rows[1], /proseware\.com/);
    await page.getByRole('link', { name: 'contoso.com' }).click();
    assert.match(await page.locator('main').textContent(), /12, of which 12 different/);
    await page.getByRole('link', { name: 'Proofs and appeals' }).click();
    const open = page.locator('section', { hasText: 'What a subject says' }).locator('ul.decide > li');
    const before = await open.count();
    assert.ok(before > 0);
    const mine = open.first();
    await mine.getByLabel('Your reason').fill(`read by hand ${javaScriptEnabled}`);
    await mine.getByRole('button', { name: 'Refuse' }).click();
    await page.waitForLoadState();
    assert.equal(await open.count(), before - 1);
    assert.match(await page.locator('main').textContent(), new RegExp(`read by hand ${javaScriptEnabled}`));
    await page.getByLabel('Domain or e-mail').fill('litwareinc.com');
    await page.getByLabel('How the asker is known').fill('T-99, called back');
    await page.getByRole('button', { name: 'Make an invitation' }).click();
    assert.match(await page.locator('.code').textContent(), /^[a-z2-7]{26}$/);
    await page.getByRole('link', { name: 'Helpdesk' }).click();
    await page.getByLabel('Domain or e-mail').fill('contoso.com');
    await page.getByLabel('How the asker is known').fill('T-100');
    await page.getByRole('button', { name: 'Read the answer' }).click();
    assert.match(await page.locator('.lead').textContent(), /documents of contoso\.com stood open/);
    assert.doesNotMatch(await page.locator('main').textContent(), /litware|proseware/i);
    await page.getByRole('link', { name: 'Sweep' }).click();
    assert.match(await page.locator('#sweep-state').textContent(), /The latest sweep went from/);
    await page.getByRole('link', { name: 'Journal' }).click();
    await page.getByLabel('Only entries of').fill('sign-in');
    await page.getByRole('button', { name: 'Show' }).click();
    assert.ok((await page.locator('tbody th').allTextContents()).every((verb) => verb.startsWith('sign-in')));
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.waitForURL(/sign-in$/);
    await page.goto(`${portal.operators}/operator/journal`);
    assert.match(page.url(), /sign-in$/);
    assert.deepEqual(page.faults, []);
  });

test('each role sees its pages and no others', inBrowser, async (t) => {
  const browser = await startBrowser(t);
  for (const [role, links] of [['analyst', ['Overview', 'Organisations', 'Proofs and appeals', 'Sweep']],
    ['notifier', ['Overview', 'Organisations', 'Notices', 'Proofs and appeals', 'Sweep']],
    ['auditor', ['Overview', 'Organisations', 'Notices', 'Proofs and appeals', 'Sweep', 'Journal']], ['helpdesk', ['Helpdesk']]]) {
    const page = await openPage(browser, portal.operators);
    await signIn(page, role);
    assert.deepEqual(await page.locator('nav.operator a').allTextContents(), links);
    const refused = await page.goto(`${portal.operators}${role === 'helpdesk' ? '/operator/organisations' : '/operator/answer'}`);
    assert.equal(refused.status(), 403);
    if (role === 'auditor') {
      await page.goto(`${portal.operators}/operator/proofs`);
      assert.equal(await page.locator('main form').count(), 0, 'an auditor changes nothing');
    }
    await page.context().close();
  }
});

test('a user who is changed is signed in no longer', inBrowser, async (t) => {
  const browser = await startBrowser(t), page = await openPage(browser, portal.operators);
  assert.equal(tidemark(['user', 'add', 'guest', '--role', 'auditor', ...flags], { input: password }).code, 0);
  await signIn(page, 'guest');
  const { users } = answer('user-list', ['user', 'list', ...flags]);
  assert.equal(users.find(({ name }) => name === 'guest').sessions, 1);
  assert.equal(tidemark(['user', 'remove', 'guest', ...flags]).code, 0);
  await page.reload();
  assert.match(page.url(), /sign-in$/);
});

test('no other site can have a form of ours sent', inBrowser, async (t) => {
  const browser = await startBrowser(t), page = await openPage(browser, portal.operators);
  await signIn(page, 'notifier');
  const cookie = (await page.context().cookies()).map(({ name, value }) => `${name}=${value}`).join('; ');
  const form = await page.locator('input[name=form]').first().inputValue();
  const body = (fields) => new URLSearchParams({ subject: 'adatum.com', ticket: 'T-1', ...fields });
  const send = (fields, headers) => fetch(`${portal.operators}/operator/invitations`, { method: 'POST', body: body(fields), redirect: 'manual', headers: { cookie, ...headers } });
  assert.equal((await send({ form }, { origin: 'https://evil.example' })).status, 403);
  assert.equal((await send({ form }, { 'sec-fetch-site': 'cross-site' })).status, 403);
  assert.equal((await send({}, { origin: portal.operators })).status, 403);
  assert.equal((await send({ form: form.replace(/.$/, (c) => (c === 'a' ? 'b' : 'a')) }, { origin: portal.operators })).status, 403);
  assert.equal((await send({ form }, { origin: portal.operators })).status, 200);
  assert.equal((await fetch(`${portal.subjects}/operator`, { headers: { cookie } })).status, 404, 'the other door has no such page');
});

test('hostile text is text, and nothing is loaded from elsewhere', inBrowser, async (t) => {
  const browser = await startBrowser(t), page = await openPage(browser, portal.operators);
  page.on('dialog', (dialog) => { page.faults.push(dialog.message()); dialog.dismiss(); });
  await signIn(page, 'admin');
  for (const each of everyPage) {
    await page.goto(portal.operators + each);
    const html = await page.content();
    assert.doesNotMatch(html, /<script>|<img|\u202E/, each);
    assert.equal(await page.locator('[style], [onclick], [onerror]').count(), 0, each);
  }
  await page.goto(`${portal.operators}/operator/organisations/contoso.com`);
  assert.ok((await page.locator('bdi.foreign').allTextContents()).includes('<script>alert(1)</script> Contoso'));
  assert.deepEqual(page.faults, []);
});

test('pages fit every width, and axe finds no fault, in light and dark and both languages', inBrowser, async (t) => {
  const browser = await startBrowser(t);
  for (const [colorScheme, language] of [['light', 'en'], ['dark', 'de']]) {
    const page = await openPage(browser, portal.operators, { colorScheme, bypassCSP: true });
    await page.goto(`${portal.operators}/operator/sign-in?language=${language}`);
    assert.deepEqual(await faultsByAxe(page), [], 'sign-in');
    await signIn(page, 'admin');
    for (const each of everyPage) {
      await page.setViewportSize({ width: widths.desk, height: 900 });
      await page.goto(`${portal.operators}${each}?language=${language}`);
      assert.equal(await page.locator('html').getAttribute('lang'), language);
      assert.deepEqual(await faultsByAxe(page), [], `${each}, ${colorScheme}`);
      for (const width of Object.values(widths)) {
        await page.setViewportSize({ width, height: 900 });
        const needed = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(needed <= width, `${each} needs ${needed} of ${width}`);
      }
    }
    assert.deepEqual(page.faults, []);
    await page.context().close();
  }
});

test('the page of a sweep follows it while it runs', inBrowser, async (t) => {
  const browser = await startBrowser(t), page = await openPage(browser, portal.operators);
  await signIn(page, 'admin');
  const told = holds('portal-sweep', await (await page.request.get(`${portal.operators}/operator/sweep.json`)).json());
  assert.equal(told.state, 'finished');
  assert.equal(told.listed, told.done + told.waiting);
  assert.equal(told.outcomes.reduce((sum, { objects }) => sum + objects, 0), told.done);
  const states = [{ state: 'running', listed: 1200, done: 300, waiting: 900, targets_listed: 1 }, { state: 'finished', listed: 1200, done: 1200, waiting: 0, targets_listed: 1 }];
  let asked = 0;
  await page.route('**/operator/sweep.json', (route) => route.fulfill({ json: states[Math.min(asked++, 1)] }));
  const { body } = await page.goto(`${portal.operators}/operator/sweep`).then(async (reply) => ({ body: await reply.text() }));
  await page.route('**/operator/sweep', (route) => route.fulfill({ contentType: 'text/html', body: body.replace('data-still', 'data-live') }), { times: 1 });
  await page.goto(`${portal.operators}/operator/sweep`);
  await page.waitForFunction(() => document.getElementById('sweep-listed').textContent === '1,200');
  assert.equal(await page.locator('#sweep-done').textContent(), '300');
  await page.waitForFunction(() => document.querySelector('[data-still]'));
  assert.equal(asked, 2);
});

test('what the pages load besides is small', { skip: inBrowser.skip }, () => {
  assert.ok(readFileSync(path.join(build, 'web/operator.css')).length < 4000);
});

test('pictures are taken', { skip: pictures ? inBrowser.skip : 'TIDEMARK_PICTURES says where to' }, async (t) => {
  const browser = await startBrowser(t);
  mkdirSync(pictures, { recursive: true });
  for (const colorScheme of ['light', 'dark'])
    for (const [device, width] of Object.entries(widths)) {
      const page = await openPage(browser, portal.operators, { colorScheme, viewport: { width, height: 900 } });
      const take = (name) => page.screenshot({ path: path.join(pictures, `operator-${name}-${device}-${colorScheme}.png`), fullPage: true });
      await page.goto(`${portal.operators}/operator/sign-in`);
      await take('sign-in');
      await signIn(page, 'admin');
      for (const each of everyPage) {
        await page.goto(portal.operators + each);
        await take(each.replace('/operator', '').replaceAll('/', '-').replace(/^-/, '') || 'overview');
      }
      await page.context().close();
    }
});

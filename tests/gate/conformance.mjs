// SPDX-License-Identifier: Apache-2.0
// What every door to a subject's answer has to hold, whichever it is: the command line or a server by its URL. A door is
// {ask(subject, {limit, cursor}) → answer}; a refusal to answer is thrown. Each case has the name of what an attacker tries
// (docs/gate.md). leak is made by leak.mjs, and was swept.
import assert from 'node:assert/strict';

/** All that an answer says of others would be one of these. */
function wordsOfOthers(leak, subject) {
  const own = leak.organisations.find((organisation) => organisation.domain === subject);
  const words = new Map();
  for (const organisation of leak.organisations)
    if (organisation !== own) for (const word of organisation.words) words.set(word, organisation.domain);
  return { own, words };
}

const wordPattern = /[a-z]{8}xq/g;

/** Words of other organisations that the answer holds: none. */
export function leaksOf(leak, subject, answer) {
  const { own, words } = wordsOfOthers(leak, subject);
  const said = JSON.stringify(answer).toLowerCase();
  const found = new Set();
  for (const [word] of said.matchAll(wordPattern)) if (words.has(word)) found.add(`${word} of ${words.get(word)}`);
  const numbers = new Set(own?.numbers ?? []);
  for (const [number] of said.matchAll(/\b(?:inv|po|ct)-(?:\d{4}-)?\d{6,}\b/g))
    if (leak.numbersOf.has(number) && !numbers.has(number.toUpperCase())) found.add(`number ${number}`);
  if (/de8937040044|\+?49\s?30\s?\d{6}/.test(said) && !answer.documents.some((document) => document.rows.length > 0)) found.add('bank data or a telephone');
  return [...found];
}

/** The answer but for whom it is to and when it was given. */
export const unnamed = ({ subject, kind, as_of, ...rest }) => rest;

const negatives = (leak) => {
  const { domain, people } = leak.organisations[0];
  const [label, ...suffix] = domain.split('.');
  return {
    'nobody known': 'nobody-of-this-name-xq.org',
    'a look-alike': `${label.replace('i', '1').replace('o', '0')}x.${suffix.join('.')}`,
    'the same label under another suffix': `${label}.net`,
    'a domain below it': `mail.${domain}`,
    'its public suffix': suffix.join('.') === 'com' ? 'com' : suffix.join('.'),
    'a homograph': `${label.replace('a', 'а')}.${suffix.join('.')}`,
    'a tenant of its name': `${label}.onmicrosoft.com`,
    'a name that ends alike': `x${domain}`,
    'a provider of free mail': 'gmail.com',
    'a person nobody wrote of': `nobody@${domain}`,
    'a person with another tag': people[0].address.replace('@', '+tag@'),
  };
};

/** Registers the cases with test(). A door opens once for all. */
export function conforms(test, { leak, open }) {
  const subjects = leak.organisations.map((organisation) => organisation.domain);
  test('each gets its own and nothing of anybody else', async () => {
    const door = await open();
    const found = { documents: 0, expected: 0, right: 0, missing: [] };
    for (const organisation of leak.organisations) {
      const answer = await door.ask(organisation.domain);
      assert.deepEqual(leaksOf(leak, organisation.domain, answer), [], `${organisation.domain} reads of others`);
      const paths = await Promise.all(answer.documents.map((document) => door.turnBack(organisation.domain, document.id)));
      const outer = new Set(paths.map((path) => path.split('!/')[0]));
      found.documents += outer.size;
      found.expected += organisation.documents.size;
      for (const path of outer) found.right += organisation.documents.has(path) || /\/archive-\d+\.mbox$|customers-\d+\.csv$/.test(path);
      for (const path of organisation.documents) if (!outer.has(path)) found.missing.push(path);
    }
    const told = JSON.stringify({ ...found, missing: found.missing.length, first: found.missing.slice(0, 5) });
    assert.ok(found.right / found.documents >= 0.99, `precision: ${told}`);
    assert.ok(1 - found.missing.length / found.expected >= 0.95, `recall: ${told}`);
  });

  for (const [name, subject] of Object.entries(negatives(leak)))
    test(`a negative is one answer: ${name}`, async () => {
      const door = await open();
      const unknown = await door.ask(subject.includes('@') ? 'nobody@nowhere-at-all.org' : 'nowhere-at-all.org');
      const asked = await door.ask(subject);
      assert.deepEqual(asked.documents, []);
      assert.deepEqual(unnamed(asked), unnamed(unknown));
    });

  test('an answer is the same at every asking, and in every order', async () => {
    const door = await open();
    const [first, second] = subjects;
    const before = await door.ask(first);
    await door.ask(second);
    assert.deepEqual(unnamed(await door.ask(first)), unnamed(before));
  });

  test('what two see of one document cannot be joined', async () => {
    const door = await open();
    const contract = Object.keys(leak.files).find((file) => file.includes('/contracts/'));
    const parties = leak.organisations.filter((organisation) => organisation.documents.has(contract));
    assert.equal(parties.length, 2);
    const answers = await Promise.all(parties.map((party) => door.ask(party.domain)));
    const ids = answers.map((answer) => new Set(answer.documents.map((document) => document.id)));
    assert.deepEqual([...ids[0]].filter((id) => ids[1].has(id)), []);
    const number = contract.match(/CT-\d{4}-\d+/)[0];
    for (const answer of answers)
      assert.ok(answer.documents.some((document) => document.yours.contract.includes(number)), 'the number is both parties\'');
  });

  test('documents come by date and by names of their own, not by what is hidden', async () => {
    const door = await open();
    for (const subject of subjects.slice(0, 20)) {
      const { documents } = await door.ask(subject);
      /* Ids as bytes: in base32 the digits stand behind the letters. */
      const keys = documents.map((document) => [document.dated ?? '', document.id.replace(/[2-7]/g, (digit) => `{${digit}`)]);
      assert.deepEqual(keys, [...keys].sort((a, b) => (a[0] < b[0] ? -1 : a[0] > b[0] ? 1 : a[1] < b[1] ? -1 : 1)));
    }
  });

  test('how much is of others is told in steps', async () => {
    const door = await open();
    for (const subject of subjects.slice(0, 20))
      for (const document of (await door.ask(subject)).documents)
        assert.ok([0, 1, 10, 100, 1000].includes(document.others_redacted));
  });

  test('a shared file tells neither its size nor its digest', async () => {
    const door = await open();
    let seen = 0;
    for (const subject of subjects.slice(0, 60))
      for (const document of (await door.ask(subject)).documents.filter((each) => each.rows.length > 0)) {
        assert.deepEqual([document.size, document.sha256, document.copies], [null, null, null]);
        seen++;
      }
    assert.ok(seen > 0, 'no shared file was in any answer');
  });

  test('the rows of a shared table are the subject\'s, what is sensitive in them an element', async () => {
    const door = await open();
    const { domain, people } = leak.organisations[0];
    const rows = (await door.ask(domain)).documents.flatMap((document) => document.rows);
    assert.equal(rows.length, 1);
    assert.equal(rows[0].Email, people[2].address);
    assert.deepEqual(rows[0].IBAN, { element: 'financial' });
    assert.equal(rows[0].Remark, null);
  });

  test('a page goes on where its cursor points, and at no other subject\'s', async () => {
    const door = await open();
    const whole = await door.ask(subjects[0]);
    const pages = [];
    for (let cursor = null, page; ; cursor = page.next) {
      page = await door.ask(subjects[0], { limit: 1, cursor });
      assert.deepEqual(page.summary, whole.summary);
      pages.push(...page.documents);
      if (!page.next) break;
    }
    assert.deepEqual(pages, whole.documents);
    const { next } = await door.ask(subjects[0], { limit: 1 });
    await assert.rejects(async () => door.ask(subjects[1], { limit: 1, cursor: next }));
    await assert.rejects(async () => door.ask(subjects[0], { limit: 1, cursor: `${next.slice(0, -2)}${next.at(-2) === 'a' ? 'b' : 'a'}${next.at(-1)}` }));
    await assert.rejects(async () => door.ask(subjects[0], { limit: 1, cursor: 'nonsense' }));
  });

  test('an id of the catalog, of another subject or guessed is nobody\'s', async () => {
    const door = await open();
    const [{ id }] = (await door.ask(subjects[0])).documents;
    await assert.rejects(async () => door.turnBack(subjects[1], id));
    await assert.rejects(async () => door.turnBack(subjects[0], 'a'.repeat(26)));
  });

  test('a person reads of what holds the address, and no numbers, rows or digests', async () => {
    const door = await open();
    const person = leak.organisations[0].people[0];
    const answer = await door.ask(person.address);
    assert.ok(answer.documents.length > 0);
    assert.deepEqual(leaksOf(leak, leak.organisations[0].domain, answer), []);
    for (const document of answer.documents) {
      assert.deepEqual([document.sha256, document.rows, document.yours.invoice, document.yours.contract], [null, [], [], []]);
      assert.deepEqual(document.yours.email, [person.address]);
    }
  });
}

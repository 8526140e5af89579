// SPDX-License-Identifier: Apache-2.0
// A leak of many organisations that share documents, and the truth about it: whose each document is, and which words are
// nobody's but one organisation's. Every name is made up of syllables and occurs once; the same seed makes the same leak.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const owner = { domain: 'halvorsenwerke.com', people: ['dana.whitlock', 'tom.calloway'] };

function* numbers(seed) {
  for (let state = BigInt(seed) * 2654435761n + 1n; ;) {
    state = (state * 6364136223846793005n + 1442695040888963407n) & ((1n << 64n) - 1n);
    yield Number(state >> 33n);
  }
}

/** Names of four syllables that no language has: each is taken once. */
function namer(random) {
  const heads = ['b', 'd', 'f', 'g', 'k', 'l', 'm', 'n', 'p', 'r', 's', 't', 'v', 'z'];
  const vowels = ['a', 'e', 'i', 'o', 'u'];
  const taken = new Set();
  return () => {
    for (;;) {
      let name = '';
      for (let i = 0; i < 4; i++) name += heads[random() % heads.length] + vowels[random() % vowels.length];
      name += 'xq';
      if (!taken.has(name)) return taken.add(name) && name;
    }
  };
}

const given = ['anna', 'peter', 'maria', 'hugo', 'ines', 'karl', 'lena', 'omar', 'petra', 'ruth', 'samir', 'vera'];
const proper = (word) => word[0].toUpperCase() + word.slice(1);

/** {files: {path: contents}, organisations: [{domain, name, words, people, documents: Set of paths}]} */
export function makeLeak({ organisations: count, seed = 1 }) {
  const source = numbers(seed);
  const random = () => source.next().value;
  const name = namer(random);
  let running = 100000 + (random() % 1000);
  const next = () => (running += 7 + (random() % 5));
  const files = {};
  const organisations = Array.from({ length: count }, (_, i) => {
    const word = name();
    const domain = `${word}.${['com', 'de', 'co.uk', 'fr', 'org'][i % 5]}`;
    const people = Array.from({ length: 3 }, () => {
      const family = name();
      const first = given[random() % given.length];
      return { first, family, full: `${proper(first)} ${proper(family)}`, address: `${first}.${family}@${domain}` };
    });
    return { word, domain, name: `${proper(word)} ${['Ltd', 'GmbH', 'Ltd', 'SARL', 'Inc.'][i % 5]}`, people, documents: new Set(),
      words: [word, ...people.map((person) => person.family)], numbers: [] };
  });
  const put = (file, contents, ...parties) => {
    files[file] = contents;
    for (const party of parties) party.documents.add(file);
  };
  const other = (not) => {
    for (;;) {
      const found = organisations[random() % organisations.length];
      if (found !== not) return found;
    }
  };
  organisations.forEach((organisation, i) => {
    const [first, second] = organisation.people;
    const year = 2017 + (i % 6);
    const invoice = `INV-${year}-${next()}`, order = `PO-${next()}`;
    organisation.numbers.push(invoice, order);
    put(`${year}/${organisation.word}/invoices/${invoice}.txt`, [
      'INVOICE', '', `Invoice number: ${invoice}`, `Order number: ${order}`, `Date: ${year}-03-0${1 + (i % 9)}`, '',
      'From: Halvorsen Werke', `dana.whitlock@${owner.domain}`, '',
      'Bill to:', organisation.name, first.address, '', `Contact: ${first.full} <${first.address}>`, '', 'Total: EUR 1,234.50', ''].join('\n'), organisation);
    put(`${year}/mail/${next()}.eml`, [
      `From: ${second.full} <${second.address}>`, `To: Tom Calloway <tom.calloway@${owner.domain}>`, `Subject: Invoice ${invoice}`,
      `Date: Mon, 0${1 + (i % 9)} Mar ${year} 10:00:00 +0000`, `Message-ID: <${next()}@${organisation.domain}>`, '',
      `Dear Tom, please find attached invoice number ${invoice}.`, '', second.full, organisation.name, ''].join('\n'), organisation);
    if (i % 2 === 0 && i + 1 < count) {
      const partner = organisations[i + 1];
      const contract = `CT-${year}-${next()}`;
      organisation.numbers.push(contract);
      partner.numbers.push(contract);
      put(`${year}/contracts/${contract}-${organisation.word}-${partner.word}.html`,
        `<html><head><title>Contract ${contract} between ${organisation.name} and ${partner.name}</title></head><body>`
        + `<h1>Contract</h1><p>Contract number: ${contract}</p><p>between ${organisation.name} and ${partner.name}</p>`
        + [organisation, partner].map((party) => `<h2>${party.name}</h2><p>Contact: ${party.people[0].full}</p>`
          + `<p>Contact: ${party.people[0].address}</p><p>Signed by: ${party.people[0].address}</p>`).join('') + '</body></html>',
        organisation, partner);
    }
    if (i % 5 === 0) {
      const stranger = other(organisation);
      put(`${year}/${stranger.word}/misfiled/${next()}.txt`, [
        'PURCHASE ORDER', '', `Order number: PO-${next()}`, `Supplier: ${organisation.name}`, first.address, `Contact: ${first.full} <${first.address}>`,
        `Buyer: Halvorsen Werke, dana.whitlock@${owner.domain}`, '', `Terms as on https://www.${other(organisation).domain}/terms`, ''].join('\n'),
        organisation);
    }
  });
  for (let from = 0; from < count; from += 50) {
    const part = organisations.slice(from, from + 50);
    const year = 2017 + ((from / 50) % 6);
    files[`${year}/exports/customers-${from}.csv`] = 'Company,Contact,Email,Phone,IBAN,Remark\n' + part.map((organisation) => {
      const person = organisation.people[2];
      return `"${organisation.name}",${person.full},${person.address},+49 30 ${next()},DE89370400440532013000,"knows ${other(organisation).name}"`;
    }).join('\n') + '\n';
    files[`${year}/mail/archive-${from}.mbox`] = part.filter((_, i) => i % 10 === 0).map((organisation) => {
      const [person] = organisation.people;
      return [`From ${person.address} Mon Mar  1 10:00:00 ${year}`, `From: ${person.full} <${person.address}>`,
        `To: dana.whitlock@${owner.domain}`, `Subject: Offer`, `Date: Mon, 01 Mar ${year} 10:00:00 +0000`, '',
        `Offer number: Q-${next()}`, '', person.full, ''].join('\n');
    }).join('\n');
  }
  return { files, organisations, owner };
}

export function writeLeak(folder, leak) {
  for (const [name, contents] of Object.entries(leak.files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), contents);
  }
}

// SPDX-License-Identifier: Apache-2.0
// What the leak holds of people, and what is worse than paper: a customer table as a workbook and as a database, forms filled in
// for two, one agreement in four versions, a signed PDF and a key. The people are fictitious; their telephone numbers are of
// ranges kept for fiction, their addresses of domains kept for examples.
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { addressOf, customers, owner } from './cast.mjs';
import { sqlite } from './database.mjs';
import * as papers from './papers.mjs';
import { dice, generator, standStill } from './still.mjs';

const day = (text) => new Date(`${text}T09:30:00Z`);
const given = ['Agnes', 'Bruno', 'Carla', 'Dmitri', 'Elif', 'Farid', 'Greta', 'Hugo', 'Irina', 'Joao', 'Kaja', 'Lars'];
const family = ['Abel', 'Brandt', 'Costa', 'Duarte', 'Ekberg'];
const cities = [['Leeds', 'GB'], ['Erfurt', 'DE'], ['Seattle', 'US'], ['Toronto', 'CA'], ['Lyon', 'FR']];

/* Sixty people. Two pairs share a name and nothing else; one person stands there with three addresses. */
function crowd() {
  const roll = dice('customer table');
  const people = given.flatMap((first) => family.map((last) => [first, last])).map(([first, last], index) => {
    const [city, country] = cities[index % cities.length];
    const birth = `${roll.between(1950, 2001)}-${String(roll.between(1, 12)).padStart(2, '0')}-${String(roll.between(1, 28)).padStart(2, '0')}`;
    return { number: `K-${20100 + index}`, name: `${first} ${last}`, email: `${first}.${last}@example.net`.toLowerCase(),
      phone: `+44 20 7946 0${String(100 + index)}`, street: `${roll.between(1, 180)} ${roll.pick(['Mill Lane', 'High Street', 'Park Road', 'Station Road'])}`, city, country, birth };
  });
  const other = (index, domain) => people[index].email.replace('example.net', domain);
  people[7] = { ...people[7], name: people[2].name, email: other(2, 'example.org') };
  people[31] = { ...people[31], name: people[12].name, email: other(12, 'example.org') };
  const many = people[20];
  return [...people, { ...many, number: 'K-20160', email: other(20, 'example.org') }, { ...many, number: 'K-20161', email: other(20, 'example.com') }];
}

const columns = ['customer no.', 'name', 'e-mail', 'phone', 'street', 'city', 'country', 'date of birth'];
const rowOf = (one) => [one.number, one.name, one.email, one.phone, one.street, one.city, one.country, one.birth];

async function addTables(leak) {
  const people = crowd(), date = day('2022-05-16'), rows = people.map(rowOf);
  standStill('customers.xlsx', date);
  const workbook = new ExcelJS.Workbook();
  Object.assign(workbook, { creator: owner.people[0], lastModifiedBy: owner.people[0], created: date, modified: date });
  const sheet = workbook.addWorksheet('Customers');
  for (const row of [columns, ...rows]) sheet.addRow(row);
  leak.add('open', '2022/crm/customers.xlsx', { bytes: Buffer.from(await workbook.xlsx.writeBuffer()), date, texts: rows.flat(), trap: 'a customer table: two pairs of namesakes, one person with three addresses' });

  /* Half of them again, and in two rows name and address have changed places. */
  const subscribers = people.slice(10, 40).map((one, index) => (index % 15 === 7 ? [index + 1, one.email, one.name, one.phone] : [index + 1, one.name, one.email, one.phone]));
  const workFile = join(leak.outdir, '.working.sqlite');
  rmSync(workFile, { force: true });
  const bytes = sqlite({ subscribers: [['id INTEGER', 'name TEXT', 'email TEXT', 'phone TEXT'], ...subscribers] }, workFile);
  leak.add('open', '2022/exports/newsletter.sqlite', { bytes, date, texts: subscribers.flat().map(String), kind: 'database', trap: 'the same people in a database, two rows with swapped columns' });
  return people.map(({ number, name, email, phone, country, birth }) => ({ number, name, email, phone, country, date_of_birth: birth }));
}

/* ---- near, and not the same ---- */

const clauses = ['Each party names a person who speaks for it, and tells the other when that changes.', 'Work is accepted when it does what the statement of work says, or ten days after it was handed over.',
  'Invoices are due thirty days after they came; what is disputed is told within that time, with the reason.', 'Who causes damage makes it good, up to the fees of the year before, but for intent.',
  'Neither party may hand its part to a third without the other saying yes in writing.', 'Either may end the agreement with three months of notice to the end of a quarter.',
  'What one party learns of the other is used for the work alone, and given back or destroyed at its end.', 'Changes are made in writing; this clause can be changed in writing only.'];

async function addVersions(leak) {
  const customer = customers[0], date = day('2021-10-04');
  const final = papers.contract('MSA-2021-0500', customer, date);
  final.lines = [...final.lines, ...clauses];
  const draft = { ...final, lines: final.lines.map((line) => line.replace('three months of notice', 'six months of notice').replace('ten days after', 'twenty days after')) };
  for (const [path, paper] of [['contracts/MSA-2021-0500.docx', final], ['contracts/drafts/MSA-2021-0500-draft.docx', draft], ['contracts/MSA-2021-0500.txt', final]])
    await leak.addPaper('open', `2021/${customer.folder}/${path}`, { ...paper, trap: 'one agreement in several versions' });
}

function addForms(leak) {
  for (const [index, person] of owner.people.slice(0, 2).entries()) {
    const lines = ['Request for access to the customer database', ...clauses, `Name: ${person}`, `E-mail: ${addressOf(person, owner)}`, `Desk: ${index + 4}`, 'I have read the rules above and keep to them.'];
    leak.add('open', `2022/hr/access-request-${index + 1}.txt`, { date: day(`2022-03-1${index}`), bytes: Buffer.from(`${lines.join('\n')}\n`), texts: lines, parties: [owner.domain], trap: 'one form filled in by two people: near, and not one document' });
  }
}

/* ---- signed, and a key ---- */

function addSigned(leak) {
  const bytes = readFileSync(new URL('signed-completion.pdf', import.meta.url));
  leak.add('open', '2022/contoso/signed/completion.pdf', { bytes, date: day('2022-07-01'), kind: 'proof_of_execution', parties: [customers[0].domain], texts: ['Contact: anna@contoso.com'], trap: 'signed: by whom, and still intact' });
}

/* Drawn by lot: it opens nothing. */
function addKey(leak) {
  const next = generator('leaked key');
  const draw = (letters, length) => Array.from({ length }, () => letters[Math.floor(next() * letters.length)]).join('');
  const upper = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', all = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
  const lines = ['# deployment of the customer portal', `AWS_ACCESS_KEY_ID=AKIA${draw(upper, 16)}`, `AWS_SECRET_ACCESS_KEY=${draw(all, 40)}`, 'AWS_REGION=eu-central-1'];
  leak.add('open', '2022/config/deploy.env', { date: day('2022-07-20'), bytes: Buffer.from(`${lines.join('\n')}\n`), texts: lines, kind: 'configuration', trap: 'a key, drawn by lot: found, shown as stars, never tried' });
}

export async function addPeople(leak) {
  leak.people = await addTables(leak);
  await addVersions(leak);
  addForms(leak);
  addSigned(leak);
  addKey(leak);
}

// SPDX-License-Identifier: Apache-2.0
// One ordinary year of business in the open container: papers for every customer, the year's
// mail, its exports and its archive.
import { addressOf, customers, owner } from './cast.mjs';
import { zip } from './archives.mjs';
import { csv } from './formats.mjs';
import { render } from './ledger.mjs';
import { eml, mbox } from './mail.mjs';
import * as papers from './papers.mjs';
import { dice, standStill } from './still.mjs';

function dayIn(year, name) {
  const roll = dice(name);
  return new Date(Date.UTC(year, roll.between(0, year === 2022 ? 6 : 11), roll.between(1, 28), roll.between(7, 18), roll.between(0, 59)));
}

const numbered = (prefix, year, count) => `${prefix}-${year}-${String(count).padStart(4, '0')}`;

function plan(year, customer, index) {
  const partner = customers[(index + 1) % customers.length];
  const every = (span) => (year + index) % span === 0;
  return [
    ['invoice', 'invoices', 'INV', 'pdf', 7 * index + 1, true],
    ['invoice', 'invoices', 'INV', every(3) ? 'xlsx' : 'pdf', 7 * index + 4, true],
    ['contract', 'contracts', 'MSA', every(4) ? 'pdf' : 'docx', index + 1, every(2)],
    ['statementOfWork', 'projects', 'SOW', every(6) ? 'pdf' : 'docx', index + 1, every(3)],
    ['proofOfExecution', 'projects', 'POE', 'pdf', index + 1, every(3)],
    ['purchaseOrder', 'orders', 'PO', every(5) ? 'html' : 'xlsx', index + 1, every(3)],
    ['quote', 'offers', 'OFF', every(2) ? 'pdf' : 'html', index + 1, every(4)],
    ['presentation', 'projects', 'KICKOFF', 'pptx', index + 1, every(6)],
    ['meetingNotes', 'notes', 'NOTE', 'txt', index + 1, every(6)],
  ].filter((row) => row[5]).map(([kind, folder, prefix, format, count]) => {
    const number = numbered(prefix, year, count);
    const paper = papers[kind](number, customer, dayIn(year, number), partner);
    return { paper, path: `${year}/${customer.folder}/${folder}/${number}.${format}` };
  });
}

async function letter(year, customer, count) {
  const id = `mail-${year}-${customer.folder}-${count}`;
  const date = dayIn(year, id);
  standStill(id, date);
  const roll = dice(id);
  const seller = roll.pick(owner.people);
  const invoice = papers.invoice(numbered('INV', year, 500 + count), customer, date);
  const attachment = count % 2 ? await render(invoice, 'pdf') : null;
  const fields = {
    from: `"${seller}" <${addressOf(seller, owner)}>`,
    to: customer.people.slice(0, 2).map((person) => `"${person}" <${addressOf(person, customer)}>`).join(', '),
    subject: `${invoice.title} for project ${customer.projects[0]}`,
    body: `Hello,\n\nplease find ${invoice.number} attached. Questions go to billing+${year}@${owner.domain}.\n\n${seller}\n${owner.name}\n`,
  };
  const attachments = attachment ? [{ filename: `${invoice.number}.pdf`, content: attachment.bytes, contentType: 'application/pdf' }] : [];
  standStill(id, date);
  return {
    date, bytes: await eml({ id, date, attachments, ...fields }), kind: 'mail', parties: [owner.domain, customer.domain],
    inner: attachments.map(({ filename }) => filename), texts: [...Object.values(fields), ...(attachment?.texts ?? [])],
  };
}

async function addMail(leak, year) {
  const chosen = customers.filter((_, index) => (year + index) % 3 === 0);
  for (const customer of chosen) leak.add('open', `${year}/${customer.folder}/mail/${year}-re-invoice.eml`, await letter(year, customer, 1));
  const letters = [];
  for (const [index, customer] of customers.entries()) letters.push(await letter(year, customer, index + 2));
  leak.add('open', `${year}/mail/accounts-${year}.mbox`, {
    bytes: mbox(letters), date: new Date(Date.UTC(year, 7, 30)), kind: 'mail', parties: [owner.domain],
    texts: letters.flatMap(({ texts }) => texts), inner: letters.map((_, index) => `${index + 1}.eml`),
  });
}

const contacts = () => customers.flatMap((customer) =>
  customer.people.map((person) => ({ name: person, company: customer.name, email: addressOf(person, customer), web: `https://www.${customer.domain}/` })));

function addExports(leak, year) {
  const date = new Date(Date.UTC(year, 7, 30));
  const rows = contacts().filter((_, index) => (index + year) % 4).map((contact) => ({ ...contact, as_of: year }));
  const texts = rows.flatMap(Object.values).map(String);
  leak.add('open', `${year}/exports/contacts-${year}.csv`, { bytes: csv([Object.keys(rows[0]), ...rows.map(Object.values)]), date, texts, kind: 'other' });
  leak.add('open', `${year}/exports/crm-${year}.json`, { bytes: Buffer.from(JSON.stringify({ year, contacts: rows }, null, 2)), date, texts, kind: 'other' });
}

async function addArchive(leak, year, entries) {
  const date = new Date(Date.UTC(year, 7, 31));
  standStill(`archive ${year}`, date);
  const invoices = entries.filter(({ path }) => path.endsWith('.pdf')).slice(0, 4);
  const within = await zip(invoices.map(({ path, bytes }) => ({ name: path.split('/').pop(), bytes })), date);
  const readme = Buffer.from(`Invoices of ${year}, archived for audit@${owner.domain}\n`);
  const bytes = await zip([{ name: 'README.txt', bytes: readme }, { name: `invoices-${year}.zip`, bytes: within }], date);
  leak.add('open', `${year}/archive/${year}.zip`, {
    bytes, date, kind: 'archive', parties: [owner.domain], texts: [String(readme), ...invoices.flatMap(({ texts }) => texts)],
    inner: ['README.txt', `invoices-${year}.zip`, ...invoices.map(({ path }) => `invoices-${year}.zip!/${path.split('/').pop()}`)],
  });
}

export async function addYear(leak, year) {
  const entries = [];
  for (const [index, customer] of customers.entries()) {
    for (const { paper, path } of plan(year, customer, index)) {
      entries.push({ path, ...(await leak.addPaper('open', path, paper)) });
    }
  }
  await addMail(leak, year);
  addExports(leak, year);
  await addArchive(leak, year, entries);
}

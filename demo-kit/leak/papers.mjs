// SPDX-License-Identifier: Apache-2.0
// What the business papers of the leak say. A paper is {kind, title, lines, table, footer, note,
// parties, date}, independent of the file format it is later written in. Lines that carry an
// address are short, so that no format breaks an address in two.
import { addressOf, owner } from './cast.mjs';
import { dice } from './still.mjs';

const services = ['Migration workshop', 'Managed backup', 'Identity roll-out', 'Support, tier 2',
  'Data centre exit', 'Licence true-up', 'Training day', 'Network review', 'Disaster recovery test'];

const iso = (date) => date.toISOString().slice(0, 10);
const money = (cents) => (cents / 100).toFixed(2);
const currencyOf = ({ country }) => ({ GB: 'GBP', DE: 'EUR', CA: 'CAD' })[country] ?? 'USD';

function itemsFor(roll, currency) {
  const rows = Array.from({ length: roll.between(2, 6) }, () => {
    const quantity = roll.between(1, 20);
    const price = roll.between(4000, 250000);
    return [roll.pick(services), quantity, money(price), money(price * quantity)];
  });
  const total = rows.reduce((sum, row) => sum + Number(row[3]), 0);
  return { table: [['Item', 'Quantity', `Price ${currency}`, `Amount ${currency}`], ...rows], total: money(total * 100) };
}

function contactsOf(customer, roll) {
  const person = roll.pick(customer.people);
  const seller = roll.pick(owner.people);
  return {
    person, seller,
    lines: [
      `Customer: ${customer.name}, ${customer.city}, ${customer.country}`,
      `Contact: ${person}`, `E-mail: ${addressOf(person, customer)}`, `Web: https://www.${customer.domain}/`,
      `Account manager: ${seller}`, `E-mail: ${addressOf(seller, owner)}`,
    ],
  };
}

function paper(kind, number, title, customer, date, body) {
  const roll = dice(`${kind} ${number}`);
  const contacts = contactsOf(customer, roll);
  const { lines, ...rest } = body(roll, contacts);
  return {
    kind, number, title, date, author: contacts.seller, parties: [owner.domain, customer.domain],
    table: [], footer: `${owner.name}, confidential`, note: '',
    lines: [`Date: ${iso(date)}`, ...contacts.lines, ...lines], ...rest,
  };
}

export const invoice = (number, customer, date) =>
  paper('invoice', number, `Invoice ${number}`, customer, date, (roll) => {
    const { table, total } = itemsFor(roll, currencyOf(customer));
    return {
      table,
      lines: [
        `Invoice number: ${number}`, `Project: ${roll.pick(customer.projects)}`,
        `Order: PO-${date.getUTCFullYear()}-${roll.between(1000, 9999)}`,
        `Total due: ${currencyOf(customer)} ${total}`, 'Payable within 30 days.',
      ],
    };
  });

export const contract = (number, customer, date) =>
  paper('contract', number, `Master services agreement ${number}`, customer, date, (roll, { person, seller }) => ({
    lines: [
      `This agreement is made between ${owner.name} and ${customer.name}.`,
      '1. Services. The supplier performs the services described in each statement of work.',
      '2. Confidentiality. Each party protects what it learns of the other for five years.',
      `3. Term. ${roll.between(12, 48)} months from the date above, renewed unless cancelled in writing.`,
      '4. Liability is limited to the fees paid in the preceding twelve months.',
      `Signed for ${customer.name}: ${person}`, `Signed for ${owner.name}: ${seller}`,
    ],
  }));

export const statementOfWork = (number, customer, date, partner) =>
  paper('statement_of_work', number, `Statement of work ${number}`, customer, date, (roll) => ({
    parties: [owner.domain, customer.domain, partner.domain],
    lines: [
      `Project: ${roll.pick(customer.projects)}`, `Subcontractor: ${partner.name}`,
      `Subcontractor e-mail: ${addressOf(partner.people[0], partner)}`,
      `Effort: ${roll.between(10, 180)} person-days in ${roll.between(2, 9)} stages.`,
      'Acceptance: in writing, within ten working days of each delivery.',
    ],
    note: `Ask ${addressOf(owner.people[2], owner)} before the price is discussed.`,
  }));

export const proofOfExecution = (number, customer, date) =>
  paper('proof_of_execution', number, `Proof of execution ${number}`, customer, date, (roll, { person }) => ({
    lines: [
      `Project: ${roll.pick(customer.projects)}`, `Hours delivered: ${roll.between(16, 400)}`,
      'The work described was performed and accepted.', `Signed: ${person}, ${iso(date)}`,
    ],
  }));

export const purchaseOrder = (number, customer, date) =>
  paper('purchase_order', number, `Purchase order ${number}`, customer, date, (roll) => {
    const { table, total } = itemsFor(roll, currencyOf(customer));
    return { table, lines: [`Order: ${number}`, `Total: ${currencyOf(customer)} ${total}`] };
  });

export const quote = (number, customer, date) =>
  paper('quote', number, `Offer ${number}`, customer, date, (roll) => {
    const { table, total } = itemsFor(roll, currencyOf(customer));
    return { table, lines: [`Offer: ${number}`, `Total: ${currencyOf(customer)} ${total}`, 'Valid for 60 days.'] };
  });

export const presentation = (number, customer, date) =>
  paper('presentation', number, `Kick-off: project ${customer.projects[0]}`, customer, date, (roll) => ({
    lines: ['Aims, plan, people, risks', `Go-live in week ${roll.between(10, 50)}`, 'Next step: security review'],
    note: `Questions in the room came from ${addressOf(customer.people.at(-1), customer)}`,
  }));

export const meetingNotes = (number, customer, date) =>
  paper('meeting_notes', number, `Notes ${number}: ${customer.name}`, customer, date, (roll) => ({
    lines: [
      `Present: ${customer.people.join(', ')}`, `Project ${customer.projects[0]} is ${roll.pick(['on', 'behind'])} schedule.`,
      `Action: ${addressOf(customer.people[1], customer)} sends the asset list.`,
      `Jump host for the migration: 203.0.113.${roll.between(2, 250)}`,
    ],
  }));

// SPDX-License-Identifier: Apache-2.0
// What a careless reader gets wrong, planted in the open container: duplicates, look-alike domains,
// free-mail addresses, plus-tags, odd names, broken and locked files, links to further storage.
// Each entry's `trap` says what it is for.
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { domainToASCII } from 'node:url';
import { lockedZip, zip } from './archives.mjs';
import { customers, owner } from './cast.mjs';
import { sqlite } from './database.mjs';
import { csv } from './formats.mjs';
import { render } from './ledger.mjs';
import { eml } from './mail.mjs';
import * as papers from './papers.mjs';
import { standStill } from './still.mjs';

const [contoso, northwind] = customers;
const day = (text) => new Date(`${text}T09:30:00Z`);
const note = (date, trap, lines) => ({ date: day(date), trap, texts: lines, bytes: Buffer.from(`${lines.join('\n')}\n`) });

function addDuplicates(leak) {
  const sources = leak.entries.filter(({ path }) => path.includes('/invoices/') && path.endsWith('.pdf'));
  for (const [index, source] of [0, 9, 18, 27, 36, 45, 54, 63].map((at) => sources[at]).entries()) {
    const name = source.path.split('/').pop();
    const copies = [`shared/to-sign/${name}`, `2022/backup/${source.path}`].slice(0, 1 + (index % 2));
    for (const path of copies) leak.addTwin(path, source);
  }
}

function addLookAlikes(leak) {
  const homograph = domainToASCII('\u0441ontoso.com');
  leak.add('open', '2021/security/phishing-report.txt', note('2021-05-11', 'look-alike domains: none of these is contoso.com', [
    'Senders seen in the campaign, none of them genuine:', 'accounts@contoso.co', 'billing@c0ntoso.com',
    'helpdesk@contoso.com.example.net', `ceo@${homograph}`, 'https://contoso.com.example.net/login', 'https://notcontoso.com/pay',
  ]));
  leak.add('open', '2020/security/blocked-senders.csv', {
    date: day('2020-02-03'), trap: 'look-alike domains in a table', texts: ['orders@contoso.co', 'pay@c0ntoso.com'],
    bytes: csv([['sender', 'reason'], ['orders@contoso.co', 'look-alike'], ['pay@c0ntoso.com', 'look-alike']]),
  });
}

function addAddresses(leak) {
  leak.add('open', '2019/events/webinar-attendees.txt', note('2019-10-02', 'free-mail addresses: they name no organisation', [
    'anna.b.1984@gmail.com', 'miguel_ortega@outlook.com', 'rosa.delgado@yahoo.com', 'k.sandoval@gmx.de', 'hana@proton.me', 'grace.okafor@hotmail.co.uk',
  ]));
  leak.add('open', '2020/contoso/notes/distribution-list.txt', note('2020-06-17', 'one mailbox written several ways', [
    'billing@contoso.com', 'billing+2019@contoso.com', 'billing+2020@contoso.com', 'BILLING@CONTOSO.COM',
    'Anna.Bergstrom@Contoso.com', 'ANNA.BERGSTROM@CONTOSO.COM', 'noreply@eu.contoso.com',
  ]));
}

async function addOddNames(leak) {
  const names = [
    ['2018/kranichfeld-maschinen/Übersicht Aufträge.txt'.normalize('NFC'), 'name in composed form (NFC)'],
    ['2018/kranichfeld-maschinen/Übersicht Anhänge.txt'.normalize('NFD'), 'name in decomposed form (NFD)'],
    ['2021/litwareinc/見積書 2021.txt', 'name in Japanese'],
    ['2022/wideworldimporters/R&D plan (draft) 100% #2.txt', 'name with characters that URLs and XML escape'],
  ];
  for (const [index, [path, trap]] of names.entries()) {
    const customer = [customers[8], customers[8], customers[5], customers[4]][index];
    const paper = papers.meetingNotes(`NOTE-ODD-${index}`, customer, day(`${path.slice(0, 4)}-03-0${index + 1}`));
    leak.add('open', path, { ...(await render(paper, 'txt')), ...paper, trap });
  }
}

async function addBroken(leak) {
  const paper = papers.invoice('INV-2021-9001', northwind, day('2021-09-14'));
  const { bytes } = await render(paper, 'pdf');
  leak.add('open', '2021/northwindtraders/invoices/INV-2021-9001.pdf', { ...paper, bytes: bytes.subarray(0, Math.floor(bytes.length / 2)), trap: 'truncated PDF: what it still tells is not counted here' });
  leak.add('open', '2020/scans/empty.pdf', { date: day('2020-01-20'), bytes: Buffer.alloc(0), trap: 'empty file' });
  const secret = { name: 'salaries-2021.csv', bytes: csv([['name', 'salary'], ['Dana Whitlock', '98000']]) };
  standStill('locked', day('2021-12-01'));
  leak.add('open', '2021/hr/salaries.zip', { date: day('2021-12-01'), bytes: lockedZip(secret, day('2021-12-01'), 'not in this leak'), kind: 'archive', trap: 'encrypted zip' });
  const decoy = 'This is no database backup. It was renamed by mistake; ask dba@fabrikam.com.\n';
  leak.add('open', '2022/sql/crm_full_20220814.bak', { date: day('2022-08-14'), bytes: Buffer.from(decoy.repeat(40)), texts: Array(40).fill(decoy), trap: 'text under the name of a SQL Server backup' });
  leak.add('open', '2019/contoso/invoices/INV-2019-9002.doc', { ...(await disguised()), trap: 'a PDF under the name .doc' });
}

async function disguised() {
  const paper = papers.invoice('INV-2019-9002', contoso, day('2019-04-04'));
  return { ...paper, ...(await render(paper, 'pdf')) };
}

function addStorageLinks(leak) {
  const lines = [
    'storage:', '  backups: https://contosobackup.blob.core.windows.net/sql-backups/crm.bak',
    '  exchange: https://fabrikamexchange.blob.core.windows.net/drop?sv=2020-08-04&ss=b&srt=co&sp=rl&se=2022-12-31T00:00:00Z&sig=REDACTED-FICTITIOUS-SIGNATURE',
    '  archive: https://fabrikam-archive.s3.eu-central-1.amazonaws.com/2018/', '  public: https://storage.googleapis.com/fabrikam-public/logo.png',
    'database: { host: 198.51.100.23, user: crm }', 'resolver: 192.0.2.53', 'admin: ops@fabrikam.com',
  ];
  leak.add('open', '2022/config/appsettings.yaml', { ...note('2022-07-19', 'links to further storage, one with a signature', lines), kind: 'configuration' });
  const log = ['203.0.113.77', '198.51.100.4', '8.8.8.8', '2001:db8::17'].map((ip) => `${ip} - - [12/Mar/2021:10:00:00 +0000] "GET /invoice HTTP/1.1" 200 512`);
  leak.add('open', '2021/logs/access.log', { ...note('2021-03-12', 'addresses of machines', log), kind: 'log' });
}

async function addDatabases(leak) {
  const workFile = join(leak.outdir, '.working.sqlite');
  rmSync(workFile, { force: true });
  const rows = customers.flatMap((customer) => customer.people.map((person, index) =>
    [index + 1, person, `${person.split(' ').at(-1).toLowerCase().normalize('NFD').replace(/[^a-z]/g, '')}@crm.${customer.domain}`, customer.name]));
  const projects = customers.flatMap((customer) => customer.projects.map((project) => [project, customer.name, `https://projects.${customer.domain}/`]));
  const tables = { people: [['id INTEGER', 'name TEXT', 'email TEXT', 'company TEXT'], ...rows], projects: [['name TEXT', 'customer TEXT', 'site TEXT'], ...projects] };
  const bytes = sqlite(tables, workFile);
  const texts = [...rows.flat(), ...projects.flat()].map(String);
  leak.add('open', '2022/exports/crm.sqlite', { bytes, texts, date: day('2022-06-30'), kind: 'database', trap: 'database: type seen by content' });
  leak.add('open', '2022/exports/crm.dat', { bytes, texts, date: day('2022-06-30'), kind: 'database', trap: 'database under another name, twin of crm.sqlite' });
}

async function addMailWithin(leak) {
  const date = day('2020-11-05');
  const paper = papers.contract('MSA-2020-0777', contoso, date);
  const inner = await render(paper, 'docx');
  standStill('nested', date);
  const packed = await zip([{ name: 'signed/MSA-2020-0777.docx', bytes: inner.bytes }], date);
  const fields = { from: 'Legal <legal@fabrikam.com>', to: 'Helen Park <helen.park@contoso.com>', subject: 'Signed agreement', body: 'Both copies are in the archive.\n' };
  const bytes = await eml({ id: 'mail-2020-legal', date, ...fields, attachments: [{ filename: 'signed.zip', content: packed, contentType: 'application/zip' }] });
  leak.add('open', '2020/contoso/mail/signed-agreement.eml', {
    bytes, date, kind: 'mail', parties: [owner.domain, contoso.domain], trap: 'a document in an archive in a message',
    texts: [...Object.values(fields), ...inner.texts], inner: ['signed.zip', 'signed.zip!/signed/MSA-2020-0777.docx'],
  });
}

export async function addTraps(leak) {
  addDuplicates(leak);
  addLookAlikes(leak);
  addAddresses(leak);
  await addOddNames(leak);
  await addBroken(leak);
  addStorageLinks(leak);
  await addDatabases(leak);
  await addMailWithin(leak);
}

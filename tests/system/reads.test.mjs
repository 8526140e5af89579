// SPDX-License-Identifier: Apache-2.0
// reads: what access logs prove was taken, in the shapes the services document; outside of them it is unknown.
import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { answer, fakeAzure, plant, scratch, tidemark } from './house.mjs';

const LETTER = 'From: ada@contoso.com\nTo: bob@fabrikam.com\nSubject: Offer 2022-118\n\nDear Bob,\nplease find our offer enclosed.\n\nAda Byron\nContoso Ltd\nada@contoso.com\n';
const blobs = [
  { name: 'offers/a letter.eml', text: LETTER, modified: 'Sun, 01 May 2022 00:00:00 GMT' },
  { name: 'offers/second.eml', text: LETTER.replace('118', '119'), modified: 'Sun, 01 May 2022 00:00:00 GMT' },
  { name: 'later.eml', text: LETTER.replace('118', '120'), modified: 'Sun, 25 Sep 2022 00:00:00 GMT' },
];
const size = (name) => blobs.find((blob) => blob.name === name).text.length;

let requests = 0;
const number = () => `0000${(++requests).toString(16).padStart(4, '0')}-501e-0000-1234-d9a8c7000000`;

/** A line of Azure Storage Analytics, version 1.0 or 2.0. */
function analytics({ version = '1.0', time, operation = 'GetBlob', name, container = 'open', status = 200, auth = 'anonymous', address = '192.0.2.7:4711',
  sent = 0, request = number(), agent = 'curl/7.88.1', query = '', service = 'blob', account = 'acme' }) {
  const key = `/${account}/${container}${name === undefined ? '' : `/${name}`}`;
  const url = `https://${account}.blob.core.windows.net:443/${container}${name === undefined ? '' : `/${encodeURI(name)}`}${query}`;
  const head = [version, time, operation, `${auth === 'sas' ? 'SAS' : auth === 'anonymous' ? 'Anonymous' : ''}Success`, status, 17, 16, auth, auth === 'authenticated' ? account : '', account,
    service, `"${url.replaceAll('&', '&amp;')}"`, `"${key}"`, request, 0, address, '2021-12-02', 283, 0, 354, sent, 0, '', '', '""0x8D15A2DE7E5E7F6""',
    'Sunday, 01-May-22 00:00:00 GMT', '', `"${agent}"`, '', '"44dfd78e-7288-4898-8f70-c3478983d3b6"'];
  return [...head, ...(version === '2.0' ? ['', '', '', '', '', '', '', ''] : [])].join(';');
}

/** A record of diagnostic settings. */
const diagnostic = ({ time, operation = 'GetBlob', name, container = 'open', status = 200, auth = 'Anonymous', address = '198.51.100.9:555', sent = 0, request = number(),
  agent = 'azcopy/10' }) => ({
  time, resourceId: '/subscriptions/0/resourceGroups/g/providers/Microsoft.Storage/storageAccounts/acme/blobServices/default', category: 'StorageRead',
  operationName: operation, operationVersion: '2021-12-02', schemaVersion: '1.0', statusCode: status, statusText: 'Success', durationMs: 5, callerIpAddress: address,
  correlationId: request, identity: { type: auth }, location: 'westeurope',
  properties: { accountName: 'acme', userAgentHeader: agent, serviceType: 'blob', objectKey: `/acme/${container}/${name}`, responseBodySize: sent },
  uri: `https://acme.blob.core.windows.net:443/${container}/${encodeURI(name)}`, protocol: 'HTTPS', resourceType: 'Microsoft.Storage/storageAccounts/blobServices',
});

/** A line of an S3 server access log. */
const s3 = ({ time = '06/Feb/2023:00:00:38 +0000', bucket = 'acme-files', address = '2001:db8:17:4::9', requester = '-', request = number(), operation = 'REST.GET.OBJECT', key = '-',
  uri = `GET /${key} HTTP/1.1`, status = 200, sent = 113, agent = 'S3Console/0.4', auth = '-', version = '-' }) =>
  `79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be ${bucket} [${time}] ${address} ${requester} ${request} ${operation} ${key} "${uri}" ${status} - ${sent} ${sent} 7 6 "-" "${agent}" ${version} s9lzHYrFp76ZVxRcpX9+5cjAnEH2ROuNkd2BHfIa6UkFVdtjf5mKR3/eTPFvsiP/XV/VLi31234= - ECDHE-RSA-AES128-GCM-SHA256 ${auth} ${bucket}.s3.us-west-1.amazonaws.com TLSV1.2 - -`;

async function house(t) {
  const folder = scratch(t), { port } = await fakeAzure(t, { accounts: { acme: { containers: { open: { public: 'container', blobs } } } } });
  const flags = ['--catalog', path.join(folder, 'catalog')];
  answer('sweep', ['sweep', `az+http://127.0.0.1:${port}/acme/open`, '--anonymous', '--patience', '6', '--rate', '10000', ...flags]);
  return {
    folder, flags,
    imports: (files, options = {}) => {
      plant(folder, files);
      return answer('reads-import', ['reads', 'import', ...Object.keys(files).map((name) => path.join(folder, name)), ...flags], options).files;
    },
    reads: () => answer('reads', ['reads', ...flags]),
  };
}

test('without a log it is unknown who took what, and never that nobody did', async (t) => {
  const at = await house(t), said = at.reads();
  assert.deepEqual([said.coverage, said.anonymous.requests, said.objects, said.organisations], [[], 0, [], []]);
  assert.equal(said.unknown.length, 1);
  assert.deepEqual([said.unknown[0].from, said.unknown[0].to, said.unknown[0].why], [null, null, 'no access log of it was imported']);
  const table = tidemark(['reads', ...at.flags]).out;
  assert.match(table, /unknown from ever to now/);
});

test('Azure $logs, both versions: what was taken, by which networks, wholly or in part', async (t) => {
  const at = await house(t), whole = 'offers/a letter.eml', day = '2022-09-24T09';
  const half = Math.floor(size(whole) / 2);
  const lines = [
    analytics({ time: `${day}:00:01.1234567Z`, operation: 'ListBlobs', query: '?restype=container&comp=list', sent: 900 }),
    analytics({ time: `${day}:01:00.0000000Z`, name: whole, sent: size(whole) }),
    analytics({ version: '2.0', time: `${day}:02:00.0000000Z`, name: whole, sent: size(whole), address: '[2001:db8:aa:1::5]:99' }),
    // In two ranges, to one network: all of it; another network took half.
    analytics({ time: `${day}:03:00.0000000Z`, name: 'offers/second.eml', status: 206, sent: half, address: '203.0.113.1:1' }),
    analytics({ time: `${day}:03:01.0000000Z`, name: 'offers/second.eml', status: 206, sent: half, address: '203.0.113.200:2' }),
    // Read before it was changed to what was swept.
    analytics({ time: `${day}:04:00.0000000Z`, name: 'later.eml', sent: 5000 }),
    // Not taken: refused, by a link, by a key, another service, nothing changed since.
    analytics({ time: `${day}:05:00.0000000Z`, name: 'gone.eml', status: 404 }),
    analytics({ time: `${day}:05:01.0000000Z`, name: whole, auth: 'sas', sent: size(whole), query: '?sv=2021&sig=XXXXX' }),
    analytics({ time: `${day}:05:02.0000000Z`, name: whole, auth: 'authenticated', sent: size(whole) }),
    analytics({ time: `${day}:05:03.0000000Z`, name: whole, status: 304 }),
    analytics({ time: `${day}:05:04.0000000Z`, name: 'x', service: 'queue' }),
    analytics({ time: `${day}:06:00.0000000Z`, name: 'never swept', sent: 10, query: '?snapshot=2022-01-01T00%3A00%3A00.0000000Z' }),
  ];
  const [file] = at.imports({ 'blob/2022/09/24/0900/000000.log': `${lines.join('\n')}\n` }, { code: 4 });
  assert.deepEqual([file.state, file.kind, file.records, file.new, file.unread], ['read', 'azure_logs', 11, 11, 1]);
  const said = at.reads();
  assert.deepEqual(said.coverage.map(({ from, to, account, container, shows_reads }) => [from, to, account, container, shows_reads]),
    [[`${day}:00:00Z`, '2022-09-24T10:00:00Z', 'acme', null, true]]);
  const taken = Object.fromEntries(said.objects.map((object) => [object.path, object]));
  assert.deepEqual(Object.keys(taken).sort(), ['later.eml', 'never swept', 'offers/a letter.eml', 'offers/second.eml']);
  assert.deepEqual(Object.values(taken).map(({ path: name, whole: all }) => [name, all]).sort(),
    [['later.eml', false], ['never swept', null], ['offers/a letter.eml', true], ['offers/second.eml', size('offers/second.eml') % 2 === 0]]);
  assert.equal(taken['never swept'].version, '2022-01-01T00:00:00.0000000Z');
  assert.deepEqual([taken[whole].requests, taken[whole].networks, taken[whole].size], [2, 2, size(whole)]);
  assert.deepEqual(said.anonymous.networks.map(({ network }) => network).sort(), ['192.0.2.0/24', '2001:db8:aa::/48', '203.0.113.0/24']);
  assert.deepEqual([said.anonymous.requests, said.anonymous.objects, said.signed.requests, said.listings, said.refused, said.records], [6, 4, 1, 1, 1, 11]);
  const whose = Object.fromEntries(said.organisations.map(({ domain, documents, networks }) => [domain, [documents, networks]]));
  assert.ok(whose['contoso.com'], JSON.stringify(said.organisations));
  assert.deepEqual(said.unknown.map(({ from, to }) => [from, to]), [[null, `${day}:00:00Z`], ['2022-09-24T10:00:00Z', null]]);
  assert.ok(!JSON.stringify(said).includes('192.0.2.7'), 'an address was kept');
});

test('a request counts once, in however many logs it stands and however often they are imported', async (t) => {
  const at = await house(t), name = 'offers/a letter.eml', request = number();
  const line = analytics({ time: '2022-09-24T09:01:00.0000000Z', name, sent: size(name), request, address: '198.51.100.9:555' });
  const record = diagnostic({ time: '2022-09-24T09:01:00.0000000Z', name, sent: size(name), request });
  assert.deepEqual(at.imports({ '1.log': `${line}\n` }).map(({ state, new: added }) => [state, added]), [['read', 1]]);
  assert.deepEqual(at.imports({ '1.log': `${line}\n` }).map(({ state, new: added }) => [state, added]), [['known', 0]]);
  assert.deepEqual(at.imports({ '2.log': `${line}\n${analytics({ time: '2022-09-24T09:01:30.0000000Z', operation: 'GetBlobProperties', name })}\n` }).map(({ new: added }) => added), [1]);
  const [wrapped, lines] = at.imports({ 'a.json': JSON.stringify({ records: [record, diagnostic({ time: '2022-09-24T10:00:00Z', name: 'later.eml', sent: 3 })] }),
    'b.json': `${JSON.stringify(record)}\n${JSON.stringify(diagnostic({ time: '2022-09-24T11:00:00Z', name, auth: 'SAS', sent: 3 }))}\n` });
  assert.deepEqual([wrapped.kind, wrapped.records, wrapped.new, lines.records, lines.new], ['storage_blob_logs', 2, 1, 2, 1]);
  const said = at.reads();
  assert.deepEqual([said.anonymous.requests, said.signed.requests, said.records], [2, 1, 4]);
});

test('StorageBlobLogs as a workspace exports them', async (t) => {
  const at = await house(t), name = 'offers/a letter.eml';
  const rows = [{ TimeGenerated: '2022-09-24T09:01:00.1Z', AccountName: 'acme', OperationName: 'GetBlob', StatusCode: '200', CallerIpAddress: '203.0.113.5:1', CorrelationId: number(),
    Uri: `https://acme.blob.core.windows.net:443/open/${encodeURI(name)}`, AuthenticationType: 'Anonymous', ResponseBodySize: size(name), UserAgentHeader: 'curl' }];
  assert.deepEqual(at.imports({ 'x.json': JSON.stringify(rows, null, 1) }).map(({ kind, records }) => [kind, records]), [['storage_blob_logs', 1]]);
  assert.deepEqual(at.reads().objects.map(({ path: where, whole }) => [where, whole]), [[name, true]]);
});

test('S3 server access logs: strangers, signed links, names encoded twice, and what a browser says of itself', async (t) => {
  const at = await house(t);
  const lines = [
    s3({ key: 'reports/2023%2520Q1.pdf', uri: 'GET /acme-files/reports/2023%20Q1.pdf HTTP/1.1', sent: 500 }),
    s3({ key: 'plain.txt', sent: 7, address: '192.0.2.99', agent: 'bad" 200 - "agent' }),
    s3({ key: 'plain.txt', sent: 7, address: '192.0.2.98', uri: 'GET /plain.txt?X-Amz-Signature=abc HTTP/1.1', requester: 'arn:aws:iam::1:user/x', auth: 'QueryString' }),
    s3({ key: 'plain.txt', sent: 7, requester: '79a59df900b949e55d96a1e698fbacedfd6e09d98eacf8f8d5218e7cd47ef2be', auth: 'AuthHeader' }),
    s3({ operation: 'REST.GET.BUCKET', uri: 'GET /?list-type=2 HTTP/1.1', sent: 300 }),
    s3({ key: 'plain.txt', status: 403, sent: 243, time: '06/Feb/2023:02:00:38 +0000' }),
  ];
  const [file] = at.imports({ '2023-02-06-00-10-00-ABCDEF0123456789': `${lines.join('\n')}\n` });
  assert.deepEqual([file.kind, file.records, file.unread], ['s3_server_access', 6, 0]);
  const said = at.reads();
  assert.deepEqual(said.objects.map(({ path: name, container, id, whole }) => [name, container, id, whole]).sort(),
    [['plain.txt', 'acme-files', null, null], ['reports/2023 Q1.pdf', 'acme-files', null, null]]);
  assert.deepEqual([said.anonymous.requests, said.signed.requests, said.listings, said.refused], [2, 1, 1, 1]);
  assert.deepEqual(said.anonymous.networks.map(({ network }) => network).sort(), ['192.0.2.0/24', '2001:db8:17::/48']);
  assert.deepEqual(said.coverage.map(({ from, to, container }) => [from, to, container]), [['2023-02-06T00:00:38Z', '2023-02-06T02:00:38Z', 'acme-files']]);
  // Of the container that was swept these logs say nothing.
  assert.deepEqual(said.unknown.map(({ from, to, why }) => [from, to, why]), [[null, null, 'no access log of it was imported']]);
});

test('our own looks are no reads of strangers; who only says that it is us is one', async (t) => {
  const at = await house(t), name = 'offers/a letter.eml', agent = 'tidemark/0.1.0 (+https://tidemark.invalid/; team)';
  const now = new Date().toISOString().replace('Z', '0000Z');
  at.imports({ 'own.log': [analytics({ time: now, name, sent: size(name), agent }), analytics({ time: '2022-09-24T09:01:00.0000000Z', name, sent: size(name), agent })].join('\n') });
  const said = at.reads();
  assert.deepEqual([said.own.requests, said.anonymous.requests], [1, 1]);
});

test('logs that show no read at all cover none', async (t) => {
  const at = await house(t);
  at.imports({ 'writes.log': analytics({ time: '2022-09-24T09:01:00.0000000Z', name: 'x', operation: 'PutBlob', auth: 'authenticated', status: 201 }) });
  const said = at.reads();
  assert.equal(said.coverage[0].shows_reads, false);
  assert.deepEqual(said.unknown.map(({ from, to, why }) => [from, to, why]),
    [[null, null, 'its access logs show no read by anybody: reading may not have been logged']]);
});

test('a hostile log costs that file only', async (t) => {
  const at = await house(t), name = 'offers/a letter.eml';
  const good = analytics({ time: '2022-09-24T09:01:00.0000000Z', name, sent: size(name) });
  const hostile = {
    'nothing.log': 'no log at all\n', 'empty.log': '', 'zeros.log': '\0'.repeat(100000), 'braces.json': '{'.repeat(1 << 20), 'quotes.log': `1.0;${'"'.repeat(1 << 16)}\n`.repeat(20),
    'records.json': '{"records":['.repeat(50000), 'long.log': `1.0;${'a'.repeat(1 << 22)};b\n`,
  };
  const files = at.imports({ ...hostile, 'good.log': `${good}\n` }, { code: 4 });
  assert.deepEqual(files.map(({ state }) => state), [...Object.keys(hostile).map(() => 'unsupported'), 'read']);
  // Among good lines what makes no sense is counted, and the rest is read.
  const evil = [`${good.replace(';200;', ';2000000000000000000000;')}`, good.replace('acme', 'ac\u0000me'), good.replace('2022-09-24', '2022-99-99'), good.replaceAll('offers', '%00%ff')];
  const [mixed] = at.imports({ 'mixed.log': [good, ...evil, '\u001b[2J', good.slice(0, 60)].join('\n') }, { code: 4 });
  assert.equal(mixed.state, 'read');
  assert.ok(mixed.unread >= 3, JSON.stringify(mixed));
  const said = at.reads();
  assert.ok(said.objects.some(({ path: where }) => where === name));
  assert.match(tidemark(['journal', 'verify', ...at.flags]).out, /intact|follow|ok/i);
});

test('what is no file, and no catalog', (t) => {
  const folder = scratch(t);
  assert.equal(tidemark(['reads', '--catalog', path.join(folder, 'none')]).code, 1);
  assert.equal(tidemark(['reads', 'import', '--catalog', path.join(folder, 'none')]).code, 2);
});

test('what was taken stands in the container, in the plan to close it, and in the answer of whose it is', async (t) => {
  const at = await house(t), name = 'offers/a letter.eml';
  const container = () => answer('containers', ['containers', ...at.flags]).containers[0];
  const subject = () => answer('lookup-as-subject', ['lookup', 'contoso.com', '--as-subject', ...at.flags]);
  assert.deepEqual([container().last_read, container().last_taken], [null, null]);
  assert.ok(subject().documents.length >= 3);
  assert.ok(subject().documents.every(({ reads }) => reads.state === 'unknown' && reads.networks === null));
  at.imports({ 'a.log': [analytics({ time: '2022-09-24T09:01:00.0000000Z', name, sent: size(name) }),
    analytics({ time: '2022-09-24T09:02:00.0000000Z', name: 'offers/second.eml', status: 206, sent: 3 })].join('\n') });
  assert.deepEqual([container().last_read, container().last_taken], [null, '2022-09-24T09:02:00Z']);
  const taken = subject().documents.filter(({ reads }) => reads.state === 'taken');
  assert.deepEqual(taken.map(({ reads }) => reads), [{ state: 'taken', networks: 1, first: '2022-09-24T09:01:00Z', last: '2022-09-24T09:01:00Z' }]);
});

// SPDX-License-Identifier: Apache-2.0
// Puts a folder into a container of the server azurite.mjs started: blob names are the relative
// paths, the container's public access is set as asked, and what is already there with the same
// length and MD5 is left alone. Requests are signed by Shared Key.
import { createHash, createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';

const lanes = 8;
const typeOf = { '.pdf': 'application/pdf', '.html': 'text/html', '.json': 'application/json', '.csv': 'text/csv', '.txt': 'text/plain' };
const md5 = (bytes) => createHash('md5').update(bytes).digest('base64');

function signature({ account, key, method, url, headers }) {
  const standard = ['content-encoding', 'content-language', 'content-length', 'content-md5', 'content-type', 'date',
    'if-modified-since', 'if-match', 'if-none-match', 'if-unmodified-since', 'range'].map((name) => headers[name] ?? '');
  const own = Object.keys(headers).filter((name) => name.startsWith('x-ms-')).sort().map((name) => `${name}:${headers[name]}`);
  const query = [...url.searchParams].sort().map(([name, value]) => `\n${name}:${value}`).join('');
  const words = [method, ...standard, ...own, `/${account}${url.pathname}${query}`].join('\n');
  return createHmac('sha256', Buffer.from(key, 'base64')).update(words).digest('base64');
}

function connect(data) {
  const { account, blob_endpoint: endpoint } = JSON.parse(readFileSync(join(data, 'azurite.json'), 'utf8'));
  const key = readFileSync(join(data, 'account-key'), 'utf8').trim();
  return async (method, path, { headers = {}, body, accept = [] } = {}) => {
    const url = new URL(`${endpoint}/${path}`);
    const sent = { 'x-ms-date': new Date().toUTCString(), 'x-ms-version': '2021-08-06', ...headers };
    if (body?.length) sent['content-length'] = String(body.length);
    sent.authorization = `SharedKey ${account}:${signature({ account, key, method, url, headers: sent })}`;
    const reply = await fetch(url, { method, headers: sent, body });
    const text = await reply.text();
    if (!reply.ok && !accept.includes(reply.status)) throw new Error(`${method} ${path}: ${reply.status} ${text.slice(0, 300)}`);
    return { status: reply.status, text };
  };
}

async function createContainer(request, container, access) {
  const headers = access === 'none' ? {} : { 'x-ms-blob-public-access': access };
  const { status } = await request('PUT', `${container}?restype=container`, { headers, accept: [409] });
  if (status === 409) await request('PUT', `${container}?restype=container&comp=acl`, { headers });
}

const entities = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const unescaped = (xml) => xml.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (_, hex, decimal, name) =>
  name ? entities[name] : String.fromCodePoint(hex ? parseInt(hex, 16) : Number(decimal)));
const element = (xml, name) => unescaped(xml.match(new RegExp(`<${name}>([^<]*)</${name}>`))?.[1] ?? '');

async function listBlobs(request, container) {
  const present = new Map();
  let marker = '';
  do {
    const { text } = await request('GET', `${container}?restype=container&comp=list&marker=${encodeURIComponent(marker)}`);
    for (const [blob] of text.matchAll(/<Blob>.*?<\/Blob>/gs)) {
      present.set(element(blob, 'Name'), `${element(blob, 'Content-Length')} ${element(blob, 'Content-MD5')}`);
    }
    marker = element(text, 'NextMarker');
  } while (marker);
  return present;
}

async function filesBeneath(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const nested = await Promise.all(entries.map((entry) => {
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBeneath(path) : [path];
  }));
  return nested.flat();
}

async function putBlob(request, container, name, body) {
  const path = `${container}/${name.split('/').map(encodeURIComponent).join('/')}`;
  const type = typeOf[extname(name)] ?? 'application/octet-stream';
  await request('PUT', path, { body, headers: { 'content-type': type, 'x-ms-blob-type': 'BlockBlob' } });
}

async function upload({ data, from, container, access }) {
  const request = connect(data);
  await createContainer(request, container, access);
  const present = await listBlobs(request, container);
  const waiting = (await filesBeneath(from)).sort();
  const done = { container, access, uploaded: 0, unchanged: 0 };
  const lane = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const body = await readFile(file);
      const name = relative(from, file);
      if (present.get(name) === `${body.length} ${md5(body)}`) {
        done.unchanged++;
      } else {
        await putBlob(request, container, name, body);
        done.uploaded++;
      }
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  return done;
}

async function main() {
  const option = { type: 'string' };
  const { values } = parseArgs({ options: { data: option, from: option, container: option, access: option } });
  const { data, from, container, access } = values;
  if (!data || !from || !container || !['container', 'blob', 'none'].includes(access)) {
    throw new Error('usage: upload.mjs --data DIR --from FOLDER --container NAME --access container|blob|none');
  }
  console.log(JSON.stringify(await upload(values)));
}

main().catch((error) => {
  console.error(`upload.mjs: ${error.message}`);
  process.exitCode = 1;
});

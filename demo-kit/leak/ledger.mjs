// SPDX-License-Identifier: Apache-2.0
// Writes the files of the leak and keeps the truth about them: what was planted is read off the
// very strings that were handed to the document libraries, never off the finished files.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import * as formats from './formats.mjs';
import { organisations } from './cast.mjs';
import { standStill } from './still.mjs';

export const containers = ['open', 'blob-level', 'private'];

const addressPattern = /[A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+/g;
const urlPattern = /https?:\/\/[^\s"'<>]+/g;
const ipPattern = /\b(?:\d{1,3}\.){3}\d{1,3}\b|\b2001:db8::[0-9a-f]+\b/g;

const distinct = (list) => [...new Set(list)].sort();
const belongsTo = (domain) => (host) => host === domain || host.endsWith(`.${domain}`);
const mailbox = (address) => address.replace(/\+[^@]*/, '');

function plantedIn(texts) {
  const all = texts.join('\n');
  const raw = all.match(addressPattern) ?? [];
  const urls = all.match(urlPattern) ?? [];
  const addresses = distinct(raw.map((address) => address.toLowerCase()));
  const hosts = distinct([...addresses.map((address) => address.split('@')[1]), ...urls.map((url) => new URL(url).hostname)]);
  const domains = organisations.map(({ domain }) => domain).filter((domain) => hosts.some(belongsTo(domain)));
  return { references: raw.length, addresses, domains, urls: distinct(urls), ips: distinct(all.match(ipPattern) ?? []) };
}

export async function render(paper, format) {
  standStill(`${paper.number}.${format}`, paper.date);
  const bytes = await formats[format](paper);
  const hidden = ['docx', 'xlsx', 'pptx'].includes(format) ? [paper.note] : [];
  return { bytes, texts: [paper.title, ...paper.lines, ...paper.table.flat().map(String), ...hidden] };
}

export class Leak {
  constructor(outdir) {
    this.outdir = outdir;
    this.entries = [];
  }

  add(container, path, { bytes, date, texts = [], kind = 'other', parties = [], trap = null, inner = [] }) {
    this.write(container, path, bytes, date);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    this.entries.push({ container, path, bytes: bytes.length, sha256, date: date.toISOString(),
      class: kind, parties, trap, inner, ...plantedIn(texts) });
  }

  addTwin(path, source) {
    this.write(source.container, path, readFileSync(join(this.outdir, source.container, source.path)), new Date(source.date));
    this.entries.push({ ...source, path, trap: `same bytes as ${source.path}` });
  }

  write(container, path, bytes, date) {
    const file = join(this.outdir, container, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, bytes);
    utimesSync(file, date, date);
  }

  async addPaper(container, path, paper) {
    const rendered = await render(paper, path.split('.').pop());
    this.add(container, path, { ...rendered, ...paper });
    return rendered;
  }

  duplicates() {
    const byDigest = new Map();
    for (const entry of this.entries) byDigest.set(entry.sha256, [...(byDigest.get(entry.sha256) ?? []), entry]);
    return [...byDigest].filter(([, twins]) => twins.length > 1)
      .map(([sha256, twins]) => ({ sha256, files: twins.map(({ container, path }) => `${container}/${path}`) }));
  }

  organisation({ domain, name, country }) {
    const files = Object.fromEntries(containers.map((container) =>
      [container, this.entries.filter((entry) => entry.container === container && entry.domains.includes(domain)).length]));
    const addresses = distinct(this.entries.flatMap((entry) => entry.addresses).filter((address) => belongsTo(domain)(address.split('@')[1])));
    return { domain, name, country, files, as_party: this.entries.filter(({ parties }) => parties.includes(domain)).length,
      addresses, mailboxes: distinct(addresses.map(mailbox)) };
  }

  writeTruth() {
    const files = Object.fromEntries(containers.map((container) => [container, this.entries.filter((entry) => entry.container === container).length]));
    const truth = { files, organisations: organisations.map((one) => this.organisation(one)), duplicates: this.duplicates(),
      people: this.people ?? [],
      traps: this.entries.filter(({ trap }) => trap).map(({ container, path, trap }) => ({ file: `${container}/${path}`, trap })), entries: this.entries };
    writeFileSync(join(this.outdir, 'truth.json'), `${JSON.stringify(truth, null, 1)}\n`);
    return { files, duplicates: truth.duplicates.length, traps: truth.traps.length };
  }
}

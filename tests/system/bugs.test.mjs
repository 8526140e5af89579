// SPDX-License-Identifier: Apache-2.0
// Faults that people reported about other tools, where their inputs lie beside the project: each input is swept alone in a
// folder of its own, all folders in one sweep, and every member of its row of truth.jsonl is held against what search, show,
// entities, organisations and lookup answer. "The document" of a row is the input and all its parts.
import assert from 'node:assert/strict';
import { copyFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answer, everyHit, root, scratch, tidemark } from './house.mjs';

const shared = path.join(root, '../shared/bugs');
const missing = existsSync(shared) ? false : 'no reported faults beside the project';

// Rows that do not hold, and why. One that holds fails here until its line is gone: this list only shrinks.
const notYet = {};

const rows = missing ? [] : readFileSync(path.join(shared, 'truth.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line));

/** `n{0..3}@x` stands for n0@x, n1@x, n2@x and n3@x. */
function spread(values = []) {
  return values.flatMap((value) => {
    const range = /^(.*)\{(\d+)\.\.(\d+)\}(.*)$/.exec(value);
    if (!range) return [value];
    const [, before, from, to, after] = range;
    return Array.from({ length: to - from + 1 }, (_, n) => `${before}${Number(from) + n}${after}`);
  });
}

const blank = (text) => text.replace(/\s+/g, ' ');
const distinct = (values) => [...new Set(values)];

function grouped(values, keyOf) {
  const groups = new Map();
  for (const value of values) groups.set(keyOf(value), [...groups.get(keyOf(value)) ?? [], value]);
  return groups;
}

/** All that the commands say of one input, by the folder it was swept in. */
class Swept {
  constructor(folder) {
    const target = path.join(folder, 'in');
    this.flags = ['--catalog', path.join(folder, 'catalog')];
    for (const { input } of rows) {
      mkdirSync(path.join(target, input), { recursive: true });
      copyFileSync(path.join(shared, 'inputs', input), path.join(target, input, input));
    }
    const run = tidemark(['sweep', target, ...this.flags]);
    assert.ok([0, 4].includes(run.code), run.err);
    this.hits = grouped(everyHit('', this.flags), (hit) => hit.path.split('/')[0]);
    this.entities = this.listed('entities', []);
    this.organisations = this.listed('organisations', []);
    this.lookedUp = this.answers();
    this.snippets = grouped(everyHit('contoso', this.flags), (hit) => hit.id);
  }

  listed(what, args) {
    const all = [];
    for (let cursor = null, page; ; cursor = page.next) {
      page = answer(what, [what, ...args, '--limit', '500', ...(cursor ? ['--cursor', cursor] : []), ...this.flags]);
      all.push(...page[what]);
      if (!page.next) return all;
    }
  }

  /** The ids of a domain's documents; of one that nobody can own, none. */
  idsOf(domain) {
    const run = tidemark(['lookup', domain, '--format', 'json', ...this.flags]);
    assert.ok([0, 2].includes(run.code), run.err);
    return run.code === 2 ? [] : JSON.parse(run.out).documents.map(({ id }) => id);
  }

  /* What every organisation found would be answered. */
  answers() {
    const run = tidemark(['lookup', '--list', '-', '--format', 'jsonl', ...this.flags],
      { input: this.organisations.map(({ domain }) => `${domain}\n`).join('') });
    assert.equal(run.code, 0, run.err);
    return run.out.trim().split('\n').map((line) => JSON.parse(line));
  }

  /** The input first, then its parts. */
  document(input) {
    const shown = (this.hits.get(input) ?? []).map((hit) => ({ ...answer('show', ['show', hit.id, ...this.flags]), hit }));
    assert.ok(shown.some((each) => each.path === `${input}/${input}`), 'the input has a row');
    return shown.sort((a, b) => a.path.length - b.path.length);
  }

  search(query) { return everyHit(query, this.flags).map((hit) => hit.id); }
}

/* An address of nobody is no address. */
const values = (document, ...kinds) => distinct(document.flatMap((each) => each.findings)
  .filter((finding) => kinds.includes(finding.kind) && finding.subkind !== 'message-id').map((finding) => finding.value));
const organisations = (document, ...roles) => distinct(document.flatMap((each) => each.organisations)
  .filter((organisation) => roles.includes(organisation.role)).map((organisation) => organisation.domain));

function assertExactly(found, right, either, what) {
  const lost = right.filter((value) => !found.includes(value) && !either.includes(value));
  const wrong = found.filter((value) => !right.includes(value) && !either.includes(value));
  assert.ok(!lost.length && !wrong.length, `${what}: ${lost.length} not found: ${lost.slice(0, 5)}; ${wrong.length} wrong: ${wrong.slice(0, 5)}`);
}

/* One function a member of truth.jsonl: does it hold of this document? */
const members = {
  emails(right, document, swept, row) {
    assertExactly(values(document, 'email'), spread(right), spread(row.emails_either), 'addresses');
    const known = new Set(swept.entities.filter(({ kind }) => kind === 'email').map(({ value }) => value));
    for (const address of spread(right)) assert.ok(known.has(address), `${address} among entities`);
  },
  not_emails(wrong, document, swept) {
    const found = values(document, 'email'), ids = document.map(({ id }) => id);
    for (const address of spread(wrong)) {
      assert.ok(!found.includes(address), `${address} is no address`);
      assert.ok(!swept.search(`email:"${address}"`).some((id) => ids.includes(id)), `search email:${address}`);
    }
  },
  domains(right, document) {
    const found = values(document, 'domain');
    for (const domain of right) assert.ok(found.includes(domain), `${domain} among ${found}`);
  },
  not_domains(wrong, document, swept) {
    const found = values(document, 'domain');
    for (const domain of wrong) assert.ok(!found.includes(domain), `${domain} is no domain`);
    members.not_organisations(wrong, document, swept);
  },
  urls(right, document) {
    const found = values(document, 'url', 'storage_url');
    for (const url of right) assert.ok(found.includes(url), `${url} among ${found.join(' ')}`);
  },
  not_urls(wrong, document) {
    const found = values(document, 'url', 'storage_url');
    for (const url of wrong) assert.ok(!found.includes(url), `${url} is no URL`);
  },
  storage_urls(right, document) {
    const found = values(document, 'storage_url');
    for (const part of right) assert.ok(found.some((url) => url.includes(part)), `${part} among ${found.join(' ')}`);
  },
  ips(right, document, swept, row) {
    assertExactly(values(document, 'ip'), right, row.ips_either ?? [], 'IP addresses');
  },
  parties(right, document, swept) {
    assertExactly(organisations(document, 'party'), right, [], 'parties');
    const ids = document.map(({ id }) => id);
    for (const domain of right) {
      assert.ok(swept.organisations.some((each) => each.domain === domain && each.as_party > 0), `${domain} among organisations`);
      assert.ok(swept.idsOf(domain).some((id) => ids.includes(id)), `lookup ${domain}`);
    }
  },
  not_organisations(wrong, document, swept) {
    const found = organisations(document, 'party', 'mention'), ids = document.map(({ id }) => id);
    for (const domain of wrong) {
      assert.ok(!found.includes(domain), `${domain} is no organisation`);
      assert.ok(!swept.idsOf(domain).some((id) => ids.includes(id)), `lookup ${domain}`);
    }
  },
  children(right, document) {
    const found = innerPaths(document);
    for (const child of right) assert.ok(found.includes(child), `${child} among ${found.join(' | ')}`);
  },
  not_children(wrong, document) {
    const found = innerPaths(document);
    for (const child of wrong) assert.ok(!found.includes(child), `${child} is no part`);
  },
  text_has(right, document) {
    const text = blank(document.map((each) => each.text ?? '').join('\n'));
    for (const piece of right) assert.ok(text.includes(blank(piece)), `${piece} in the text:\n${text.slice(0, 2000)}`);
  },
  text_lacks(wrong, document, swept) {
    const ids = document.map(({ id }) => id);
    const answers = swept.lookedUp.flatMap((reply) => [reply.phishing_watch, ...reply.documents.filter(({ id }) => ids.includes(id))]);
    const said = [document, swept.entities, swept.organisations, ids.map((id) => swept.snippets.get(id)), answers].map((each) => JSON.stringify(each));
    for (const piece of wrong) {
      for (const each of said) assert.ok(!each.includes(piece), `${piece} in ...${each.slice(Math.max(0, each.indexOf(piece) - 200)).slice(0, 400)}`);
      if (/^\w+$/.test(piece)) assert.ok(!swept.search(piece).some((id) => ids.includes(id)), `search ${piece}`);
    }
  },
  finds(queries, document, swept) {
    const ids = document.map(({ id }) => id);
    for (const query of queries) assert.ok(swept.search(query).some((id) => ids.includes(id)), `search ${query}`);
  },
  outcome(right, document) {
    assert.ok([right].flat().includes(document[0].outcome), `${document[0].outcome} (${document[0].note}) is not ${right}`);
  },
};
const words = ['case', 'input', 'essence', 'source', 'emails_either', 'ips_either'];
const innerPaths = (document) => document.map((each) => each.path.split('!/').slice(1).join('!/')).filter((inner) => inner);

function faultOf(row, swept) {
  try {
    const document = swept.document(row.input);
    const wrong = Object.keys(row).filter((member) => !words.includes(member)).flatMap((member) => {
      assert.ok(members[member], `${member}: a member this test does not know`);
      try { members[member](row[member], document, swept, row); } catch (error) { return [error.message]; }
      return [];
    });
    return wrong.length ? wrong.join('\n') : null;
  } catch (error) { return error.message; }
}

test('faults reported of other tools', { skip: missing, timeout: 1200000 }, async (t) => {
  const swept = new Swept(scratch(t));
  for (const row of rows) {
    await t.test(`case ${row.case} ${row.input}`, (each) => {
      const fault = faultOf(row, swept), known = notYet[row.input];
      if (known) assert.ok(fault, 'holds now: its line in notYet can go');
      else assert.ok(!fault, fault);
      if (known) each.skip(`not yet: ${known}`);
    });
  }
  assert.deepEqual(Object.keys(notYet).filter((input) => !rows.some((row) => row.input === input)), [], 'no such inputs');
});

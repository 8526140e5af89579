// SPDX-License-Identifier: Apache-2.0
// The ledger as a page and as files: what they say is what the JSON says, nothing from a leak acts in them, what is published tells
// no small count, and a browser shows them without help, at every width, and to a screen reader.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { answer, plant, root, scratch, tidemark } from './house.mjs';
import { zip } from './hostile-kit.mjs';

const chromium = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
const inBrowser = { skip: chromium ? false : 'takes Chromium: script/bootstrap --tests' };

const mail = (i, host) => `From: clerk${i}@${host}\nTo: anna@contoso.com\nDate: ${(i % 28) + 1} Mar ${2008 + i % 12} 10:00:00 +0000\n` +
  `Subject: Offer ${i}\nMessage-ID: <m${i}@${host}>\n\nDear Anna, invoice no. RE-${1000 + i}, tel. +49 30 90${1000 + i % 40}\n`;

function plantLeak(folder) {
  const leak = {};
  for (let i = 0; i < 120; i++) leak[`mail/${i}.eml`] = mail(i, i % 3 ? 'fabrikam.com' : `firm${i % 30}.example.com`);
  for (let i = 0; i < 30; i++) leak[`notes/${i}.html`] = `<!DOCTYPE html><html><body><h1>Page ${i}</h1><p>words of a page</p></body></html>`;
  for (let i = 0; i < 3; i++) leak[`code/${i}.json`] = JSON.stringify({ name: 'x', i });
  for (let i = 0; i < 14; i++) leak[`noise/${i}.bin`] = Buffer.from(Array.from({ length: 300 + i }, (_, k) => (k * 167 + i) & 255));
  leak['cut.zip'] = zip([['a.txt', 'some words\n'], ['b.bin', leak['noise/1.bin']]]);
  leak['bad.zip'] = zip([['c.txt', 'more words\n'.repeat(50)]]).subarray(0, 100);
  return plant(folder, leak);
}

function place(t, name = 'leak', more = []) {
  const folder = scratch(t), target = plantLeak(path.join(folder, name));
  const flags = ['--catalog', path.join(folder, 'catalog'), ...more];
  const { code, err } = tidemark(['sweep', target, ...flags]);
  assert.ok([0, 4].includes(code), err);
  const page = path.join(folder, 'page.html'), csv = path.join(folder, 'csv');
  const write = (...options) => {
    const scope = answer('scope', ['scope', ...flags, '--html', page, '--csv', csv, ...options]);
    return { scope, html: readFileSync(page, 'utf8'), tables: Object.fromEntries(readdirSync(csv).map((file) => [file.replace('.csv', ''), rowsOf(path.join(csv, file))])) };
  };
  return { folder, target, flags, page, csv, write };
}

/* RFC 4180, a cell after another. */
const rowsOf = (file) => readFileSync(file, 'utf8').trimEnd().split('\r\n').map((line) =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(([, text, bare]) => text?.replaceAll('""', '"') ?? bare));

const tableOf = (html, title) => {
  const [, section] = html.match(new RegExp(`<h2>${title}</h2>([^]*?)</section>`)) ?? [];
  return section && [...section.matchAll(/<tr><th scope="row"[^>]*><bdi>(.*?)<\/bdi>.*?<\/th>(.*?)<\/tr>/g)]
    .map(([, label, cells]) => [label, ...[...cells.matchAll(/<td class="n">(.*?)<\/td>/g)].map(([, cell]) => cell.replace(/<[^>]*>/g, ''))]);
};

test('page and files say what the answer says', (t) => {
  const { write, page, csv } = place(t);
  const { scope, html, tables } = write();
  assert.equal(statSync(page).mode & 0o777, 0o600);
  assert.equal(statSync(path.join(csv, 'measures.csv')).mode & 0o777, 0o600);
  const shown = (number) => (number === null ? '' : String(number));
  const measure = (label, name) => {
    const { references, distinct, resolved } = scope.counts[name];
    const inFile = tables.measures.find(([first]) => first === label).slice(1);
    assert.deepEqual(inFile.slice(0, 2), [references, distinct].map(String), label);
    assert.equal(inFile[2] ?? '', shown(resolved));
    const onPage = tableOf(html, 'Counted three ways').find(([first]) => first === label);
    assert.deepEqual(onPage.slice(1), [references, distinct, resolved].map((number) => (number === null ? '&ndash;' : number.toLocaleString('en'))), label);
  };
  for (const [label, name] of Object.entries({ objects: 'objects', documents: 'documents', pages: 'pages', 'e-mail addresses': 'emails',
    'telephone numbers': 'phones', organisations: 'organisations', projects: 'projects', invoices: 'invoices', orders: 'orders', contracts: 'contracts',
    'signed documents': 'signed_documents' })) measure(label, name);
  const pairs = (rows) => Object.fromEntries(rows.slice(1).map(([label, count]) => [label.replaceAll(' ', '_'), Number(count)]));
  const { not_told: untold = 0, ...classes } = pairs(tables.by_class);
  assert.deepEqual(classes, scope.by_class);
  assert.equal(Object.values(classes).reduce((a, b) => a + b, untold), scope.counts.documents.references);
  /* A zip's members have the first date there is: that is told as earlier. */
  const { earlier = 0, ...years } = pairs(tables.by_year), first = new Date().getUTCFullYear() - 39;
  assert.deepEqual(years, Object.fromEntries(Object.entries(scope.by_year).filter(([year]) => Number(year) >= first)));
  assert.equal(earlier, Object.entries(scope.by_year).reduce((sum, [year, count]) => sum + (Number(year) < first ? count : 0), 0));
  assert.equal(Object.values(pairs(tables.organisation_sizes)).reduce((a, b) => a + b), scope.counts.organisations.distinct);
  const outcomes = Object.fromEntries(tables.unseen.slice(1).map(([label, objects, bytes]) => [label.replaceAll(' ', '_'), { objects: Number(objects), bytes: Number(bytes ?? 0) }]));
  const { read, ...unseen } = outcomes;
  assert.deepEqual(unseen, scope.unseen.by_outcome);
  assert.equal(read.objects, scope.counts.objects.references - scope.unseen.objects);
  assert.match(html, /Not for publication/);
  assert.ok(html.includes(scope.manifest.root) && html.includes(scope.manifest.public_key));
  assert.deepEqual(tableOf(html, 'The organisations with most documents')[0].slice(0, 2), tables.organisations[1].slice(0, 2));
  assert.doesNotMatch(html, /What is not known/, "nothing is missing here");
});

test('nothing from a leak acts in a page or a file', (t) => {
  const evil = '=1+1<img src=x onerror=alert(1)>"\'&\u202Egnp\u2066';
  const { write, folder } = place(t, evil, ['--incident', `</title><script>alert(1)</script>${evil}`]);
  const { html } = write();
  const bare = html.replace(/<style>[^]*?<\/style>/, '');
  assert.ok(bare.includes('&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;\\u{202E}gnp\\u{2066}'));
  assert.ok(bare.includes('&lt;/title&gt;&lt;script&gt;'));
  assert.doesNotMatch(html, /[\u202A-\u202E\u2066-\u2069\u0000-\u0008]/);
  const names = new Set([...bare.matchAll(/<([a-z0-9]+)/g)].map(([, name]) => name));
  assert.deepEqual([...names].filter((name) => ['script', 'img', 'iframe', 'object', 'link', 'a', 'form', 'base', 'embed'].includes(name)), []);
  assert.doesNotMatch(bare, /<[^>]*\s(on[a-z]+|src|href|style)=/);
  assert.match(html, /default-src 'none'; style-src 'unsafe-inline'/);
  for (const line of readFileSync(path.join(folder, 'csv/by_container.csv'), 'utf8').split('\r\n')) assert.doesNotMatch(line, /^"?[=+\-@]/);
});

/* One who knows a total and all that is shown: the least and the most that each <10 can be. */
function attack(cells, total) {
  const rest = total - cells.filter((cell) => /^\d+$/.test(cell)).reduce((sum, cell) => sum + Number(cell), 0);
  const small = cells.filter((cell) => cell === '<10').length, withheld = cells.filter((cell) => cell === '*').length;
  return { small, least: withheld ? 1 : Math.max(1, rest - 9 * (small - 1)), most: Math.min(9, rest - (small - 1) - 10 * withheld) };
}

test('what is published names nobody and gives no small count away', (t) => {
  const { write, page, target } = place(t);
  assert.ok(write().tables.organisations.length > 2, 'written before, into the same folder');
  const { scope, html, tables } = write('--public');
  assert.equal(tables.organisations, undefined);
  assert.equal(tables.by_container, undefined);
  for (const name of [target, 'fabrikam', 'contoso', 'example.com', '.eml']) assert.ok(!html.includes(name), name);
  let small = 0;
  for (const [name, rows] of Object.entries(tables)) {
    for (const [label, ...cells] of rows.slice(1))
      for (const cell of cells) assert.ok(cell === '' || cell === '<10' || cell === '*' || Number(cell) >= 10, `${name} ${label}: ${cell}`);
    small += rows.flat().filter((cell) => cell === '<10').length;
  }
  assert.ok(small > 10);
  const documents = scope.counts.documents.references;
  let attacked = 0;
  const totals = { by_class: documents, by_year: documents, by_type: documents, organisation_sizes: scope.counts.organisations.distinct,
    unseen: scope.counts.objects.references, unseen_parts: scope.unseen.parts.documents };
  for (const [name, total] of Object.entries(totals)) {
    if (!tables[name]) {
      assert.match(html, /Not published: the counts are so small/);
      continue;
    }
    const cells = tables[name].slice(1).map((row) => row[1]);
    const found = attack(cells, total);
    if (found.small > 0) assert.deepEqual([name, found.least, found.most], [name, 1, 9]);
    attacked += found.small;
  }
  assert.ok(attacked >= 5, String(attacked));
  /* The page shows no number that the files do not. */
  for (const title of ['Counted three ways', 'What kind of documents', 'When the documents are from', 'In which formats'])
    for (const [label, ...cells] of tableOf(html, title) ?? [])
      for (const cell of cells) assert.ok(['&lt;10', '*', '&ndash;'].includes(cell) || Number(cell.replaceAll(',', '')) >= 10, `${label}: ${cell}`);
  assert.doesNotMatch(html.replace(/<style>[^]*?<\/style>/, ''), /class="big">[0-9]<|; [0-9] /);
  const alone = tidemark(['scope', '--catalog', path.join(path.dirname(page), 'catalog'), '--public']);
  assert.equal(alone.code, 2);
  assert.equal(tidemark(['scope', '--catalog', path.join(path.dirname(page), 'catalog'), '--no-leaves']).code, 2);
});

/* A page of ours that looks at another; what it wrote into its body. */
function seen(folder, name, html, ...options) {
  const file = path.join(folder, name);
  writeFileSync(file, html);
  const { stdout, stderr } = spawnSync(chromium, ['--headless', '--no-sandbox', '--disable-gpu', '--allow-file-access-from-files', '--virtual-time-budget=20000', '--hide-scrollbars',
    `--user-data-dir=${path.join(folder, 'browser')}`, ...options, '--dump-dom', `file://${file}`], { encoding: 'utf8', maxBuffer: 1 << 28, timeout: 120000, env: { ...process.env, HOME: folder } });
  const told = stdout.match(/<pre id="told">([^]*?)<\/pre>/)?.[1];
  assert.ok(told !== undefined, stderr.slice(-2000));
  return JSON.parse(told.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"').replaceAll('&amp;', '&'));
}

const tell = 'const tell = (value) => { const pre = document.createElement("pre"); pre.id = "told"; pre.textContent = JSON.stringify(value); document.body.append(pre); };';

test('a page fits every width', inBrowser, (t) => {
  const { write, folder } = place(t);
  for (const options of [[], ['--public']]) {
    write(...options);
    const widths = seen(folder, 'widths.html', `<!DOCTYPE html><body>${[360, 768, 1440].map((width) =>
      `<iframe src="page.html" style="width:${width}px;height:900px;border:0"></iframe>`).join('')}<script>${tell}
      onload = () => tell([...document.querySelectorAll('iframe')].map((frame) => [frame.clientWidth, frame.contentDocument.documentElement.scrollWidth,
        Math.max(...[...frame.contentDocument.querySelectorAll('.wide')].map((table) => table.scrollWidth - table.clientWidth)),
        [...frame.contentDocument.querySelectorAll('.wide')].filter((table) => table.scrollWidth > table.clientWidth).map((table) => table.ariaLabel)]));</script>`);
    assert.deepEqual(widths.map(([width, needed, table]) => [width, needed <= width, table <= 0]),
      [[360, true, true], [768, true, true], [1440, true, true]], JSON.stringify(widths));
  }
});

test('a page has nothing that axe finds fault with, in light and in dark', inBrowser, (t) => {
  const { write, folder } = place(t);
  const axe = readFileSync(path.join(root, 'tests/node_modules/axe-core/axe.min.js'), 'utf8');
  const { html } = write();
  const open = html.replace(/<meta http-equiv[^>]*>/, '').replace('</body>', () =>
    `<script>${axe}</script><script>${tell} axe.run().then(({ violations, passes }) => tell({ dark: matchMedia('(prefers-color-scheme: dark)').matches,
      passes: passes.length, violations: violations.map(({ id, nodes }) => [id, nodes[0].html.slice(0, 200)]) }));</script></body>`);
  for (const dark of [false, true]) {
    const told = seen(folder, 'axe.html', open, ...(dark ? ['--blink-settings=preferredColorScheme=0'] : []));
    assert.deepEqual(told.violations, []);
    assert.ok(told.passes > 15);
    assert.equal(told.dark, dark);
  }
});

test('a page prints on A4', inBrowser, (t) => {
  const { write, folder, page } = place(t);
  write('--public');
  const pdf = path.join(folder, 'page.pdf');
  spawnSync(chromium, ['--headless', '--no-sandbox', '--disable-gpu', `--user-data-dir=${path.join(folder, 'browser')}`, `--print-to-pdf=${pdf}`, '--no-pdf-header-footer', `file://${page}`],
    { timeout: 120000, env: { ...process.env, HOME: folder } });
  const boxes = [...readFileSync(pdf, 'latin1').matchAll(/\/MediaBox \[([^\]]*)\]/g)].map(([, box]) => box.trim().split(/\s+/).map(Number));
  assert.ok(boxes.length >= 2 && boxes.length < 12, String(boxes.length));
  for (const [, , width, height] of boxes) assert.ok(Math.abs(width - 595) < 2 && Math.abs(height - 842) < 2, `${width} x ${height}`);
});

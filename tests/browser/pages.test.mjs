// SPDX-License-Identifier: Apache-2.0
// The subject's pages as render-page writes them, of made-up facts: nothing hostile acts in them, all fit every width, axe has
// nothing to say in light and in dark, both languages say all, and what they load is small and ours.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { build, root, scratch } from '../system/house.mjs';
import { faultsByAxe, inBrowser, openPage, pageNames, pictures, render, servePages, startBrowser, widths } from './browser.mjs';

const languages = ['en', 'de'];
const names = pageNames();
const htmlOf = (name, language) => render(name, language).toString('utf8');
const bare = (html) => html.replace(/<style>[^]*?<\/style>/, '');

test('what is loaded is small, ours, and named by its digest', () => {
  const files = ['style.css', 'tidemark.js'].map((file) => readFileSync(path.join(build, 'web', file)));
  files.push(readFileSync(path.join(root, 'web/mark.svg')));
  const compressed = files.map((file) => gzipSync(file, { level: 9 }).length).reduce((sum, size) => sum + size);
  assert.ok(compressed < 60000, `${compressed} bytes compressed`);
  assert.ok(files[1].length > 1000, 'the script was built: script/bootstrap installs what it takes');
  assert.doesNotMatch(files.join('\n').replaceAll('http://www.w3.org/', ''), /https?:\/\//, 'names no address');
});

test('the script holds to its types', () => {
  const { status, stdout } = spawnSync(process.execPath, [path.join(root, 'tests/node_modules/typescript/bin/tsc'), '-p', path.join(root, 'web')], { encoding: 'utf8' });
  assert.equal(status, 0, stdout);
});

test('nothing that means ill acts on a page', () => {
  for (const name of names)
    for (const language of languages) {
      const html = htmlOf(name, language), page = bare(html);
      assert.doesNotMatch(page, /[\u202A-\u202E\u2066-\u2069\u0000-\u0008\u001B]/, name);
      assert.doesNotMatch(page.replace(/="[^"]*"/g, '=""'), /<[^>]*\s(on[a-z]+|style)=/, `${name}: nothing inline`);
      assert.doesNotMatch(page, /<script(?! type="module" src="\/assets\/script-[0-9a-f]{16}\.js"><\/script>)/, name);
      assert.doesNotMatch(page, /<(img|iframe|object|embed|base|meta http)/, name);
      for (const [, target] of page.matchAll(/(?:href|src|action)="([^"]*)"/g))
        assert.match(target, /^(\/(?!\/)|\?|#)/, `${name} leads to ${target}`);
      assert.ok(page.startsWith(`<!DOCTYPE html>\n<html lang="${language}">`));
      assert.ok(html.isWellFormed?.() ?? true);
    }
  const hostile = htmlOf('answer-hostile', 'en');
  assert.ok(hostile.includes('&lt;script&gt;alert(1)&lt;/script&gt;'));
  assert.ok(hostile.includes('\\u{202E}gnp.exe\\u{202C}') && hostile.includes('\\u{1B}[31m\\u{7}'), 'what steers is written out');
  assert.ok(hostile.includes('<bdi class="foreign">'));
});

test('a page is whole: its marks nest, its ids are one each, no blank is left', () => {
  const empty = new Set(['meta', 'link', 'input', 'path', 'rect', 'br']);
  for (const name of names)
    for (const language of languages) {
      const html = bare(htmlOf(name, language)), open = [];
      for (const [, end, tag, rest] of html.matchAll(/<(\/?)([a-z0-9]+)((?:[^>"]|"[^"]*")*)>/g)) {
        if (end) assert.equal(open.pop(), tag, `${name}.${language}`);
        else if (!empty.has(tag) && !rest.endsWith('/')) open.push(tag);
      }
      assert.deepEqual(open, [], `${name}.${language}`);
      const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
      assert.deepEqual(ids, [...new Set(ids)], name);
      for (const [, id] of html.matchAll(/ (?:for|aria-describedby)="([^"]*)"/g))
        for (const each of id.split(' ')) assert.ok(ids.includes(each), `${name}: ${each}`);
      if (!name.includes('hostile') && !['ask-fault', 'notice-done', 'asked'].includes(name)) assert.doesNotMatch(html, /\{\d\}/, name);
      assert.equal([...html.matchAll(/<h1>/g)].length, 1, name);
    }
});

test('numbers, dates and sizes are said as people say them', () => {
  const english = htmlOf('answer', 'en'), german = htmlOf('answer', 'de'), text = (html) => html.replace(/<[^>]*>/g, '');
  assert.match(text(english), /64 documents of contoso\.com stood open from 3 March 2021 or earlier until 24 September 2022\. Of all that stood open, 2\.1\u00a0GB in 14 files could not be read, so there may be more\./);
  assert.match(text(german), /64 Dokumente von contoso\.com, vom 3\. März 2021 oder früher bis zum 24\. September 2022\. Von allem, was offen stand, blieben 2,1\u00a0GB in 14 Dateien ungelesen\./);
  assert.match(text(english), /25 September 2022, 03:12 UTC/);
  assert.match(text(german), /25\. September 2022, 03:12 Uhr UTC/);
  assert.match(text(htmlOf('answer-much', 'en')), /5,000 documents of contoso\.com stood open from 3 March 2021 or earlier, and at least one still did/);
  assert.match(text(htmlOf('answer-much', 'de')), /5\.000 Dokumente/);
  assert.match(text(htmlOf('answer-one', 'en')), /1 document of contoso\.com found\. When, or whether, strangers could read that is not known\./);
  assert.match(text(htmlOf('error-often', 'en')), /Wait 21 minutes/);
  assert.doesNotMatch(text(german), /\b(the|documents|which)\b/i, 'nothing is left in English');
});

test('numbers of a plot stand in its table, and add up', () => {
  const html = htmlOf('answer', 'en');
  const rows = (title) => [...(html.match(new RegExp(`<h2>${title}</h2>([^]*?)</section>`))?.[1] ?? '').matchAll(/<tr><th scope="row">(.*?)<\/th><td class="n">([\d,]+)</g)]
    .map(([, label, number]) => [label, Number(number.replaceAll(',', ''))]);
  for (const title of ['By kind', 'By year']) assert.equal(rows(title).reduce((sum, [, number]) => sum + number, 0), 64, title);
  const bars = [...html.matchAll(/<div><div><b>(\d*)<\/b><svg[^>]*><rect[^>]*><\/svg><\/div><span>(\d+)<\/span><\/div>/g)].map(([, number, year]) => [year, Number(number)]);
  assert.deepEqual(bars.filter(([, number]) => number), rows('By year').filter(([label]) => /^\d+$/.test(label)));
});

test('what was chosen is shown, and no more; much comes in pages', () => {
  const listed = (html) => [...html.matchAll(/<li>\n<p class="line"><strong>(.*?)<\/strong>/g)].map(([, kind]) => kind);
  const chosen = htmlOf('answer-chosen', 'en');
  assert.ok(listed(chosen).length > 0);
  assert.ok(listed(chosen).every((kind) => kind === 'Invoice'));
  assert.match(chosen, /<option value="2020" selected>/);
  assert.deepEqual(listed(htmlOf('answer-empty-choice', 'en')), []);
  const much = htmlOf('answer-much', 'en');
  assert.equal(listed(much).length, 25);
  assert.match(much, /51 to 75 of 5,000/);
  assert.match(much, /href="\/answer\?page=2"/);
  assert.match(much, /href="\/answer\?page=4"/);
  const whole = htmlOf('answer-whole', 'en');
  assert.equal(listed(whole).length, 64);
  assert.doesNotMatch(whole, /<(form|link|script|a href="(?!#))/, 'a file to keep leads nowhere and loads nothing');
});

test('a language that lacks words is refused', (t) => {
  const folder = scratch(t), files = { en: 'a.one = {1} and {2}\nb = words\n', de: 'a.one = {2} und {1}\nb = Worte\n' };
  const embed = (change = {}) => {
    for (const [language, words] of Object.entries({ ...files, ...change })) writeFileSync(path.join(folder, `${language}.txt`), words);
    return spawnSync(path.join(root, 'tools/embed-words'), ['enum', 'en', path.join(folder, 'en.txt'), '--', 'de', path.join(folder, 'de.txt')], { encoding: 'utf8' });
  };
  assert.equal(embed().status, 0);
  for (const [change, why] of [[{ de: 'b = Worte\n' }, /de lacks a\.one/], [{ en: 'b = words\n' }, /en lacks a\.one/],
    [{ de: `${files.de}b = Worte\n` }, /de has b twice/], [{ de: 'a.one = {1}\nb = Worte\n' }, /other blanks/], [{ de: 'a.one\n' }, /not "key = words"/]]) {
    const { status, stderr } = embed(change);
    assert.equal(status, 1);
    assert.match(stderr, why);
  }
});

test('every page fits every width, in both languages', inBrowser, async (t) => {
  const browser = await startBrowser(t), origin = await servePages(t), page = await openPage(browser, origin);
  for (const width of Object.values(widths)) {
    await page.setViewportSize({ width, height: 900 });
    for (const name of names)
      for (const language of languages) {
        await page.goto(`${origin}/${name}.${language}`);
        const needed = await page.evaluate(() => document.documentElement.scrollWidth);
        assert.ok(needed <= width, `${name}.${language} needs ${needed} of ${width}`);
      }
  }
  assert.deepEqual(page.faults, []);
});

test('axe finds no fault with any page, in light and in dark', inBrowser, async (t) => {
  const browser = await startBrowser(t), origin = await servePages(t);
  for (const colorScheme of ['light', 'dark']) {
    const page = await openPage(browser, origin, { colorScheme, bypassCSP: true });
    for (const name of names) {
      await page.goto(`${origin}/${name}.${name.length % 2 ? 'de' : 'en'}`);
      await page.evaluate(() => document.querySelectorAll('details').forEach((each) => { each.open = true; }));
      assert.deepEqual(await faultsByAxe(page), [], `${name}, ${colorScheme}`);
    }
    assert.deepEqual(page.faults, []);
  }
});

test('whoever has a keyboard alone sees where they are', inBrowser, async (t) => {
  const browser = await startBrowser(t), origin = await servePages(t), page = await openPage(browser, origin);
  for (const name of ['ask', 'prove-dns', 'answer']) {
    await page.goto(`${origin}/${name}.en`);
    await page.keyboard.press('Tab');
    assert.equal(await page.evaluate(() => document.activeElement.className), 'skip');
    assert.ok(await page.evaluate(() => document.activeElement.getBoundingClientRect().left >= 0), 'the way past the head shows itself');
    await page.keyboard.press('Enter');
    await page.keyboard.press('Tab');
    assert.ok(await page.evaluate(() => document.querySelector('main').contains(document.activeElement)));
    assert.notEqual(await page.evaluate(() => getComputedStyle(document.activeElement).outlineStyle), 'none');
  }
});

test('script copies a record, and says what a plot of many years shows', inBrowser, async (t) => {
  const browser = await startBrowser(t), origin = await servePages(t);
  const page = await openPage(browser, origin, { permissions: ['clipboard-read', 'clipboard-write'] });
  await page.goto(`${origin}/prove-dns.en`);
  await page.getByRole('button', { name: /^Copy.*Value$/ }).click();
  await page.getByRole('button', { name: /^Copied.*Value$/ }).waitFor();
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), 'tidemark-proof=mfrggzdfmztwq2lknnwg23tpobyxe43u');
  await page.goto(`${origin}/answer-much.en`);
  const plot = page.locator('.u-over'), { width, height } = await plot.boundingBox();
  await plot.hover({ position: { x: width - 12, y: height / 2 } });
  await page.getByText(/^2021, Documents: \d+$/).waitFor();
  await plot.click({ position: { x: width - 12, y: height / 2 } });
  await page.waitForURL(/\?year=2021#documents$/);
  await page.goto(`${origin}/answer.en`);
  assert.equal(await page.locator('.u-over').count(), 0, 'few years are labelled by the page itself');
  assert.deepEqual(page.faults, []);
});

test('an answer prints on A4', inBrowser, async (t) => {
  const browser = await startBrowser(t), origin = await servePages(t), page = await openPage(browser, origin);
  for (const name of ['answer', 'answer-whole']) {
    await page.goto(`${origin}/${name}.en`);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
    const boxes = [...pdf.matchAll(/\/MediaBox \[([^\]]*)\]/g)].map(([, box]) => box.trim().split(/\s+/).map(Number));
    assert.ok(boxes.length >= 2 && boxes.length < 30, `${name}: ${boxes.length} sheets`);
    for (const [, , width, height] of boxes) assert.ok(Math.abs(width - 595) < 2 && Math.abs(height - 842) < 2);
  }
});

test('pictures are taken', { skip: pictures ? inBrowser.skip : 'TIDEMARK_PICTURES says where to' }, async (t) => {
  const browser = await startBrowser(t), origin = await servePages(t);
  mkdirSync(pictures, { recursive: true });
  for (const colorScheme of ['light', 'dark'])
    for (const [device, width] of Object.entries(widths)) {
      const page = await openPage(browser, origin, { colorScheme, viewport: { width, height: 900 } });
      for (const name of names) {
        const language = name.endsWith('-wrong') || name === 'nothing' ? 'de' : 'en';
        await page.goto(`${origin}/${name}.${language}`);
        await page.screenshot({ path: path.join(pictures, `${name}-${device}-${colorScheme}.png`), fullPage: !['answer-whole', 'answer-much'].includes(name) });
      }
      await page.context().close();
    }
});

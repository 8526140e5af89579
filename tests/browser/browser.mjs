// SPDX-License-Identifier: Apache-2.0
// What browser tests share: Chromium, pages as render-page writes them behind a server that says what the portal's says, axe.
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { once } from 'node:events';
import path from 'node:path';
import process from 'node:process';
import { chromium } from 'playwright-core';
import { build, root } from '../system/house.mjs';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find(existsSync);
export const inBrowser = { skip: executablePath ? false : 'takes Chromium: script/bootstrap --tests' };

export const widths = { phone: 360, tablet: 768, desk: 1440 };
/** Where chosen pictures go; none are made without. */
export const pictures = process.env.TIDEMARK_PICTURES;

export async function startBrowser(t) {
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  t.after(() => browser.close());
  return browser;
}

const program = path.join(build, 'tests/render-page');
export function render(...args) {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'buffer', maxBuffer: 1 << 28 });
  assert.equal(status, 0, `${args.join(' ')}: ${stderr}`);
  return stdout;
}
export const pageNames = () => render().toString().trim().split('\n');

/* What a page may load is what it says it loads: /assets/style-DIGEST.css is style.css of the build. */
const loaded = { 'style': [path.join(build, 'web/style.css'), 'text/css'], 'script': [path.join(build, 'web/tidemark.js'), 'text/javascript'],
  'mark': [path.join(root, 'web/mark.svg'), 'image/svg+xml'] };
export const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; " +
  "base-uri 'none'; frame-ancestors 'none'";

/** Serves /PAGE.LANGUAGE, and assets; other: what answers anything else. */
export async function servePages(t, other = (request, response) => response.writeHead(404).end()) {
  const server = createServer((request, response) => {
    const [, asset] = request.url.match(/^\/assets\/([a-z]+)-[0-9a-f]{16}\.[a-z]+$/) ?? [];
    const [, name, language] = request.url.match(/^\/([a-z-]+)\.(en|de)(?:[?#].*)?$/) ?? [];
    if (asset) response.writeHead(200, { 'content-type': loaded[asset][1] }).end(readFileSync(loaded[asset][0]));
    else if (name) response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', ...(name === 'answer-whole' ? {} : { 'content-security-policy': policy }) })
      .end(render(name, language)); // the whole answer is kept as a file, and has its style within
    else if (request.url === '/favicon.ico') response.writeHead(204).end(); // a file to keep has no picture of its own
    else other(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => { server.closeAllConnections(); server.close(); });
  return `http://127.0.0.1:${server.address().port}`;
}

/** A page that tells what went wrong in it: what was refused, thrown, or asked of somebody else. */
export async function openPage(browser, origin, options = {}) {
  const context = await browser.newContext({ viewport: { width: widths.desk, height: 900 }, ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on('console', (message) => { if (message.type() === 'error') page.faults.push(message.text()); });
  page.on('pageerror', (error) => page.faults.push(String(error)));
  page.on('request', (request) => { if (!request.url().startsWith(origin)) page.faults.push(`asks ${request.url()}`); });
  return page;
}

const axe = readFileSync(path.join(root, 'tests/node_modules/axe-core/axe.min.js'), 'utf8');
/** What axe finds fault with on the page as it is shown: [] */
export async function faultsByAxe(page) {
  await page.evaluate(axe);
  const { violations, passes } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ['violations'],
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] }));
  assert.ok(passes.length > 10, 'axe looked');
  return violations.map(({ id, nodes }) => `${id}: ${nodes.length} as ${nodes[0].html.slice(0, 160)} ${nodes[0].failureSummary}`);
}

// SPDX-License-Identifier: Apache-2.0
// probe beyond the container's own doors: its second region, inventories among its names, names that evidence tells of, signatures
// that documents hold; the command that shuts it; and SARIF and OCSF as their schemas have them. On the labelled fake.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { test } from 'node:test';
import Ajv from 'ajv';
import Ajv2020 from 'ajv/dist/2020.js';
import { answer, fakeAzure, plant, root, scratch, tidemark } from './house.mjs';

const blobs = [{ name: 'a.txt', text: 'a letter to bob@contoso.com' }];

async function setUp(t, containers, account = {}) {
  const folder = scratch(t), fake = await fakeAzure(t, { accounts: { acme: { ...account, containers } } });
  const base = `http://127.0.0.1:${fake.port}/acme`, target = (name) => `az+${base}/${name}`;
  const flags = ['--patience', '3', '--rate', '10000'];
  const scopeOf = (...allowed) => {
    const file = path.join(folder, 'scope.yaml');
    writeFileSync(file, `allow:\n${allowed.map((each) => `  - {target: '${each}', authority: of the tests}\n`).join('')}`);
    return ['--scope', file];
  };
  const probe = (names, code, ...more) => answer('probe', ['probe', ...[names].flat().map(target), ...flags, ...more], { code }).targets;
  return { ...fake, folder, base, target, flags, scopeOf, probe };
}

/* ---- the second region ---- */

test('a second region is asked where the scope lets it, and counts by itself', async (t) => {
  const at = await setUp(t, { open: { public: 'container', blobs }, lags: { secondaryPublic: 'container', blobs }, 'x-secondary': { blobs } }, { secondary: true });
  const second = (name) => at.target(name).replace('/acme/', '/acme-secondary/');
  const [unasked] = at.probe('open', 3);
  assert.equal(unasked.secondary, null);
  assert.match(unasked.secondary_why, /not in scope.*ACCOUNT-secondary/);
  assert.ok(!(await at.journal()).some(({ path: place }) => place.startsWith('/acme-secondary')), 'nothing was sent there');
  const scope = at.scopeOf(second('open'), second('lags'), second('x-secondary'));
  const [open, lags, other] = at.probe(['open', 'lags', 'x-secondary'], 3, ...scope);
  assert.deepEqual([open.secondary, lags.secondary, other.secondary], [true, true, false]);
  assert.deepEqual([lags.verdict, lags.anonymous.list], ['private-or-absent', false]);
  assert.equal(lags.evidence.filter(({ url, status }) => url.includes('/acme-secondary/lags?') && status === 200).length, 1);
  assert.match(lags.commands[0], /set-permission --name 'lags' --public-access off/);
  /* It alone makes the run one that found something open. */
  at.probe('lags', 3, ...scope);
  at.probe('x-secondary', 0, ...scope);
  const [itself] = answer('probe', ['probe', second('open'), ...at.flags], { code: 3 }).targets;
  assert.deepEqual([itself.verdict, itself.secondary], ['listable', null]);
});

/* ---- inventories ---- */

test('inventories and logs among the names are told, for they name what lies in other containers', async (t) => {
  const named = (...names) => ({ public: 'container', blobs: names.map((name) => ({ name, text: 'x' })) });
  const at = await setUp(t, {
    stock: named('2026/11/30/04-00-00/daily/daily.csv'), manifest: named('a', 'reports/2026/11/30/04-00-00/daily/daily-manifest.json'),
    hourly: named('resourceId=/SUBSCRIPTIONS/1/RESOURCEGROUPS/R/PROVIDERS/P/Y=2026/m=11/d=30/h=04/m=00/PT1H.json'), $logs: { public: 'blob' },
    plain: named('2026/11/30/04-00-00/daily.csv', 'inventory.csv', 'blob/2026/a.log'), closed: { blobs },
    long: { public: 'container', generate: { count: 1500 } } });
  const told = at.probe(['stock', 'manifest', 'hourly', '$logs', 'plain', 'closed', 'long'], 3);
  assert.deepEqual(told.map(({ inventories }) => inventories), [true, true, true, true, false, null, null]);
  assert.match(told[0].inventories_why, /2026\/11\/30\/04-00-00\/daily\/daily\.csv/);
  assert.deepEqual(told.slice(5).map(({ inventories_why: why }) => /cannot list|not all looked/.exec(why)?.[0]), ['cannot list', 'not all looked']);
});

/* ---- what evidence tells ---- */

const secret = 'k3PmR9sXvT2uWqL8nB5cD7eF1gH4jK6mN0pQrStUvWx%3D';

test('names that evidence tells of tell blob level from private; none is guessed', async (t) => {
  /* A server that says of a missing blob what it says of a private container. */
  const faults = [{ on: 'head', match: 'tidemark-probe-', error: 'NoAuthenticationInformation' }];
  const at = await setUp(t, { known: { public: 'blob', blobs: [{ name: 'told by a mail/q1.pdf', text: 'x' }], faults }, closed: { blobs, faults },
    shut: { public: 'container', blobs: [{ name: 'swept.txt', text: 'x' }], faults } });
  const catalog = ['--catalog', path.join(at.folder, 'catalog')];
  const mails = plant(path.join(at.folder, 'mails'), { 'a.txt': `see ${at.base}/known/told%20by%20a%20mail/q1.pdf and ${at.base}/closed/a.txt\n` });
  answer('sweep', ['sweep', mails, ...catalog]);
  answer('sweep', ['sweep', at.target('shut'), '--anonymous', ...at.flags, ...catalog]);
  const [blind] = at.probe('known', 0);
  assert.deepEqual([blind.verdict, blind.signatures], ['private-or-absent', null]);
  const [known, closed] = at.probe(['known', 'closed'], 3, '--evidence', ...catalog);
  assert.deepEqual([known.verdict, known.anonymous.read, known.anonymous.list], ['readable', true, false]);
  assert.equal(known.evidence.find(({ method, status }) => method === 'HEAD' && status === 200).url, `${at.base}/known/told%20by%20a%20mail/q1.pdf`);
  assert.deepEqual([closed.verdict, closed.anonymous.read], ['private-or-absent', false]);
  assert.equal(closed.evidence.filter(({ url }) => url.endsWith('/closed/a.txt')).length, 1);
  /* A name of a sweep; the level has become less since. */
  await fetch(`http://127.0.0.1:${at.port}/__faults?container=acme/shut`, { method: 'PUT', body: JSON.stringify([...faults, { on: ['list', 'properties'], error: 'NoAuthenticationInformation' }]) });
  const [swept] = at.probe('shut', 3, '--evidence', ...catalog);
  assert.deepEqual([swept.verdict, swept.anonymous.read], ['readable', true]);
  const asked = (await at.journal()).filter(({ method, path: place }) => method === 'HEAD' && place.split('/').length > 3).map(({ path: place }) => decodeURIComponent(place));
  assert.ok(asked.every((place) => /tidemark-probe-|told by a mail\/q1\.pdf|closed\/a\.txt|shut\/swept\.txt/.test(place)), asked.join());
  const { entries } = JSON.parse(tidemark(['journal', 'show', '--verb', 'probe', '--format', 'json', ...catalog]).out);
  assert.equal(entries.length, 2);
});

test('signatures that documents hold are told with what they allow, and never used', async (t) => {
  const at = await setUp(t, { open: { blobs }, other: { blobs } }, { sas: [`sv=2022-11-02&ss=b&srt=sco&sp=rwl&se=2051-01-01T00:00:00Z&sig=${decodeURIComponent(secret)}`] });
  const catalog = ['--catalog', path.join(at.folder, 'catalog')];
  answer('sweep', ['sweep', plant(path.join(at.folder, 'mails'), {
    'account.txt': `all of it: ${at.base}/other/x?sv=2022-11-02&ss=b&srt=sco&sp=rwl&se=2051-01-01T00:00:00Z&sig=${secret} for you\n`,
    'old.txt': `that: ${at.base}/open/a.txt?sv=2021-06-08&sr=b&sp=r&se=2020-01-01T00%3A00%3A00Z&sig=q${secret} or not\n`,
    'policy.txt': `this: ${at.base}/open?restype=container&comp=list&sv=2021-06-08&sr=c&si=it%27s&sig=z${secret} or so\n`,
    'neighbour.txt': `no: ${at.base}/other/a.txt?sv=2021-06-08&sr=b&sp=r&se=2051-01-01&sig=y${secret} here\n` }), ...catalog]);
  await at.journal();
  const [told] = at.probe('open', 0, '--evidence', ...catalog);
  const byPath = Object.fromEntries(told.signatures.map((each) => [path.basename(each.path), each]));
  assert.deepEqual(Object.keys(byPath).sort(), ['account.txt', 'old.txt', 'policy.txt']);
  const picked = ({ of, resource, permissions, policy, expires, expired }) => [of, resource, permissions, policy, expires, expired];
  assert.deepEqual(picked(byPath['account.txt']), ['account', 'sco', 'rwl', null, '2051-01-01T00:00:00Z', false]);
  assert.deepEqual(picked(byPath['old.txt']), ['service', 'b', 'r', null, '2020-01-01T00:00:00Z', true]);
  assert.deepEqual(picked(byPath['policy.txt']), ['service', 'c', null, "it's", null, false]);
  assert.match(byPath['account.txt'].command, /^az storage account keys renew --account-name 'acme'/);
  assert.equal(byPath['policy.txt'].command, `az storage container policy delete --container-name 'open' --name 'it'\\''s' --account-name 'acme' --blob-endpoint '${at.base}'`);
  assert.equal(byPath['old.txt'].command, null);
  assert.match(told.advice, /2 shared access signatures that documents hold/);
  assert.ok(!JSON.stringify(told).includes(secret.slice(0, 12)));
  assert.ok((await at.journal()).every(({ query, authorization }) => !authorization && query.sig === undefined), 'nothing was signed');
});

/* ---- what is to be done ---- */

test('advice ends in the exact command, for that endpoint, quoted for a shell', async (t) => {
  const page = [{ name: 'index.html', text: '<h1>Contoso</h1>', contentType: 'text/html' }];
  const at = await setUp(t, { open: { public: 'container', blobs }, $web: { public: 'blob', blobs: page }, closed: { blobs } }, { web: { index: 'index.html', notFound: '404.html' } });
  const [open, web] = at.probe(['open', '$web'], 3, ...at.scopeOf(at.target('$web')));
  const shut = (name) => `az storage container set-permission --name '${name}' --public-access off --account-name 'acme' --blob-endpoint '${at.base}'`;
  const site = `az storage blob service-properties update --static-website false --account-name 'acme' --blob-endpoint '${at.base}'`;
  assert.deepEqual([open.commands, web.commands], [[shut('open'), site], [shut('$web'), site]]);
  assert.ok(open.advice.endsWith(`By the Azure CLI: ${shut('open')}; ${site}`), open.advice);
  assert.deepEqual(at.probe('closed', 0)[0].commands, []);
  const table = tidemark(['probe', at.target('open'), ...at.flags]);
  assert.ok(table.out.replaceAll(/\s+/g, ' ').includes('set-permission --name \'open\''), table.out);
});

/* ---- SARIF and OCSF ---- */

async function ofAllKinds(t) {
  const at = await setUp(t, { open: { public: 'container', blobs }, known: { public: 'blob', blobs }, closed: { blobs }, lags: { secondaryPublic: 'container', blobs },
    busy: { faults: [{ error: 'ServerBusy' }] }, $web: { blobs: [{ name: 'index.html', text: 'x' }] } }, { secondary: true, web: { index: 'index.html', notFound: '404.html' } });
  const names = ['open', 'known', 'closed', 'lags', 'busy', '$web'];
  const scope = at.scopeOf(at.target('$web'), at.target('lags').replace('/acme/', '/acme-secondary/'));
  return (format) => JSON.parse(tidemark(['probe', ...names.map(at.target), ...at.flags, '--patience', '1', '--format', format, ...scope]).out);
}

test('SARIF holds against the published schema of 2.1.0', async (t) => {
  const inPackage = createRequire(path.join(root, 'tests/package.json')).resolve('@microsoft/jest-sarif/package.json');
  /* It is of draft 4, of which it uses nothing that later drafts read in another way but the names of these two. */
  const { $schema: _, id: __, ...schema } = JSON.parse(readFileSync(path.join(path.dirname(inPackage), 'lib/schemas/sarif-2.1.0-rtm.5.json'), 'utf8'));
  const validate = new Ajv({ strict: false, validateFormats: false, allErrors: true, unicodeRegExp: false }).compile(schema);
  const log = (await ofAllKinds(t))('sarif');
  assert.ok(validate(log), JSON.stringify(validate.errors?.slice(0, 5)));
  const { results, tool } = log.runs[0];
  assert.ok(results.every(({ ruleId, ruleIndex }) => tool.driver.rules[ruleIndex].id === ruleId));
  /* None but what fails has a level. */
  assert.ok(results.every(({ kind, level }) => kind === 'fail' || level === 'none'));
  assert.deepEqual([...new Set(results.map(({ ruleId }) => ruleId))].sort(), ['listable', 'not-established', 'readable', 'secondary', 'static-site']);
  for (const spoiled of [{ ...log, version: '2.0.0' }, { ...log, runs: [{ ...log.runs[0], results: [{ ruleId: 'listable' }] }] }])
    assert.equal(validate(spoiled), false, 'the schema refuses what is no such log');
});

test('OCSF findings hold what class 2004 of 1.3.0 requires', async (t) => {
  const schema = JSON.parse(readFileSync(path.join(root, 'tests/system/ocsf-2004.json'), 'utf8'));
  const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
  const findings = (await ofAllKinds(t))('ocsf');
  assert.equal(findings.length, 6);
  for (const finding of findings) assert.ok(validate(finding), JSON.stringify(validate.errors?.slice(0, 5)));
  assert.ok(findings.every(({ type_uid: type, class_uid: kind, activity_id: activity }) => type === kind * 100 + activity));
  for (const member of ['finding_info', 'metadata', 'severity_id', 'time', 'cloud']) {
    const { [member]: _, ...spoiled } = findings[0];
    assert.equal(validate(spoiled), false, `${member} is required`);
  }
});

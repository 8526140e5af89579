// SPDX-License-Identifier: Apache-2.0
// How well secrets are found: bench/quality/secrets.mjs TRUTH [TEXTS...]
//
// TRUTH is a folder with gitleaks-examples.tsv and noseyparker-examples.tsv (rule_id, rule_name, polarity, text, ...; escapes
// \\ \t \n \r), leaky-repo-secrets.csv (name, num_risk, num_informative) and, beside or within, the folder leaky-repo itself
// (--repo FOLDER). TEXTS are files or folders of ordinary text: what is found there are false alarms, told per 10 MB.
// --show lists what was missed and what was found where nothing is. An example's finding (rule .../example) is none.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { tell, tellShare, words } from './figures.mjs';

const root = path.join(path.dirname(new URL(import.meta.url).pathname), '../..');
const build = path.resolve(process.env.TIDEMARK_BUILD ?? path.join(root, 'build'));
const options = words;
const takes = (name) => { const at = options.indexOf(name); return at < 0 ? undefined : options.splice(at, 2)[1]; };
const repo = takes('--repo');
const shows = options.includes('--show') && options.splice(options.indexOf('--show'), 1);
const [truth, ...texts] = options;
if (truth === undefined) {
  console.error('usage: secrets.mjs [--show] [--repo FOLDER] TRUTH [TEXTS...]');
  process.exit(1);
}

/* The secrets found in each text; those of examples apart. */
function detect(all) {
  const { status, stdout, stderr } = spawnSync(path.join(build, 'bench/detect-text'), { input: Buffer.concat(all.flatMap((text) => [Buffer.from(text), Buffer.from([0])])), maxBuffer: 1 << 30 });
  if (status !== 0) throw new Error(`detect-text: ${stderr}`);
  return stdout.toString().trimEnd().split('\n').map((line) => {
    const secrets = JSON.parse(line).filter(({ kind }) => kind === 'secret');
    return { real: secrets.filter(({ rule }) => !rule.includes('/example')), examples: secrets.filter(({ rule }) => rule.includes('/example')) };
  });
}

const unescaped = (text) => text.replace(/\\([\\tnr])/g, (_, c) => ({ '\\': '\\', t: '\t', n: '\n', r: '\r' })[c]);
/* Rules of these tools that name no secret: names of accounts, buckets, hosts, public keys. */
const noSecret = /^(np\.(age\.1|arn\.|aws\.3|gcs\.|google\.1|linkedin\.1|mapbox\.1|reactapp\.1|s3\.|shopify\.1|twitter\.1)|discord-client-id|gcp-service-account$)/;

for (const name of ['gitleaks', 'noseyparker']) {
  const rows = readFileSync(path.join(truth, `${name}-examples.tsv`), 'utf8').trimEnd().split('\n').slice(1).map((line) => line.split('\t'));
  const cases = rows.map(([rule, , polarity, text]) => ({ rule, polarity, text: unescaped(text) })).filter(({ text }) => text.trim() !== '');
  detect(cases.map(({ text }) => text.replaceAll('\0', ' '))).forEach((found, n) => Object.assign(cases[n], found));
  const positives = cases.filter(({ polarity, rule }) => polarity === 'positive' && !noSecret.test(rule));
  const named = cases.filter(({ polarity, rule }) => polarity === 'positive' && noSecret.test(rule));
  /* What is negative for one rule and positive for another is a secret. */
  const secret = new Set(cases.filter(({ polarity }) => polarity === 'positive').map(({ text }) => text.trim()));
  const negatives = cases.filter(({ polarity, text }) => polarity === 'negative' && !secret.has(text.trim()));
  const met = positives.filter(({ real, examples }) => real.length + examples.length > 0);
  tellShare(`secrets of ${name}: positives found, ${met.filter(({ real }) => real.length === 0).length} of them as examples only; ${named.length} of rules for what is no secret left out`, met.length, positives.length, 'bar 90 %');
  tellShare(`secrets of ${name}: negatives with findings; ${negatives.filter(({ real, examples }) => real.length === 0 && examples.length > 0).length} more as examples`, negatives.filter(({ real }) => real.length > 0).length, negatives.length, 'bar: at most 2 %');
  if (shows) {
    for (const { rule, text } of positives.filter((row) => !met.includes(row))) console.log(`  missed ${rule}: ${JSON.stringify(text).slice(0, 250)}`);
    for (const { rule, text, real } of negatives.filter(({ real }) => real.length > 0)) console.log(`  wrong ${rule}: ${real.map(({ subkind, value }) => `${subkind} ${value}`).join(', ').slice(0, 120)} in ${JSON.stringify(text).slice(0, 160)}`);
  }
}

function filesOf(place) {
  if (!statSync(place).isDirectory()) return [place];
  return readdirSync(place).sort().flatMap((name) => filesOf(path.join(place, name)));
}

if (repo !== undefined) {
  const risks = readFileSync(path.join(truth, 'leaky-repo-secrets.csv'), 'utf8').split('\n').map((line) => line.trim()).filter((line) => line && !line.startsWith('#')).map((line) => line.split(','));
  let found = 0, all = 0;
  for (const [name, risk] of risks) {
    const file = path.join(repo, name);
    all += Number(risk);
    if (!existsSync(file)) continue;
    const text = readFileSync(file).toString('utf8').replaceAll('\0', ' ');
    const [{ real, examples }] = detect([text]);
    const lineOf = (at) => [...text].slice(0, at).filter((c) => c === '\n').length;
    const lines = new Set([...real, ...examples].map(({ from }) => lineOf(from))).size;
    found += Math.min(lines, Number(risk));
    if (shows && lines < Number(risk)) console.log(`  leaky-repo ${name}: ${lines} of ${risk}`);
  }
  tellShare('secrets of leaky-repo: lines at risk found', found, all);
}

if (texts.length > 0) {
  const files = texts.flatMap(filesOf);
  const all = files.map((file) => readFileSync(file).toString('latin1').replaceAll('\0', ' '));
  const bytes = all.reduce((sum, text) => sum + text.length, 0);
  const results = detect(all);
  const alarms = results.flatMap(({ real }, n) => real.map((finding) => [files[n], finding]));
  tell(`secrets, false alarms per 10 MB of ordinary text, ${(bytes / 1e6).toFixed(1)} MB; as examples ${results.reduce((sum, { examples }) => sum + examples.length, 0)}`, (alarms.length / (bytes / 1e7)).toFixed(2), files.length, 'bar: under 1');
  if (shows) for (const [file, { subkind, value, raw, confidence }] of alarms) console.log(`  alarm ${path.basename(file)}: ${subkind} ${confidence} ${JSON.stringify(value).slice(0, 80)} ${raw.slice(0, 8)}`);
}

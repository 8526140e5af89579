// SPDX-License-Identifier: Apache-2.0
// script/bench quality: every script of this folder against the ground truths, and what it measured into docs/quality.md.
//   node bench/quality/all.mjs BUILD CORPUS [--only NAME]... [--dry]
// CORPUS: a folder with truth/dev and dev. A script that stands in no row below is given BUILD, CORPUS/truth/dev and CORPUS, and
// --markdown, if it knows that word. What a run could not measure is told in the page, too. --dry: prints the page.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

const here = path.dirname(new URL(import.meta.url).pathname), root = path.join(here, '../..');
const words = process.argv.slice(2);
const only = words.flatMap((word, n) => (word === '--only' ? [words[n + 1]] : []));
const [build, corpus] = words;
if (corpus === undefined || corpus.startsWith('--')) throw new Error('usage: all.mjs BUILD CORPUS [--only NAME]... [--dry]');
const truth = path.join(corpus, 'truth/dev'), dev = path.join(corpus, 'dev');
const mails = ['mikel+mail', 'spamassassin', 'jstedfast+MimeKit'].map((name) => path.join(dev, name)).filter(existsSync);

const titles = { classes: 'Classes', invoices: 'Invoices', numbers: 'Numbers and addresses', persons: 'People by name', secrets: 'Secrets', signatures: 'Signatures', twins: 'Twins', owners: 'Owners', people: 'Person records', silent: 'The gate' };
const given = {
  classes: [build, path.join(truth, 'docclass/labels.tsv'), corpus],
  numbers: [truth],
  owners: [build, corpus],
  persons: [build, truth, ...mails],
  secrets: ['--repo', path.join(dev, 'Plazmaz+leaky-repo'), path.join(truth, 'secrets'), ...mails],
  silent: [build, path.join(root, 'demo/leak')],
  signatures: [build, path.join(truth, 'signatures/labels.tsv'), corpus, '--others', dev],
  twins: [build, path.join(truth, 'neardup'), dev],
};
/* What each bar stands for, and what the figures do not say. */
const notes = {
  classes: 'Labels are grouped: `order_response` is `order_confirmation`, `performance_work_statement` and `statement_of_objectives` are `statement_of_work`, notes of credit are `invoice`; what has no class here is not scored. A hundred mails stand for all. The words were developed on half of these files.',
  invoices: 'Truth is what the file\'s XML says of itself. Many files are samples whose ids have wrong check digits: these are refused, and count as missed.',
  numbers: 'Each value stands in a sentence with the word for it. The forms of validator.js know few check digits, so most of what it calls a valid VAT id is none. Of phones that cannot be, the one found behind "Tel." has twelve digits, too many for the country that its row names and right for another. Sentences are synthetic (presidio-research).',
  persons: 'Names are told here where an address or a label vouches for them. In headers all words before an address count as a name, also those of lists and services, which are rightly not told. Names in running text are not sought: the figure says what that costs. Tables, forms and signature blocks are made here of three hundred names; what is read of them as records is another figure.',
  secrets: 'Negatives are examples that a rule of another tool does not match; some of them are secrets of another kind.',
  signatures: 'Some files are labelled by their ending and carry no signature: certificates alone, compressed or time-stamped data, evidence records, a report of a signature. Signers\' names are known of PDFs alone. What is called signed and has no label, when last looked at: three signatures within Java archives, none wrong.',
  owners: 'Truth is what structured invoices state, what lists of contracts name, and who wrote a mail. The first table says how often the right ones were named, the second how sure it was said against how often it was right, the third by which evidence, the last what would have been told to others. Owners of rows alone are apart from parties of their document, where a set has any. An address in a signature block is right for whoever it belongs to: the truth of those six contracts names other firms.',
  people: 'Tables made with planted doubles: the same name twice, one person with three addresses, swapped columns.',
  silent: 'Over the demo\'s leak (`node demo-kit/make-leak.mjs demo/leak`), without a register: files whose party an organisation is, by the leak\'s truth, and whether its answer has them. Of files of many (mailboxes, archives, tables) its part.',
  twins: 'Jaccard of five-word shingles, estimated from 760 bins of six bits under a key drawn for each incident: figures differ by some thousandths from run to run. Other formats of one text: many of these files are RTF and Word 97 files, which are not read yet, or too short.',
};

const names = readdirSync(here).filter((name) => name.endsWith('.mjs')).map((name) => name.slice(0, -4)).filter((name) => !['all', 'figures'].includes(name));
const isTold = (name) => readFileSync(path.join(here, `${name}.mjs`), 'utf8').includes('--markdown') || given[name] !== undefined;
/* A script's figures are rows of one table, unless it brings the heads of its own. */
const isRule = (line) => /^[|:\s-]+$/.test(line ?? '');
const tablesOf = (rows) => [...(isRule(rows[1]) ? [] : ['| figure | value | n | bar or baseline |', '|---|---|---|---|']),
  ...rows.flatMap((line, n) => (n > 0 && isRule(rows[n + 1]) ? ['', line] : [line]))];
const page = [];
for (const name of names.filter((one) => isTold(one) && (only.length === 0 || only.includes(one)))) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [path.join(here, `${name}.mjs`), ...given[name] ?? [build, truth, corpus], '--markdown'], { encoding: 'utf8', maxBuffer: 1 << 28, env: { ...process.env, TIDEMARK_BUILD: path.resolve(build) } });
  const rows = stdout.split('\n').filter((line) => line.startsWith('|'));
  page.push(`\n## ${titles[name] ?? name}\n`, ...(notes[name] ? [`${notes[name]}\n`] : []), ...tablesOf(rows));
  if (status !== 0) page.push(`\nIt ended before all was measured: ${stderr.trim().split('\n').find((line) => line.includes('Error')) ?? `exit ${status}`}`);
  console.error(`${name}: ${rows.length} figures${status === 0 ? '' : ', and it failed'}`);
}
const rules = [...readFileSync(path.join(build, 'src/rules-version.h'), 'utf8').matchAll(/^#define \w+_VERSION "([^"]+)"/gm)].map(([, version]) => version).join('.');
const head = `# Quality, measured

Made by \`script/bench quality\` on ${new Date().toISOString().slice(0, 10)}, by the rules \`${rules}\`. What is bad stands here, too. *n* is how many
a figure is of; small ones say little. A bar is what this project asks of itself. Truths are those of others and no part of this
repository. The rules were written with most of them at hand: on files that nobody has seen yet figures will be lower.
`;
const text = `${head}${page.join('\n')}\n`;
if (words.includes('--dry')) console.log(text);
else if (only.length > 0) console.log(page.join('\n'));
else writeFileSync(path.join(root, 'docs/quality.md'), text);

// SPDX-License-Identifier: Apache-2.0
// How the scripts of this folder tell what they measured: a line each, or with --markdown a row of docs/quality.md, as all.mjs
// gathers them: | figure | value | n | bar or baseline |.
export const isMarkdown = process.argv.includes('--markdown');
export const words = process.argv.slice(2).filter((word) => word !== '--markdown');

/** value: as it is read; n: of how many. */
export function tell(name, value, n, bar = '') {
  const cell = (text) => String(text).replaceAll('|', '\\|').replaceAll('\n', ' ');
  console.log(isMarkdown ? `| ${cell(name)} | ${cell(value)} | ${n} | ${cell(bar)} |` : `${name}: ${value} (${n})${bar ? `, ${bar}` : ''}`);
}

/** What goes with a figure where a person reads: confusions, notes. */
export function say(text) {
  if (!isMarkdown) console.log(text);
}

export const share = (part, whole) => (whole === 0 ? 'none' : `${(100 * part / whole).toFixed(1)} %`);
export const tellShare = (name, part, whole, bar) => tell(name, share(part, whole), whole, bar);

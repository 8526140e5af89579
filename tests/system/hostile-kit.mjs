// SPDX-License-Identifier: Apache-2.0
// What tests of hostile input share: archives made by hand, bombs, and cells that were taken over.
import { closeSync, copyFileSync, linkSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import zlib from 'node:zlib';
import { build, scratch } from './house.mjs';

/** The programs in a folder of their own, the stand-in for a cell (fetch, extract) under its name; mode: what it does. */
export function takenOver(t, cell, mode) {
  const from = scratch(t);
  for (const name of ['tidemark', 'tidemark-fetch', 'tidemark-extract', 'tidemark-act']) {
    const program = path.join(build, name === `tidemark-${cell}` ? `tests/standin-${cell}` : name), place = path.join(from, name);
    try { linkSync(program, place); } catch { copyFileSync(program, place); }
  }
  writeFileSync(path.join(from, 'mode'), `${mode}\n`);
  return from;
}

/** Modes of standin-extract that break the protocol: what they are given ends as crashed, and nothing of what they say is believed. */
export const lies = ['flood', 'want', 'sameordinal', 'twice', 'sizes', 'circle', 'nameless', 'begin', 'spans', 'owner', 'outcome', 'early',
  'descriptor', 'text',
  'factspan', 'factkind', 'factclass', 'class', 'signing', 'secretvalue', 'secretraw', 'secretarmour', 'shownother'];

/** Modes of standin-fetch that cost the target: [what is said, how its objects end]. */
export const lost = {
  notready: [/was silent/], nolist: [/was silent/], deaf: [/was silent/], noget: [/was silent/, 'timed_out'],
  die: [/ended unexpectedly/, 'unreachable'],
  endlesspage: [/a page without end/, 'unreachable'], emptyframes: [/a page without end/], textless: [/an object that is none/],
  progress: [/progress that is none/, 'unreachable'], steps: [/progress that is none/, 'unreachable'],
  ...Object.fromEntries(['badseal', 'noseal', 'unsealed', 'badsize', 'tooshort', 'pipe', 'directory', 'file', 'tmpfs', 'socket', 'partial']
    .map((mode) => [mode, [/no sealed memory/, 'unreachable']])),
  nomemory: [/memory and windows at once, or neither/, 'unreachable'], both: [/memory and windows at once, or neither/, 'unreachable'],
  ...Object.fromEntries(['counts', 'hugegot', 'hugecounts', 'oddmd5', 'note'].map((mode) => [mode, [/an object that is none/, 'unreachable']])),
  'window-none': [/no answer to what was asked/, 'unreachable'],
  ...Object.fromEntries(['windowlong', 'windowshort', 'window-elsewhere', 'window-noseal', 'window-claim']
    .map((mode) => [mode, [/the window asked for/, 'unreachable']])),
  'window-silent': [/was silent/, 'timed_out'], 'window-sha': [/counts that cannot be/, 'unreachable'],
  ...Object.fromEntries(['end', 'ok', 'crashed', 'interrupted', 'space', 'ocr']
    .map((word) => [`failed-${word}`, [/a failure that is none/, 'unreachable']])),
};

const crcTable = Uint32Array.from({ length: 256 }, (_, n) => {
  for (let bit = 0; bit < 8; bit++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n;
});
export function crc32(bytes) {
  let crc = 0xffffffff;
  for (const byte of bytes) crc = crcTable[(crc ^ byte) & 255] ^ (crc >>> 8);
  return (crc ^ 0xffffffff) >>> 0;
}

/** A zip of [name, bytes] pairs; stored, or deflated where deflate is given. */
export function zip(members, { deflate = false } = {}) {
  const pieces = [], directory = [];
  let at = 0;
  for (const [name, given] of members) {
    const bytes = Buffer.from(given), label = Buffer.from(name);
    const packed = deflate ? zlib.deflateRawSync(bytes) : bytes;
    const common = Buffer.alloc(26);
    common.writeUInt16LE(20, 0);
    common.writeUInt16LE(0x800, 2);
    common.writeUInt16LE(deflate ? 8 : 0, 4);
    common.writeUInt32LE(0x21, 6);
    common.writeUInt32LE(crc32(bytes), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(bytes.length, 18);
    common.writeUInt16LE(label.length, 22);
    pieces.push(Buffer.from('PK\x03\x04'), common, label, packed);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), common, tail, label);
    at += 30 + label.length + packed.length;
  }
  const index = Buffer.concat(directory), end = Buffer.alloc(18);
  end.writeUInt16LE(members.length, 4);
  end.writeUInt16LE(members.length, 6);
  end.writeUInt32LE(index.length, 8);
  end.writeUInt32LE(at, 12);
  return Buffer.concat([...pieces, index, Buffer.from('PK\x05\x06'), end]);
}

/** A zip whose members are all the same compressed bytes, without repeating them: each overlaps the others. */
export function overlappingZip(count, size) {
  const contents = Buffer.alloc(size), packed = zlib.deflateRawSync(contents, { level: 9 });
  const whole = zip([['0', contents]], { deflate: true });
  const entryLength = 46 + 1, entry = whole.subarray(31 + packed.length, 31 + packed.length + entryLength);
  const end = Buffer.from(whole.subarray(31 + packed.length + entryLength));
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(entryLength * count, 12);
  return Buffer.concat([whole.subarray(0, 31 + packed.length), ...Array(count).fill(entry), end]);
}

/** Writes a gzip member of so many zeros: one deflated MiB, repeated (a full flush ends each on a byte of its own). */
export function gzipOfZeros(file, mebibytes) {
  const chunk = zlib.deflateRawSync(Buffer.alloc(1 << 20), { level: 9, finishFlush: zlib.constants.Z_FULL_FLUSH });
  const run = Buffer.concat(Array(64).fill(chunk)), out = openSync(file, 'w');
  writeSync(out, Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255]));
  for (let left = mebibytes; left > 0; left -= 64) writeSync(out, run);
  /* An empty last block; checksum and length of nobody's interest before the budget is spent. */
  writeSync(out, Buffer.from([3, 0, 0, 0, 0, 0, 0, 0, 0, 0]));
  closeSync(out);
}

export const nested = (depth, wrap, bytes) => {
  for (let i = 0; i < depth; i++) bytes = wrap(bytes, i);
  return bytes;
};

/** A tar whose members all have this name and these contents. */
export function tarOf(count, name, contents = '') {
  const header = Buffer.alloc(512), bytes = Buffer.from(contents);
  const fields = [[name, 0], ['0000600', 100], ['0000000', 108], ['0000000', 116], [bytes.length.toString(8).padStart(11, '0'), 124],
    ['00000000000', 136], ['        0', 148], ['ustar', 257], ['00', 263]];
  for (const [text, at] of fields) header.write(text, at, 'latin1');
  header.write(header.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0'), 148);
  header[154] = 0;
  const member = Buffer.concat([header, bytes, Buffer.alloc((512 - (bytes.length % 512)) % 512)]);
  return Buffer.concat([...Array(count).fill(member), Buffer.alloc(1024)]);
}

/** A PDF of so many pages that are all drawn by one stream, given deflated. */
export function pagesOf(count, stream) {
  const numbers = Array.from({ length: count }, (_, i) => i + 5);
  const objects = ['<</Type/Catalog/Pages 2 0 R>>', `<</Type/Pages/Kids[${numbers.map((n) => `${n} 0 R`).join(' ')}]/Count ${count}>>`,
    '<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>',
    Buffer.concat([Buffer.from(`<</Length ${stream.length}/Filter/FlateDecode>>stream\n`), stream, Buffer.from('\nendstream')]),
    ...numbers.map(() => '<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Resources 3 0 R/Contents 4 0 R>>')];
  const pieces = [Buffer.from('%PDF-1.4\n')], places = [];
  let at = pieces[0].length;
  for (const [i, object] of objects.entries()) {
    places.push(at);
    pieces.push(Buffer.concat([Buffer.from(`${i + 1} 0 obj`), Buffer.from(object), Buffer.from('endobj\n')]));
    at += pieces.at(-1).length;
  }
  const table = places.map((place) => `${String(place).padStart(10, '0')} 00000 n \n`).join('');
  pieces.push(Buffer.from(`xref\n0 ${places.length + 1}\n0000000000 65535 f \n${table}trailer<</Root 1 0 R/Size ${
    places.length + 1}>>\nstartxref\n${at}\n%%EOF\n`));
  return Buffer.concat(pieces);
}

/** The stream that all pages of a PDF made by pagesOf share. */
export function streamOf(pdf) {
  const length = Number(/\/Length (\d+)/.exec(pdf.toString('latin1'))[1]), from = pdf.indexOf('stream\n') + 7;
  return pdf.subarray(from, from + length);
}

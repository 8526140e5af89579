// SPDX-License-Identifier: Apache-2.0
// What tests of hostile input share: archives made by hand, and bombs.
import { closeSync, openSync, writeSync } from 'node:fs';
import zlib from 'node:zlib';

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

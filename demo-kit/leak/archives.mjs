// SPDX-License-Identifier: Apache-2.0
// ZIP archives: ordinary ones by archiver, and one locked with a password (the traditional cipher
// of APPNOTE.TXT section 6.1, which no library in the kit writes).
import { createRequire } from 'node:module';
import { generator } from './still.mjs';

const archiver = createRequire(import.meta.url)('archiver');

export async function zip(members, date) {
  const archive = archiver('zip', { zlib: { level: 9 } });
  for (const { name, bytes } of members) archive.append(bytes, { name, date, mode: 0o644 });
  const finished = archive.finalize();
  const chunks = [];
  for await (const chunk of archive) chunks.push(chunk);
  await finished;
  return Buffer.concat(chunks);
}

const crcTable = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit++) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});
const crcStep = (crc, byte) => (crcTable[(crc ^ byte) & 0xff] ^ (crc >>> 8)) >>> 0;
const crcOf = (bytes) => (bytes.reduce(crcStep, 0xffffffff) ^ 0xffffffff) >>> 0;

function cipher(password) {
  const keys = [0x12345678, 0x23456789, 0x34567890];
  const turn = (byte) => {
    keys[0] = crcStep(keys[0], byte);
    keys[1] = (Math.imul((keys[1] + (keys[0] & 0xff)) >>> 0, 134775813) + 1) >>> 0;
    keys[2] = crcStep(keys[2], keys[1] >>> 24);
  };
  for (const byte of Buffer.from(password)) turn(byte);
  return (byte) => {
    const mask = (keys[2] | 2) & 0xffff;
    turn(byte);
    return byte ^ ((Math.imul(mask, mask ^ 1) >>> 8) & 0xff);
  };
}

function locked(bytes, crc, password) {
  const next = generator(password);
  const header = Uint8Array.from({ length: 12 }, (_, index) => (index < 11 ? Math.floor(next() * 256) : crc >>> 24));
  const encrypt = cipher(password);
  return Buffer.from([...header, ...bytes].map(encrypt));
}

function entryFields({ name, crc, sealed, size, date }) {
  const fields = Buffer.alloc(26);
  const day = ((date.getUTCFullYear() - 1980) << 9) | ((date.getUTCMonth() + 1) << 5) | date.getUTCDate();
  fields.writeUInt16LE(20, 0);
  fields.writeUInt16LE(1, 2);
  fields.writeUInt16LE(day, 8);
  fields.writeUInt32LE(crc, 10);
  fields.writeUInt32LE(sealed.length, 14);
  fields.writeUInt32LE(size, 18);
  fields.writeUInt16LE(Buffer.byteLength(name), 22);
  return fields;
}

function endRecord(directorySize, directoryAt) {
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(directorySize, 12);
  end.writeUInt32LE(directoryAt, 16);
  return end;
}

export function lockedZip({ name, bytes }, date, password) {
  const crc = crcOf(bytes);
  const sealed = locked(bytes, crc, password);
  const fields = entryFields({ name, crc, sealed, size: bytes.length, date });
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, Buffer.from(name), sealed]);
  const directory = Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, Buffer.alloc(14), Buffer.from(name)]);
  return Buffer.concat([local, directory, endRecord(directory.length, local.length)]);
}

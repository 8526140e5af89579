// SPDX-License-Identifier: Apache-2.0
// A signature never gets out: one of its own is planted in every place of every format that can be made here, and no command
// says its last part in any form, on either stream, nor does the journal. What stands before a signature is said: so it was
// met, and cut.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import zlib from 'node:zlib';
import { answer, everyHit, onTerminal, plant, scratch, tidemark } from './house.mjs';
import { zip } from './hostile-kit.mjs';

const planted = [];

/* Another one each time. The tail is what nobody may ever see; its place is its account's name, or the beginning of a name. */
function another() {
  const n = String(planted.length).padStart(3, '0');
  planted.push({ place: `plant${n}`, tail: `hYmNkZWZn${n}Xq7`, stack: new Error().stack.split('\n')[3].trim() });
  return { place: `plant${n}`, signature: `Zm9vYmFyYmF6cXV4MTIzNDU2Nzg5MGFhYmNkZWZn${n}Xq7%3D` };
}
const url = (and = '&', is = '=') => {
  const { place, signature } = another();
  return `https://${place}.blob.core.windows.net/c/x.txt?sv=2020-08-04${and}sig${is}${signature}`;
};
const bare = (name) => { const { place, signature } = another(); return `${place} ${name}=${signature}`; };
const nameOf = (ending = '') => { const { place, signature } = another(); return `${place}?sv=1&sig=${signature}${ending}`; };
const connection = () => {
  const { place, signature } = another();
  return `DefaultEndpointsProtocol=https;AccountName=${place};AccountKey=${signature.replace('%3D', '==')};EndpointSuffix=core.windows.net`;
};
const entity = () => url('&amp;');
const encoded = (text) => encodeURIComponent(text);
const json = (value) => JSON.stringify(value);
/* In the middle of the signature, and in the middle of its name. */
const wrapped = (text, by) => `${text.slice(0, -20)}${by}${text.slice(-20)}`;
const torn = (text, by) => text.replace('&sig', `&si${by}g`);

function pdf() {
  const title = url(), author = url(), shown = url(), link = url(), outline = url(), attachment = nameOf('.txt');
  const text = `BT /F1 4 Tf 10 100 Td (${shown}) Tj ET`;
  const objects = [
    '<</Type/Catalog/Pages 2 0 R/Outlines 7 0 R/Names<</EmbeddedFiles<</Names[(a) 9 0 R]>>>>>>', '<</Type/Pages/Kids[3 0 R]/Count 1>>',
    `<</Type/Page/Parent 2 0 R/MediaBox[0 0 900 200]/Resources<</Font<</F1 5 0 R>>>>/Contents 4 0 R/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(${link})>>>>]>>`,
    `<</Length ${text.length}>>\nstream\n${text}\nendstream`, '<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>',
    `<</Title(${title})/Author(${author})>>`, '<</Type/Outlines/First 8 0 R/Last 8 0 R/Count 1>>', `<</Title(${outline})/Parent 7 0 R/Dest[3 0 R/Fit]>>`,
    `<</Type/Filespec/F(${attachment})/UF(${attachment})/EF<</F 10 0 R>>>>`, '<</Type/EmbeddedFile/Length 5>>\nstream\nhello\nendstream',
  ];
  let whole = '%PDF-1.7\n';
  const offsets = objects.map((object, n) => { const at = whole.length; whole += `${n + 1} 0 obj\n${object}\nendobj\n`; return at; });
  const table = offsets.map((at) => `${String(at).padStart(10, '0')} 00000 n \n`).join('');
  return `${whole}xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${table}trailer\n<</Size ${objects.length + 1}/Root 1 0 R/Info 6 0 R>>\nstartxref\n${whole.length}\n%%EOF\n`;
}

const W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const relations = (...of) => `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${of.map(([type, target], n) =>
  `<Relationship Id="r${n}" Type="${type.startsWith('http') ? type : `http://schemas.openxmlformats.org/officeDocument/2006/relationships/${type}`}" Target="${target}"/>`).join('')}</Relationships>`;
const types = (...of) => `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/docProps/core.xml" ContentType="application/vnd.openxmlformats-package.core-properties+xml"/>${of.map(([part, type]) =>
  `<Override PartName="/${part}" ContentType="application/vnd.openxmlformats-officedocument.${type}+xml"/>`).join('')}</Types>`;
const core = () => ['docProps/core.xml', `<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>${entity()}</dc:title><dc:creator>${entity()}</dc:creator><cp:keywords>${entity()}</cp:keywords></cp:coreProperties>`];
const top = (main) => ['_rels/.rels', relations(['officeDocument', main], ['http://schemas.openxmlformats.org/package/2006/relationships/metadata/core-properties', 'docProps/core.xml'])];
const words = (text) => `<w:p><w:r><w:t>${text}</w:t></w:r></w:p>`;

const docx = () => zip([
  ['[Content_Types].xml', types(['word/document.xml', 'wordprocessingml.document.main'], ['word/comments.xml', 'wordprocessingml.comments'], ['word/header1.xml', 'wordprocessingml.header'])],
  top('word/document.xml'), core(), ['word/_rels/document.xml.rels', relations(['comments', 'comments.xml'], ['header', 'header1.xml'])],
  ['word/document.xml', `<w:document ${W}><w:body>${words(entity())}<w:p><w:r><w:t>${entity().slice(0, -20)}</w:t></w:r><w:r><w:t>hYmNkZWZn${String(planted.length - 1).padStart(3, '0')}Xq7%3D</w:t></w:r></w:p><w:tbl><w:tr><w:tc>${words(entity())}</w:tc></w:tr></w:tbl></w:body></w:document>`],
  ['word/comments.xml', `<w:comments ${W}><w:comment w:id="1" w:author="Ann">${words(entity())}</w:comment></w:comments>`],
  ['word/header1.xml', `<w:hdr ${W}>${words(entity())}</w:hdr>`],
]);
const S = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"';
const xlsx = () => zip([
  ['[Content_Types].xml', types(['xl/workbook.xml', 'spreadsheetml.sheet.main'], ['xl/worksheets/sheet1.xml', 'spreadsheetml.worksheet'], ['xl/sharedStrings.xml', 'spreadsheetml.sharedStrings'])],
  top('xl/workbook.xml'), core(), ['xl/_rels/workbook.xml.rels', relations(['worksheet', 'worksheets/sheet1.xml'], ['sharedStrings', 'sharedStrings.xml'])],
  ['xl/workbook.xml', `<workbook ${S} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="One" sheetId="1" r:id="r0"/></sheets></workbook>`],
  ['xl/worksheets/sheet1.xml', `<worksheet ${S}><sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v>1</v></c></row><row r="3"><c r="A3" t="inlineStr"><is><t>${entity()}</t></is></c></row></sheetData></worksheet>`],
  ['xl/sharedStrings.xml', `<sst ${S}><si><t>${entity()}</t></si><si><t>${json({ u: url() }).replaceAll('&', '\\u0026').replaceAll('"', '&quot;')}</t></si></sst>`],
]);
const pptx = () => zip([
  ['[Content_Types].xml', types(['ppt/presentation.xml', 'presentationml.presentation.main'], ['ppt/slides/slide1.xml', 'presentationml.slide'])],
  top('ppt/presentation.xml'), core(), ['ppt/_rels/presentation.xml.rels', relations(['slide', 'slides/slide1.xml'])],
  ['ppt/presentation.xml', '<p:presentation xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><p:sldIdLst><p:sldId id="256" r:id="r0"/></p:sldIdLst></p:presentation>'],
  ['ppt/slides/slide1.xml', `<p:sld xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><p:cSld><p:spTree><p:sp><p:txBody><a:p><a:r><a:t>${entity()}</a:t></a:r></a:p></p:txBody></p:sp></p:spTree></p:cSld></p:sld>`],
]);

const mail = () => [
  `From: "${url()}" <ann.lee@contoso.com>`, 'To: bo@fabrikam.com', 'Date: Mon, 4 May 2020 10:00:00 +0000', `Subject: =?utf-8?B?${Buffer.from(url()).toString('base64')}?=`,
  `Cc: "${url()}" <cy@contoso.com>`, 'MIME-Version: 1.0', 'Content-Type: multipart/mixed; boundary=b', '',
  '--b', 'Content-Type: text/plain; charset=utf-8', 'Content-Transfer-Encoding: quoted-printable', '',
  wrapped(url().replaceAll('=', '=3D'), '=\r\n'), torn(url().replaceAll('=', '=3D'), '=\r\n'), `> ${wrapped(url(), '\r\n> ').replaceAll('=', '=3D')}`,
  '--b', 'Content-Type: text/plain', `Content-Disposition: attachment; filename="${nameOf('.txt')}"`, '', url(),
  '--b', 'Content-Type: application/zip', 'Content-Disposition: attachment; filename=a.zip', 'Content-Transfer-Encoding: base64', '',
  zip([[nameOf('.txt'), url()]]).toString('base64').replace(/.{76}/g, '$&\r\n'), '--b--', '',
].join('\r\n');

function tar(name, contents) {
  const head = Buffer.alloc(512), body = Buffer.alloc(512 * Math.ceil(contents.length / 512));
  head.write(name);
  head.write(`0000644\0${'0000000\0'.repeat(2)}${contents.length.toString(8).padStart(11, '0')}\0${'0'.repeat(11)}\0        0`, 100);
  head.write('ustar\x0000', 257);
  head.write(`${head.reduce((sum, byte) => sum + byte, 0).toString(8).padStart(6, '0')}\0 `, 148);
  body.write(contents);
  return Buffer.concat([head, body, Buffer.alloc(1024)]);
}

function sqlite(file) {
  const quoted = (name) => `"${name}"`;
  execFileSync('sqlite3', [file], { input: `CREATE TABLE ${quoted(nameOf())} (${quoted(nameOf())} TEXT, b TEXT);\nCREATE TABLE t (u TEXT); INSERT INTO t VALUES ('${url()}'), ('${json({ u: url() })}'), ('${connection()}');` });
}

function plantAll(folder) {
  const comma = (value) => `"${value.replaceAll('"', '""')}"`;
  plant(folder, {
    'spellings.txt': [url(), entity(), url('&#38;'), url('&', '&#61;'), url('\\u0026', '\\u003d'), url('\\x26'), url('%26', '%3D'), url('%2526', '%253D'), encoded(url()),
      encoded(encoded(url())), wrapped(url(), '\n'), wrapped(url(), '\r\n   '), torn(url(), '\n'), connection(), bare('AccountKey'), bare('X-Amz-Signature'), bare('sig'),
      `BlobEndpoint=https://x.blob.core.windows.net/;SharedAccessSignature=${url().split('?')[1]} plant${String(planted.length - 1).padStart(3, '0')}`,
      url('^&'), `'sig' => '${url().split('sig=')[1]}' plant${String(planted.length - 1).padStart(3, '0')}`, url().replace('?', ';')].join('\nand\n'),
    'wide.txt': Buffer.from(`\ufeff${url()}`, 'utf16le'),
    'page.html': `<html lang="en"><head><title>${entity()}</title><meta name="author" content="${entity()}"><meta name="description" content="${entity()}"></head><body><!-- ${url()} --><a href="${entity()}">x</a><table><tr><th>${entity()}</th></tr><tr><td>${entity()}</td></tr></table><script>var a = "${url('\\u0026')}", b = '${url('\\x26')}';</script></body></html>`,
    'mail.eml': mail(),
    'box.mbox': `From a@b Mon May  4 10:00:00 2020\n${mail().replaceAll('\r\n', '\n')}\n`,
    'table.csv': `id,${url()}\n1,${url()}\n2,${comma(json({ u: url() }))}\n3,${comma(json({ u: url() }).replaceAll('&', '\\u0026'))}\n`,
    'data.json': json({ u: url(), [url()]: 1, inner: json({ u: url(), deeper: json({ u: url() }) }), sig: url().split('sig=')[1], at: `plant${String(planted.length - 1).padStart(3, '0')}` }),
    'escaped.json': json({ u: url(), inner: json({ u: url() }) }).replaceAll('&', '\\u0026').replaceAll('=', '\\u003d'),
    'data.xml': `<?xml version="1.0"?><!-- ${url()} --><a u="${entity()}"><b>${entity()}</b><c><![CDATA[${url()}]]></c></a>`,
    'archive.zip': zip([[nameOf('.txt'), url()], [`folder ${nameOf()}/inner.zip`, zip([[nameOf('.bin'), 'x']])]]),
    'archive.tar': tar(nameOf('.txt').slice(0, 99), url()),
    'archive.tar.gz': zlib.gzipSync(tar(nameOf('.txt').slice(0, 99), url())),
    [`${nameOf('.txt')}.gz`]: zlib.gzipSync(url()),
    'cut.gz': zlib.gzipSync(`${url()}\n${'x'.repeat(4000)}`).subarray(0, -9),
    'doc.docx': docx(), 'sheet.xlsx': xlsx(), 'slides.pptx': pptx(), 'page.pdf': pdf(),
    'binary.bin': Buffer.concat([Buffer.from([0, 1, 2, 250, 251]), Buffer.from(url()), Buffer.from([0, 7, 255, 254])]),
    [nameOf('.txt')]: 'an object with a name of its own', [`folder ${nameOf()}/a.zip`]: zip([[nameOf('.txt'), 'x']]), [`malformed ${nameOf('.zip')}`]: 'PK\x03\x04 no more',
  });
  const { place, signature } = another();
  writeFileSync(Buffer.concat([Buffer.from(`${folder}/${place}`), Buffer.from([0xff]), Buffer.from(`?sv=1&sig=${signature}`)]), 'a name that is no text');
  sqlite(path.join(folder, 'base.db'));
}

/* All that all commands say. */
function* everything(target, flags) {
  const said = (args, options) => { const run = tidemark([...args, ...flags], options); return [args.join(' ').slice(0, 120), run.out + run.err]; };
  const formats = ['json', 'jsonl', 'csv', 'table'];
  yield said(['sweep', target, '--verbose', '--progress', 'always']);
  for (const format of formats) {
    yield said(['sweep', target, '--verbose', '--format', format]);
    for (const args of [['search', '', '--limit', '1000'], ['search', 'plant*', '--limit', '1000'], ['search', 'sv', '--limit', '1000'], ['search', 'sig', '--limit', '1000'],
      ['entities', '--limit', '1000'], ['entities', '--kind', 'storage_url', '--limit', '1000'], ['organisations'], ['lookup', 'contoso.com'], ['lookup', 'windows.net'],
      ['containers'], ['incidents'], ['scope'], ['catalog', 'info'], ['catalog', 'verify']]) yield said([...args, '--format', format]);
  }
  for (const { id } of everyHit('', flags)) {
    for (const format of formats) yield said(['show', id, '--format', format]);
    yield said(['show', id, '--text']);
  }
  const typed = () => `https://${url().slice(8)}`;
  for (const args of [['search', typed()], ['search', `name:"${typed()}"`], ['search', `"${typed()}`], ['search', `nofield:${typed()}`], ['show', typed()], ['lookup', typed()],
    ['lookup', `a@b.com?x&sig=${typed().split('sig=')[1]}`], ['probe', typed()], ['sweep', typed()], ['sweep', `/nowhere/${nameOf()}`], ['entities', '--kind', nameOf()], ['organisations', '--cursor', nameOf()],
    ['search', 'x', '--incident', nameOf()], ['scope', '--as-of', nameOf()], [nameOf()], ['search', `--${nameOf()}`], ['search', 'x', '--config', nameOf()], ['sweep', target, '--scope', nameOf()],
    ['sweep', target, '--authority', nameOf(), '--include', nameOf(), '--incident', 'other'], ['sweep', target, '--dry-run', '--exclude', nameOf()]])
    for (const format of formats) yield said([...args, '--format', format, '--verbose']);
  yield ['terminal', onTerminal(['sweep', target, '--redo', 'all', ...flags]).shown + onTerminal(['search', 'plant*', ...flags]).shown];
  for (const format of formats) yield said(['journal', 'show', '--format', format]);
}

/* A tail within base64, however it lies there. */
function isHidden(text, tail) {
  return [...text.matchAll(/"path_bytes":"([^"]+)"/g)].some(([, bytes]) => Buffer.from(bytes, 'base64').includes(tail));
}

test('a signature never gets out', { timeout: 900000 }, (t) => {
  const folder = scratch(t), target = path.join(folder, 'leak'), flags = ['--catalog', path.join(folder, 'catalog')];
  mkdirSync(target);
  plantAll(target);
  const met = new Set(), out = [], read = planted.length;
  for (const [what, text] of everything(target, flags)) {
    for (const { place, tail, stack } of planted) {
      if (text.includes(place)) met.add(place);
      if (text.includes(tail) || isHidden(text, tail))
        out.push(`${what}: ${tail} (${stack}): ...${text.slice(Math.max(0, text.indexOf(tail) - 160), text.indexOf(tail) + 40)}`);
    }
  }
  assert.deepEqual(out.slice(0, 20), [], `${out.length} got out`);
  assert.deepEqual(planted.slice(0, read).filter(({ place }) => !met.has(place)), [], 'each was met');
});

// SPDX-License-Identifier: Apache-2.0
// Writes a paper as a file of one format, each by a library real people use. Every function takes
// a paper and returns (a promise of) the bytes.
import { createRequire } from 'node:module';
import PDFDocument from 'pdfkit';
import ExcelJS from 'exceljs';
import * as word from 'docx';

const PptxGenJS = createRequire(import.meta.url)('pptxgenjs');

export const csv = (rows) =>
  Buffer.from(rows.map((row) => row.map((cell) => (/[",\n]/.test(cell) ? `"${String(cell).replaceAll('"', '""')}"` : cell)).join(',')).join('\r\n') + '\r\n');

export const txt = ({ title, lines, table, footer }) =>
  Buffer.from([title, '='.repeat(title.length), '', ...lines, '', ...table.map((row) => row.join('\t')), footer, ''].join('\n'));

const escaped = (value) => String(value).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

export const html = ({ title, lines, table, footer }) =>
  Buffer.from(`<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>${escaped(title)}</title></head><body>
<h1>${escaped(title)}</h1>
${lines.map((line) => `<p>${escaped(line)}</p>`).join('\n')}
<table>
${table.map((row) => `<tr>${row.map((cell) => `<td>${escaped(cell)}</td>`).join('')}</tr>`).join('\n')}
</table>
<footer>${escaped(footer)}</footer></body></html>
`);

function drawTable(document, table) {
  for (const row of table) {
    const top = document.y;
    row.forEach((cell, column) => document.text(String(cell), 56 + column * 120, top, { width: 115, lineBreak: false }));
    document.text('', 56, top + 16);
  }
}

export function pdf({ title, lines, table, footer, author, date }) {
  const document = new PDFDocument({ size: 'A4', margin: 56, info: { Title: title, Author: author, CreationDate: date, ModDate: date } });
  const chunks = [];
  const done = new Promise((resolve, reject) => {
    document.on('data', (chunk) => chunks.push(chunk));
    document.on('end', () => resolve(Buffer.concat(chunks)));
    document.on('error', reject);
  });
  document.fontSize(18).text(title).moveDown().fontSize(10);
  for (const line of lines) document.text(line);
  drawTable(document.moveDown(), table);
  document.moveDown().fontSize(8).text(footer);
  document.end();
  return done;
}

function wordTable(table) {
  const cell = (value) => new word.TableCell({ children: [new word.Paragraph(String(value))] });
  return new word.Table({ rows: table.map((row) => new word.TableRow({ children: row.map(cell) })) });
}

function wordComment(note, author, date) {
  return { id: 0, author, date, children: [new word.Paragraph(note)] };
}

export function docx({ title, lines, table, footer, note, author, date }) {
  const marked = note ? [new word.CommentRangeStart(0), new word.TextRun(title), new word.CommentRangeEnd(0),
    new word.TextRun({ children: [new word.CommentReference(0)] })] : [new word.TextRun(title)];
  const document = new word.Document({
    title, creator: author, lastModifiedBy: author,
    comments: { children: note ? [wordComment(note, author, date)] : [] },
    sections: [{
      footers: { default: new word.Footer({ children: [new word.Paragraph(footer)] }) },
      children: [
        new word.Paragraph({ heading: word.HeadingLevel.HEADING_1, children: marked }),
        ...lines.map((line) => new word.Paragraph(line)),
        ...(table.length ? [wordTable(table)] : []),
      ],
    }],
  });
  return word.Packer.toBuffer(document);
}

export async function xlsx({ title, lines, table, note, author, date }) {
  const workbook = new ExcelJS.Workbook();
  Object.assign(workbook, { creator: author, lastModifiedBy: author, created: date, modified: date, title });
  const sheet = workbook.addWorksheet('Sheet1');
  sheet.addRow([title]);
  for (const line of lines) sheet.addRow(line.split(/: (.*)/s).filter(Boolean));
  for (const row of table) sheet.addRow(row);
  if (note) workbook.addWorksheet('Internal', { state: 'hidden' }).addRow([note]);
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

export async function pptx({ title, lines, note, author }) {
  const deck = new PptxGenJS();
  Object.assign(deck, { title, author, company: 'Fabrikam Inc.' });
  deck.addSlide().addText(title, { x: 0.5, y: 1, w: 9, h: 1, fontSize: 32 });
  const slide = deck.addSlide();
  slide.addText(lines.map((line) => ({ text: line, options: { bullet: true, breakLine: true } })), { x: 0.5, y: 0.5, w: 9, h: 5, fontSize: 14 });
  slide.addNotes(note);
  return deck.write({ outputType: 'nodebuffer' });
}

/**
 * A document as PDF: a head with the patient, titled parts, and a foot that says on every page whose it is. In: the words. Out: the
 * bytes, with their own font (DejaVu Sans: Latin, Greek, Cyrillic, the signs of units and comparisons), text that can be
 * searched and copied. Loaded when the first document is made.
 */
import { createRequire } from "node:module";
import type PDFDocument from "pdfkit";

export type PdfContent = {
  title: string;
  clinic: string;
  /** Name and value, shown in two columns. */
  facts: readonly (readonly [name: string, value: string])[];
  parts: readonly { heading: string; text: string }[];
  /** On every page, beside the page's number. */
  foot: string;
  author: string;
  madeAt: Date;
};

/** US letter, points. */
const margins = { top: 54, bottom: 64, left: 60, right: 60 };
const width = 612 - margins.left - margins.right;
const ink = "#1b1f24";
const faint = "#57606a";

export async function toPdf(content: PdfContent): Promise<Uint8Array> {
  const { default: Pdf } = await import("pdfkit");
  const { resolve } = createRequire(import.meta.url);
  const pdf = new Pdf({
    size: "LETTER",
    margins,
    bufferPages: true,
    lang: "en",
    info: { Title: content.title, Author: content.author, Creator: "Chartside", CreationDate: content.madeAt },
  });
  pdf.registerFont("text", resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf"));
  pdf.registerFont("bold", resolve("dejavu-fonts-ttf/ttf/DejaVuSans-Bold.ttf"));
  head(pdf, content);
  for (const part of content.parts) section(pdf, part);
  feet(pdf, content.foot);
  pdf.end();
  const pieces: Uint8Array[] = [];
  for await (const piece of pdf) pieces.push(piece);
  return Buffer.concat(pieces);
}

function head(pdf: PDFDocument, { title, clinic, facts }: PdfContent): void {
  pdf.font("text").fontSize(9).fillColor(faint).text(clinic);
  pdf.font("bold").fontSize(18).fillColor(ink).text(title).moveDown(0.5);
  rule(pdf);
  const columns = [facts.filter((_, index) => index % 2 === 0), facts.filter((_, index) => index % 2 === 1)];
  const top = pdf.y;
  const ends = columns.map((column, index) => {
    pdf.y = top;
    for (const [name, value] of column) fact(pdf, { name, value, left: margins.left + (index * width) / 2 });
    return pdf.y;
  });
  pdf.y = Math.max(...ends);
  rule(pdf);
}

function fact(pdf: PDFDocument, { name, value, left }: { name: string; value: string; left: number }): void {
  const options = { width: width / 2 - 12 };
  pdf.font("text").fontSize(8).fillColor(faint).text(name, left, pdf.y, options);
  pdf.font("text").fontSize(10.5).fillColor(ink).text(value, left, pdf.y, options).moveDown(0.35);
}

function rule(pdf: PDFDocument): void {
  const y = pdf.y + 2;
  pdf.lineWidth(0.75).strokeColor("#d0d7de");
  pdf
    .moveTo(margins.left, y)
    .lineTo(margins.left + width, y)
    .stroke();
  pdf.y = y + 10;
}

/** A heading is never left alone at the end of a page. */
function section(pdf: PDFDocument, { heading, text }: PdfContent["parts"][number]): void {
  const bottom = pdf.page.height - margins.bottom;
  if (pdf.y + 60 > bottom) pdf.addPage();
  pdf.font("bold").fontSize(11.5).fillColor(ink).text(heading, margins.left, pdf.y, { width }).moveDown(0.2);
  pdf.font("text").fontSize(10.5).fillColor(ink).text(text, { width, lineGap: 2.5 }).moveDown(0.9);
}

function feet(pdf: PDFDocument, foot: string): void {
  const { start, count } = pdf.bufferedPageRange();
  for (let index = start; index < start + count; index += 1) {
    pdf.switchToPage(index);
    // Below the margin, where text would begin a new page.
    pdf.page.margins.bottom = 0;
    const words = `${foot}   ·   page ${String(index - start + 1)} of ${String(count)}`;
    const at = pdf.page.height - 40;
    pdf.font("text").fontSize(8).fillColor(faint).text(words, margins.left, at, { width, lineBreak: false });
  }
}

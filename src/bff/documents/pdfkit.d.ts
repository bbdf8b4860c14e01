/** As much of pdfkit as is used here: its own types bring the DOM along, which this zone does not have. */
declare module "pdfkit" {
  type TextOptions = { width?: number; align?: "left" | "right" | "center"; lineBreak?: boolean; lineGap?: number };
  type Options = {
    size?: string;
    margins?: { top: number; bottom: number; left: number; right: number };
    bufferPages?: boolean;
    lang?: string;
    info?: Record<string, string | Date>;
  };
  export default class PDFDocument implements AsyncIterable<Uint8Array> {
    constructor(options: Options);
    readonly page: { width: number; height: number; margins: { top: number; bottom: number; left: number } };
    y: number;
    registerFont(name: string, file: string): this;
    font(name: string): this;
    fontSize(points: number): this;
    fillColor(color: string): this;
    strokeColor(color: string): this;
    lineWidth(points: number): this;
    moveTo(x: number, y: number): this;
    lineTo(x: number, y: number): this;
    stroke(): this;
    moveDown(lines?: number): this;
    heightOfString(text: string, options?: TextOptions): number;
    text(text: string, options?: TextOptions): this;
    text(text: string, ...place: [x: number, y: number, options?: TextOptions]): this;
    addPage(): this;
    bufferedPageRange(): { start: number; count: number };
    switchToPage(page: number): this;
    end(): void;
    [Symbol.asyncIterator](): AsyncIterator<Uint8Array>;
  }
}

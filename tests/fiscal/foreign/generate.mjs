// Makes the *.escpos files of this folder: slips by other people's encoders, for tests/fiscal/escpos_foreign_test.cpp.
//   npm install --ignore-scripts receiptline@4.0.4 @point-of-sale/receipt-printer-encoder@4.0.1 node-thermal-printer@4.6.1 escpos-buffer@4.1.0
//   node generate.mjs        (from a folder beside node_modules, writes into the folder that it is started in)
// The encoders are under the Apache-2.0 (receiptline), MIT (receipt-printer-encoder, escpos-buffer) and ISC (node-thermal-printer)
// licences; what is kept here are the bytes that they make of our words.
import fs from 'node:fs';
import ReceiptPrinterEncoder from '@point-of-sale/receipt-printer-encoder';
import escpos from 'escpos-buffer';
import thermal from 'node-thermal-printer';
import receiptline from 'receiptline';

const czech = 'Příliš žluťoučký kůň úpěl ďábelské ódy';
const romanian = 'Gheţarii îşi măsoară vârsta în ţări';

for (const codepage of ['cp852', 'windows1250']) {
  const encoder = new ReceiptPrinterEncoder({language: 'esc-pos', columns: 48, newline: '\n'});
  const bytes = encoder.initialize().codepage(codepage).line(czech).line(romanian).bold(true).line('Bold').bold(false)
    .size(2, 2).line('Large').size(1, 1).underline(true).line('Under').underline(false).align('right').line('Right').align('left')
    .rule().table([{width: 20, align: 'left'}, {width: 20, align: 'right'}], [['Rohlík', '29,00'], ['Limonáda', '24,90']])
    .barcode('859400102123', 'ean13', {height: 60}).barcode('ABC123', 'code128', {height: 60}).qrcode('https://x.test/1', {model: 2, size: 6})
    .pulse().cut('partial').encode();
  fs.writeFileSync(`receipt-printer-encoder-${codepage}.escpos`, bytes);
}

const source = `{width:auto}\n${czech}\n${romanian}\n"""Bold"""\n^^^Large\nRohlík | 29,00\nLimonáda | 24,90\n---\n{code:859400102123; option:ean,3,60,hri}\n{code:https://x.test/1; option:qrcode,6,m}\n=`;
for (const command of ['epson', 'generic'])
  for (const encoding of ['cp852', 'multilingual'])
    fs.writeFileSync(`receiptline-${command}-${encoding}.escpos`,
      Buffer.from(receiptline.transform(source, {cpl: 48, encoding, command, cutting: true}), 'binary'));

const printer = new thermal.ThermalPrinter({type: thermal.PrinterTypes.EPSON, interface: 'tcp://127.0.0.1', characterSet: thermal.CharacterSet.PC852_LATIN2,
  removeSpecialCharacters: false, width: 48});
printer.println(czech);
printer.println(romanian);
printer.bold(true);
printer.println('Bold');
printer.bold(false);
printer.setTextDoubleHeight();
printer.println('Large');
printer.setTextNormal();
printer.leftRight('Rohlík', '29,00');
printer.leftRight('Limonáda', '24,90');
printer.printBarcode('{B12345', 73, {width: 'MEDIUM', height: 60, hriPos: 0, hriFont: 0});
printer.printQR('https://x.test/1', {cellSize: 6, correction: 'M', model: 2});
printer.openCashDrawer();
printer.cut();
fs.writeFileSync('node-thermal-printer.escpos', printer.getBuffer());

const {Printer, InMemory, Style} = escpos;
const connection = new InMemory();
const buffered = await Printer.CONNECT('TM-T20', connection);
await buffered.writeln('Plain words');
await buffered.writeln('Bold', Style.Bold);
await buffered.writeln('Both', Style.Bold | Style.Underline);
await buffered.qrcode('https://x.test/1');
await buffered.drawer();
await buffered.cutter();
fs.writeFileSync('escpos-buffer.escpos', connection.buffer());

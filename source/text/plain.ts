// CSI, OSC/DCS/SOS/PM/APC strings (ended by BEL or ST) and two-byte escapes, 7-bit and 8-bit (ECMA-48).
const escapes =
  /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|(?:\u001B[\]PX^_]|[\u009D\u0090\u0098\u009E\u009F])[\s\S]*?(?:\u0007|\u001B\\|\u009C|$)|\u001B[ -/]*[0-~]/g;
// What is left of C0, DEL, C1, and the marks that reorder text on a terminal (bidi controls, CVE-2021-42574).
const controls = /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
// What nobody sees, and terminals draw as nothing, a blank or a box: the default ignorable code points (UAX 44) but for the
// joiners and variation selectors, which belong to words and emoji; and the marks of interlinear annotation.
const unseen = /(?!\u200C|\u200D|[\uFE00-\uFE0F])\p{Default_Ignorable_Code_Point}|[\uFFF9-\uFFFB]/gu;
const separators = /[\u2028\u2029]/g;
const printable = /^[\u0020-\u007E\n]*$/;

/**
 * Outside text (a commit message, a resource's name, a log line, a server's error) as text that is safe on a terminal:
 * no escape sequences, no control characters, nothing that hides. Tabs become spaces, line ends stay. The only place that
 * does this.
 */
export function plain(text: string): string {
  if (printable.test(text)) return text;
  return text
    .replaceAll('\r\n', '\n')
    .replace(escapes, '')
    .replace(controls, '')
    .replace(unseen, '')
    .replace(separators, ' ')
    .replaceAll('\t', '  ')
    .toWellFormed();
}

/** `plain` on one line: line ends become spaces. */
export function plainLine(text: string): string {
  return plain(text)
    .replace(/\s*\n\s*/g, ' ')
    .trim();
}

/**
 * What a file is that is no table: people name a workbook `people.csv`, a login page is saved in place of an export, and programs leave files of
 * their own beside others.
 *
 * @module
 */
import type { Buffer } from 'node:buffer'

interface OtherKind {
  /** Behind the name of the file: `is an Excel workbook`. */
  readonly is: string
  readonly remedy: string
}

const exportCsv = 'Save it as "CSV UTF-8" in the program that made it, or let the system export CSV.'
const unpack = 'Unpack it; of compressed files gzip and zstd are read as they are.'
const exportTable = 'Let the system export a table: CSV, one line per entry.'

/** By the bytes that files of a kind begin with. */
const signatures: readonly (readonly [latin1: string, kind: OtherKind])[] = [
  [
    '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1',
    { is: 'is an Excel workbook of the old kind (.xls), or another OLE file', remedy: exportCsv },
  ],
  ['%PDF-', { is: 'is a PDF document', remedy: exportTable }],
  ['SQLite format 3\0', { is: 'is an SQLite database', remedy: exportTable }],
  ['\0\x01\0\0Standard ', { is: 'is an Access database', remedy: exportTable }],
  ['PAR1', { is: 'is a Parquet file', remedy: exportTable }],
  ['Obj\x01', { is: 'is an Avro file', remedy: exportTable }],
  ['{\\rtf', { is: 'is an RTF document', remedy: exportTable }],
  ['BZh', { is: 'is compressed with bzip2', remedy: unpack }],
  ['\xfd7zXZ\0', { is: 'is compressed with xz', remedy: unpack }],
  ["7z\xbc\xaf'\x1c", { is: 'is a 7-Zip archive', remedy: unpack }],
  ['Rar!\x1a\x07', { is: 'is a RAR archive', remedy: unpack }],
  ['\x1f\x9d', { is: 'is compressed with compress', remedy: unpack }],
]

/** `head`: the beginning of the file, as it lies on the disk; `undefined` where nothing tells what it is. */
export function otherKind(head: Buffer): OtherKind | undefined {
  const start = head.subarray(0, 1 << 16).toString('latin1')
  const known = signatures.find(([signature]) => start.startsWith(signature))
  if (known !== undefined) return known[1]
  if (start.startsWith('PK\x03\x04') || start.startsWith('PK\x05\x06')) return zipKind(start)
  return unmarkedUtf16(head) ?? markupKind(start)
}

function zipKind(start: string): OtherKind {
  if (/\bxl\/|\[Content_Types\]\.xml/.test(start)) {
    const word = /\bword\/|\bppt\//.test(start)
    return word
      ? { is: 'is a document of Office (a ZIP archive)', remedy: exportTable }
      : { is: 'is an Excel workbook (.xlsx, a ZIP archive)', remedy: exportCsv }
  }
  if (start.includes('application/vnd.oasis.opendocument'))
    return { is: 'is an OpenDocument file (a ZIP archive)', remedy: exportCsv }
  return { is: 'is a ZIP archive', remedy: unpack }
}

function markupKind(start: string): OtherKind | undefined {
  const text = start.replace(/^(?:\xef\xbb\xbf|\s)+/, '')
  if (/^<(?:!doctype\s+html|html|head|body|table|script|meta|div)\b/i.test(text))
    return {
      is: 'is an HTML page',
      remedy:
        'Open it in a browser: it is often a page that asks for a login, or reports an error, instead of the export.',
    }
  if (/^<\?xml\b|^<[A-Za-z][\w:.-]*(?:\s[^<>]*)?>/.test(text))
    return text.includes('schemas-microsoft-com:office:spreadsheet')
      ? { is: 'is an Excel workbook in XML', remedy: exportCsv }
      : { is: 'is an XML document', remedy: exportTable }
  if (/^\{\s*"|^\[\s*[{"[]/.test(text)) return { is: 'is a JSON document', remedy: exportTable }
  return undefined
}

/** Letters beyond Latin have no zero bytes, but line ends do. */
function unmarkedUtf16(head: Buffer): OtherKind | undefined {
  let little = 0
  let big = 0
  for (let at = 0; at + 1 < Math.min(head.length, 1 << 16); at += 2) {
    if (head[at] === 0x0a && head[at + 1] === 0) little++
    if (head[at] === 0 && head[at + 1] === 0x0a) big++
  }
  // One may be chance.
  if (Math.max(little, big) < 2 || little === big) return undefined
  const encoding = little > big ? 'utf-16le' : 'utf-16be'
  return {
    is: 'looks like UTF-16 without a mark',
    remedy: `Write \`format: {encoding: ${encoding}}\` in its mapping or source, or let the system write UTF-8.`,
  }
}

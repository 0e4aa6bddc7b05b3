/**
 * How a file of CSV is written, from its beginning: to be said in its mapping, by which it is read.
 *
 * @module
 */
import { TextDecoder } from 'node:util'
import type { SourceDocument } from '../formats/document.ts'
import { documentTrouble } from '../formats/trouble.ts'

/** Bytes that are looked at. */
const most = 256 * 1024

export interface HeadOfCsv {
  /** `undefined`: it is as connectors write it. */
  readonly format: Readonly<Record<string, string>> | undefined
  readonly header: readonly string[]
  readonly rows: readonly (readonly string[])[]
}

export async function headOfCsv(document: SourceDocument): Promise<HeadOfCsv> {
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of document.bytes()) {
    chunks.push(chunk)
    size += chunk.length
    if (size >= most) break
  }
  const { text, encoding } = decoded(Buffer.concat(chunks.map((one) => Buffer.from(one))))
  const [first = ''] = text.split(/\r?\n/, 1)
  if (first.trim() === '') throw documentTrouble(document.name, 'has no header')
  const separator = separatorOf(first)
  const lines = fieldsOf(text, separator)
  // The last one may be cut.
  const [header = [], ...rows] = size >= most ? lines.slice(0, -1) : lines
  const format = {
    ...(separator === ',' ? {} : { separator: separator === '\t' ? 'tab' : separator }),
    ...(encoding === 'utf-8' ? {} : { encoding }),
  }
  return { format: Object.keys(format).length === 0 ? undefined : format, header, rows: rows.slice(0, 1000) }
}

function decoded(bytes: Buffer): { readonly text: string; readonly encoding: string } {
  const byMark =
    bytes[0] === 0xff && bytes[1] === 0xfe
      ? 'utf-16le'
      : bytes[0] === 0xfe && bytes[1] === 0xff
        ? 'utf-16be'
        : 'utf-8'
  try {
    // A character may be cut at the end.
    const text = new TextDecoder(byMark, { fatal: true }).decode(bytes, { stream: true })
    return { text, encoding: byMark }
  } catch {
    return { text: new TextDecoder('windows-1252').decode(bytes), encoding: 'windows-1252' }
  }
}

function separatorOf(line: string): string {
  const counts = [',', ';', '\t', '|'].map((sign) => [sign, line.split(sign).length] as const)
  return counts.reduce((most, one) => (one[1] > most[1] ? one : most))[0]
}

/** Enough to look at values; who reads the file looks closer. */
function fieldsOf(text: string, separator: string): readonly (readonly string[])[] {
  const lines: string[][] = []
  let fields: string[] = []
  const sign = separator === '|' ? String.raw`\|` : separator
  for (const [, quoted, plain = '', end] of text.matchAll(
    new RegExp(`(?:"((?:[^"]|"")*)"|([^${sign}\\r\\n]*))(${sign}|\\r?\\n|$)`, 'g'),
  )) {
    fields.push(quoted?.replaceAll('""', '"') ?? plain)
    if (end === separator) continue
    if (fields.length > 1 || fields[0] !== '') lines.push(fields)
    fields = []
  }
  return lines
}

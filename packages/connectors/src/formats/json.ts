/**
 * Records of JSON: a list in a document, or one on each line.
 *
 * @module
 */

import { parsedJson } from '../json/exact-json.ts'
import type { SourceDocument } from './document.ts'
import { linesOf, textsOf } from './document-text.ts'
import { type FoundJson, JsonScanner, JsonTrouble } from './json-scanner.ts'
import { stepsOf } from './path-steps.ts'
import { isMap, type SourceRecord } from './record.ts'
import { documentTrouble, longestRecord } from './trouble.ts'

/** Name of the column that holds what fitted the last `*` of the path. */
const keyColumn = '*'

/** The items of lists at `records`, and maps that stand there themselves. */
export async function* readJson(
  document: SourceDocument,
  { records = '' }: { readonly records?: string | undefined },
): AsyncGenerator<readonly SourceRecord[], void, undefined> {
  const path = stepsOf(records)
  const scanner = new JsonScanner(path)
  try {
    for await (const text of textsOf(document))
      yield scanner.add(text).map((found) => recordOf(document, found))
    scanner.finish()
  } catch (error) {
    throw error instanceof JsonTrouble ? troubleOf(document, error, path, scanner.names) : error
  }
  if (!scanner.found)
    throw documentTrouble(document.name, `has nothing at ${records}`, {
      remedy: `It has ${[...scanner.names].join(', ') || 'nothing'}.`,
    })
}

function troubleOf(
  { name }: SourceDocument,
  { line, message }: JsonTrouble,
  path: readonly string[],
  names: ReadonlySet<string>,
) {
  const within = [...names].map((one) => `/${one}`).join(', ')
  const remedy =
    path.length === 0 && message.includes('is a map')
      ? `Say where they are, such as records: /data${within === '' ? '' : `; it has ${within}`}.`
      : undefined
  return documentTrouble(name, `is not such a JSON document: ${message}`, { line, remedy })
}

function recordOf(document: SourceDocument, { text, line, key }: FoundJson): SourceRecord {
  const value = parsed(document, text, line)
  if (!isMap(value))
    throw documentTrouble(document.name, `has a record that is no map: ${cut(text)}`, { line })
  return key === undefined ? value : { [keyColumn]: key, ...value }
}

/** A record on each line that is not empty. */
export async function* readJsonLines(
  document: SourceDocument,
): AsyncGenerator<readonly SourceRecord[], void, undefined> {
  for await (const lines of linesOf(textsOf(document))) {
    const full = lines.filter(({ text }) => text.trim() !== '')
    yield full.map(({ text, line }) => recordOf(document, { text, line, key: undefined }))
  }
}

function parsed({ name }: SourceDocument, text: string, line: number): unknown {
  if (text.length > longestRecord) throw documentTrouble(name, 'has a record that is too long', { line })
  try {
    return parsedJson(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    throw documentTrouble(name, `has a record that is not JSON: ${why}`, { line })
  }
}

function cut(text: string): string {
  return text.length > 40 ? `${text.slice(0, 40)}…` : text
}

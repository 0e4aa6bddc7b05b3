/**
 * Documents of discovery tools: what they hold becomes nodes and relationships.
 *
 * @module
 */
import { linesOf } from '@sluice/files'
import { longestSourceRecord } from '@sluice/model'
import { dpkgItems, Stanzas } from '../discovery/dpkg.ts'
import { factsItems } from '../discovery/facts.ts'
import { type Fields, type Found, NotUnderstoodError } from '../discovery/found.ts'
import { inventoryItems } from '../discovery/inventory.ts'
import { readInventory } from '../discovery/inventory-document.ts'
import { kubernetesItems } from '../discovery/kubernetes.ts'
import { netboxItems } from '../discovery/netbox.ts'
import { isMap, parseExactly } from '../json/exact-json.ts'
import type { JsonItem } from '../json/json-items.ts'
import { CutOffFileError, LineTooLongError } from '../prepare-errors.ts'
import type { SourceFile } from '../read/plain-file.ts'
import { type DocumentContext, openDocument } from './document-text.ts'
import { DamagedGraphFileError } from './graph-errors.ts'
import { type GraphItem, itemOf } from './graph-item.ts'
import type { GraphTables } from './graph-tables.ts'
import { readJsonLists } from './read-json-lists.ts'
import { takeItem } from './take-item.ts'

type Reader = (source: SourceFile, tables: GraphTables, context: DocumentContext) => Promise<number>

/** Bytes of a document that is read in one piece: what one host says of itself. */
const largestDocument = 64 * 1024 * 1024

export const readKubernetes: Reader = listReader('items', kubernetesItems)

export const readNetbox: Reader = listReader('results', netboxItems)

/** One document for each host. */
export const readFacts: Reader = wholeReader((text, host) => {
  const document = parseExactly(text)
  if (!isMap(document)) throw new NotUnderstoodError('it is no map of facts')
  return factsItems(document, host)
})

/** One document for each computer. */
export const readInventories: Reader = wholeReader((text, computer) =>
  inventoryItems(readInventory(text), computer),
)

/** One file for each system, named after it. */
export const readDpkg: Reader = async (source, tables, context) => {
  const { name: file } = source
  const document = await openDocument(source, context)
  const longest = longestSourceRecord(context.settings.maximumFieldSize)
  const tooLong = (line: number) => new LineTooLongError(file, line, longest)
  const stanzas = new Stanzas()
  let line = 0
  for await (const text of linesOf(document.chunks, { longest, tooLong })) {
    line++
    const reason = stanzas.add(text)
    if (reason !== undefined)
      throw new DamagedGraphFileError(file, line, `is no list of packages of dpkg: ${reason}`)
  }
  if (!document.endsWithLineFeed()) throw new CutOffFileError(file, line, 'its last line does not end')
  stanzas.finish()
  return await take(dpkgItems(stanzas.all, hostOf(file)), { file, line: 1, text: '' }, tables)
}

/** A document with a list, which may be larger than memory. */
function listReader(list: string, itemsOf: (fields: Fields) => readonly Found[]): Reader {
  return async (source, tables, context) => {
    const { name: file } = source
    const { rows, whole } = await readJsonLists(source, tables, context, (item) => {
      if (item.list !== list) return 0
      return takeFound(itemsIn(item, itemsOf), { file, line: item.line, text: item.text }, tables)
    })
    if (whole === undefined) return rows
    if (!whole.names.has(list)) throw new DamagedGraphFileError(file, undefined, `has no list "${list}"`)
    const next = whole.texts.get('next')
    if (next === undefined) return rows
    throw new DamagedGraphFileError(file, undefined, `is one page of several: the next is ${next}`)
  }
}

function itemsIn({ text }: JsonItem, itemsOf: (fields: Fields) => readonly Found[]): readonly GraphItem[] {
  try {
    const value = parseExactly(text)
    if (!isMap(value)) throw new NotUnderstoodError('it is not a map')
    return itemsOf(value).map(itemOf)
  } catch (error) {
    return [{ type: 'neither', row: { reason: reasonOf(error), column: null, keys: undefined } }]
  }
}

/** Of a document that is a whole, all is taken or nothing. */
function wholeReader(itemsOf: (text: string, name: string) => readonly Found[]): Reader {
  return async (source, tables, context) => {
    const { name: file } = source
    const document = await openDocument(source, context)
    const chunks: Buffer[] = []
    let size = 0
    for await (const chunk of document.chunks) {
      size += chunk.length
      if (size > largestDocument)
        throw new DamagedGraphFileError(
          file,
          undefined,
          'is larger than 64 MiB, and has to be that of one host',
        )
      chunks.push(chunk)
    }
    const found = readAll(() => itemsOf(Buffer.concat(chunks).toString('utf8'), hostOf(file)), file)
    return await take(found, { file, line: 1, text: '' }, tables)
  }
}

function readAll(read: () => readonly Found[], file: string): readonly Found[] {
  try {
    return read()
  } catch (error) {
    throw new DamagedGraphFileError(file, undefined, `cannot be read: ${reasonOf(error)}`)
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof NotUnderstoodError) return error.message
  if (error instanceof SyntaxError) return `it is not valid JSON: ${error.message}`
  throw error
}

interface Place {
  readonly file: string
  readonly line: number
  readonly text: string
}

async function take(found: readonly Found[], place: Place, tables: GraphTables): Promise<number> {
  const rows = takeFound(found.map(itemOf), place, tables)
  await tables.drain()
  return rows
}

function takeFound(items: readonly GraphItem[], place: Place, tables: GraphTables): number {
  for (const item of items) takeItem(item, place, tables)
  return items.length
}

/** `facts/web1.json.gz` and `web1/status` are those of web1. */
function hostOf(file: string): string {
  const [last = '', folder] = file.split('/').reverse()
  const name = last.replace(/\.(?:gz|zst)$/, '').replace(/\.(?:json|xml|status|ocs|txt)$/, '')
  return name === 'status' && folder !== undefined ? folder : name
}

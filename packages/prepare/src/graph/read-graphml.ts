/**
 * GraphML: nodes and edges as XML, with what they say of themselves under keys.
 *
 * Nothing but the document itself is read: a declared entity is an error, wherever it leads.
 *
 * @module
 */
import { StringDecoder } from 'node:string_decoder'
import { longestSourceRecord } from '@sluice/model'
import sax, { type QualifiedTag, type SAXParser, type Tag } from 'sax'
import { CutOffFileError, LineTooLongError } from '../prepare-errors.ts'
import type { SourceFile } from '../read/plain-file.ts'
import { type DocumentContext, openDocument } from './document-text.ts'
import { DamagedGraphFileError } from './graph-errors.ts'
import type { GraphTables } from './graph-tables.ts'
import { GraphmlElements } from './graphml-elements.ts'
import { takeItem } from './take-item.ts'

/** Nodes and edges. */
export async function readGraphml(
  source: SourceFile,
  tables: GraphTables,
  context: DocumentContext,
): Promise<number> {
  const { name: file } = source
  const { mostRows = Number.POSITIVE_INFINITY } = context
  const longest = longestSourceRecord(context.settings.maximumFieldSize)
  const document = await openDocument(source, context)
  let items = 0
  const elements = new GraphmlElements(({ item, line, text }) => {
    items++
    takeItem(item, { file, line, text }, tables)
  })
  const decoder = new StringDecoder('utf8')
  const reader = readerOf(elements)
  for await (const chunk of document.chunks) {
    reader.write(decoder.write(chunk))
    refuse(reader, file)
    if (elements.size > longest) throw new LineTooLongError(file, reader.line + 1, longest)
    await tables.drain()
    // More of a file than was asked for is in a piece of it.
    if (items >= mostRows) return items
  }
  if (elements.isOpen) throw new CutOffFileError(file, reader.line + 1, 'its document does not end')
  if (!elements.hasGraph)
    throw new DamagedGraphFileError(file, undefined, 'is not valid GraphML: it has no graph')
  return items
}

function refuse({ error, line }: SAXParser, file: string): void {
  if (error === null || error === undefined) return
  const [reason = ''] = error.message.split('\n')
  throw new DamagedGraphFileError(file, line + 1, `is not valid GraphML: ${reason}`)
}

function readerOf(elements: GraphmlElements): SAXParser {
  const reader = sax.parser(true, { position: true })
  reader.onopentag = ({ name, attributes }) =>
    elements.open(localName(name), textsOf(attributes), reader.line + 1)
  reader.onclosetag = (name) => elements.close(localName(name))
  reader.ontext = (text) => elements.text(text)
  reader.oncdata = (text) => elements.text(text)
  // What is wrong is told by `error`, which ends the reading; without a listener it is told to nobody.
  reader.onerror = () => undefined
  return reader
}

function textsOf(
  attributes: Tag['attributes'] | QualifiedTag['attributes'],
): Readonly<Record<string, string>> {
  const texts = Object.entries(attributes).map(([name, value]) => [
    name,
    typeof value === 'string' ? value : value.value,
  ])
  return Object.fromEntries(texts)
}

function localName(name: string): string {
  return name.slice(name.indexOf(':') + 1)
}

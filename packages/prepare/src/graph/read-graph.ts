/**
 * Reads all files of a graph into the two tables that it is delivered as.
 *
 * @module
 */
import { formOfFile, type GraphForm, type GraphInput, type GraphSource } from '@sluice/model'
import { checkUnchanged, type SourceFile } from '../read/plain-file.ts'
import type { Rejections } from '../write/rejections.ts'
import type { DocumentContext } from './document-text.ts'
import { GraphFormError } from './graph-errors.ts'
import { type GraphTable, GraphTables } from './graph-tables.ts'
import { readDpkg, readFacts, readInventories, readKubernetes, readNetbox } from './read-discovery.ts'
import { readGraphml } from './read-graphml.ts'
import { readJsonDocument } from './read-json-document.ts'
import { readJsonLines } from './read-json-lines.ts'
import { readNodeTable } from './read-node-table.ts'
import { readRelationshipTable } from './read-relationship-table.ts'

export interface GraphContext extends DocumentContext {
  readonly tempFolder: string
  readonly rejections: Rejections
}

export interface ReadGraph {
  readonly tables: readonly GraphTable[]
  /** Rows that could not be read, by table. */
  readonly rejected: ReadonlyMap<string, number>
  /** Of each file as it is named, how many rows it has. */
  readonly rows: ReadonlyMap<string, number>
}

/** @param partsOf The files that were found under the name of an input. */
export async function readGraph(
  { inputs }: GraphSource,
  partsOf: (file: string) => readonly SourceFile[],
  context: GraphContext,
): Promise<ReadGraph> {
  await using tables = await GraphTables.create(context)
  const rows = new Map<string, number>()
  for (const input of inputs) {
    const parts = partsOf(input.file)
    context.progress.begin(
      input.file,
      parts.reduce((sum, { size }) => sum + size, 0),
    )
    const count = await readInput(input, parts, tables, context)
    for (const part of parts) await checkUnchanged(part)
    context.progress.done(count)
    rows.set(input.file, count)
  }
  return { ...(await tables.finish()), rows }
}

async function readInput(
  input: GraphInput,
  parts: readonly SourceFile[],
  tables: GraphTables,
  context: GraphContext,
): Promise<number> {
  if (input.type === 'nodes') return await readNodeTable(input, parts, tables, context)
  if (input.type === 'relationships') return await readRelationshipTable(input, parts, tables, context)
  let rows = 0
  for (const part of parts) {
    const form = input.form ?? formOfFile(part.name)
    if (form === undefined) throw new GraphFormError(part.name)
    rows += await readers[form](part, tables, context)
  }
  return rows
}

type Reader = (source: SourceFile, tables: GraphTables, context: DocumentContext) => Promise<number>

const readers: Readonly<Record<GraphForm, Reader>> = {
  jsonLines: readJsonLines,
  json: readJsonDocument,
  graphml: readGraphml,
  kubernetes: readKubernetes,
  netbox: readNetbox,
  inventory: readInventories,
  facts: readFacts,
  dpkg: readDpkg,
}

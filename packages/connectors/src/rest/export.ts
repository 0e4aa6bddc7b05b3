/**
 * Exports the tables of a system: everything, or what has changed.
 *
 * Tables that cannot tell changes come whole each time, and are compared.
 *
 * @module
 */
import type { ConnectorStatement } from '../contract/connector.ts'
import type { ExportContext } from '../contract/export-context.ts'
import { HttpClient } from '../http/http-client.ts'
import { type DeltaCookie, readDeltaCookie, writeDelta } from './by-delta.ts'
import { readSince, writeRecords } from './by-time.ts'
import type { Manifest } from './options.ts'
import type { WantedTable, Writing } from './write-table.ts'

export async function exportTables(manifest: Manifest, context: ExportContext): Promise<ConnectorStatement> {
  const client = await HttpClient.open(manifest, context)
  try {
    const { mode, notes } = await writeTables({ manifest, client, context }, wantedTables(manifest, context))
    return {
      complete: true,
      ...(mode === undefined ? {} : { mode }),
      ...(notes.length === 0 ? {} : { note: notes.join(' ').slice(0, 2000) }),
    }
  } finally {
    await client.close()
  }
}

function wantedTables({ tables }: Manifest, { wanted }: ExportContext): readonly WantedTable[] {
  return wanted.flatMap(({ file, columns }) => {
    const name = file.replace(/\.csv$/, '')
    const table = tables[name]
    return table === undefined ? [] : [{ name, file, table, columns }]
  })
}

interface Written {
  readonly mode: 'complete' | undefined
  readonly notes: readonly string[]
}

async function writeTables(writing: Writing, wanted: readonly WantedTable[]): Promise<Written> {
  const { context } = writing
  const marks = context.mode === 'incremental' ? await marksOf(writing, wanted) : undefined
  const notes: string[] = []
  for (const one of wanted) {
    const written = await writeTable(writing, one, marks?.get(one.name))
    if (written === 'expired') return startOver(writing, wanted, one)
    notes.push(...written)
  }
  const blind = marks === undefined ? [] : wanted.filter(isBlind)
  if (blind.length > 0)
    notes.push(
      `Deleted records of ${blind.map(({ file }) => file).join(', ')} are not seen; a complete finds them.`,
    )
  return { mode: context.mode === 'incremental' && marks === undefined ? 'complete' : undefined, notes }
}

/** The system cannot tell any more what has changed. */
async function startOver(
  writing: Writing,
  wanted: readonly WantedTable[],
  { file }: WantedTable,
): Promise<Written> {
  await writing.context.startOver()
  const notes: string[] = [`The system cannot say what has changed in ${file} since last time.`]
  for (const one of wanted) {
    const written = await writeTable(writing, one, undefined)
    if (written !== 'expired') notes.push(...written)
  }
  return { mode: 'complete', notes }
}

type Mark = { readonly since: string } | { readonly cookie: DeltaCookie }

/** Up to where each table was read; `undefined` where one that tells changes has none: otherwise it would come whole among changes. */
async function marksOf(
  { manifest, context }: Writing,
  wanted: readonly WantedTable[],
): Promise<ReadonlyMap<string, Mark> | undefined> {
  const marks = new Map<string, Mark>()
  for (const one of wanted) {
    if (one.table.changes === undefined) continue
    const since = one.table.changes.by === 'time' ? await readSince(manifest, context, one) : undefined
    const cookie =
      one.table.changes.by === 'delta' ? await readDeltaCookie(manifest, context, one) : undefined
    if (since !== undefined) marks.set(one.name, { since })
    else if (cookie !== undefined) marks.set(one.name, { cookie })
    else return undefined
  }
  return marks
}

async function writeTable(
  writing: Writing,
  wanted: WantedTable,
  mark: Mark | undefined,
): Promise<readonly string[] | 'expired'> {
  const { changes } = wanted.table
  if (changes?.by !== 'delta')
    return writeRecords(writing, wanted, mark !== undefined && 'since' in mark ? mark.since : undefined)
  const cookie = mark !== undefined && 'cookie' in mark ? mark.cookie : undefined
  const written = await writeDelta(writing, wanted, { cookie, changes })
  return written.kind === 'expired' ? 'expired' : written.notes
}

/** What is deleted is not seen by its time, but where it stays and is marked. */
function isBlind({ table }: WantedTable): boolean {
  return table.changes?.by === 'time' && table.changes.deleted === undefined
}

/**
 * The note beside exported files that says what they are: `export.json`.
 *
 * While an export runs and after one that failed, it says so in the folder of the files before: whoever prepares them
 * alone is reported, instead of taking old files for the state of the managed system (principle 6). Files that were
 * exported well come with their own note, in the same renaming.
 *
 * @module
 */
import { join } from 'node:path'
import { readIfThere, writeDurably } from '@sluice/files'
import { z } from 'zod'
import { exportStatementSchema } from './export-statement.ts'

const common = { version: z.literal(1), source: z.string(), startedAt: z.string() }
const asked = z.enum(['initial', 'complete', 'incremental'])

const exportRecordSchema = z.discriminatedUnion('state', [
  z.strictObject({
    ...common,
    state: z.literal('running'),
    asked,
    pid: z.int(),
    host: z.string(),
    /** When the program will have been stopped in any case. */
    until: z.string(),
  }),
  z.strictObject({
    ...common,
    state: z.literal('failed'),
    asked,
    finishedAt: z.string(),
    code: z.string().nullable(),
    message: z.string(),
  }),
  z.strictObject({
    ...common,
    state: z.literal('exported'),
    asked,
    finishedAt: z.string(),
    milliseconds: z.number(),
    exitStatus: z.int(),
    /** The folder beside this file that holds the cookies for next time, when the program wrote some. */
    cookies: z.string().nullable(),
    statement: exportStatementSchema.nullable(),
  }),
])
export type ExportRecord = z.infer<typeof exportRecordSchema>
export type WellExported = Extract<ExportRecord, { state: 'exported' }>

export const exportJson = 'export.json'

export type FoundRecord =
  | { readonly kind: 'found'; readonly record: ExportRecord }
  | { readonly kind: 'none' }
  | { readonly kind: 'unreadable' }

export async function readExportRecord(folder: string): Promise<FoundRecord> {
  const text = await readIfThere(join(folder, exportJson))
  if (text === undefined) return { kind: 'none' }
  try {
    return { kind: 'found', record: exportRecordSchema.parse(JSON.parse(text)) }
  } catch {
    return { kind: 'unreadable' }
  }
}

/** Written whole or not at all, even when the power fails. */
export async function writeExportRecord(folder: string, record: ExportRecord): Promise<void> {
  await writeDurably(join(folder, exportJson), `${JSON.stringify(record, undefined, 2)}\n`)
}

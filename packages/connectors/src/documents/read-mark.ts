/**
 * What was read last time: each file with its version.
 *
 * @module
 */
import { z } from 'zod'
import type { ExportContext } from '../contract/export-context.ts'
import type { PlacedFile } from '../places/place.ts'
import type { FoundTable } from './found-table.ts'
import type { FilesOptions } from './options.ts'

const versionsSchema = z.record(z.string(), z.string())

const markSchema = z.strictObject({
  version: z.literal(1),
  tables: z.record(
    z.string(),
    z.strictObject({ search: z.string(), files: versionsSchema, changes: versionsSchema }),
  ),
})

export type ReadMark = z.infer<typeof markSchema>
export type TableMark = ReadMark['tables'][string]

const cookie = 'files'

export async function readMark(context: ExportContext): Promise<ReadMark | undefined> {
  if (context.mode !== 'incremental') return undefined
  const text = await context.readCookie(cookie)
  const parsed = text === undefined ? undefined : markSchema.safeParse(JSON.parse(text))
  return parsed?.data
}

export async function writeMark(context: ExportContext, tables: ReadMark['tables']): Promise<void> {
  await context.writeCookie(cookie, JSON.stringify({ version: 1, tables } satisfies ReadMark))
}

/** A mark means nothing for another question. */
export function searchOf({ from, s3, separator }: FilesOptions, { table, columns }: FoundTable): string {
  return JSON.stringify([from, s3?.endpoint, separator, table, columns])
}

/** Of files whose place tells no version none is noted, so they are read again. */
export function versionsOf(files: readonly PlacedFile[]): Readonly<Record<string, string>> {
  return Object.fromEntries(
    files.flatMap(({ name, version }) => (version === undefined ? [] : [[name, version] as const])),
  )
}

/** They are the files of last time, and hold what they held. */
export function areTheSame(files: readonly PlacedFile[], before: Readonly<Record<string, string>>): boolean {
  return (
    files.length === Object.keys(before).length &&
    files.every(({ name, version }) => version !== undefined && before[name] === version)
  )
}

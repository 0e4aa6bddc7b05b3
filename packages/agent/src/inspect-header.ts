/**
 * A look at the header of a mapping's file without reading the rest: for `sluice check`.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AssociationMapping,
  type EntityMapping,
  type FileEncoding,
  SluiceError,
  type Source,
} from '@sluice/model'
import { locateSourceFiles } from './export/locate-source-files.ts'
import { encodingOfHead, headerOf } from './prepare/open-table.ts'
import { encodingByHead, openPlainFile } from './prepare/plain-file.ts'

export type HeaderInspection =
  | {
      readonly kind: 'found'
      /** Names as they are compared: trimmed, in Unicode normal form C. */
      readonly columns: readonly string[]
      readonly separator: string
      readonly encoding: FileEncoding
      /** Of the file looked at, relative to the source's folder: the first of part files. */
      readonly file: string
    }
  | { readonly kind: 'unreadable'; readonly error: SluiceError }

/** The columns found in the file of a mapping, or why there are none to see. */
export async function inspectHeader(
  source: Source,
  mapping: EntityMapping | AssociationMapping,
): Promise<HeaderInspection> {
  const tempFolder = await mkdtemp(join(tmpdir(), 'sluice-header-'))
  try {
    const [first] = await locateSourceFiles(source.folder, mapping.file)
    if (first === undefined) throw new TypeError('locateSourceFiles finds at least one file')
    const plain = await openPlainFile(first, tempFolder)
    const encoding = encodingByHead(plain, mapping.format.encoding) ?? encodingOfHead(plain)
    const { columns, separator } = await headerOf(plain, encoding, mapping.format, mappedColumns(mapping))
    return { kind: 'found', columns, separator, encoding, file: first.name }
  } catch (error) {
    if (error instanceof SluiceError) return { kind: 'unreadable', error }
    throw error
  } finally {
    await rm(tempFolder, { recursive: true, force: true })
  }
}

function mappedColumns(mapping: EntityMapping | AssociationMapping): readonly string[] {
  const ends = 'from' in mapping ? [mapping.from.column, mapping.to.column] : []
  return [...ends, ...mapping.properties.map(({ column }) => column)]
}

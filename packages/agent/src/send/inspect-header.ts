/**
 * A look at the header of a mapping's file: what `sluice check` compares with the mapping, and what distinguishes changes from
 * everything.
 *
 * @module
 */
import { locateTable } from '@sluice/connectors'
import {
  type AssociationMapping,
  columnsRead,
  type EntityMapping,
  type FileFormat,
  namingColumns,
  type Several,
  SluiceError,
  type Source,
} from '@sluice/model'
import { type FileHeader, headerOfFile } from '@sluice/prepare'

export type HeaderInspection =
  | ({
      readonly kind: 'found'
      /** Of the file looked at, relative to the source's folder: the first of part files. */
      readonly file: string
    } & FileHeader)
  | { readonly kind: 'unreadable'; readonly error: SluiceError }

/** The columns found in the file of a mapping, or why there are none to see; `folder`: where it lies, that of the source when absent. */
export async function inspectHeader(
  source: Source,
  mapping: EntityMapping | AssociationMapping,
  folder = source.folder,
): Promise<HeaderInspection> {
  return inspectTable(source, mapping, { mapped: mappedColumns(mapping), folder })
}

interface TableFile {
  readonly file: string
  readonly several?: Several | undefined
  readonly format: FileFormat
}

/** `mapped`: the columns that it is to have. */
export async function inspectTable(
  source: Pick<Source, 'folder' | 'changesFolder' | 'marker'>,
  { file, several, format }: TableFile,
  { mapped, folder = source.folder }: { readonly mapped: readonly string[]; readonly folder?: string },
): Promise<HeaderInspection> {
  try {
    const {
      parts: [first],
    } = await locateTable(source, { file, several }, folder)
    if (first === undefined) throw new TypeError('locateTable finds at least one file')
    const header = await headerOfFile(first, format, mapped)
    return { kind: 'found', ...header, file: first.name }
  } catch (error) {
    if (error instanceof SluiceError) return { kind: 'unreadable', error }
    throw error
  }
}

function mappedColumns(mapping: EntityMapping | AssociationMapping): readonly string[] {
  const ends = 'from' in mapping ? [mapping.from, mapping.to] : []
  const where = mapping.where?.columns ?? []
  return [...ends.flatMap(columnsRead), ...mapping.properties.flatMap(namingColumns), ...where]
}

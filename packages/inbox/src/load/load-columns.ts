/**
 * What the columns of a load are: its header, held against the entity type.
 *
 * @module
 */
import { type EntityType, nearMatch, type Property, primaryKeyColumn } from '@sluice/model'
import { assertedColumns } from '@sluice/repository'
import { LoadHeaderError } from './load-errors.ts'
import type { CsvRecord } from './record-reader.ts'

export interface LoadColumn {
  /** As the header writes it. */
  readonly header: string
  /** In the open table. */
  readonly name: string
  readonly property: Property
  /** Of a file, which has three. */
  readonly part: 'value' | 'filename' | 'mimetype'
}

export interface LoadColumns {
  /** Where the key stands, from 0. */
  readonly key: number
  readonly count: number
  /** Of the others, each with its place. */
  readonly values: readonly (LoadColumn & { readonly index: number })[]
}

/** Other names of the key, where no property is called so. */
const otherKeyNames = ['key']

export function loadColumns(type: EntityType, { cells, line }: CsvRecord, file: string): LoadColumns {
  const known = knownColumns(type)
  const keyName = keyNameIn(cells, known)
  const refused = (
    reason: 'unknown_column' | 'missing_key_column' | 'malformed_csv',
    message: string,
    remedy: string,
  ) => new LoadHeaderError(reason, message, { file, line, remedy })
  const key = cells.indexOf(keyName)
  const values = cells.flatMap((header, index) => {
    if (index === key) return []
    const column = known.get(header)
    if (column !== undefined) return [{ ...column, header, index }]
    if (header === keyName) return []
    const near = nearMatch(header, [...known.keys()])
    throw refused(
      'unknown_column',
      header === ''
        ? `Column ${index + 1} of ${file} has no name.`
        : `${type.name} has no column ${JSON.stringify(header)}.`,
      near === undefined
        ? `Take one of: ${[...known.values()]
            .map(({ name }) => name)
            .filter(isFirst)
            .join(', ')}.`
        : `Do you mean ${near}?`,
    )
  })
  if (key === -1) {
    throw refused(
      'missing_key_column',
      `${file} has no column ${primaryKeyColumn}.`,
      `Call the column that identifies a row ${primaryKeyColumn}, and check the separator.`,
    )
  }
  const names = [primaryKeyColumn, ...values.map(({ name }) => name)]
  const twice =
    names.find((name, index) => names.indexOf(name) !== index) ??
    (cells.lastIndexOf(keyName) === key ? undefined : keyName)
  if (twice !== undefined) {
    throw refused('malformed_csv', `${file} has the column ${twice} twice.`, 'Leave one of them out.')
  }
  return { key, count: cells.length, values }
}

function isFirst(name: string, index: number, all: readonly string[]): boolean {
  return all.indexOf(name) === index
}

function keyNameIn(cells: readonly string[], known: ReadonlyMap<string, unknown>): string {
  if (cells.includes(primaryKeyColumn)) return primaryKeyColumn
  return otherKeyNames.find((name) => cells.includes(name) && !known.has(name)) ?? primaryKeyColumn
}

/** By the names of columns, and by those of properties. */
function knownColumns({ properties }: EntityType): ReadonlyMap<string, Omit<LoadColumn, 'header'>> {
  return new Map(
    properties.flatMap((property) => {
      const columns = assertedColumns(property)
      return columns.flatMap((name, index): (readonly [string, Omit<LoadColumn, 'header'>])[] => {
        const part = (['value', 'filename', 'mimetype'] as const)[index] ?? 'value'
        const suffix = columns.length === 1 ? '' : name.slice(name.lastIndexOf('_'))
        const column = { name, property, part }
        return [
          [name, column],
          [`${property.name}${suffix}`, column],
        ]
      })
    }),
  )
}

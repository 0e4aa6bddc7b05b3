/**
 * Agent and server must have the same mappings, and mean the same columns by them.
 *
 * @module
 */
import {
  associationColumns,
  deliveredAs,
  type EntityModel,
  entityColumns,
  type PreparedColumn,
  preparedWithin,
  type Source,
  switchedOff,
  switchedOn,
} from '@sluice/model'
import type { Manifest } from '@sluice/protocol'
import { ColumnsDifferError, SwitchedOffError } from '../queue/delivery-errors.ts'

/** Throws `ColumnsDifferError`, and `SwitchedOffError`. */
export function checkColumns(of: Source, modelOf: EntityModel, manifest: Pick<Manifest, 'files'>): void {
  const { source: whole, model } = deliveredAs(of, modelOf)
  const source = switchedOn(whole)
  const off = manifest.files.find(({ mapping }) => switchedOff(whole).includes(mapping))
  if (off !== undefined) throw new SwitchedOffError(off.mapping)
  const expected = new Map([
    ...source.entities.map((mapping) => [mapping.name, namesOf(entityColumns(mapping, model))] as const),
    ...source.associations.map(
      (mapping) => [mapping.name, namesOf(associationColumns(mapping, model))] as const,
    ),
  ])
  // A mapping without a file would be passed over in silence, as if nothing had changed.
  const delivered = new Set(manifest.files.map(({ mapping }) => mapping))
  for (const [mapping, wanted] of expected) {
    if (!delivered.has(mapping)) throw new ColumnsDifferError(mapping, [], wanted)
  }
  for (const { mapping, columns, kind } of manifest.files) {
    const wanted = expected.get(mapping) ?? []
    const same = columns.length === wanted.length && columns.every((name, index) => name === wanted[index])
    const entity = source.entities.find(({ name }) => name === mapping)
    // Changes may lack some, of which they say nothing.
    const part = kind === 'delta' && entity !== undefined && of.graph === undefined
    if (!same && !(part && preparedWithin(entity, model, columns) !== undefined))
      throw new ColumnsDifferError(mapping, columns, wanted)
  }
}

function namesOf({ all }: { readonly all: readonly PreparedColumn[] }): readonly string[] {
  return all.map(({ name }) => name)
}

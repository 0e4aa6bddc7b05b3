/**
 * The part of a run in which a source says something of one shared entity type.
 *
 * @module
 */
import { fills, scopeOf } from '@sluice/model'
import type { SQL } from '@sluice/repository'
import { sql, unionAll } from '@sluice/repository'
import type { EntityChanges } from '../changes/entity-changes.ts'
import type { KnownSources, SourcePart } from '../context/run-context.ts'
import { type SharedShape, sharedShape, withinType } from '../sql/shared-shape.ts'
import { columnNames } from '../sql/tables.ts'

export interface SharedPart extends SourcePart {
  readonly shape: SharedShape
  /** Of every source that fills one of the types, this one included, in the order of the configuration. */
  readonly owners: readonly SharedShape[]
}

export function sharedPart(part: SourcePart, entityType: string): SharedPart {
  const known = part.sources.get(part.source.name)
  const mapping = part.source.entities.find((one) => one.entityType === entityType)
  if (known === undefined || mapping === undefined)
    throw new Error(`Source ${part.source.name} does not fill ${entityType}.`)
  const owners = ownersOf(part, scopeOf(mapping))
  const shape = owners.find((one) => one.sourceId === part.sourceId && one.type.name === entityType)
  if (shape === undefined) throw new Error(`Source ${part.source.name} does not fill ${entityType}.`)
  return { ...part, shape, owners }
}

/** The shapes of all mappings whose rows may have resources of one of these types. */
export function ownersOf(
  { model, sources }: { readonly model: SourcePart['model']; readonly sources: KnownSources },
  entityTypes: readonly string[],
): readonly SharedShape[] {
  return [...sources.values()].flatMap((known) =>
    known.source.entities
      .filter((mapping) => entityTypes.some((name) => fills(mapping, name)))
      .map((mapping) => sharedShape(model, known, mapping)),
  )
}

/** The part for the resources of each type of its scope, which are decided by whoever fills just that. */
export function partsByType(part: SharedPart): readonly SharedPart[] {
  const { shape, owners } = part
  return shape.types.map((type) => ({
    ...part,
    shape: withinType(shape, type),
    owners: owners.filter(({ mapping }) => fills(mapping, type.name)),
  }))
}

/**
 * Relation (_operation, resource_id, the columns of the type) of what the run has changed so far of its types; `undefined`: of none is there
 * anything.
 */
export function changesIn({ type, types }: SharedShape, { tables }: EntityChanges): SQL | undefined {
  const found = types.flatMap(({ name }) => tables.get(name) ?? [])
  if (found.length === 0) return undefined
  const [only, ...others] = found
  if (only !== undefined && others.length === 0) return sql`${only}`
  const names = ['_operation', 'resource_id', ...columnNames(type)].map((name) => sql.identifier(name))
  return sql`(${unionAll(found.map((table) => sql`select ${sql.join(names, ', ')} from ${table}`))})`
}

/**
 * Along what a graph is walked: each association, and each property that is a reference.
 *
 * @module
 */
import type { Association, EntityType, ReferenceProperty, StoredModel } from '@sluice/model'
import { columnOf, linkTable } from '../layout/layout.ts'
import { relationOf } from '../read/property-reader.ts'
import { UnknownNameError } from '../read/read-errors.ts'
import { columnOfRow } from '../sql/fragments.ts'
import { type SQL, sql, Table } from '../sql/statement.ts'

interface WayBase {
  readonly name: string
  /** Entity types of its ends. */
  readonly from: string
  readonly to: string
  /** What stands behind `from`: rows `l` with `from_id` and `to_id`, of an association `source_id` and properties too. */
  readonly rows: SQL
}

export interface LinkWay extends WayBase {
  readonly kind: 'association'
  readonly association: Association
}

interface ReferenceWay extends WayBase {
  readonly kind: 'reference'
  readonly property: ReferenceProperty
}

export type Way = LinkWay | ReferenceWay
export type End = 'from' | 'to'

export function waysOf(model: StoredModel): readonly Way[] {
  const links = [...model.associations.values()].map(
    (association): LinkWay => ({
      kind: 'association',
      name: association.name,
      from: association.from,
      to: association.to,
      rows: sql`${new Table(linkTable(association.name))} l`,
      association,
    }),
  )
  return [...links, ...[...model.entityTypes.values()].flatMap((type) => referencesOf(model, type))]
}

/** Those that the type does not inherit: the type that it extends has them with all its family. */
function referencesOf(model: StoredModel, type: EntityType): readonly ReferenceWay[] {
  const inherited = new Set(
    (model.entityTypes.get(type.extends ?? '')?.properties ?? []).map(({ name }) => name),
  )
  return type.properties
    .filter((property) => property.type === 'reference')
    .filter(({ name }) => !inherited.has(name))
    .map((property) => {
      const column = columnOfRow(sql`o`, columnOf(property))
      return {
        kind: 'reference',
        name: `${type.name}.${property.name}`,
        from: type.name,
        to: property.to,
        rows: sql`(select o.resource_id as from_id, ${column} as to_id
          from ${relationOf(model, type)} o where ${column} is not null) l`,
        property,
      }
    })
}

/** Those that are named, a reference with or without its type. */
export function waysNamed(ways: readonly Way[], names: readonly string[]): readonly Way[] {
  const found = names.map((name) => {
    const named = ways.filter((way) => way.name === name || shortName(way) === name)
    if (named.length === 0)
      throw new UnknownNameError(
        'association or reference',
        name,
        ways.map((way) => way.name),
      )
    return named
  })
  return [...new Set(found.flat())]
}

function shortName(way: Way): string {
  return way.kind === 'reference' ? way.property.name : way.name
}

/**
 * The sources that have open tables, and those that have none.
 *
 * @module
 */
import type { Configuration, EntityMapping, Source } from '@sluice/model'
import { one, type Session, sql, statement } from '@sluice/repository'
import { UnknownDeliverySourceError } from '../queue/delivery-errors.ts'
import { NoOpenTableError } from './load-errors.ts'

/** Throws where there is no such source, or its files are delivered. */
export function openSource({ sources }: Pick<Configuration, 'sources'>, name: string): Source {
  const source = sources.get(name)
  if (source === undefined) throw new UnknownDeliverySourceError(name)
  if (source.table === true) return source
  throw new NoOpenTableError(
    `Source ${name} has no open table.`,
    `sluice sync ${name} delivers its files. Write \`table: true\` at a source whose rows are to be loaded or written by SQL clients.`,
  )
}

/** The mapping whose table is meant; the entity type need not be said where there is one. */
export function openMapping({ name, entities }: Source, entityType: string | undefined): EntityMapping {
  const [only] = entities
  if (entityType === undefined && only !== undefined && entities.length === 1) return only
  const found = entities.find((mapping) => mapping.entityType === entityType)
  if (found !== undefined) return found
  throw new NoOpenTableError(
    entityType === undefined
      ? `Source ${name} fills several entity types.`
      : `Source ${name} does not fill ${entityType}.`,
    `Name one of: ${entities.map((mapping) => mapping.entityType).join(', ')}.`,
  )
}

/** By which its tables are called in the repository. */
export async function sourceNumber(session: Session, source: string): Promise<number> {
  const found = statement<{ id: number }>(
    'load/source',
    sql`select source_id as id from sluice_source where name = ${sql.value(source)}`,
  )
  return (await one(session, found)).id
}

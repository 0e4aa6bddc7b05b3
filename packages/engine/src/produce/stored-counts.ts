/**
 * How much is stored of each mapping, without counting it where that would cost more than the run.
 *
 * @module
 */
import { ownershipOf, ownsAlone } from '@sluice/model'
import { one, run, type Statement, sql, statement } from '@sluice/repository'
import { type SourcePart, sourcesByName } from '../context/run-context.ts'
import { linksOf, replicasOf, resourcesOf } from '../sql/tables.ts'

export interface StoredCounts {
  ofEntities(entityType: string): Promise<number>
  ofLinks(association: string): Promise<number>
}

/** Where the source says everything, it is counted; else what the last run left is taken, and counted only the first time. */
export async function storedCounts(part: SourcePart): Promise<StoredCounts> {
  const { session, sourceId, source } = part
  const remembered = new Map(
    part.whole
      ? []
      : (await run(session, rememberedCounts(sourceId))).rows.map(({ mapping, stored }) => [
          mapping,
          Number(stored),
        ]),
  )
  const count = async (mapping: string, counted: Statement<{ count: string }>) =>
    remembered.get(mapping) ?? Number((await one(session, counted)).count)
  return {
    ofEntities: (entityType) => {
      const alone = ownsAlone(ownershipOf(sourcesByName(part.sources), entityType), source)
      const rows = alone ? resourcesOf(entityType) : replicasOf(source.name, entityType)
      return count(
        entityType,
        statement(`produce/count-stored ${entityType}`, sql`select count(*) as count from ${rows}`),
      )
    },
    ofLinks: (association) =>
      count(
        association,
        statement(
          `produce/count-stored ${association}`,
          sql`select count(*) as count from ${linksOf(association)} where source_id = ${sql.literal(sourceId)}`,
        ),
      ),
  }
}

function rememberedCounts(sourceId: number): Statement<{ mapping: string; stored: string }> {
  return statement(
    'produce/remembered-counts',
    sql`select mapping, stored from sluice_stored where source_id = ${sql.literal(sourceId)}`,
  )
}

/**
 * How much is stored of each mapping, without counting it where that would cost more than the run, and how many of its rows are
 * rejected for their values.
 *
 * @module
 */
import { type EntityMapping, ownershipOf, ownsAlone } from '@sluice/model'
import { one, run, type Statement, sql, statement } from '@sluice/repository'
import { type SourcePart, sourcesByName } from '../context/run-context.ts'
import { linksOf, replicasOf, resourcesOf } from '../sql/tables.ts'

/** Of one mapping. */
interface StoredCount {
  readonly stored: number
  /** Known where the source says changes only. */
  readonly rejectedBefore: number
}

export interface StoredCounts {
  /** Of a shared type nothing is counted here: what is stored of it is known of its replicas. */
  ofEntities(mapping: Pick<EntityMapping, 'entityType' | 'federation'>): Promise<StoredCount>
  ofLinks(association: string): Promise<StoredCount>
}

/** Where the source says everything, it is counted; else what the last run left is taken, and counted only the first time. */
export async function storedCounts(part: SourcePart): Promise<StoredCounts> {
  const { session, sourceId, source } = part
  const remembered = new Map(
    part.whole
      ? []
      : (await run(session, rememberedCounts(sourceId))).rows.map(({ mapping, stored, rejected }) => [
          mapping,
          { stored: Number(stored), rejectedBefore: Number(rejected) },
        ]),
  )
  const count = async (mapping: string, counted: Statement<{ count: string }>) =>
    remembered.get(mapping) ?? { stored: Number((await one(session, counted)).count), rejectedBefore: 0 }
  return {
    ofEntities: async ({ entityType, federation }) => {
      if (federation !== undefined) return remembered.get(entityType) ?? { stored: 0, rejectedBefore: 0 }
      const alone = ownsAlone(ownershipOf(sourcesByName(part.sources), entityType), source)
      const rows = alone ? resourcesOf(entityType) : replicasOf(source.name, entityType)
      return await count(
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

function rememberedCounts(
  sourceId: number,
): Statement<{ mapping: string; stored: string; rejected: string }> {
  return statement(
    'produce/remembered-counts',
    sql`select mapping, stored, rejected from sluice_stored where source_id = ${sql.literal(sourceId)}`,
  )
}

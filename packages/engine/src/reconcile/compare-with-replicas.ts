/**
 * Compares whole rows with the replicas of their source: finds those whose digest differs from their replica's, those without
 * a replica, and those whose resource was written externally.
 *
 * One hash join over narrow rows. What comes out is the size of the change, and every later stage
 * works on that alone (principle 2).
 *
 * @module
 */
import { ownershipOf, ownsAlone } from '@sluice/model'
import { one, run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import { type SourcePart, sourcesByName } from '../context/run-context.ts'
import { analyzeTable, measure } from '../context/work-tables.ts'
import {
  type Candidates,
  type Compared,
  type ExternalWrites,
  noRows,
  type StagedEntity,
} from '../rows/entity-rows.ts'
import { badRowCondition, rejectCounted, rejectingEntities } from '../rows/reject-bad-values.ts'
import { digestOf } from '../sql/digest.ts'
import type { EntityShape } from '../sql/entity-shape.ts'
import { placeOf } from '../sql/row-version.ts'
import { replicasOf, resourcesOf } from '../sql/tables.ts'
import { findDisappeared } from './find-disappeared.ts'
import { findExternalWrites } from './find-external-writes.ts'

/** `unreadable`: the table of fields of rows that could not be read, if there are any. */
export async function compareWithReplicas(
  part: SourcePart,
  entity: StagedEntity,
  unreadable: Table | undefined,
): Promise<Compared> {
  const { session } = part
  const { shape, rows } = entity
  const ownership = ownershipOf(sourcesByName(part.sources), shape.type.name)
  const stored = ownsAlone(ownership, part.source)
    ? entity.stored
    : (await one(session, countRows(shape, resourcesOf(shape.type.name)))).count
  await run(session, measure(rows.table))
  // What others have written is not for a source to judge that goes.
  const looks = part.leaving === undefined
  const external = looks ? await findExternalWrites(part, shape, ownership, stored) : undefined
  const { candidates, bad } = await findCandidates(part, shape, rows.table, external)
  const known = rows.counts.rows - candidates.unknown
  const disappeared = await findDisappeared(part, shape, rows.table, { known, unreadable })
  const rejected = await rejectCounted(part, candidates.table, rejectingEntities(shape, rows), bad)
  return {
    ...entity,
    candidates,
    disappeared,
    external,
    found: { ...noRows, rejected, withheld: disappeared?.withheld ?? 0 },
  }
}

async function findCandidates(
  part: SourcePart,
  shape: EntityShape,
  staged: Table,
  external: ExternalWrites | undefined,
): Promise<{ readonly candidates: Candidates; readonly bad: number }> {
  const { session, workTables } = part
  const replicas = replicasOf(part.source.name, shape.type.name)
  const { table, count } = await workTables.fill(
    workTables.named('candidates', shape.mapping.name),
    rowsThatDiffer(shape, staged, replicas, external),
  )
  const { unknown, bad } = count === 0 ? { unknown: 0, bad: 0 } : await one(session, countKinds(shape, table))
  await analyzeTable(session, table, count, '_row')
  return { candidates: { table, count, unknown }, bad }
}

function rowsThatDiffer(
  shape: EntityShape,
  staged: Table,
  replicas: Table,
  external: ExternalWrites | undefined,
): Statement {
  const digest = digestOf(shape, sql`s`)
  const written: SQL =
    external !== undefined && external.attachedCount > 0
      ? sql` or r.resource_id in (select resource_id from ${external.attached})`
      : sql.blank
  return statement(
    `reconcile/compare-with-replicas ${shape.mapping.name}`,
    sql`select s.*, ${digest} as _digest, r.resource_id as _replica_resource_id, r.digest as _replica_digest,
      ${placeOf(sql`r`)} as _replica_place, r.resource_id as _resource_id
    from ${staged} s
    left join ${replicas} r on r.key = s.${shape.key}
    where r.digest is distinct from ${digest}${written}`,
  )
}

/** Candidates without a replica, and those with a value that its property cannot hold. */
function countKinds(
  { mapping, checks }: EntityShape,
  table: Table,
): Statement<{ unknown: number; bad: number }> {
  return statement(
    `reconcile/count-candidates ${mapping.name}`,
    sql`select (count(*) filter (where _replica_resource_id is null))::int as unknown,
      (count(*) filter (where ${badRowCondition(checks) ?? sql.false}))::int as bad
    from ${table}`,
  )
}

function countRows({ mapping }: EntityShape, of: Table): Statement<{ count: number }> {
  return statement(`reconcile/count-stored ${mapping.name}`, sql`select count(*)::int as count from ${of}`)
}

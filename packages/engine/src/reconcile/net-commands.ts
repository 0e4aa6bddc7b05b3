/**
 * Compares commands with the replicas of their source: in their order, netted to one outcome per key.
 *
 * What comes out has the form of a complete's comparison, so every later stage is the same for both; and its cost follows
 * the commands, not the repository.
 *
 * @module
 */
import { one, run, type SQL, type Statement, sql, statement, type Table } from '@sluice/repository'
import { expectFew } from '../context/few-of-many.ts'
import type { SourcePart } from '../context/run-context.ts'
import { analyzeTable } from '../context/work-tables.ts'
import { type Compared, type Disappeared, noRows, type StagedEntity } from '../rows/entity-rows.ts'
import { badRowCondition, rejectCounted, rejectingEntities } from '../rows/reject-bad-values.ts'
import { recordRejected } from '../rows/rejected-rows.ts'
import { placeOfRow } from '../rows/row-places.ts'
import { rejectedBefore, tellStillRejected } from '../rows/still-rejected.ts'
import { digestOf } from '../sql/digest.ts'
import type { EntityShape } from '../sql/entity-shape.ts'
import { placeOf } from '../sql/row-version.ts'
import { replicasOf } from '../sql/tables.ts'

export async function netCommands(part: SourcePart, entity: StagedEntity): Promise<Compared> {
  const { session, workTables } = part
  const { shape, rows: staged } = entity
  const replicas = replicasOf(part.source.name, shape.type.name)
  const rejecting = rejectingEntities(shape, staged)
  await expectFew(session, staged.counts.rows, entity.stored)
  const stillRejected = await tellStillRejected(part, rejecting, staged.table, entity.rejectedBefore)
  const { table } = await workTables.fill(
    workTables.named('candidates', shape.mapping.name),
    lastCommandPerKey(shape, staged.table, { replicas, known: isKnown(part, entity) }),
  )
  const counts = await one(session, countOutcomes(shape, table))
  const { commands, keys, changes, unknown, deletes } = counts
  const refused =
    counts.doubtful === 0 ? 0 : (await run(session, await refuseUpdates(part, entity, table))).count
  const disappeared = deletes === 0 ? undefined : await findDeleted(part, shape, table)
  if (changes < keys) await run(session, keepNews(shape, table))
  await analyzeTable(session, table, changes, '_row')
  const rejected = await rejectCounted(part, table, rejecting, counts.bad)
  return {
    ...entity,
    candidates: { table, count: changes, unknown },
    disappeared,
    external: undefined,
    found: {
      ...noRows,
      rejected,
      stillRejected,
      refused,
      nullKey: staged.counts.rows - commands,
      // Of the commands that are not refused, one of each key stands.
      overruled: commands - refused - (keys - counts.refused),
      deletes,
    },
  }
}

/** Condition on a netted row: it says something new. */
const isNews = sql`_outcome = 'upsert' and _replica_digest is distinct from _digest`

/** Condition on a staged row `s` with its replica `r`, if any: the source has said that it is there. It may have been rejected then. */
function isKnown(part: SourcePart, { shape, rejectedBefore: before }: StagedEntity): SQL {
  const stored = sql`r.key is not null`
  if (before === 0) return stored
  return sql`(${stored} or s.${shape.key} in (select key from ${rejectedBefore(part, shape.mapping.name)} x))`
}

/**
 * The last command about each key in the form of a candidate, with `_outcome` upsert, delete or refused (all commands are). An
 * update needs something to update: the stored resource, or one that was rejected (`_known`), unless a delete came between; or an
 * earlier insert of the same delivery. Keys of which an update may have nothing are `_doubtful`, and looked at only where there are any.
 */
function lastCommandPerKey(
  shape: EntityShape,
  staged: Table,
  { replicas, known }: { readonly replicas: Table; readonly known: SQL },
): Statement {
  return statement(
    `reconcile/net-commands ${shape.mapping.name}`,
    sql`select s.*, ${digestOf(shape, sql`s`)} as _digest, r.resource_id as _replica_resource_id, r.digest as _replica_digest,
      ${placeOf(sql`r`)} as _replica_place, r.resource_id as _resource_id, k.commands as _commands,
      case
        when k.made > k.deleted or (k.deleted = 0 and ${known}) then 'upsert'
        when k.deleted > 0 then 'delete'
        else 'refused'
      end as _outcome, ${known} as _known,
      (k.commands > 1 and (k.deleted > 0 or not ${known})) or (s._command = 'update' and not ${known}) as _doubtful
    from ${staged} s
    join (
      select ${shape.key} as key, count(*) as commands, max(_row) as last,
        coalesce(max(_row) filter (where _command = 'delete'), 0) as deleted,
        coalesce(max(_row) filter (where _command in ('insert', 'merge')), 0) as made
      from ${staged} where ${shape.key} is not null group by ${shape.key}
    ) k on k.last = s._row
    left join ${replicas} r on r.key = s.${shape.key}`,
  )
}

interface OutcomeCounts {
  /** Commands that have a key, and the keys they have. */
  readonly commands: number
  readonly keys: number
  /** Upserts that say something new, and those of them whose key has no replica. */
  readonly changes: number
  readonly unknown: number
  /** Changes with a value that its property cannot hold. */
  readonly bad: number
  /** Outcomes that are a delete, of a stored resource or of none. */
  readonly deletes: number
  /** Keys of which nothing but refused updates is said, and those of which some may be. */
  readonly refused: number
  readonly doubtful: number
}

/** Of everything in one pass. */
function countOutcomes({ mapping, checks }: EntityShape, netted: Table): Statement<OutcomeCounts> {
  return statement(
    `reconcile/count-outcomes ${mapping.name}`,
    sql`select coalesce(sum(_commands), 0)::int as commands, count(*)::int as keys,
       (count(*) filter (where ${isNews}))::int as changes,
       (count(*) filter (where ${isNews} and _replica_resource_id is null))::int as unknown,
       (count(*) filter (where ${isNews} and ${badRowCondition(checks) ?? sql.false}))::int as bad,
       (count(*) filter (where _outcome = 'delete'))::int as deletes,
       (count(*) filter (where _outcome = 'refused'))::int as refused,
       (count(*) filter (where _doubtful))::int as doubtful
     from ${netted}`,
  )
}

/** Each update of what is not there by then: neither stored and not deleted since, nor made by a command before it. */
async function refuseUpdates(
  part: SourcePart,
  { shape, rows }: StagedEntity,
  netted: Table,
): Promise<Statement> {
  const { mapping, key } = shape
  const place = placeOfRow(rows.places ?? [], sql`c._row`, mapping.file)
  const before = sql`over (partition by s.${key} order by s._row rows between unbounded preceding and 1 preceding)`
  return await recordRejected(
    part,
    `reconcile/refuse-updates ${mapping.name}`,
    sql`select ${sql.literal(mapping.name)}, ${place.file}, ${place.line}, c.key, 'command', c._command,
       'an update of a resource that is not stored'
     from (
       select s._row, s._command, s.${key} as key, n._known as known,
         max(s._row) filter (where s._command = 'delete') ${before} as deleted,
         max(s._row) filter (where s._command in ('insert', 'merge')) ${before} as made
       from ${rows.table} s join ${netted} n on n.${key} = s.${key} and n._doubtful
     ) c
     where c._command = 'update' and coalesce(c.made, 0) <= coalesce(c.deleted, 0) and (c.deleted is not null or not c.known)
     order by c._row`,
  )
}

async function findDeleted(
  { workTables }: SourcePart,
  { mapping, key }: EntityShape,
  netted: Table,
): Promise<Disappeared> {
  const { table } = await workTables.fill(
    workTables.named('disappeared', mapping.name),
    statement(
      `reconcile/find-deleted ${mapping.name}`,
      sql`select ${key} as key, _replica_resource_id as resource_id from ${netted}
      where _outcome = 'delete' and _replica_place is not null`,
    ),
  )
  return { table, withheld: 0 }
}

function keepNews({ mapping }: EntityShape, netted: Table): Statement {
  return statement(`reconcile/keep-news ${mapping.name}`, sql`delete from ${netted} where not (${isNews})`)
}

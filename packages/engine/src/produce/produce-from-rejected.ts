/**
 * The producer of rows that a run rejected for their values, as they were delivered: what the model or the mapping takes by now is stored.
 *
 * It is the incremental that would say these rows once more, and nothing else. Rows that the source has delivered since are its later word, and are
 * not tried again; the repository goes on standing for the delivery that it stood for, and reads of mappings are those of the last delivery.
 *
 * @module
 */
import type { OnProgress } from '@sluice/model'
import { commas, one, run, type SQL, type Statement, sql, statement } from '@sluice/repository'
import type { Producer } from '../changes/produced.ts'
import type { SourcePart } from '../context/run-context.ts'
import type { Intake } from '../intake/intake.ts'
import { createStaging } from '../intake/staging.ts'
import type { StagedRows } from '../rows/staged-rows.ts'
import { lastList, listOf, rejectedBefore } from '../rows/still-rejected.ts'
import type { EntityShape } from '../sql/entity-shape.ts'
import type { LinkShape } from '../sql/link-shape.ts'
import { appliedDelivery } from './chain.ts'
import { NothingToRetryError } from './nothing-to-retry-error.ts'
import { produceFromSource } from './produce-from-source.ts'

/** `of`: the run that rejected the rows, of this source. */
export function produceFromRejected({
  source,
  of,
  onProgress,
}: {
  readonly source: string
  readonly of: number
  readonly onProgress?: OnProgress | undefined
}): Producer {
  return async (context) => {
    const sourceId = context.sources.get(source)?.id ?? 0
    const rejected = await one(context.session, countRejected({ sourceId }, of))
    let tried = 0
    const counting = (count: number) => {
      tried += count
    }
    const delivery = (await appliedDelivery(context.session, sourceId)) ?? null
    const produce = produceFromSource({
      source,
      mode: 'incremental',
      delivery,
      intake: intakeOf(of, counting),
      onProgress,
    })
    const produced = await produce(context, false)
    const left = notesOf(rejected, tried)
    if (tried === 0) throw new NothingToRetryError(of, left)
    const { changeSet } = produced
    // How the mappings read is noted by the next delivery, which reads all rows by them.
    const remembered =
      changeSet.source === null ? null : { ...changeSet.source, appliedDelivery: delivery, mappings: [] }
    return {
      ...produced,
      changeSet: { ...changeSet, source: remembered },
      notes: [...produced.notes, ...left],
    }
  }
}

function intakeOf(rejectedBy: number, onStaged: (count: number) => void): Intake {
  return {
    notes: [],
    stageUnreadable: async () => undefined,
    stage: async (part, shape) => {
      const staged = await stageRejected(part, shape, rejectedBy)
      onStaged(staged.counts.rows)
      return staged
    },
  }
}

async function stageRejected(
  part: SourcePart,
  shape: EntityShape | LinkShape,
  rejectedBy: number,
): Promise<StagedRows> {
  const { table, columns } = await createStaging(part, shape, { commands: true })
  const own = columns.filter((name) => name !== '_command')
  const filled = statement(
    `produce/stage-rejected ${shape.mapping.name}`,
    sql`insert into ${table} (_command${sql.join(
      own.map((name) => sql`, ${sql.identifier(name)}`),
      '',
    )})
    select 'merge'${sql.join(
      own.map((name) => sql`, x.row ->> ${sql.literal(name)}`),
      '',
    )}
    from (${retriable(part, shape.mapping.name, own, rejectedBy)}) x`,
  )
  const { count } = await run(part.session, filled)
  const none = { rejected: 0, nullKey: 0, duplicate: 0, noLink: 0, unchanged: 0 }
  return { table, commands: true, counts: { ...none, rows: count, read: count } }
}

/**
 * Query (row): what the run rejected, is rejected still, and was delivered with every column that the mapping reads by now.  */
function retriable(part: SourcePart, mapping: string, columns: readonly string[], rejectedBy: number): SQL {
  const whole = sql`array[${commas(columns.map((name) => sql.literal(name)))}]::text[]`
  return sql`select distinct r.row from ${rejectedBefore(part, mapping)} r
    where r.row ?& ${whole} and exists (select from sluice_rejected_row first where first.run_id = ${listOf(rejectedBy)}
      and first.stands and first.mapping = r.mapping and first.key = r.key)`
}

interface Rejected {
  readonly unreadable: number
  readonly standing: number
  readonly still: number
}

/** Of the rows that the run rejected: those that could not be read, those rejected for their values, and those of them that still are. */
function countRejected({ sourceId }: Pick<SourcePart, 'sourceId'>, rejectedBy: number): Statement<Rejected> {
  const still = sql`exists (select from sluice_rejected_row r where r.stands and r.run_id = ${lastList(sourceId)}
    and r.mapping = x.mapping and r.key = x.key)`
  const row = sql`(x.mapping, coalesce(x.key, x.file || ' ' || x.line))`
  return statement(
    'produce/count-rejected',
    sql`select (count(distinct ${row}) filter (where not x.stands))::int as unreadable,
      (count(distinct ${row}) filter (where x.stands))::int as standing,
      (count(distinct ${row}) filter (where x.stands and ${still}))::int as still
    from sluice_rejected_row x where x.run_id = ${listOf(rejectedBy)}`,
  )
}

/** What became of the rows that are not tried again. */
function notesOf({ unreadable, standing, still }: Rejected, tried: number): readonly string[] {
  return [
    ...noteOf(standing - still, 'been delivered again since', 'the newer delivery counts'),
    ...noteOf(
      still - tried,
      'not been stored, or lacks a column that the mapping reads now',
      'export again to get it',
    ),
    ...noteOf(unreadable, 'not been readable, and was not stored', 'export again to get it'),
  ]
}

function noteOf(count: number, what: string, so: string): readonly string[] {
  if (count <= 0) return []
  return [`${count === 1 ? '1 rejected row has' : `${count} rejected rows have`} ${what}: ${so}.`]
}

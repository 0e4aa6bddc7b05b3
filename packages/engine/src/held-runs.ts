/**
 * What becomes of a held run: kept until somebody decides, then applied as it was read, or let go.
 *
 * @module
 */
import {
  type EntityModel,
  type RecordedRunState,
  type RunEvent,
  type RunReport,
  runLife,
  SluiceError,
} from '@sluice/model'
import { isA, literal, type Session } from '@sluice/repository'
import { closeRun } from './run-record.ts'
import { type ChangeSet, changeSetSchema } from './terms/change-set.ts'
import { dropOrphanChanges } from './terms/orphan-changes.ts'
import { replicasOf, tableOf, type Work } from './terms/work.ts'
import { workTable } from './terms/work-tables.ts'

/** SLUICE-RUN-01: approve, reject or changes was asked for a run that is not held (any more). */
export class RunNotHeldError extends SluiceError {
  readonly code = 'SLUICE-RUN-01'
  readonly blame = 'usage'

  constructor(run: number, state: string | undefined) {
    super(state === undefined ? `There is no run ${run}.` : `Run ${run} is not held, it is ${state}.`, {
      remedy: 'sluice runs',
    })
  }
}

export interface HeldRun {
  readonly runId: number
  readonly deliveryId: string
  readonly sourceId: number
  readonly source: string
  readonly report: RunReport
  readonly changeSet: ChangeSet
}

/** Every table of a held change set. */
function tablesOf(changeSet: ChangeSet): readonly string[] {
  return [
    ...changeSet.entities.map(({ table }) => table),
    ...changeSet.replicas.map(({ rows }) => rows),
    ...changeSet.links.map(({ table }) => table),
  ]
}

/** Copies what a run has computed from its work tables into such as outlive the run and a crash of the server. */
export async function keepChangeSet(work: Work, changeSet: ChangeSet): Promise<ChangeSet> {
  let count = 0
  const keep = async (name: string, rows: string) => {
    count += 1
    const table = workTable(work, 'held', `${count}_${name}`)
    await work.session.execute(`create table ${table} as select * from ${rows} r`)
    return table
  }
  const entities: ChangeSet['entities'] = []
  for (const entry of changeSet.entities) {
    entities.push({ ...entry, table: await keep(entry.entityType, entry.table) })
  }
  const replicas: ChangeSet['replicas'] = []
  for (const entry of changeSet.replicas) {
    replicas.push({ ...entry, rows: await keep(entry.entityType, entry.rows) })
  }
  const links: ChangeSet['links'] = []
  for (const entry of changeSet.links) {
    links.push({ ...entry, table: await keep(entry.association, entry.table) })
  }
  return { ...changeSet, entities, replicas, links }
}

export async function dropChangeSet(session: Session, { runId, changeSet }: HeldRun): Promise<void> {
  for (const table of tablesOf(changeSet)) await session.execute(`drop table if exists ${table}`)
  await dropOrphanChanges(session, runId)
}

/**
 * Reads a held run and locks its row, so that two people cannot decide at once. The delivery's row comes first, as
 * it does for whoever announces a complete: so they never wait for one another.
 */
export async function lockHeldRun(session: Session, run: number): Promise<HeldRun> {
  await session.query(
    'select from sluice_delivery where delivery_id = (select delivery_id from sluice_run where run_id = $1) for update',
    [run],
  )
  const { rows } = await session.query<{
    state: RecordedRunState
    delivery_id: string
    source_id: number
    source: string
    report: RunReport
    change_set: unknown
  }>(
    `select r.state, r.delivery_id, r.source_id, s.name as source, r.report, r.change_set
     from sluice_run r join sluice_source s using (source_id) where r.run_id = $1 for update of r`,
    [run],
  )
  const row = rows[0]
  if (row === undefined || !runLife.takes(row.state, 'approved')) throw new RunNotHeldError(run, row?.state)
  return {
    runId: run,
    deliveryId: row.delivery_id,
    sourceId: row.source_id,
    source: row.source,
    report: row.report,
    changeSet: changeSetSchema.parse(row.change_set),
  }
}

/** Another run takes its place: that of a later complete, or of its own delivery computed again. */
export async function replaceRun(
  session: Session,
  held: HeldRun,
  by: {
    readonly delivery: string
    readonly event: Extract<RunEvent, 'overtaken' | 'outdated'>
    readonly reason: string
  },
): Promise<void> {
  await dropChangeSet(session, held)
  const report: RunReport = {
    ...held.report,
    state: runLife.destinationOf(by.event),
    finishedAt: new Date().toISOString(),
    notes: [...held.report.notes, by.reason],
  }
  await closeRun(session, held.runId, by.event, report)
  await session.query('update sluice_run set replaced_by = $2 where run_id = $1', [held.runId, by.delivery])
}

/** A complete run of the same source replaces it. */
export async function cancelHeldRun(session: Session, run: number, complete: string): Promise<void> {
  const held = await lockHeldRun(session, run)
  await replaceRun(session, held, {
    delivery: complete,
    event: 'overtaken',
    reason: `Overtaken by complete delivery ${complete}.`,
  })
}

/**
 * Says whether what is stored moved under a held change set: a row it updates or deletes was written
 * since, a key it inserts is there by now, another run was applied, or somebody waits for what it brings.
 */
export async function hasMoved(session: Session, model: EntityModel, held: HeldRun): Promise<boolean> {
  if (await overtaken(session, held)) return true
  if (await awaited(session, model, held)) return true
  for (const { entityType, table } of held.changeSet.entities) {
    const moved = `select from ${table} c left join ${tableOf(entityType)} o on o.resource_id = c.resource_id
      where c._operation in ('update', 'delete') and o.xmin is distinct from c._base_xid limit 1`
    if (await exists(session, moved)) return true
  }
  for (const { source, entityType, rows } of held.changeSet.replicas) {
    const moved = `select from ${rows} c left join ${replicasOf(source, entityType)} r on r.key = c.key
      where (c.operation = 'insert') = (r.key is not null) limit 1`
    if (await exists(session, moved)) return true
  }
  for (const { association, table } of held.changeSet.links) {
    const link = tableOf(association)
    const same = 'l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id'
    const moved = `select from ${table} c left join ${link} l on ${same} where (c._operation = 'insert') = (l.from_id is not null) limit 1`
    if (await exists(session, moved)) return true
    if (await danglingEnd(session, model, held, association, table)) return true
  }
  return false
}

/**
 * A run that changed something was applied since: what names of this change set resolve to may differ.
 * Runs take turns, so the age of a transaction tells which came later.
 */
async function overtaken(session: Session, held: HeldRun): Promise<boolean> {
  return await exists(
    session,
    `select from sluice_run r where r.state = ${literal(runLife.destinationOf('passed'))} and ${sinceHeld('r', held)}
       and jsonb_path_exists(r.report, '$.*[*].changes.* ? (@ > 0)')`,
  )
}

/** A run that changed nothing else may have left orphans that wait for a resource of this change set. */
async function awaited(session: Session, model: EntityModel, held: HeldRun): Promise<boolean> {
  const arriving = held.changeSet.entities
    .filter(({ counts }) => counts.inserted + counts.updated > 0)
    .map(({ entityType }) => entityType)
  const asked = (to: string) => arriving.some((entityType) => isA(model, entityType, to))
  const references = [...model.entityTypes.values()].flatMap((type) =>
    type.properties.flatMap((property) =>
      property.type === 'reference' && asked(property.to)
        ? [`(w.entity_type = ${literal(type.name)} and w.property = ${literal(property.name)})`]
        : [],
    ),
  )
  const links = [...model.associations.values()]
    .filter(({ from, to }) => asked(from) || asked(to))
    .map(({ name }) => `w.association = ${literal(name)}`)
  const waits = async (table: string, conditions: readonly string[]) =>
    conditions.length > 0 &&
    (await exists(
      session,
      `select from ${table} w where ${sinceHeld('w', held)} and (${conditions.join(' or ')})`,
    ))
  return (await waits('sluice_orphan_reference', references)) || (await waits('sluice_orphan_link', links))
}

/** SQL condition: the row was written after the run was held. */
function sinceHeld(row: string, held: HeldRun): string {
  return `age(${row}.xmin) < (select age(h.xmin) from sluice_run h where h.run_id = ${held.runId})`
}

/** A link to be made, one of whose ends was deleted in the meantime. */
async function danglingEnd(
  session: Session,
  model: EntityModel,
  held: HeldRun,
  association: string,
  table: string,
): Promise<boolean> {
  const definition = model.associations.get(association)
  if (definition === undefined) return false
  for (const column of ['from_id', 'to_id']) {
    const stored = [...model.entityTypes.values()]
      .filter(({ abstract }) => !abstract)
      .map(({ name }) => `select from ${tableOf(name)} o where o.resource_id = c.${column}`)
    const made = held.changeSet.entities.map(
      (entity) =>
        `select from ${entity.table} e where e._operation = 'insert' and e.resource_id = c.${column}`,
    )
    const missing = [...stored, ...made].map((query) => `not exists (${query})`).join(' and ')
    if (await exists(session, `select from ${table} c where c._operation = 'insert' and ${missing} limit 1`))
      return true
  }
  return false
}

async function exists(session: Session, query: string): Promise<boolean> {
  const { rows } = await session.query<{ found: boolean }>(`select exists (${query}) as found`)
  return rows[0]?.found === true
}

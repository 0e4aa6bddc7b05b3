/**
 * Says whether what is stored moved under a held change set: a row it updates or deletes was written
 * since, a key it inserts is there by now, another run was applied, or somebody waits for what it brings.
 *
 * @module
 */
import { type Configuration, type EntityModel, runLife } from '@sluice/model'
import { anyOf, exists, isA, type Session, type SQL, sql, statement, Table } from '@sluice/repository'
import { type LinkChangeEntry, replicaChanges } from '../changes/change-set.ts'
import { lookedUpProperties } from '../sql/looked-up-properties.ts'
import { ageOf, changedSince, writtenAfter } from '../sql/row-version.ts'
import { linksOf, orphanLinks, orphanReferences, replicasOf, resourcesOf } from '../sql/tables.ts'
import type { HeldRun } from './held-run.ts'

export async function hasMoved(
  session: Session,
  { model, sources }: Pick<Configuration, 'model' | 'sources'>,
  held: HeldRun,
): Promise<boolean> {
  for (const [name, query] of [
    ...overtaken(held, pointingProperties({ model, sources })),
    ...awaited(model, held),
    ...writtenSince(held),
    ...replicasSince(held),
    ...statusesSince(held),
    ...undoneSince(held),
    ...linksSince(held),
    ...danglingEnds(model, held),
  ]) {
    if (await exists(session, statement(`runs/has-moved ${name}`, query))) return true
  }
  return false
}

/** Whether rows that it changes were written since: by whom does not matter. */
export async function hasMovedItself(session: Session, held: HeldRun): Promise<boolean> {
  for (const [name, query] of [
    ...writtenSince(held),
    ...replicasSince(held),
    ...statusesSince(held),
    ...undoneSince(held),
    ...linksSince(held),
  ])
    if (await exists(session, statement(`runs/has-moved ${name}`, query))) return true
  return false
}

type Question = readonly [about: string, query: SQL]

/** Names of properties, of whatever type, by which something is found or that point to something. */
function pointingProperties(configuration: Pick<Configuration, 'model' | 'sources'>): PointingProperties {
  const types = [...configuration.model.entityTypes.values()]
  const names = types.flatMap(({ name, properties }) => [
    ...lookedUpProperties(configuration, name),
    ...properties.filter(({ type }) => type === 'reference').map((property) => property.name),
  ])
  const limited = types.flatMap(({ properties }) =>
    properties.filter(({ history }) => history !== undefined).map((property) => property.name),
  )
  return { names: [...new Set(names)], isKept: !limited.some((name) => names.includes(name)) }
}

interface PointingProperties {
  readonly names: readonly string[]
  /** The history keeps each change of them. */
  readonly isKept: boolean
}

/**
 * A run that changed something was applied since: what names of this change set resolve to may differ.
 * Runs go one after the other, so the age of a transaction tells which came later.
 *
 * People edit all day long, mostly what nothing is found by. Whether one has changed a row of this change set shows in that row.
 */
function overtaken(held: HeldRun, { names: pointing, isKept }: PointingProperties): readonly Question[] {
  const applied = sql.literal(runLife.destinationOf('passed'))
  const changed = sql.value('$.*[*].changes.* ? (@ > 0)')
  const names = sql`${sql.value(`{${pointing.join(',')}}`)}::text[]`
  const mayMatter = anyOf([
    ...(isKept ? [] : [sql.true]),
    sql`exists (select from sluice_history h where h.run_id = run.run_id
        and (h.operation <> 'update' or h.before ?| ${names} or h.after ?| ${names}))`,
    sql`exists (select from sluice_link_history h where h.run_id = run.run_id)`,
  ])
  return [
    [
      'other-runs',
      sql`select from sluice_run run where run.state = ${applied} and ${sinceHeld(sql`run`, held)}
       and jsonb_path_exists(run.report, ${changed}::jsonpath) and (run.cause <> 'edit' or ${mayMatter})`,
    ],
  ]
}

/** A run that changed nothing else may have left orphans that wait for a resource of this change set. */
function awaited(model: EntityModel, held: HeldRun): readonly Question[] {
  const arriving = held.changeSet.entities
    .filter(({ counts }) => counts.inserted + counts.updated > 0)
    .map(({ entityType }) => entityType)
  const asked = (to: string) => arriving.some((entityType) => isA(model, entityType, to))
  const references = [...model.entityTypes.values()].flatMap((type) =>
    type.properties.flatMap((property) =>
      property.type === 'reference' && asked(property.to)
        ? [sql`w.entity_type = ${sql.literal(type.name)} and w.property = ${sql.literal(property.name)}`]
        : [],
    ),
  )
  const links = [...model.associations.values()]
    .filter(({ from, to }) => asked(from) || asked(to))
    .map(({ name }) => sql`w.association = ${sql.literal(name)}`)
  const waits = (table: Table, conditions: readonly SQL[]): readonly Question[] =>
    conditions.length === 0
      ? []
      : [
          [
            table.name,
            sql`select from ${table} w where ${sinceHeld(sql`w`, held)} and (${anyOf(conditions)})`,
          ],
        ]
  return [...waits(orphanReferences, references), ...waits(orphanLinks, links)]
}

/** SQL condition: the row was written after the run was held. */
function sinceHeld(row: SQL, { runId }: HeldRun): SQL {
  return writtenAfter(
    row,
    sql`select ${ageOf(sql`held`)} from sluice_run held where held.run_id = ${sql.literal(runId)}`,
  )
}

function writtenSince({ changeSet }: HeldRun): readonly Question[] {
  return changeSet.entities.map(({ entityType, table }) => [
    entityType,
    sql`select from ${new Table(table)} c left join ${resourcesOf(entityType)} o on o.resource_id = c.resource_id
      where c._operation in ('update', 'delete') and ${changedSince(sql`o`, sql`c._base_version`)} limit 1`,
  ])
}

function replicasSince({ changeSet }: HeldRun): readonly Question[] {
  return changeSet.replicas.map(({ source, entityType, rows }) => [
    `replicas-of-${entityType}`,
    sql`select from ${replicaChanges(rows)} c left join ${replicasOf(source, entityType)} r on r.key = c.key
      where (c.operation = 'insert') = (r.key is not null) limit 1`,
  ])
}

/** A row of a replica was written since, or is gone. */
function statusesSince({ changeSet }: HeldRun): readonly Question[] {
  return changeSet.statuses.map(({ source, entityType, table }) => [
    `statuses-of-${entityType}`,
    sql`select from ${new Table(table)} c left join ${replicasOf(source, entityType)} r on r.key = c.key
      where r.revision is distinct from c.revision limit 1`,
  ])
}

/** A replica that is to come back is there again, or one that is to go is gone. */
function undoneSince({ changeSet }: HeldRun): readonly Question[] {
  return (changeSet.undone ?? []).map(({ source, entityType, table }) => [
    `undone-of-${entityType}`,
    sql`select from ${new Table(table)} c left join ${replicasOf(source, entityType)} r on r.key = c.key
      where (c.operation = 'restore') = (r.key is not null) limit 1`,
  ])
}

function linksSince({ changeSet }: HeldRun): readonly Question[] {
  return changeSet.links.map(({ association, table }) => [
    association,
    sql`select from ${new Table(table)} c
      left join ${linksOf(association)} l on l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id
      where (c._operation = 'insert') = (l.from_id is not null) limit 1`,
  ])
}

/** A link to be made, one of whose ends was deleted in the meantime. */
function danglingEnds(model: EntityModel, held: HeldRun): readonly Question[] {
  return held.changeSet.links.flatMap((entry) =>
    (['from_id', 'to_id'] as const).map(
      (end): Question => [`${end} of ${entry.association}`, dangling(model, held, entry, end)],
    ),
  )
}

function dangling(
  model: EntityModel,
  { changeSet }: HeldRun,
  { table }: LinkChangeEntry,
  end: 'from_id' | 'to_id',
): SQL {
  const id = sql`c.${sql.identifier(end)}`
  const stored = [...model.entityTypes.values()]
    .filter(({ abstract }) => !abstract)
    .map(({ name }) => sql`select from ${resourcesOf(name)} o where o.resource_id = ${id}`)
  const made = changeSet.entities.map(
    (entity) =>
      sql`select from ${new Table(entity.table)} made where made._operation = 'insert' and made.resource_id = ${id}`,
  )
  const missing = [...stored, ...made].map((query) => sql`not exists (${query})`)
  return sql`select from ${new Table(table)} c where c._operation = 'insert' and ${sql.join(missing, ' and ')} limit 1`
}

/**
 * Reads the changes of a run as people look at them: from the tables of a change set that is planned
 * or held, or from the history of one that was applied.
 *
 * @module
 */
import type { Change, ChangeCounts, ChangesOptions, EntityModel, Property } from '@sluice/model'
import { literal, type Session } from '@sluice/repository'
import type { ChangeSet } from './terms/change-set.ts'
import { allValues, type Naming, nameOf, toldOfChange } from './terms/change-values.ts'
import { entityTypeOf, tableOf } from './terms/work.ts'

interface ChangePage {
  readonly limit: number
  readonly offset?: number | undefined
  /** SQL condition: those that are drift, or all. */
  readonly among: string
}

type Which = Pick<ChangesOptions, 'drift'>

/**
 * Pages of which each is larger than the one before: whoever wants the first changes has them at once, and whoever
 * wants a million does not have them sorted a thousand times.
 */
function* growingPages(among: string): Generator<Required<ChangePage>> {
  for (let offset = 0, limit = 500; ; offset += limit, limit = Math.min(limit * 2, largestPage)) {
    yield { offset, limit, among }
  }
}

const largestPage = 16_000

const markedIn = { changes: '_drift', history: 'drift' }

function amongOf({ drift }: Which, place: keyof typeof markedIn): string {
  return drift === true ? markedIn[place] : 'true'
}

type Operation = 'insert' | 'update' | 'delete'
const operations: readonly Operation[] = ['delete', 'update', 'insert']

interface EntityRow {
  readonly operation: Operation
  readonly resource_id: string
  readonly key: string | null
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
  readonly drift: boolean
}

interface LinkRow {
  readonly operation: Operation
  readonly from_key: string
  readonly to_key: string
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
  readonly drift: boolean
}

/** The first `sample` changes of each operation of each entity type and association. */
export async function sampleChanges(
  session: Session,
  model: EntityModel,
  changeSet: ChangeSet,
  sample: number,
  which: Which = {},
): Promise<readonly Change[]> {
  const naming = { model, changes: changeSet.entities }
  const page = { limit: sample, among: amongOf(which, 'changes') }
  const changes: Change[] = []
  for (const { entityType, table, counts } of changeSet.entities) {
    for (const operation of present(counts)) {
      changes.push(...(await entityPage(session, naming, entityType, table, operation, page)))
    }
  }
  for (const { association, table, counts } of changeSet.links) {
    for (const operation of present(counts)) {
      changes.push(...(await linkPage(session, naming, association, table, operation, page)))
    }
  }
  return changes
}

/** The first resources of a type that was loaded straight, as insertions. */
export async function sampleLoaded(
  session: Session,
  model: EntityModel,
  entityType: string,
  replicas: string,
  sample: number,
): Promise<readonly Change[]> {
  const { properties } = entityTypeOf(model, entityType)
  const { rows } = await session.query<EntityRow>(
    `select 'insert' as operation, o.resource_id, r.key, null::jsonb as before, ${allValues({ model, changes: [] }, properties, 'o')} as after, false as drift
     from (select key, resource_id from ${replicas} order by key limit ${sample}) r
     join ${tableOf(entityType)} o on o.resource_id = r.resource_id order by r.key`,
  )
  return rows.map((row) => entityChange(entityType, row, properties))
}

type Read = <T>(work: (session: Session) => Promise<T>) => Promise<T>

/** Every change of a change set, in pages, so that a million of them never lie in memory. */
export async function* allChanges(
  read: Read,
  model: EntityModel,
  changeSet: ChangeSet,
  which: Which,
): AsyncGenerator<Change> {
  for (const readPage of changePages(model, changeSet)) {
    for (const page of growingPages(amongOf(which, 'changes'))) {
      const changes = await read((session) => readPage(session, page))
      yield* changes
      if (changes.length < page.limit) break
    }
  }
}

type PageReader = (session: Session, page: ChangePage) => Promise<readonly Change[]>

function changePages(model: EntityModel, changeSet: ChangeSet): readonly PageReader[] {
  const naming = { model, changes: changeSet.entities }
  return [
    ...changeSet.entities.flatMap(({ entityType, table, counts }) =>
      present(counts).map(
        (operation): PageReader =>
          (session, page) =>
            entityPage(session, naming, entityType, table, operation, page),
      ),
    ),
    ...changeSet.links.flatMap(({ association, table, counts }) =>
      present(counts).map(
        (operation): PageReader =>
          (session, page) =>
            linkPage(session, naming, association, table, operation, page),
      ),
    ),
  ]
}

function present(counts: ChangeCounts): readonly Operation[] {
  const of = { insert: counts.inserted, update: counts.updated, delete: counts.deleted }
  return operations.filter((operation) => of[operation] > 0)
}

async function entityPage(
  session: Session,
  naming: Naming,
  entityType: string,
  table: string,
  operation: Operation,
  page: ChangePage,
): Promise<readonly Change[]> {
  const { properties } = entityTypeOf(naming.model, entityType)
  const told = toldOfChange(naming, properties)
  const { rows } = await session.query<EntityRow>(
    `select c._operation as operation, c.resource_id, c._key as key, ${told}
     from (select * from ${table} where _operation = ${literal(operation)} and ${page.among} order by _key, resource_id limit ${page.limit} offset ${page.offset ?? 0}) c
     left join ${tableOf(entityType)} o on o.resource_id = c.resource_id
     order by c._key, c.resource_id`,
  )
  return rows.map((row) => entityChange(entityType, row, properties))
}

function entityChange(entityType: string, row: EntityRow, properties: readonly Property[]): Change {
  return {
    kind: 'entity',
    entityType,
    operation: row.operation,
    resourceId: row.resource_id,
    key: row.key,
    before: inOrder(row.before, properties),
    after: inOrder(row.after, properties),
    drift: row.drift,
  }
}

/** The values in the order of the model; `jsonb` keeps them by the length of their names. */
function inOrder(values: EntityRow['before'], properties: readonly Property[]): EntityRow['before'] {
  if (values === null) return null
  const known = properties.map(({ name }) => name).filter((name) => Object.hasOwn(values, name))
  // What the model has lost meanwhile stays at the end.
  return Object.fromEntries([...known, ...Object.keys(values)].map((name) => [name, values[name]]))
}

async function linkPage(
  session: Session,
  naming: Naming,
  name: string,
  table: string,
  operation: Operation,
  page: ChangePage,
): Promise<readonly Change[]> {
  const association = naming.model.associations.get(name)
  if (association === undefined) return []
  const told = toldOfChange(naming, association.properties, 'l')
  const same = 'l.source_id = c.source_id and l.from_id = c.from_id and l.to_id = c.to_id'
  const { rows } = await session.query<LinkRow>(
    `select c._operation as operation, ${nameOf(naming, association.from, 'c.from_id')} as from_key,
       ${nameOf(naming, association.to, 'c.to_id')} as to_key, ${told}
     from (select * from ${table} where _operation = ${literal(operation)} and ${page.among} order by from_id, to_id limit ${page.limit} offset ${page.offset ?? 0}) c
     left join ${tableOf(name)} l on ${same}`,
  )
  return rows.map((row) => linkChange(name, row, association.properties))
}

/** The changes of an applied run, from its history; what a first load inserted is counted, not listed. */
export async function* appliedChanges(
  read: Read,
  model: EntityModel,
  run: number,
  which: Which,
): AsyncGenerator<Change> {
  const among = amongOf(which, 'history')
  for (const page of growingPages(among)) {
    const changes = await read((session) => historyPage(session, model, run, page))
    yield* changes
    if (changes.length < page.limit) break
  }
  for (const association of await read((session) => linkedAssociations(session, run))) {
    for (const page of growingPages(among)) {
      const of = { run, association }
      const changes = await read((session) => linkHistoryPage(session, model, of, page))
      yield* changes
      if (changes.length < page.limit) break
    }
  }
}

/** As `sampleChanges`, of an applied run. */
export async function sampleApplied(
  session: Session,
  model: EntityModel,
  run: number,
  sample: number,
  which: Which,
): Promise<readonly Change[]> {
  const changes: Change[] = []
  const among = amongOf(which, 'history')
  const first = (of: string) => ({ limit: sample, offset: 0, among: `${among} and ${of}` })
  const { rows: kinds } = await session.query<{ type: string; operation: Operation }>(
    `select distinct entity_type as type, operation from sluice_history where run_id = $1 order by entity_type, operation`,
    [run],
  )
  for (const { type, operation } of kinds) {
    const kind = `entity_type = ${literal(type)} and operation = ${literal(operation)}`
    changes.push(...(await historyPage(session, model, run, first(kind))))
  }
  for (const association of await linkedAssociations(session, run)) {
    for (const operation of operations) {
      const of = { run, association }
      const page = first(`operation = ${literal(operation)}`)
      changes.push(...(await linkHistoryPage(session, model, of, page)))
    }
  }
  return changes
}

async function historyPage(
  session: Session,
  model: EntityModel,
  run: number,
  { limit, offset, among }: Required<ChangePage>,
): Promise<readonly Change[]> {
  const { rows } = await session.query<EntityRow & { entity_type: string }>(
    `select entity_type, operation, resource_id, key, before, after, drift from sluice_history
     where run_id = $1 and ${among} order by entity_type, operation, key, resource_id limit ${limit} offset ${offset}`,
    [run],
  )
  return rows.map((row) =>
    entityChange(row.entity_type, row, model.entityTypes.get(row.entity_type)?.properties ?? []),
  )
}

async function linkedAssociations(session: Session, run: number): Promise<readonly string[]> {
  const { rows } = await session.query<{ association: string }>(
    'select distinct association from sluice_link_history where run_id = $1 order by association',
    [run],
  )
  return rows.map(({ association }) => association)
}

async function linkHistoryPage(
  session: Session,
  model: EntityModel,
  { run, association }: { readonly run: number; readonly association: string },
  { limit, offset, among }: Required<ChangePage>,
): Promise<readonly Change[]> {
  const ends = endNames(model, association)
  const properties = model.associations.get(association)?.properties ?? []
  const { rows } = await session.query<LinkRow>(
    `select h.operation, ${ends.from} as from_key, ${ends.to} as to_key, h.before, h.after, h.drift
     from (select * from sluice_link_history where run_id = $1 and association = $2 and ${among}
       order by operation, from_id, to_id limit ${limit} offset ${offset}) h
     order by h.operation, h.from_id, h.to_id`,
    [run, association],
  )
  return rows.map((row) => linkChange(association, row, properties))
}

/** SQL of what the ends of a link in the history are called, or were when they were deleted. */
function endNames(model: EntityModel, name: string): { readonly from: string; readonly to: string } {
  const association = model.associations.get(name)
  if (association === undefined) return { from: 'h.from_id::text', to: 'h.to_id::text' }
  const naming = { model, changes: [] }
  const gone = (id: string) =>
    `(select d.key from sluice_history d where d.resource_id = ${id} order by d.run_id desc limit 1)`
  return {
    from: nameOf(naming, association.from, 'h.from_id', [gone('h.from_id')]),
    to: nameOf(naming, association.to, 'h.to_id', [gone('h.to_id')]),
  }
}

function linkChange(association: string, row: LinkRow, properties: readonly Property[]): Change {
  return {
    kind: 'link',
    association,
    operation: row.operation,
    from: row.from_key,
    to: row.to_key,
    before: inOrder(row.before, properties),
    after: inOrder(row.after, properties),
    drift: row.drift,
  }
}

/**
 * Rows and replica tables follow sources and their mappings.
 *
 * @module
 */
import { replicaLayoutOf, type StoredModel, scopeOf } from '@sluice/model'
import { definitionOf, graphTables, linkTable, replicaTable } from '../layout/layout.ts'
import { type ReplicaForm, replicaForms } from '../layout/replica-layouts.ts'
import { storedOwnership } from '../layout/stored-ownership.ts'
import { type SQL, type Statement, sql, statement, Table } from '../sql/statement.ts'
import * as valuesSteps from './evolve-values.ts'
import { counted, createTable, type Loss, type Step, type Transition } from './step.ts'

/** What goes, before everything else: it refers to tables that may go next. */
export function leavingSourceSteps(transition: Transition): readonly Step[] {
  const { before, after } = transition
  return [...before.sources.values()].flatMap((source) => {
    const now = after.sources.get(source.name)
    const entities = source.entities.filter(
      ({ entityType }) => !now?.entities.some((mapping) => mapping.entityType === entityType),
    )
    const associations = source.associations.filter(
      ({ association }) => !now?.associations.some((mapping) => mapping.association === association),
    )
    return [
      ...entities.map((mapping) => {
        const { entityType } = mapping
        const asserted = valuesSteps.dropped(transition, source.name, entityType)
        const staying = scopeOf(mapping).filter((name) => after.entityTypes.get(name)?.abstract === false)
        return forgetReplicas(source.name, entityType, { staying, asserted })
      }),
      ...associations
        .filter(({ association }) => after.associations.has(association))
        .map(({ association }) => removeLinks(source.name, association)),
      ...(now ? [] : [{ change: `drops source ${source.name}`, statements: forgetGraph(source.name) }]),
    ]
  })
}

/** What comes, behind everything else. */
export function arrivingSourceSteps(transition: Transition): readonly Step[] {
  const { before, after } = transition
  return [...after.sources.values()].flatMap((source) => {
    const old = before.sources.get(source.name)
    const entities = source.entities.filter(
      ({ entityType }) => !old?.entities.some((mapping) => mapping.entityType === entityType),
    )
    return [
      // Its row is there: whoever plans has to know its number.
      ...(old ? [] : [{ change: `adds source ${source.name}`, statements: [] }]),
      ...entities.map(({ entityType }) => addReplicas(transition, source.name, entityType)),
      ...source.entities
        .filter((mapping) => !entities.includes(mapping))
        .flatMap(({ entityType }) => valuesSteps.changed(transition, source.name, entityType)),
    ]
  })
}

function addReplicas(transition: Transition, source: string, entityType: string): Step {
  const { after: model } = transition
  const type = model.entityTypes.get(entityType)
  const { columns, storage } = replicaFormOf(model, entityType)
  const about = `${source}.${entityType}`
  const replicas = new Table(replicaTable(source, entityType))
  return {
    change: `adds replicas of ${entityType} from source ${source}`,
    // A mapping of a type that there is not has been refused with the configuration.
    statements:
      type === undefined
        ? []
        : [
            statement(
              `evolve/add-replicas ${about}`,
              createTable(replicas, columns(type).map(definitionOf), storage),
            ),
            valuesSteps.indexReplicas({ about, replicas }),
            ...valuesSteps.added(transition, source, entityType),
          ],
  }
}

/** How the replicas of a type lie in a model. */
function replicaFormOf(model: StoredModel, entityType: string): ReplicaForm {
  return replicaForms[replicaLayoutOf(storedOwnership(model, entityType))]
}

/** The replicas of a type forget what they said, so that the next complete run reads every row anew. */
export function forgetDigests({ before, after }: Transition, entityType: string): readonly Statement[] {
  const digest = sql.identifier(replicaFormOf(before, entityType).digest)
  // The tables of those that leave are gone by now, and those that come are not there yet.
  const staying = new Set(storedOwnership(after, entityType).owners.map(({ source }) => source.name))
  return storedOwnership(before, entityType)
    .owners.filter(({ source }) => staying.has(source.name))
    .map(({ source, entityType: held }) =>
      statement(
        `evolve/forget-digests ${source.name}.${held}`,
        sql`update ${new Table(replicaTable(source.name, held))} set ${digest} = null where ${digest} is not null`,
      ),
    )
}

/** `staying`: types of its resources that do not go themselves; where none stays, only that is worth asking for. */
function forgetReplicas(
  source: string,
  entityType: string,
  { staying, asserted }: { readonly staying: readonly string[]; readonly asserted: readonly Statement[] },
): Step {
  const about = `${source}.${entityType}`
  const replicas = new Table(replicaTable(source, entityType))
  const loss: Loss = {
    count: statement(`evolve/count-replicas ${about}`, sql`select count(*) as lost from ${replicas}`),
    what: (count) =>
      `source ${source} would forget ${counted(count, 'row')} of ${entityType}; the resources stay, without a source`,
  }
  return {
    change: `drops replicas of ${entityType} from source ${source}`,
    statements: [
      ...asserted,
      statement(`evolve/drop-replicas ${about}`, sql`drop table ${replicas}`),
      // Who else owns resources of the type has to look at what is left, once.
      ...staying.map(forgetKnownTransactions),
      forgetStored(source, entityType),
      forgetMatches(source, entityType),
    ],
    loss: staying.length > 0 ? loss : undefined,
  }
}

function forgetGraph(source: string): readonly Statement[] {
  return graphTables.map((table) =>
    statement(
      `evolve/forget-graph ${source}`,
      sql`delete from ${new Table(table)} where source_id = ${idOf(source)}`,
    ),
  )
}

function removeLinks(source: string, association: string): Step {
  const about = `${source}.${association}`
  const own = sql`from ${new Table(linkTable(association))} where source_id = ${idOf(source)}`
  return {
    change: `drops links of ${association} from source ${source}`,
    statements: [
      statement(`evolve/drop-links ${about}`, sql`delete ${own}`),
      statement(
        `evolve/forget-orphan-links ${about}`,
        sql`delete from sluice_orphan_link
        where association = ${sql.literal(association)} and source_id = ${idOf(source)}`,
      ),
      forgetStored(source, association),
    ],
    loss: {
      count: statement(`evolve/count-links ${about}`, sql`select count(*) as lost ${own}`),
      what: (count) => `source ${source} would lose ${counted(count, 'link')} of ${association}`,
    },
  }
}

/** Which row versions of a type are known is learned anew, by looking at each once. */
export function forgetKnownTransactions(entityType: string): Statement {
  return statement(
    `evolve/forget-known-transactions ${entityType}`,
    sql`delete from sluice_known_transaction where entity_type = ${sql.literal(entityType)}`,
  )
}

function forgetStored(source: string, mapping: string): Statement {
  return statement(
    `evolve/forget-stored ${source}.${mapping}`,
    sql`delete from sluice_stored where mapping = ${sql.literal(mapping)} and source_id = ${idOf(source)}`,
  )
}

/** What people decided of its rows, and what they were asked. */
function forgetMatches(source: string, entityType: string): Statement {
  return statement(
    `evolve/forget-matches ${source}.${entityType}`,
    sql`delete from sluice_match where entity_type = ${sql.literal(entityType)} and source_id = ${idOf(source)}`,
  )
}

function idOf(source: string): SQL {
  return sql`(select source_id from sluice_source where name = ${sql.literal(source)})`
}

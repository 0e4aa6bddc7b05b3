/**
 * Rows and replica tables follow sources and their mappings.
 *
 * @module
 */
import { identifier, linkTable, literal, replicaTable, roomForUpdates } from '../layout/layout.ts'
import { counted, type Loss, type Step, type Transition } from './step.ts'

/** What goes, before everything else: it refers to tables that may go next. */
export function leavingSourceSteps({ before, after }: Transition): readonly Step[] {
  return [...before.sources.values()].flatMap((source) => {
    const now = after.sources.get(source.name)
    const entities = source.entities.filter(
      ({ entityType }) => !now?.entities.some((mapping) => mapping.entityType === entityType),
    )
    const associations = source.associations.filter(
      ({ association }) => !now?.associations.some((mapping) => mapping.association === association),
    )
    return [
      ...entities.map(({ entityType }) => {
        const type = after.entityTypes.get(entityType)
        return forgetReplicas(source.name, entityType, type !== undefined && !type.abstract)
      }),
      ...associations
        .filter(({ association }) => after.associations.has(association))
        .map(({ association }) => removeLinks(source.name, association)),
      ...(now ? [] : [{ change: `drops source ${source.name}`, sql: [] }]),
    ]
  })
}

/** What comes, behind everything else. */
export function arrivingSourceSteps({ before, after }: Transition): readonly Step[] {
  return [...after.sources.values()].flatMap((source) => {
    const old = before.sources.get(source.name)
    const entities = source.entities.filter(
      ({ entityType }) => !old?.entities.some((mapping) => mapping.entityType === entityType),
    )
    return [
      ...(old
        ? []
        : [
            {
              change: `adds source ${source.name}`,
              sql: [
                `insert into sluice_source (name) values (${literal(source.name)}) on conflict (name) do nothing`,
              ],
            },
          ]),
      ...entities.map(({ entityType }) => ({
        change: `adds replicas of ${entityType} from source ${source.name}`,
        sql: [
          `create table ${identifier(replicaTable(source.name, entityType))} (
  key text collate "C" primary key,
  resource_id bigint not null,
  digest bigint
) ${roomForUpdates}`,
        ],
      })),
    ]
  })
}

/** Where the resources themselves go, only that is worth asking for. */
function forgetReplicas(source: string, entityType: string, resourcesStay: boolean): Step {
  const table = identifier(replicaTable(source, entityType))
  const loss: Loss = {
    count: `select count(*) as lost from ${table}`,
    what: (count) =>
      `source ${source} would forget ${counted(count, 'row')} of ${entityType}; the resources stay, without a source`,
  }
  return {
    change: `drops replicas of ${entityType} from source ${source}`,
    sql: [
      `drop table ${table}`,
      // Who else owns resources of the type has to look at what is left, once.
      `delete from sluice_known_transaction where entity_type = ${literal(entityType)}`,
      forgetStored(source, entityType),
    ],
    loss: resourcesStay ? loss : undefined,
  }
}

function removeLinks(source: string, association: string): Step {
  const table = identifier(linkTable(association))
  return {
    change: `drops links of ${association} from source ${source}`,
    sql: [
      `delete from ${table} where source_id = ${idOf(source)}`,
      `delete from sluice_orphan_link where association = ${literal(association)} and source_id = ${idOf(source)}`,
      forgetStored(source, association),
    ],
    loss: {
      count: `select count(*) as lost from ${table} where source_id = ${idOf(source)}`,
      what: (count) => `source ${source} would take ${counted(count, 'link')} of ${association} with it`,
    },
  }
}

function forgetStored(source: string, mapping: string): string {
  return `delete from sluice_stored where mapping = ${literal(mapping)} and source_id = ${idOf(source)}`
}

function idOf(source: string): string {
  return `(select source_id from sluice_source where name = ${literal(source)})`
}

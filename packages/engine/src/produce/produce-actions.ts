/**
 * The producer of what people want done with single rows of a source: the rows are written down, and a run that looks at nothing else does it.
 *
 * @module
 */
import { type ReplicaAction, type ReplicaStatus, type RunBy, storableText } from '@sluice/model'
import {
  allOf,
  commas,
  isNotSeenSince,
  run,
  type SQL,
  type Statement,
  sql,
  statement,
} from '@sluice/repository'
import type { Producer } from '../changes/produced.ts'
import { entityTypeOf, type KnownSources, type RunContext } from '../context/run-context.ts'
import { type SharedShape, sharedShape } from '../sql/shared-shape.ts'
import { NoSuchReplicaError, NotSharedSourceError } from './action-errors.ts'
import { produceFromReplicas } from './produce-from-replicas.ts'

export interface WantedAction {
  readonly source: string
  readonly entityType: string
  readonly action: ReplicaAction
  /** Rows by their keys; all that the other conditions leave when absent. */
  readonly keys?: readonly string[] | undefined
  readonly status?: readonly ReplicaStatus[] | undefined
  /** Only rows with an error or a warning. */
  readonly errors?: boolean | undefined
  /** UTC: only rows that were last seen before. */
  readonly notSeenSince?: string | undefined
  readonly reason?: string | undefined
}

export interface ActionProducer {
  readonly produce: Producer
  /** How many rows there were, once it has produced. */
  rows(): number
}

export function produceActions(wanted: WantedAction, by: RunBy): ActionProducer {
  let rows = 0
  return {
    rows: () => rows,
    produce: async (context, straight) => {
      const shape = shapeOf(context, wanted)
      rows = (await run(context.session, writeDown(shape, wanted, by))).count
      if (wanted.keys !== undefined && rows < new Set(wanted.keys).size)
        throw new NoSuchReplicaError(wanted, await missingKeys(context, shape, wanted.keys))
      return await produceFromReplicas({ source: wanted.source, loaded: false, acted: true })(
        { ...context, sources: withActions(context.sources, wanted.source) },
        straight,
      )
    },
  }
}

function shapeOf({ model, sources }: RunContext, { source, entityType }: WantedAction): SharedShape {
  const known = sources.get(source)
  const mapping = known?.source.entities.find((one) => one.entityType === entityType)
  if (known === undefined || mapping?.federation === undefined || !model.entityTypes.has(entityType))
    throw new NotSharedSourceError(source, entityType)
  return sharedShape(model, known, mapping)
}

/** They were read before anything was written down. */
function withActions(sources: KnownSources, name: string): KnownSources {
  return new Map(
    [...sources].map(([key, known]) => [key, key === name ? { ...known, acted: true } : known] as const),
  )
}

/** What is not attached has nothing to be unlinked from: it is apart at once, or looks again. */
function writeDown({ sourceId, type, replicas }: SharedShape, wanted: WantedAction, by: RunBy): Statement {
  const action = sql.literal(wanted.action)
  const reason = wanted.reason === undefined ? null : storableText(wanted.reason)
  return statement(
    `replicas/want ${type.name}`,
    sql`insert into sluice_replica_action (source_id, entity_type, key, action, by_kind, by_name, reason, done, revision)
    select ${sql.literal(sourceId)}, ${sql.literal(type.name)}, r.key,
      case when ${action} = 'reconcile' and r.resource_id is null then 'retry' else ${action} end,
      ${sql.value(by.kind)}, ${sql.value(by.name)}, ${sql.value(reason)}, ${action} = 'unlink' and r.resource_id is null, r.revision
    from ${replicas} r where ${allOf(conditionsOf(sourceId, wanted))}
    on conflict (source_id, entity_type, key) do update set action = excluded.action, by_kind = excluded.by_kind, by_name = excluded.by_name,
      asked_at = excluded.asked_at, reason = excluded.reason, done = excluded.done, revision = excluded.revision`,
  )
}

function conditionsOf(
  sourceId: number,
  { entityType, action, keys, status, errors, notSeenSince }: WantedAction,
): readonly SQL[] {
  return [
    // What has disappeared is not applied again, and looks for nothing.
    ...(action === 'retry' || action === 'reconcile' ? [sql`r.status <> 'obsolete'`] : []),
    ...(keys === undefined ? [] : [sql`r.key in (${listed(keys)})`]),
    ...(status === undefined ? [] : [sql`r.status in (${commas(status.map((one) => sql.literal(one)))})`]),
    ...(errors === true ? [sql`(r.error is not null or r.warnings is not null)`] : []),
    ...(notSeenSince === undefined ? [] : [isNotSeenSince({ sourceId, entityType }, notSeenSince)]),
  ]
}

function listed(keys: readonly string[]): SQL {
  return sql`select jsonb_array_elements_text(${sql.value(JSON.stringify(keys))}::jsonb)`
}

async function missingKeys(
  { session, model }: RunContext,
  { sourceId, type }: SharedShape,
  keys: readonly string[],
): Promise<readonly string[]> {
  const found = statement<{ key: string }>(
    `replicas/find-unwanted ${entityTypeOf(model, type.name).name}`,
    sql`select k.key from (${listed(keys)}) k(key) where not exists (select from sluice_replica_action w
      where w.source_id = ${sql.literal(sourceId)} and w.entity_type = ${sql.literal(type.name)} and w.key = k.key) order by k.key limit 5`,
  )
  return (await run(session, found)).rows.map(({ key }) => key)
}

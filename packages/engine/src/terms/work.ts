/**
 * What the stages of one run share: the session of its transaction, the model, and the names of the
 * work tables in which one stage leaves its result for the next.
 *
 * Work tables live in the run's transaction, so a run that dies leaves none. What a held run has computed is copied
 * into tables that stay until somebody decides.
 *
 * @module
 */
import type {
  Configuration,
  DeliveryMode,
  EntityMapping,
  EntityModel,
  EntityType,
  OnProgress,
  Property,
  Source,
} from '@sluice/model'
import { columnsOf, entityTable, family, identifier, replicaTable, type Session } from '@sluice/repository'

export interface Work {
  readonly session: Session
  readonly configuration: Configuration
  readonly model: EntityModel
  readonly source: Source
  readonly sourceId: number
  readonly mode: DeliveryMode
  /** 0 in a dry run. */
  readonly runId: number
  /** Begins the name of every work table of this run. */
  readonly prefix: string
  /**
   * How work tables are made: unlogged where there is much to write, which several processes of the database may
   * then read at once, else temporary, which are made and dropped with a fraction of the trouble.
   */
  readonly persistence: 'unlogged' | 'temporary' | ''
  /** Names of the work tables there are at the moment. */
  readonly tables: Set<string>
  readonly onProgress: OnProgress
  /** Ends the run at the next stage, and at the latest before it is committed. */
  readonly signal?: AbortSignal | undefined
}

/** What every configured source is called in the database. */
export type SourceIds = ReadonlyMap<string, number>

export function entityTypeOf(model: EntityModel, name: string): EntityType {
  const type = model.entityTypes.get(name)
  if (type === undefined)
    throw new Error(`Entity type ${name} is not in the model; the configuration check let it pass.`)
  return type
}

export function propertyOf(type: EntityType, name: string): Property {
  const property = type.properties.find((candidate) => candidate.name === name)
  if (property === undefined) {
    throw new Error(`${type.name} has no property ${name}; the configuration check let it pass.`)
  }
  return property
}

/** Quoted table of an entity type. */
export function tableOf(entityType: string): string {
  return identifier(entityTable(entityType))
}

/** Quoted table of a source's replicas of an entity type. */
export function replicasOf(source: string, entityType: string): string {
  return identifier(replicaTable(source, entityType))
}

/** Unquoted names of all property columns of a type. */
export function columnNames(type: EntityType): readonly string[] {
  return type.properties.flatMap((property) => columnsOf(property).map(({ name }) => name))
}

/** Every mapping, of any source, that fills resources of exactly this type. */
export function mappingsOf(
  configuration: Configuration,
  entityType: string,
): readonly { readonly source: Source; readonly mapping: EntityMapping }[] {
  return [...configuration.sources.values()].flatMap((source) =>
    source.entities
      .filter((mapping) => mapping.entityType === entityType)
      .map((mapping) => ({ source, mapping })),
  )
}

/** Names of the concrete types whose resources may stand where `entityType` is asked for. */
export function familyNames(model: EntityModel, entityType: string): readonly string[] {
  return family(model, entityType).map(({ name }) => name)
}

/** First row of a result that always has one. */
export async function single<R extends object>(
  session: Session,
  text: string,
  values: readonly unknown[] = [],
): Promise<R> {
  const { rows } = await session.query<R>(text, values)
  const row = rows[0]
  if (row === undefined) throw new Error(`No row from: ${text}`)
  return row
}

/** `count(*)` of what stands behind `from`. */
export async function countOf(session: Session, from: string): Promise<number> {
  const { count } = await single<{ count: string }>(session, `select count(*) as count from ${from}`)
  return Number(count)
}

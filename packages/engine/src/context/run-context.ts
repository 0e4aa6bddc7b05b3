/**
 * What every stage of a run works with, whatever caused it: the session of its transaction, the model, the sources.
 *
 * @module
 */
import type { EntityModel, EntityType, Property, Source } from '@sluice/model'
import { family, type Session } from '@sluice/repository'
import type { RejectedRows } from './rejected-rows.ts'
import type { WorkTables } from './work-tables.ts'

/** A configured source, and its number in the database. */
export interface KnownSource {
  readonly source: Source
  readonly id: number
  /** People want something of single rows of it, or have unlinked some. */
  readonly acted?: boolean | undefined
}

/** By name, in the order of the configuration. */
export type KnownSources = ReadonlyMap<string, KnownSource>

export interface RunContext {
  readonly session: Session
  /** 0 in a plan. */
  readonly runId: number
  readonly model: EntityModel
  readonly sources: KnownSources
  readonly workTables: WorkTables
  /** What is set aside. */
  readonly rejectedRows: RejectedRows
  /** `Person.mail`: by which property of which type a resource answers to the name of one that was merged into it. Absent: none does. */
  readonly mergedNames?: ReadonlySet<string> | undefined
  /** Ends the run at the next stage, and at the latest before it is committed. */
  readonly signal?: AbortSignal | undefined
}

/** The part of a run in which one source says something. */
export interface SourcePart extends RunContext {
  readonly source: Source
  readonly sourceId: number
  /** What the source says is all there is of it: what it does not mention has disappeared. */
  readonly whole: boolean
  /** Only rows are looked at of which people want something. */
  readonly acted?: true | undefined
  /** Only rows are looked at of which somebody has decided to which resource they belong. */
  readonly decided?: true | undefined
  /** Nothing is applied of any row: only those are looked at that have disappeared, and those whose retention is over. */
  readonly ageing?: true | undefined
  /**
   * The source is being deleted: every row of it has disappeared. `deleting`: with the resources that nobody else holds; `sparing`: with
   * none. Absent of any other run.
   */
  readonly leaving?: 'deleting' | 'sparing' | undefined
}

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

/** Names of the concrete types whose resources may stand where `entityType` is asked for. */
export function familyNames(model: EntityModel, entityType: string): readonly string[] {
  return family(model, entityType).map(({ name }) => name)
}

/** The sources alone, as the model's rules of ownership ask for them. */
export function sourcesByName(sources: KnownSources): ReadonlyMap<string, Source> {
  return new Map([...sources].map(([name, { source }]) => [name, source]))
}

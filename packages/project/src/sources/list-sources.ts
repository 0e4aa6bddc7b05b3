/**
 * Tells of every source where it is defined and what it holds.
 *
 * @module
 */
import {
  type Configuration,
  type DescribedSource,
  definitionText,
  type Place,
  type RunReport,
  type Source,
  type SourceHoldings,
  type SourceRecord,
  type StoredModel,
} from '@sluice/model'
import type { KeptDefinition, Repository } from '@sluice/repository'

export interface KnownDefinitions {
  readonly configuration: Configuration
  readonly stored: readonly KeptDefinition[]
  readonly model: StoredModel
}

export function namesOf({ configuration, model }: KnownDefinitions): readonly string[] {
  const gone = [...model.sources.keys()].filter((name) => !configuration.sources.has(name))
  return [...configuration.sources.keys(), ...gone]
}

/** Where a source stands in a file, as people read it. */
export function placeText({ file, line }: Place): string {
  return line === undefined ? file : `${file}:${line}`
}

export async function recordOf(
  repository: Pick<Repository, 'runs'>,
  known: KnownDefinitions,
  name: string,
  { replicas, resources, links }: SourceHoldings,
): Promise<SourceRecord> {
  const { configuration, model } = known
  const source = configuration.sources.get(name)
  const filled = source ?? model.sources.get(name)
  const [last] = await repository.runs({ source: name, limit: 1 })
  return {
    name,
    ...whereDefined(known, name),
    ...(source === undefined ? nothingKnown : settingsOf(source)),
    entityTypes: filled?.entities.map(({ entityType }) => entityType) ?? [],
    associations: filled?.associations.map(({ association }) => association) ?? [],
    ...(source?.graph === undefined ? {} : { modules: source.graph.modules.length }),
    replicas,
    resources,
    links,
    lastRun: last === undefined ? null : lastRunOf(last),
  }
}

function whereDefined(
  { configuration, stored }: KnownDefinitions,
  name: string,
): Pick<SourceRecord, 'definedIn' | 'place' | 'shadowsStored' | 'changedAt' | 'changedBy'> {
  const definition = configuration.definitions.get(name)
  const kept = definition?.definedIn === 'stored' ? stored.find((one) => one.name === name) : undefined
  return {
    definedIn: definition?.definedIn ?? 'gone',
    place: definition?.definedIn === 'file' ? placeText(definition.place) : null,
    shadowsStored: definition?.shadowsStored === true,
    changedAt: kept?.changedAt ?? null,
    changedBy: kept?.by ?? null,
  }
}

function settingsOf({ table, mode, status = 'production', owner, description, link, icon }: Source) {
  const open = table === true
  return {
    kind: open ? 'open' : 'delivered',
    mode: open ? null : mode,
    status,
    owner: owner ?? null,
    description: description ?? null,
    link: link ?? null,
    icon: icon ?? null,
  } as const
}

const nothingKnown = {
  kind: null,
  mode: null,
  status: null,
  owner: null,
  description: null,
  link: null,
  icon: null,
}

function lastRunOf({ run, state, finishedAt }: RunReport): SourceRecord['lastRun'] {
  return run === null ? null : { run, state, finishedAt }
}

export function described(known: KnownDefinitions, name: string): DescribedSource | undefined {
  const definition = known.configuration.definitions.get(name)
  const gone = known.model.sources.get(name)
  if (definition !== undefined) {
    const { definedIn, effective, place } = definition
    const text = definedIn === 'stored' ? known.stored.find((one) => one.name === name)?.text : undefined
    return {
      name,
      definedIn,
      place: definedIn === 'file' ? placeText(place) : null,
      effective,
      yaml: definitionText(name, effective),
      text: text ?? null,
    }
  }
  if (gone === undefined) return undefined
  const { entities, associations } = gone
  const effective = {
    entities: Object.fromEntries(entities.map(({ entityType, ...others }) => [entityType, others])),
    associations: Object.fromEntries(associations.map(({ association, ...others }) => [association, others])),
  }
  return {
    name,
    definedIn: 'gone',
    place: null,
    effective,
    yaml: definitionText(name, effective),
    text: null,
  }
}

/**
 * The configuration that a scenario means: its types, and its sources as open tables.
 *
 * @module
 */
import type { ScenarioProperty, ScenarioTypes, SourceDefinition } from './scenario.ts'

/** Name of the association that a property of the kind `links` is. */
export function associationOf(entityType: string, property: string): string {
  return `${entityType}${property.charAt(0).toUpperCase()}${property.slice(1)}`
}

export interface ConfiguredSources {
  readonly types: ScenarioTypes
  readonly sources: Readonly<Record<string, SourceDefinition>>
  readonly obsoleteReplicasLock: boolean
}

/** What `sluice.yaml` holds beside its repository; JSON is YAML. */
export function configurationOf({ types, sources, obsoleteReplicasLock }: ConfiguredSources): object {
  const links = Object.entries(types).flatMap(([type, { properties }]) =>
    Object.entries(properties).flatMap(([name, property]) =>
      property.type === 'links' ? [[associationOf(type, name), association(type, property)] as const] : [],
    ),
  )
  return {
    entityTypes: Object.fromEntries(
      Object.entries(types).map(([name, { display, properties }]) => [
        name,
        {
          display,
          properties: Object.fromEntries(
            Object.entries(properties)
              .filter(([, { type }]) => type !== 'links')
              .map(([property, definition]) => [property, propertyOf(definition)]),
          ),
        },
      ]),
    ),
    ...(links.length === 0 ? {} : { associations: Object.fromEntries(links) }),
    sources: Object.fromEntries(
      Object.entries(sources).map(([name, definition]) => [
        name,
        sourceOf(types, definition, obsoleteReplicasLock),
      ]),
    ),
  }
}

function propertyOf({ type, required, values, to }: ScenarioProperty): object {
  return { type, required, values, to }
}

function association(from: string, { to, linkProperties }: ScenarioProperty): object {
  const properties = linkProperties === undefined ? {} : { properties: linkProperties }
  return { from, to, cardinality: 'many-to-many', ...properties }
}

function sourceOf(types: ScenarioTypes, definition: SourceDefinition, obsoleteReplicasLock: boolean): object {
  const { entityType, status, owner, precedence, reconciliation, deletePolicy, fullLoadInterval, guard } =
    definition
  const known = types[entityType]?.properties ?? {}
  const policy = reconciliation?.policy ?? 'attributes'
  const { everything = true, percent = 0 } = guard ?? {}
  const attributes = Object.entries(definition.attributes).map(([name, attribute]) => {
    const { referenceBy, separators, ...rest } = attribute ?? {}
    const by = referenceBy === undefined ? undefined : referenceBy === 'id' ? 'resource_id' : referenceBy
    return [name, { ...rest, by, ...(separators === undefined ? {} : { separators }) }] as const
  })
  const isLinks = (name: string) => known[name]?.type === 'links'
  const linkSets = attributes.filter(([name]) => isLinks(name))
  return {
    table: true,
    status,
    owner,
    precedence,
    userDelete: definition.userDeletePolicy,
    ...(obsoleteReplicasLock ? {} : { obsoleteLocks: false }),
    entities: {
      [entityType]: {
        reconciliation: {
          ...reconciliation,
          policy: policy === 'primary_key' ? 'resource_id' : policy,
        },
        delete: deletePolicy && {
          action: deletePolicy.action,
          update:
            deletePolicy.update &&
            Object.fromEntries(
              Object.entries(deletePolicy.update).map(([name, value]) => [name, value ?? '']),
            ),
          retention: deletePolicy.retention === undefined ? undefined : `${deletePolicy.retention}s`,
        },
        fullLoadInterval: fullLoadInterval === undefined ? undefined : `${fullLoadInterval}s`,
        thresholds: everything
          ? {
              inserted: 'off',
              updated: 'off',
              deleted: 'off',
              rejected: 'off',
              disappeared: percent === 0 ? 'off' : { percent },
            }
          : 'off',
        properties: Object.fromEntries(attributes.filter(([name]) => !isLinks(name))),
        ...(linkSets.length === 0
          ? {}
          : {
              linkSets: Object.fromEntries(
                linkSets.map(([name, options]) => [
                  name,
                  { ...options, association: associationOf(entityType, name), as: known[name]?.as },
                ]),
              ),
            }),
      },
    },
  }
}

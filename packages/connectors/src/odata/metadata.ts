/**
 * What a service of OData says of itself: its document `$metadata` names entity sets, keys, properties and what refers to what.
 *
 * @module
 */
import type { ConnectorContext } from '../contract/connector.ts'
import type { Discovered, DiscoveredColumn, DiscoveredTable } from '../contract/discovered.ts'
import { HttpClient } from '../http/http-client.ts'
import type { Manifest } from '../rest/options.ts'
import { type EntitySet, type EntityType, readMetadata } from './read-metadata.ts'

export async function discoverService(manifest: Manifest, context: ConnectorContext): Promise<Discovered> {
  const client = await HttpClient.open(manifest, context)
  try {
    const { text, place } = await client.ask({
      url: client.urlOf('/$metadata'),
      headers: { accept: 'application/xml' },
    })
    return discoveredOf(readMetadata(text, place))
  } finally {
    await client.close()
  }
}

function discoveredOf(sets: readonly EntitySet[]): Discovered {
  const keyless = sets.filter(({ type }) => type.keys.length !== 1)
  return {
    tables: sets.map((set) => tableOf(set, sets)),
    notes: keyless.map(({ name, type }) =>
      type.keys.length === 0
        ? `${name} has no key: choose a property that identifies an entity.`
        : `The key of ${name} is ${type.keys.join(' and ')}: join them with concat in the mapping.`,
    ),
  }
}

function tableOf({ name, type }: EntitySet, sets: readonly EntitySet[]): DiscoveredTable {
  return {
    file: `${name}.csv`,
    name,
    kind: 'entities',
    options: {},
    columns: type.properties.map((property) => ({
      name: property.name,
      type: typeOf(property.type),
      ...(type.keys.length === 1 && type.keys[0] === property.name ? { key: true as const } : {}),
      ...referenceOf(type, property.name, sets),
    })),
  }
}

function referenceOf(
  { references }: EntityType,
  property: string,
  sets: readonly EntitySet[],
): Pick<DiscoveredColumn, 'references'> {
  const found = references.find((reference) => reference.property === property)
  const target = sets.find(({ type }) => type.name === found?.type)
  if (found === undefined || target === undefined) return {}
  return { references: { file: `${target.name}.csv`, column: found.referenced } }
}

const types: readonly (readonly [RegExp, DiscoveredColumn['type']])[] = [
  [/^Edm\.(Byte|SByte|Int\d+)$/, 'integer'],
  [/^Edm\.(Decimal|Double|Single)$/, 'decimal'],
  [/^Edm\.Boolean$/, 'boolean'],
  [/^Edm\.Date$/, 'date'],
  [/^Edm\.DateTime(Offset)?$/, 'datetime'],
]

function typeOf(type: string): DiscoveredColumn['type'] {
  return types.find(([pattern]) => pattern.test(type))?.[1] ?? 'text'
}

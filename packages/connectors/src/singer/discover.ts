/**
 * Finds the streams of a tap, as its catalog describes them.
 *
 * @module
 */
import { z } from 'zod'
import type { ConnectorContext } from '../contract/connector.ts'
import type { Discovered, DiscoveredColumn, DiscoveredTable } from '../contract/discovered.ts'
import { type CatalogStream, catalogOf, idOf, keysOf } from './catalog.ts'
import type { SingerOptions } from './options.ts'
import { Tap } from './tap.ts'

export async function discover(options: SingerOptions, context: ConnectorContext): Promise<Discovered> {
  await using tap = await Tap.open(options, context)
  const { streams } = await catalogOf(tap, options, context)
  const notes = streams.flatMap((stream) => {
    const keys = keysOf(stream)
    if (keys.length === 1) return []
    const what =
      keys.length === 0
        ? 'has no key: choose a column that identifies a record'
        : `has the key ${keys.join(' and ')}: join them with concat in the mapping`
    return [`${idOf(stream)} ${what}.`]
  })
  return { tables: streams.map(tableOf), notes }
}

function tableOf(stream: CatalogStream): DiscoveredTable {
  const name = stream.stream.replaceAll(/[^\w-]/g, '_')
  const [key, ...others] = keysOf(stream)
  const columns = Object.entries(stream.schema.properties ?? {}).flatMap(([property, schema]) =>
    columnsOf(property, schema),
  )
  return {
    file: `${name}.csv`,
    name,
    kind: 'entities',
    options: { stream: idOf(stream) },
    columns: columns.map((column) =>
      others.length === 0 && column.name === key ? { ...column, key: true as const } : column,
    ),
  }
}

const propertySchema = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  format: z.string().optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
})

const types: Readonly<Record<string, DiscoveredColumn['type']>> = {
  boolean: 'boolean',
  integer: 'integer',
  number: 'decimal',
}

/** What lies deeper is named with points. */
function columnsOf(name: string, schema: unknown): readonly DiscoveredColumn[] {
  const parsed = propertySchema.safeParse(schema)
  if (!parsed.success) return [{ name, type: 'text' }]
  const { type, format, properties } = parsed.data
  const kinds = [type ?? []].flat().filter((kind) => kind !== 'null')
  if (properties !== undefined && Object.keys(properties).length > 0)
    return Object.entries(properties).flatMap(([below, of]) => columnsOf(`${name}.${below}`, of))
  const dated = format === 'date-time' ? 'datetime' : format === 'date' ? 'date' : undefined
  const [kind = 'string', ...more] = kinds
  const minor = kind === 'array' || kind === 'object' ? { minor: true as const } : {}
  return [{ name, type: dated ?? (more.length === 0 ? types[kind] : undefined) ?? 'text', ...minor }]
}

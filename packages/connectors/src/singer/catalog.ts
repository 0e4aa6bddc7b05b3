/**
 * The catalog of a tap: its streams, and which of them are to be read.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { suggestion } from '@sluice/model'
import { z } from 'zod'
import type { ConnectorContext } from '../contract/connector.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { SingerOptions, SingerTable } from './options.ts'
import type { Tap } from './tap.ts'

const metadataSchema = z.looseObject({
  breadcrumb: z.array(z.string()),
  metadata: z.looseObject({
    selected: z.boolean().optional(),
    inclusion: z.string().optional(),
    'replication-method': z.string().optional(),
    'forced-replication-method': z.string().optional(),
    'replication-key': z.string().optional(),
    'table-key-properties': z.array(z.string()).optional(),
  }),
})

const streamSchema = z.looseObject({
  tap_stream_id: z.string().optional(),
  stream: z.string(),
  schema: z.looseObject({ properties: z.record(z.string(), z.looseObject({})).optional() }),
  key_properties: z.array(z.string()).nullish(),
  metadata: z.array(metadataSchema).nullish(),
  replication_method: z.string().nullish(),
})

const catalogSchema = z.looseObject({ streams: z.array(streamSchema) })

export type Catalog = z.output<typeof catalogSchema>
export type CatalogStream = Catalog['streams'][number]

/** What the tap finds, or what the file says. */
export async function catalogOf(
  tap: Tap,
  options: SingerOptions,
  context: ConnectorContext,
): Promise<Catalog> {
  const text =
    options.catalog === undefined
      ? await discovered(tap)
      : await readFile(context.resolvePath(options.catalog), 'utf8')
  const where = options.catalog ?? `What ${tap.name} writes with --discover`
  try {
    return catalogSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new ManagedSystemError(`${where} is no catalog.`, {
      remedy:
        'A catalog is a JSON document with a list "streams"; give one as catalog where the tap finds none.',
      cause,
    })
  }
}

async function discovered(tap: Tap): Promise<string> {
  const texts: string[] = []
  for await (const lines of tap.run(['--discover'])) texts.push(...lines.map(({ text }) => text))
  return texts.join('\n')
}

export function idOf({ tap_stream_id: id, stream }: CatalogStream): string {
  return id ?? stream
}

/** By its id, or by its name where no other has that. */
export function streamOf(tap: string, { streams }: Catalog, wanted: string): CatalogStream {
  const byId = streams.find((one) => idOf(one) === wanted)
  const byName = streams.filter(({ stream }) => stream === wanted)
  const found = byId ?? (byName.length === 1 ? byName[0] : undefined)
  if (found !== undefined) return found
  const ids = streams.map(idOf)
  throw new ManagedSystemError(`${tap} has no stream "${wanted}".`, {
    remedy: suggestion(wanted, ids) ?? `It has ${ids.slice(0, 20).join(', ')}.`,
  })
}

function ofStream({ metadata }: CatalogStream) {
  return metadata?.find(({ breadcrumb }) => breadcrumb.length === 0)?.metadata ?? {}
}

const methods = { 'full-table': 'FULL_TABLE', incremental: 'INCREMENTAL', 'log-based': 'LOG_BASED' } as const

/** How a stream is read: what is said, or what the tap insists on, or what its catalog says. */
export function methodOf(stream: CatalogStream, { replication }: SingerTable): string {
  const of = ofStream(stream)
  if (replication !== undefined) return methods[replication]
  return (
    of['forced-replication-method'] ?? of['replication-method'] ?? stream.replication_method ?? 'FULL_TABLE'
  )
}

export function keysOf(stream: CatalogStream): readonly string[] {
  return ofStream(stream)['table-key-properties'] ?? stream.key_properties ?? []
}

/** The catalog with these streams chosen and no others, and all of their properties. */
export function selecting(catalog: Catalog, tables: ReadonlyMap<CatalogStream, SingerTable>): Catalog {
  return {
    ...catalog,
    streams: catalog.streams.map((stream) => {
      const table = tables.get(stream)
      return table === undefined ? unselected(stream) : selected(stream, table)
    }),
  }
}

function unselected(stream: CatalogStream): CatalogStream {
  const others = stream.metadata?.filter(({ breadcrumb }) => breadcrumb.length > 0) ?? []
  const own = { breadcrumb: [], metadata: { ...ofStream(stream), selected: false } }
  return { ...stream, selected: false, metadata: [own, ...others] }
}

function selected(stream: CatalogStream, table: SingerTable): CatalogStream {
  const method = methodOf(stream, table)
  const of = ofStream(stream)
  const key = table.replicationKey ?? of['replication-key']
  const own = {
    ...of,
    selected: true,
    'replication-method': method,
    ...(key === undefined ? {} : { 'replication-key': key }),
  }
  const known = stream.metadata?.filter(({ breadcrumb }) => breadcrumb.length > 0) ?? []
  return {
    ...stream,
    selected: true,
    // Where taps of different ages look for it.
    replication_method: method,
    ...(key === undefined ? {} : { replication_key: key }),
    schema: { ...stream.schema, selected: true },
    metadata: [
      { breadcrumb: [], metadata: own },
      ...known.map((one) =>
        one.metadata.inclusion === 'unsupported'
          ? one
          : { ...one, metadata: { ...one.metadata, selected: true } },
      ),
    ],
  }
}

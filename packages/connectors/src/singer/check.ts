/**
 * What is visible of a tap: whether it runs with its configuration, and which streams it has.
 *
 * @module
 */
import type { Checked, ConnectorContext } from '../contract/connector.ts'
import { catalogOf, methodOf, streamOf } from './catalog.ts'
import type { SingerOptions } from './options.ts'
import { Tap } from './tap.ts'

export async function check(options: SingerOptions, context: ConnectorContext): Promise<Checked> {
  await using tap = await Tap.open(options, context)
  const catalog = await catalogOf(tap, options, context)
  const facts: Record<string, string> = { tap: tap.name, streams: String(catalog.streams.length) }
  const warnings: string[] = []
  for (const [name, table] of Object.entries(options.tables)) {
    const stream = streamOf(tap.name, catalog, table.stream ?? name)
    const method = methodOf(stream, table)
    facts[`${name}.csv`] = `${stream.stream}, ${method}`
    if (method === 'INCREMENTAL')
      warnings.push(
        `Deleted records of ${name}.csv are not seen by an incremental: run a complete now and then.`,
      )
  }
  return { facts, warnings }
}

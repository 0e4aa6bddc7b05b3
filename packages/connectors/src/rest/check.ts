/**
 * What is visible of a system: where it is, and how much of each table.
 *
 * @module
 */
import { isLoopback } from '@sluice/model'
import type { Checked, ConnectorContext } from '../contract/connector.ts'
import { type Look, lookAtTables } from './look-at-tables.ts'
import type { Manifest } from './options.ts'

export async function check(manifest: Manifest, context: ConnectorContext): Promise<Checked> {
  const looks = await lookAtTables(manifest, context)
  const facts = Object.fromEntries(looks.map((look) => [`${look.name}.csv`, factOf(look)]))
  return {
    facts: { server: new URL(manifest.address).host, ...facts },
    warnings: [...warningsOf(manifest), ...looks.flatMap(warningsOfLook)],
  }
}

function factOf({ table, records, whole, total, failure }: Look): string {
  if (failure !== undefined) return 'cannot be read'
  const what = table.each === undefined ? 'records' : `records, with rows for each of ${table.each}`
  if (total !== undefined) return `${total} ${what}`
  return `${records.length}${whole ? '' : ' or more'} ${what}`
}

function warningsOf({ address, authentication = { kind: 'none' } }: Manifest): readonly string[] {
  const { protocol, hostname } = new URL(address)
  if (protocol === 'https:' || authentication.kind === 'none' || isLoopback(hostname)) return []
  return ['Secrets are sent without encryption: use https://.']
}

function warningsOfLook({ name, table, records, failure }: Look): readonly string[] {
  if (failure !== undefined) return [`${name}.csv: ${failure.message} ${failure.remedy ?? ''}`.trimEnd()]
  return [
    ...(records.length === 0
      ? [`${name}.csv would be empty: look at its path and query, and at the rights of whoever asks.`]
      : []),
    ...(table.changes?.by === 'time' && table.changes.deleted === undefined
      ? [`Deleted records of ${name}.csv are not seen by an incremental: run a complete now and then.`]
      : []),
  ]
}

/**
 * What is visible of a PostgreSQL database, its replication included.
 *
 * @module
 */
import type { Checked, ConnectorContext } from '../contract/connector.ts'
import { check } from '../sql/check.ts'
import { partsOf } from '../sql/select.ts'
import { openPostgresql } from './database.ts'
import type { PostgresqlOptions } from './options.ts'
import { openReplication, slotOf } from './replication.ts'

export async function checkPostgresql(
  options: PostgresqlOptions,
  context: ConnectorContext,
): Promise<Checked> {
  await using database = await openPostgresql(options, context)
  const { facts, warnings } = await check(database, options)
  const { replication } = options
  if (replication === undefined) return { facts, warnings }
  await using log = await openReplication(options, context)
  const { walLevel, mayReplicate, slot, published } = await log.facts()
  const tables = Object.entries(options.tables).flatMap(([name, { table = name, query }]) => {
    const [own = name, schema = 'public'] = partsOf(table).toReversed()
    return query === undefined ? [`${schema}.${own}`] : []
  })
  const keys = await log.keysOf(
    tables.map((name) => ({ name, schema: name.split('.')[0] ?? '', table: name.split('.')[1] ?? '' })),
  )
  const slotName = slotOf(options, context)
  return {
    facts: {
      ...facts,
      slot:
        slot === undefined
          ? `${slotName} (made by the first export)`
          : `${slotName} (the server keeps ${mebibytes(slot.keeps)} for it)`,
    },
    warnings: [
      ...warnings,
      ...(walLevel === 'logical'
        ? []
        : [
            `wal_level of the server is ${walLevel}, and has to be logical: alter system set wal_level = logical, and a restart.`,
          ]),
      ...(mayReplicate ? [] : ['The user may not replicate: alter role … replication.']),
      ...(slot?.lost === true
        ? [`The server has given up the slot ${slotName}: the next export reads everything.`]
        : []),
      ...tables
        .filter((name) => !published.has(name))
        .map(
          (name) =>
            `${name} is not in the publication: alter publication ${replication.publication} add table ${name}.`,
        ),
      ...tables
        .filter((name) => keys.get(name)?.length === 0)
        .map(
          (name) =>
            `Rows of ${name} are known by nothing, so each change of it makes the export read everything: give it a primary key.`,
        ),
    ],
  }
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024 / 1024)} MiB`
}

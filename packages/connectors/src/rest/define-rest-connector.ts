/**
 * Makes a connector of a manifest: its own options, and what the system is like.
 *
 * @module
 */
import { z } from 'zod'
import { type Connector, type ConnectorContext, defineConnector } from '../contract/connector.ts'
import type { Discovered } from '../contract/discovered.ts'
import { separatorSchema, tableNameSchema } from '../contract/table-options.ts'
import { httpShape } from '../http/http-settings.ts'
import { check } from './check.ts'
import { discover } from './discover.ts'
import { exportTables } from './export.ts'
import { givenTableSchema, type Manifest, restOptions } from './options.ts'

/** Options that all such connectors have. */
const commonShape = {
  ...httpShape,
  separator: separatorSchema('a list'),
  tables: z
    .record(tableNameSchema, givenTableSchema, {
      error: 'must be a map of names, such as {devices: {path: /devices}}',
    })
    .optional()
    .describe('Further tables, and other settings of those that the connector has: docs/connectors-rest.md.'),
}
const commonSchema = z.object(commonShape)

interface RestConnectorDefinition<Options extends z.ZodObject> {
  readonly kind: string
  readonly title: string
  /** Its own; the options of all such connectors come along. */
  readonly options: Options
  /** What the system is like. */
  manifest(options: z.output<Options>): Manifest
  /** Where the system describes itself; its records are looked at when not given. */
  discover?(manifest: Manifest, context: ConnectorContext): Promise<Discovered>
}

export function defineRestConnector<Options extends z.ZodObject>({
  kind,
  title,
  options: own,
  manifest,
  discover: describe,
}: RestConnectorDefinition<Options>): Connector {
  const ownOf = (given: unknown) =>
    manifest(own.parse(Object.fromEntries(Object.keys(own.shape).flatMap((name) => partOf(given, name)))))
  // A connector may have tables of another form: what they say is in its manifest already.
  const tablesOf = (given: unknown) => ('tables' in own.shape ? {} : commonSchema.parse(given).tables)
  const manifestOf = (given: unknown) =>
    withGiven(ownOf(given), { ...commonSchema.omit({ tables: true }).parse(given), tables: tablesOf(given) })
  const options = z.strictObject({ ...commonShape, ...own.shape }).superRefine((given, context) => {
    const { tables } = ownOf(given)
    const without = Object.entries(tablesOf(given) ?? {}).find(
      ([name, { path }]) => path === undefined && !Object.hasOwn(tables, name),
    )
    if (without !== undefined)
      context.addIssue({
        code: 'custom',
        path: ['tables', without[0]],
        message: `must have a path, or be one of ${Object.keys(tables).join(', ')}`,
      })
    for (const { path, message } of restOptions.safeParse(manifestOf(given)).error?.issues ?? [])
      context.addIssue({ code: 'custom', path: [...path], message })
  })
  return defineConnector({
    kind,
    title,
    options,
    tables: (given) => Object.keys(manifestOf(given).tables).map((name) => ({ file: `${name}.csv` })),
    check: (given, context) => check(manifestOf(given), context),
    discover: (given, context) =>
      describe?.(manifestOf(given), context) ?? discover(manifestOf(given), context, writtenTables(given)),
    export: (given, context) => exportTables(manifestOf(given), context),
  })
}

/** As people have written them. */
function writtenTables(given: unknown): Readonly<Record<string, object>> {
  return z.object({ tables: z.record(z.string(), z.looseObject({})).optional() }).parse(given).tables ?? {}
}

/** What people write takes the place of what the connector has. */
function withGiven(
  manifest: Manifest,
  { tables: given = {}, certificateAuthority, limits, separator }: z.output<typeof commonSchema>,
): Manifest {
  const tables = { ...manifest.tables }
  for (const [name, table] of Object.entries(given)) {
    const own = tables[name]
    const query = { ...own?.query, ...table.query }
    tables[name] = {
      ...own,
      ...table,
      path: table.path ?? own?.path ?? '',
      ...(Object.keys(query).length === 0 ? {} : { query }),
    }
  }
  return {
    ...manifest,
    limits: { ...manifest.limits, ...limits },
    ...(certificateAuthority === undefined ? {} : { certificateAuthority }),
    ...(separator === undefined ? {} : { separator }),
    tables,
  }
}

/** Its name and value; nothing where it is not given. */
function partOf(given: unknown, name: string): readonly (readonly [string, unknown])[] {
  const part: unknown = typeof given === 'object' && given !== null ? Reflect.get(given, name) : undefined
  return part === undefined ? [] : [[name, part]]
}

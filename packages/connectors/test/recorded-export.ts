/**
 * What a connector writes, kept in memory: for tests of a connector alone.
 *
 * @module
 */
import type { DeliveryMode } from '@sluice/model'
import type { Connector, ConnectorStatement } from '../src/contract/connector.ts'
import type { ExportContext } from '../src/contract/export-context.ts'

export interface Recorded {
  readonly statement: ConnectorStatement
  /** By file: the header, and each row. */
  readonly tables: Readonly<Record<string, readonly (readonly (string | undefined)[])[]>>
  readonly cookies: ReadonlyMap<string, string>
  /** Files that were passed on as they are. */
  readonly passedOn: Readonly<Record<string, string>>
}

export interface RecordOptions {
  readonly mode?: DeliveryMode
  readonly cookies?: ReadonlyMap<string, string>
  readonly signal?: AbortSignal
  /** By the name of its environment variable. */
  readonly secrets?: Readonly<Record<string, string>>
  /** Is waited for after each row. */
  readonly onRow?: () => Promise<void> | undefined
}

type Row = readonly (string | undefined)[]

/** @param wanted Columns by file. */
export async function record(
  connector: Connector,
  options: unknown,
  wanted: Readonly<Record<string, readonly string[]>>,
  asked: RecordOptions = {},
): Promise<Recorded> {
  const { mode = 'complete', cookies: before = new Map() } = asked
  const tables = new Map<string, Row[]>()
  const cookies = new Map<string, string>()
  const passedOn = new Map<string, string>()
  const context: ExportContext = {
    ...surroundings(asked),
    mode,
    wanted: Object.entries(wanted).map(([file, columns]) => ({ file, columns, mappings: [] })),
    async table(file, columns) {
      const rows: Row[] = [columns]
      tables.set(file, rows)
      return {
        write(cells) {
          rows.push(cells)
          return asked.onRow?.()
        },
        async copy(csv, count) {
          const before = rows.length
          const chunks: Uint8Array[] = []
          for await (const bytes of csv) {
            chunks.push(bytes)
            await asked.onRow?.()
          }
          rows.push(...rowsIn(Buffer.concat(chunks).toString('utf8')))
          if (rows.length - before !== count())
            throw new Error(`${rows.length - before} rows in place of ${count()}`)
        },
      }
    },
    async passOn(file, bytes) {
      const chunks: Uint8Array[] = []
      for await (const chunk of bytes) chunks.push(chunk)
      passedOn.set(file, Buffer.concat(chunks).toString('latin1'))
    },
    readCookie: async (name) => (mode === 'incremental' ? before.get(name) : undefined),
    async startOver() {
      tables.clear()
      passedOn.clear()
    },
    async writeCookie(name, text) {
      cookies.set(name, text)
    },
  }
  const statement = await connector.with(options).export(context)
  return { statement, tables: Object.fromEntries(tables), cookies, passedOn: Object.fromEntries(passedOn) }
}

/** A cell without quotes that is empty is none. */
function rowsIn(csv: string): readonly Row[] {
  const rows: (string | undefined)[][] = []
  let row: (string | undefined)[] = []
  for (const [, quoted, plain = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\n]*))(,|\n)/g)) {
    row.push(quoted?.replaceAll('""', '"') ?? (plain === '' ? undefined : plain))
    if (end === ',') continue
    rows.push(row)
    row = []
  }
  return rows
}

/** What a connector is given to check and to discover. */
export function surroundings({ signal = new AbortController().signal, secrets = {} }: RecordOptions = {}) {
  return {
    source: 'hr',
    secret: async (reference: unknown) =>
      typeof reference === 'object' && reference !== null && 'environment' in reference
        ? (secrets[String(reference.environment)] ?? '')
        : '',
    environment: process.env,
    resolvePath: (path: string) => path,
    log: () => undefined,
    signal,
  }
}

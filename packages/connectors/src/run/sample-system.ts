/**
 * Lets the connector of a source write the first rows of one file, for somebody who wants to look at them: not an export, and nothing is remembered.
 *
 * A connector writes all there is. So it is ended as soon as there are enough rows, and that it was ended is no failure then.
 *
 * @module
 */
import { createWriteStream } from 'node:fs'
import { mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { FileFormat } from '@sluice/model'
import type { ReadyConnector } from '../contract/connector.ts'
import type { ExportContext, TableWriter } from '../contract/export-context.ts'
import type { LocatedTable } from '../contract/exported.ts'
import { locateTable } from '../files/locate-source-files.ts'
import type { AskRequest } from './ask-connector.ts'
import { attempting } from './attempts.ts'
import { NoConnectorError } from './connector-errors.ts'
import { FirstRows } from './first-rows.ts'
import { inTime } from './in-time.ts'
import { openConnector } from './open-connector.ts'
import { TableFile } from './table-file.ts'

export interface SampleRequest extends AskRequest {
  /** As mappings name it. */
  readonly file: string
  readonly columns: readonly string[]
  readonly format: FileFormat
  /** Names of the mappings that read it. */
  readonly mappings: readonly string[]
  readonly rows: number
  /** There, and empty. */
  readonly folder: string
}

/** Milliseconds: a person waits for it. */
const timeout = 60_000
/** Bytes of a file that is passed on as its system wrote it. */
const mostPassedOn = 4 * 1024 * 1024

/** The file with no more rows than are wanted; throws what the connector throws, or where that writes no such file. */
export async function sampleSystem(request: SampleRequest): Promise<LocatedTable> {
  const { source, environment, signal, folder, file } = request
  const { name, export: by } = source
  if (by === undefined || !('connector' in by)) throw new NoConnectorError(name)
  await inTime({ source: name, timeout, signal }, async (over) => {
    const enough = new AbortController()
    const use = { source: name, environment, log: undefined, signal: AbortSignal.any([over, enough.signal]) }
    const opened = await openConnector(by, use)
    const sample = new Sample(request, enough)
    try {
      await attempting({ retries: 0, pause: 0 }, opened, () =>
        opened.connector.export(sample.context(opened.context)),
      )
    } catch (error) {
      if (!enough.signal.aborted) throw error
    } finally {
      await sample.end()
    }
  })
  return locateTable({ folder, changesFolder: undefined, marker: undefined }, { file })
}

/** The files that the connector of a source writes, as far as its options tell. */
export async function filesOfConnector({
  source,
  environment,
  signal,
}: AskRequest): Promise<readonly string[]> {
  const { name, export: by } = source
  if (by === undefined || !('connector' in by)) throw new NoConnectorError(name)
  const use = { source: name, environment, log: undefined, signal: signal ?? new AbortController().signal }
  const opened = await openConnector(by, use)
  return tablesOf(opened.connector)
}

function tablesOf(connector: ReadyConnector): readonly string[] {
  return connector.tables().map(({ file }) => file)
}

class Sample {
  readonly #request: SampleRequest
  readonly #enough: AbortController
  readonly #tables: TableFile[] = []

  constructor(request: SampleRequest, enough: AbortController) {
    this.#request = request
    this.#enough = enough
  }

  context(
    of: Omit<
      ExportContext,
      'mode' | 'wanted' | 'table' | 'passOn' | 'readCookie' | 'startOver' | 'writeCookie'
    >,
  ): ExportContext {
    const { file, columns, mappings, format } = this.#request
    return {
      ...of,
      mode: 'complete',
      wanted: [{ file, columns, mappings, format }],
      table: (name, header) => this.#table(name, header),
      passOn: (name, bytes) => this.#passOn(name, bytes),
      readCookie: async () => undefined,
      startOver: async () => undefined,
      writeCookie: async () => undefined,
    }
  }

  async end(): Promise<void> {
    for (const table of this.#tables) await table.end(this.#request.folder)
  }

  async #table(name: string, header: readonly string[]): Promise<TableWriter> {
    this.#enough.signal.throwIfAborted()
    const { file, folder, rows } = this.#request
    if (name !== file) return unwanted
    const table = await TableFile.begin(folder, name, header, () => undefined)
    this.#tables.push(table)
    const done = () => {
      this.#enough.abort(new Error('There are enough rows.'))
      this.#enough.signal.throwIfAborted()
    }
    return {
      write: (cells) => {
        const written = table.write(cells)
        if (table.rows >= rows) done()
        return written
      },
      copy: async (csv, count) => {
        const first = new FirstRows(rows)
        await table.copy(first.of(csv), count)
        if (first.enough) done()
      },
    }
  }

  async #passOn(name: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
    const { file, folder } = this.#request
    if (name !== file && !name.startsWith(`${file}/`)) return
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true })
    await pipeline(Readable.from(limited(bytes)), createWriteStream(path, { flags: 'wx' }))
    if ((await stat(path)).size >= mostPassedOn) this.#enough.abort(new Error('There are enough rows.'))
    this.#enough.signal.throwIfAborted()
  }
}

/** As far as it is wanted; its last row is cut off, and is behind those that are shown. */
async function* limited(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let size = 0
  for await (const chunk of bytes) {
    yield chunk
    size += chunk.length
    if (size >= mostPassedOn) return
  }
}

/** Of a file that nobody wants to see. */
const unwanted: TableWriter = {
  write: () => undefined,
  copy: async () => undefined,
}

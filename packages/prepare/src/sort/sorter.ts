/**
 * DuckDB as what it is unbeaten at: reading, sorting and writing tables larger than memory.
 *
 * One instance serves one prepare. It may use the configured memory, spills into the temp folder,
 * loads no extensions, and stops when the caller's signal says so.
 *
 * @module
 */
import { availableParallelism } from 'node:os'
import { dirname } from 'node:path'
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api'
import { DiskFullError, FileWriter, isDiskFull } from '@sluice/files'
import type { PrepareSettings } from '@sluice/model'
import { SortFailedError } from '../prepare-errors.ts'
import type { LineOrder } from './sort-lines.ts'

/** Each thread needs room to sort and to buffer what it reads and writes. */
const memoryPerThread = 96 * 1024 * 1024

export interface LineSort extends LineOrder {
  readonly from: string
  readonly to: string
  /** Bytes of the longest line. */
  readonly longest: number
}

export class Sorter {
  readonly #settings: PrepareSettings
  readonly #tempFolder: string
  readonly #signal: AbortSignal | undefined
  #opened: Promise<Opened> | undefined

  /** DuckDB is loaded and started when it has something to do. */
  constructor(settings: PrepareSettings, tempFolder: string, signal?: AbortSignal) {
    this.#settings = settings
    this.#tempFolder = tempFolder
    this.#signal = signal
  }

  /** Sorts the lines of an intermediate file by their first parts. */
  async sortLines({ from, to, parts, by, longest }: LineSort): Promise<void> {
    const columns = parts.map((type, index) => `'p${index}': '${type === 'number' ? 'BIGINT' : 'VARCHAR'}'`)
    // DuckDB reserves a multiple of the longest line for each buffer, so it is given the true length.
    const lineSize = Math.max(longest + 16, 1 << 16)
    const read = [
      `read_csv(${text(from)}, auto_detect = false, header = false, delim = '\x01', quote = '', escape = ''`,
      `new_line = '\\n', strict_mode = true, null_padding = false`,
      `max_line_size = ${lineSize}, buffer_size = ${Math.max(lineSize * 2, 8 << 20)}`,
      `columns = {${columns.join(', ')}})`,
    ].join(', ')
    const order = Array.from({ length: by }, (_, index) => `p${index}`).join(', ')
    await this.copy(
      `select * from ${read} order by ${order}`,
      to,
      `header false, delimiter '\x01', quote '', escape ''`,
    )
  }

  /** Writes the rows of a query as CSV. */
  async copy(query: string, to: string, options: string): Promise<void> {
    // DuckDB takes the file as it is there; one that it makes itself anybody may read.
    await (await FileWriter.create(to)).finish()
    await this.#run(to, `copy (${query}) to ${text(to)} (format csv, use_tmp_file false, ${options})`)
  }

  /** Runs a statement that writes `subject`. */
  async #run(subject: string, sql: string): Promise<void> {
    this.#signal?.throwIfAborted()
    this.#opened ??= openDuckdb(this.#settings, this.#tempFolder)
    const { connection } = await this.#opened
    const stop = () => connection.interrupt()
    this.#signal?.addEventListener('abort', stop, { once: true })
    try {
      await connection.run(sql)
    } catch (cause) {
      this.#signal?.throwIfAborted()
      if (isDiskFull(cause)) throw new DiskFullError(this.#fullFolder(cause, subject), cause)
      throw new SortFailedError(subject, cause)
    } finally {
      this.#signal?.removeEventListener('abort', stop)
    }
  }

  #fullFolder(cause: unknown, subject: string): string {
    return cause instanceof Error && cause.message.includes(this.#tempFolder)
      ? this.#tempFolder
      : dirname(subject)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined)
    opened?.connection.closeSync()
    opened?.instance.closeSync()
  }
}

interface Opened {
  readonly instance: DuckDBInstance
  readonly connection: DuckDBConnection
}

async function openDuckdb({ memoryLimit }: PrepareSettings, tempFolder: string): Promise<Opened> {
  const threads = Math.min(availableParallelism(), Math.floor(memoryLimit / memoryPerThread))
  // A quarter of what `sluice` loads, and only who sorts much needs it.
  const { DuckDBInstance } = await import('@duckdb/node-api')
  const instance = await DuckDBInstance.create(':memory:', {
    memory_limit: `${Math.floor(memoryLimit / 1024)}KiB`,
    temp_directory: tempFolder,
    threads: String(Math.max(1, threads)),
    preserve_insertion_order: 'false',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  })
  return { instance, connection: await instance.connect() }
}

/** A text as a literal of SQL. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

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
import { DiskFullError, isDiskFull } from '@sluice/files'
import type { PrepareSettings } from '@sluice/model'
import { SortFailedError } from '../prepare-errors.ts'

/** Each thread needs room to sort and to buffer what it reads and writes. */
const memoryPerThread = 96 * 1024 * 1024

export interface LineSort {
  readonly from: string
  readonly to: string
  /** What a line is made of, separated by 0x01. */
  readonly parts: readonly ('text' | 'number')[]
  /** How many of the parts decide. */
  readonly by: number
  /** Bytes of the longest line. */
  readonly longest: number
}

export class Sorter {
  readonly #instance: DuckDBInstance
  readonly #connection: DuckDBConnection
  readonly #tempFolder: string
  readonly #signal: AbortSignal | undefined

  private constructor(
    instance: DuckDBInstance,
    connection: DuckDBConnection,
    tempFolder: string,
    signal: AbortSignal | undefined,
  ) {
    this.#instance = instance
    this.#connection = connection
    this.#tempFolder = tempFolder
    this.#signal = signal
  }

  static async open(settings: PrepareSettings, tempFolder: string, signal?: AbortSignal): Promise<Sorter> {
    const threads = Math.min(availableParallelism(), Math.floor(settings.memoryLimit / memoryPerThread))
    // A quarter of what `sluice` loads, and only who sorts needs it.
    const { DuckDBInstance } = await import('@duckdb/node-api')
    const instance = await DuckDBInstance.create(':memory:', {
      memory_limit: `${Math.floor(settings.memoryLimit / 1024)}KiB`,
      temp_directory: tempFolder,
      threads: String(Math.max(1, threads)),
      preserve_insertion_order: 'false',
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
    })
    return new Sorter(instance, await instance.connect(), tempFolder, signal)
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
    await this.#run(to, `copy (${query}) to ${text(to)} (format csv, use_tmp_file false, ${options})`)
  }

  /** Runs a statement that writes `subject`. */
  async #run(subject: string, sql: string): Promise<void> {
    this.#signal?.throwIfAborted()
    const stop = () => this.#connection.interrupt()
    this.#signal?.addEventListener('abort', stop, { once: true })
    try {
      await this.#connection.run(sql)
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
    this.#connection.closeSync()
    this.#instance.closeSync()
  }
}

/** A text as a literal of SQL. */
export function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`
}

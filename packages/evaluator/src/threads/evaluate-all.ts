/**
 * Batches of subgraphs → a CSV file of all that their roots give. Few roots are evaluated where they are; many in threads, while
 * the next are fetched.
 *
 * @module
 */
import { type FileHandle, open } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { FailedRoot, Subgraphs } from '@sluice/engine'
import { Piscina } from 'piscina'
import { type BatchResult, evaluateBatch, type RootWarning } from '../batch/evaluate-batch.ts'
import { type EvaluatorData, evaluatingOf } from './evaluator-data.ts'

export interface AllResults {
  /** By mapping: CSV. */
  readonly files: ReadonlyMap<string, string>
  readonly roots: number
  readonly failed: readonly FailedRoot[]
  readonly warnings: readonly CountedWarning[]
}

/** The same place in several roots. */
export interface CountedWarning extends RootWarning {
  readonly count: number
}

export interface EvaluateAll {
  /** Is there, and gets a file for each mapping of which anything is given. */
  readonly folder: string
  readonly onRoots: (roots: number) => void
}

/** As `evaluator-worker.ts` in the sources, as `evaluator-worker.js` where they were compiled. */
const worker = import.meta.url.endsWith('.ts')
  ? new URL('./evaluator-worker.ts', import.meta.url)
  : new URL('./evaluator-worker.js', import.meta.url)

/** One processor is the database's. */
const threads = Math.min(8, Math.max(1, availableParallelism() - 1))
/** Fewer are evaluated here in less time than a thread takes to start. */
const fewBatches = 5
/** Batches that are at work or wait: each is a megabyte. */
const mostUnderWay = threads + 1

export async function evaluateAll(
  data: EvaluatorData,
  batches: AsyncIterable<Subgraphs>,
  { folder, onRoots }: EvaluateAll,
): Promise<AllResults> {
  await using files = new ResultFiles(folder)
  const results = new Results(files.paths, onRoots)
  const take = async (result: BatchResult) => {
    results.add(result)
    for (const [mapping, csv] of result.csv) await files.append(mapping, csv)
  }
  const iterator = batches[Symbol.asyncIterator]()
  const begun: Subgraphs[] = []
  while (begun.length < fewBatches) {
    const next = await iterator.next()
    if (next.done === true) {
      const evaluating = evaluatingOf(data)
      for (const batch of begun) await take(evaluateBatch(evaluating, batch))
      return results
    }
    begun.push(next.value)
  }
  await evaluateInThreads(data, rest(begun, iterator), take)
  return results
}

async function* rest<T>(begun: readonly T[], iterator: AsyncIterator<T>): AsyncGenerator<T> {
  yield* begun
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value
}

async function evaluateInThreads(
  data: EvaluatorData,
  batches: AsyncIterable<Subgraphs>,
  take: (result: BatchResult) => Promise<void>,
): Promise<void> {
  await using pool = new Pool(data)
  const underWay: Promise<BatchResult>[] = []
  const takeFirst = async () => {
    const [first] = underWay
    if (first === undefined) return
    const result = await first
    underWay.shift()
    await take(result)
  }
  for await (const batch of batches) {
    underWay.push(pool.evaluate(batch))
    if (underWay.length >= mostUnderWay) await takeFirst()
  }
  while (underWay.length > 0) await takeFirst()
}

class Pool implements AsyncDisposable {
  readonly #piscina: Piscina<Subgraphs, BatchResult>
  /** Where a thread cannot even begin, nobody would ever work on what waits. */
  readonly #broken: Promise<never>

  constructor(data: EvaluatorData) {
    const piscina = new Piscina<Subgraphs, BatchResult>({
      filename: worker.href,
      workerData: data,
      minThreads: 1,
      maxThreads: threads,
      // Flags of this process may be such as a thread is not started with.
      execArgv: [],
    })
    this.#piscina = piscina
    this.#broken = new Promise((_, reject) => piscina.on('error', reject))
    this.#broken.catch(() => undefined)
  }

  evaluate(batch: Subgraphs): Promise<BatchResult> {
    const result = Promise.race([this.#piscina.run(batch, { name: 'evaluateNext' }), this.#broken])
    // It is waited for in its turn; until then its failure is nobody's.
    result.catch(() => undefined)
    return result
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#piscina.destroy()
  }
}

/** Opened when there is something to be written. */
class ResultFiles implements AsyncDisposable {
  readonly paths = new Map<string, string>()
  readonly #folder: string
  readonly #handles = new Map<string, FileHandle>()

  constructor(folder: string) {
    this.#folder = folder
  }

  async append(mapping: string, csv: string): Promise<void> {
    let handle = this.#handles.get(mapping)
    if (handle === undefined) {
      const path = join(this.#folder, `${this.#handles.size}.csv`)
      handle = await open(path, 'wx', 0o600)
      this.#handles.set(mapping, handle)
      this.paths.set(mapping, path)
    }
    await handle.write(csv)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const handle of this.#handles.values()) await handle.close()
  }
}

const mostWarnings = 100

class Results implements AllResults {
  readonly files: ReadonlyMap<string, string>
  roots = 0
  readonly failed: FailedRoot[] = []
  readonly #warnings = new Map<string, { readonly first: RootWarning; count: number }>()
  readonly #onRoots: (roots: number) => void

  constructor(files: ReadonlyMap<string, string>, onRoots: (roots: number) => void) {
    this.files = files
    this.#onRoots = onRoots
  }

  get warnings(): readonly CountedWarning[] {
    return [...this.#warnings.values()].map(({ first, count }) => ({ ...first, count }))
  }

  add({ roots, failed, warnings }: BatchResult): void {
    this.roots += roots
    this.failed.push(...failed)
    for (const warning of warnings) this.#warn(warning)
    this.#onRoots(this.roots)
  }

  #warn(warning: RootWarning): void {
    const { code, place } = warning
    const name = `${code} ${place.file}:${place.line}:${place.column}`
    const known = this.#warnings.get(name)
    if (known !== undefined) known.count += 1
    else if (this.#warnings.size < mostWarnings) this.#warnings.set(name, { first: warning, count: 1 })
  }
}

/**
 * Runs tests on a source whose text is another one than its file's: nothing is written into the checkout. Vitest is handed the
 * text where it reads the file; processes and threads that tests start get it from `serve-changed-file.ts`.
 *
 * @module
 */
import { rmSync } from 'node:fs'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import process from 'node:process'
import { pathToFileURL } from 'node:url'
import {
  createVitest,
  type Reporter,
  type TestRunEndReason,
  type TestRunResult,
  type TestSpecification,
  type Vitest,
} from 'vitest/node'

export interface ChangedFile {
  /** Absolute. */
  readonly path: string
  readonly text: string
}

/** What Vitest asks for, and reports. */
interface Shared {
  file: ChangedFile | undefined
  /** How the last run did. */
  ended: TestRunEndReason | undefined
}

/** One kind of database has to do, and the quickest. */
const onOtherDatabases = /^(?!.* on (?:pglite|postgres-15)\b)/

/** A test that takes longer has noticed something. Milliseconds. */
const testTimeout = 30_000

export class MutantTrial implements AsyncDisposable {
  readonly #vitest: Vitest
  readonly #folder: string
  readonly #shared: Shared
  #closing = false

  private constructor(vitest: Vitest, folder: string, shared: Shared) {
    this.#vitest = vitest
    this.#folder = folder
    this.#shared = shared
  }

  /** Starts the servers of the tests. */
  static async open(): Promise<MutantTrial> {
    const folder = await mkdtemp(join(tmpdir(), 'sluice-mutation-'))
    // However the process ends, which the servers of the tests have a say in, too.
    process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
    Object.assign(process.env, {
      SLUICE_CHANGED_FILE: join(folder, 'changed-file.json'),
      NODE_OPTIONS: `${process.env['NODE_OPTIONS'] ?? ''} --import=${new URL('serve-changed-file.ts', import.meta.url).href}`,
    })
    const shared: Shared = { file: undefined, ended: undefined }
    const reporter: Reporter = {
      onTestRunEnd: (_modules, _errors, reason) => {
        shared.ended = reason
      },
    }
    const vitest = await createVitest(
      'test',
      {
        watch: false,
        // Each change is read anew.
        fsModuleCache: false,
        isolate: true,
        bail: 1,
        testTimeout,
        testNamePattern: onOtherDatabases,
        reporters: [reporter],
      },
      { plugins: [{ name: 'changed-file', enforce: 'pre', load: (id) => textOf(id, shared.file) }] },
    )
    await vitest.standalone()
    return new MutantTrial(vitest, folder, shared)
  }

  /** What fails first with the file changed; or, without one, as everything is. `undefined`: nothing does. */
  async failureOf(tests: readonly string[], file: ChangedFile | undefined): Promise<string | undefined> {
    await this.#serve(file)
    const specifications = await this.#vitest.globTestSpecifications([...tests])
    if (specifications.length === 0) throw new Error(`There are no tests ${tests.join(', ')}.`)
    for (const specification of specifications) {
      const failure = await this.#failureIn(specification)
      if (failure !== undefined) return failure
    }
    return undefined
  }

  /**
   * One file at a time. Of two that fail at once each asks Vitest to end the run, and the second may end the next one so: its change
   * would pass for one that nobody noticed.
   */
  async #failureIn(specification: TestSpecification): Promise<string | undefined> {
    for (;;) {
      const run = await this.#vitest.runTestSpecifications([specification])
      const [failure] = failures(run, specification.moduleId)
      // Whoever closes ends the process, too.
      if (this.#closing) await new Promise(() => undefined)
      if (failure !== undefined || this.#shared.ended !== 'interrupted') return failure
    }
  }

  async #serve(file: ChangedFile | undefined): Promise<void> {
    const before = this.#shared.file
    this.#shared.file = file
    for (const one of [before, file]) if (one !== undefined) this.#vitest.invalidateFile(one.path)
    const served = file === undefined ? {} : { url: pathToFileURL(file.path).href, text: file.text }
    await writeFile(join(this.#folder, 'changed-file.json'), JSON.stringify(served))
  }

  /** Waits for the tests that run, and stops the servers. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true
    await this.#vitest.cancelCurrentRun('keyboard-input')
    await this.#vitest.close()
  }
}

function textOf(id: string, file: ChangedFile | undefined): string | undefined {
  return file !== undefined && id.split('?')[0] === file.path ? file.text : undefined
}

/** Vitest knows the modules of earlier runs, too. */
function failures({ testModules, unhandledErrors }: TestRunResult, ran: string): readonly string[] {
  const modules = testModules.filter((module) => module.moduleId === ran && !module.ok())
  const tests = modules.flatMap((module) => [...module.children.allTests('failed')])
  return [
    ...tests.map((test) => `${test.fullName}: ${test.result().errors?.[0]?.message}`),
    ...modules.map((module) => `${module.relativeModuleId}: ${module.errors()[0]?.message}`),
    ...unhandledErrors.map(String),
  ]
}

/**
 * Writes down how long test files take, for `test/long-files.ts`: `npx vitest run --reporter ./tools/keep-durations.ts`, on a quiet machine.
 *
 * @module
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Reporter, TestModule, Vitest } from 'vitest/node'

const path = new URL('../test/durations.json', import.meta.url)
const leastSeconds = 5

export default class KeepDurations implements Reporter {
  #root = ''

  onInit({ config }: Vitest): void {
    this.#root = config.root
  }

  /** Files that were not run keep what was known of them. */
  onTestRunEnd(modules: readonly TestModule[]): void {
    const known: Record<string, number> = JSON.parse(readFileSync(path, 'utf8'))
    for (const module of modules) {
      const file = relative(this.#root, module.moduleId)
      const seconds = Math.round(module.diagnostic().duration / 1000)
      if (seconds < leastSeconds) delete known[file]
      else known[file] = seconds
    }
    const sorted = Object.entries(known).toSorted(([one], [other]) => (one < other ? -1 : 1))
    writeFileSync(path, `${JSON.stringify(Object.fromEntries(sorted), null, 2)}\n`)
  }
}

/**
 * Prints "N passed, N failed" as the last line of a test run, the form our CI reads.
 *
 * @module
 */
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { durations } from '../test/long-files.ts'

export default class ClosingLine implements Reporter {
  #resting = 0

  onInit({ config }: Vitest): void {
    this.#resting = config.exclude.filter((path) => path in durations).length
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 }
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const { state } = test.result()
        count[state === 'passed' || state === 'failed' ? state : 'skipped'] += 1
      }
    }
    if (this.#resting > 0)
      process.stdout.write(
        `\nToday it was not the turn of ${this.#resting} files that take long; SLUICE_SEED=… draws others, SLUICE_TESTS=thorough runs all.\n`,
      )
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed${skipped}\n`)
  }
}

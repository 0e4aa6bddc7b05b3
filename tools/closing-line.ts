/**
 * Prints what failed, a line each, and "N passed, N failed" as the last line of a test run, the form our CI reads.
 *
 * @module
 */
import { relative } from 'node:path'
import { stripVTControlCharacters } from 'node:util'
import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { durations } from '../test/long-files.ts'

export default class ClosingLine implements Reporter {
  #resting = 0
  #root = ''

  onInit({ config }: Vitest): void {
    this.#root = config.root
    this.#resting = config.exclude.filter((path) => path in durations).length
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    const count = { passed: 0, failed: 0, skipped: 0 }
    const failures: string[] = []
    for (const module of modules) {
      const file = relative(this.#root, module.moduleId)
      for (const error of module.errors()) failures.push(`failed: ${file}: ${shortly(error.message)}`)
      for (const test of module.children.allTests()) {
        const { state, errors } = test.result()
        count[state === 'passed' || state === 'failed' ? state : 'skipped'] += 1
        if (state === 'failed')
          failures.push(`failed: ${file} > ${test.fullName}: ${shortly(errors?.[0]?.message)}`)
      }
    }
    if (failures.length > 0) process.stdout.write(`\n${failures.join('\n')}\n`)
    if (this.#resting > 0)
      process.stdout.write(
        `\nToday it was not the turn of ${this.#resting} files that take long; SLUICE_SEED=… draws others, SLUICE_TESTS=thorough runs all.\n`,
      )
    const skipped = count.skipped > 0 ? `, ${count.skipped} skipped` : ''
    process.stdout.write(`\n${count.passed} passed, ${count.failed} failed${skipped}\n`)
  }
}

function shortly(message = ''): string {
  return stripVTControlCharacters(message).replaceAll(/\s+/g, ' ').slice(0, 300)
}

/**
 * Starts the test files that take longest before all others, so that no worker is still at one when the other has
 * nothing left to do.
 *
 * vitest does so by itself when it remembers the last run. In a fresh clone it goes by the size of files, which says
 * nothing here: those that take longest are short and start processes.
 *
 * @module
 */
import { BaseSequencer, type TestSpecification } from 'vitest/node'
import { durations } from './long-files.ts'

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const { root } = this.ctx.config
    const takes = ({ moduleId }: TestSpecification) => durations[moduleId.slice(root.length + 1)] ?? 0
    return (await super.sort(files)).toSorted((one, other) => takes(other) - takes(one))
  }
}

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

const longest = [
  'test/killed-processes.test.ts',
  'test/conformance.test.ts',
  'test/conformance-more.test.ts',
  'test/random-scenarios-over-http.test.ts',
  'packages/project/src/open/killed-agent.test.ts',
  'packages/cli/src/main.test.ts',
  'packages/project/src/open/deliveries-under-way.test.ts',
  'packages/project/src/open/behind-a-proxy.test.ts',
  'packages/cli/src/jobs.test.ts',
  'packages/engine/src/random-scenarios.pg.test.ts',
  'tools/package.test.ts',
  'packages/cli/src/through-server.test.ts',
]

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rankOf = ({ moduleId }: TestSpecification) => {
      const rank = longest.findIndex((path) => moduleId.endsWith(`/${path}`))
      return rank === -1 ? longest.length : rank
    }
    return (await super.sort(files)).toSorted((one, other) => rankOf(one) - rankOf(other))
  }
}

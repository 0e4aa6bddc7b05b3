import process from 'node:process'
import { defaultExclude, defineConfig } from 'vitest/config'
import { restingFiles } from './test/long-files.ts'
import { LongestFirst } from './test/longest-first.ts'
import { thorough } from './test/thoroughness.ts'

/** Processes that are killed and waited for, proxies, floods: each takes many seconds. `npm run test:operations` */
export const operations = '**/*.operations.test.ts'

/** `npm test`, of which nothing more is said. */
const isEveryday = !thorough && process.env['npm_lifecycle_event'] === 'test' && process.argv.length <= 3

export default defineConfig({
  test: {
    include: ['packages', 'test', 'examples', 'tools', 'editors'].map((folder) => `${folder}/**/*.test.ts`),
    exclude: [...defaultExclude, operations, ...(isEveryday ? restingFiles() : [])],
    globalSetup: ['test/servers.ts'],
    setupFiles: ['test/property-seed.ts'],
    reporters: ['default', './tools/closing-line.ts'],
    // What hangs is ended; a machine that is busy with something else is not what is tested.
    testTimeout: 600_000,
    hookTimeout: 600_000,
    maxWorkers: 2,
    // A process for all files of a worker: no start, no import of everything and no PGlite for each. Nothing is mocked here,
    // and what a file opens it closes.
    isolate: false,
    // Tests of a file hold in any order; the same one each time, so that what fails fails again. `--sequence.seed` tries another.
    sequence: { sequencer: LongestFirst, shuffle: { tests: true }, seed: 11 },
  },
})

import { defineConfig } from 'vitest/config'
import { LongestFirst } from './test/longest-first.ts'

export default defineConfig({
  test: {
    include: ['packages/**/*.test.ts', 'test/**/*.test.ts', 'examples/**/*.test.ts', 'tools/**/*.test.ts'],
    globalSetup: ['test/servers.ts'],
    setupFiles: ['test/property-seed.ts'],
    reporters: ['default', './tools/closing-line.ts'],
    testTimeout: 60_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    // A process for all files of a worker: no start, no import of everything and no PGlite for each. Nothing is mocked here,
    // and what a file opens it closes.
    isolate: false,
    sequence: { sequencer: LongestFirst },
  },
})

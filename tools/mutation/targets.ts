/**
 * What is mutated, and which tests are to notice it: the nearest first, as most mutants end with them.
 *
 * @module
 */
import { matchesGlob } from 'node:path'

export interface Target {
  /** Of sources, below the root of the repository. */
  readonly files: string
  /** Globs of test files, in steps; each step is only run for the mutants that those before it have let live. */
  readonly tests: readonly (readonly string[])[]
}

const engine = 'packages/engine/src'
const runs = [
  `${engine}/run.pg.test.ts`,
  `${engine}/several-sources.pg.test.ts`,
  `${engine}/run-sql.pg.test.ts`,
]

const targets: readonly Target[] = [
  {
    files: `${engine}/guard/*.ts`,
    tests: [[`${engine}/guard/guard.test.ts`]],
  },
  {
    files: `${engine}/reconcile/net-commands.ts`,
    tests: [
      [`${engine}/reconcile/net-commands.pg.test.ts`],
      [`${engine}/incremental.pg.test.ts`],
      ['packages/project/src/open/still-rejected.test.ts'],
    ],
  },
  {
    files: `${engine}/reconcile/find-external-writes.ts`,
    tests: [
      [`${engine}/reconcile/find-external-writes.pg.test.ts`],
      [`${engine}/external-writes.pg.test.ts`, `${engine}/several-sources.pg.test.ts`],
      [`${engine}/run.pg.test.ts`, `${engine}/drift.pg.test.ts`],
    ],
  },
  {
    files: `${engine}/reconcile/*.ts`,
    tests: [
      [`${engine}/run.pg.test.ts`, `${engine}/external-writes.pg.test.ts`],
      [`${engine}/several-sources.pg.test.ts`, `${engine}/drift.pg.test.ts`, `${engine}/run-sql.pg.test.ts`],
    ],
  },
  {
    files: `${engine}/replicas/*.ts`,
    tests: [
      [`${engine}/replicas/*.pg.test.ts`],
      [
        'packages/project/src/open/shared-types.test.ts',
        'packages/inbox/src/synchronize/open-tables.pg.test.ts',
      ],
      ['test/reconciliation.test.ts'],
    ],
  },
  {
    files: `${engine}/runs/*.ts`,
    tests: [
      [`${engine}/runs/held-run.pg.test.ts`, 'packages/inbox/src/synchronize/checkpoint.pg.test.ts'],
      runs,
      ['packages/inbox/src/synchronize/*.pg.test.ts'],
    ],
  },
  {
    files: 'packages/agent/src/send/decide-mode.ts',
    tests: [
      ['packages/agent/src/send/decide-mode.test.ts'],
      ['packages/project/src/open/incremental.test.ts'],
    ],
  },
  {
    files: 'packages/agent/src/send/answered-mode.ts',
    tests: [['packages/agent/src/send/answered-mode.test.ts']],
  },
  {
    files: 'packages/agent/src/outbox/*.ts',
    tests: [
      ['packages/agent/src/outbox/*.test.ts'],
      ['packages/project/src/open/{as-they-are,broken-notes}.test.ts'],
      ['packages/project/src/open/deliveries-under-way.test.ts'],
    ],
  },
  {
    files: 'packages/repository/src/database/pglite-worker.ts',
    tests: [['packages/repository/src/database/pglite.test.ts']],
  },
]

/** All sources that have tests of theirs here, as globs. */
export const mutatedFiles: readonly string[] = targets.map(({ files }) => files)

/** The first that names the file; any other file is left to the tests beside it. */
export function targetOf(file: string): Target {
  const named = targets.find(({ files }) => matchesGlob(file, files))
  return named ?? { files: file, tests: [[file.replace(/\.ts$/, '{,.pg}.test.ts')]] }
}

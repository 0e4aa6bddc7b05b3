/**
 * The contract of connectors as tests of ours.
 *
 * @module
 */
import { describe, test } from 'vitest'
import { contractCases } from '../src/suite/contract-cases.ts'
import type { MappedSystem } from '../src/suite/trial.ts'

/** A managed system with some rows in it, and how a connector is to read them. */
export type ConnectorScenario = MappedSystem

export function describeConnectorContract(name: string, open: () => Promise<ConnectorScenario>): void {
  describe(`the connector ${name}`, () => {
    for (const { title, run } of contractCases(open))
      test(title, async ({ skip }) => {
        if ((await run()) === 'skipped') skip('It leaves that to comparing.')
      })
  })
}

/**
 * The contract that a connector keeps, for whoever writes one: published as `sluice/connector-contract`.
 *
 * @module
 */
import type { EntityMapping, FileFormat } from '@sluice/model'
import { type ContractCase, contractCases } from './contract-cases.ts'
import type { ReadSystem } from './trial.ts'

/** A system that a connector is tried on. */
export interface TriedSystem extends ReadSystem {
  /** The columns that are wanted of each file. */
  readonly tables: Readonly<Record<string, readonly string[]>>
}

/**
 * What has to hold of the connector, each with a title and what throws where it does not: to be run by any test runner.
 *
 * @param open Makes a system anew; it is disposed of at the end of each.
 */
export function connectorContract(open: () => Promise<TriedSystem>): readonly ContractCase[] {
  return contractCases(async () => {
    const { tables, connector, port, environment, secrets, file, rows, ...system } = await open()
    return {
      connector,
      port,
      environment,
      secrets,
      file,
      rows,
      options: (through) => system.options(through),
      wrongPassword: (through) => system.wrongPassword(through),
      change: system.change,
      mappings: {
        entities: Object.entries(tables).map(([name, columns]) => mappingOf(name, columns)),
        associations: [],
      },
      [Symbol.asyncDispose]: () => system[Symbol.asyncDispose](),
    }
  })
}

const format: FileFormat = { skipLines: 0, quotedLineBreaks: 'trust', shortRows: 'reject' }

/** Every column is wanted. */
function mappingOf(file: string, columns: readonly string[]): EntityMapping {
  return {
    name: 'Thing',
    entityType: 'Thing',
    file,
    format,
    key: columns[0] ?? '',
    properties: columns.map((column) => ({ property: column, column })),
    thresholds: {},
  }
}

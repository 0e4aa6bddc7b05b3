/**
 * What of a program counts in the data model in effect.
 *
 * @module
 */
import type { Mapping } from '../link/program.ts'
import type { Statement } from '../tree/tree.ts'
import { innerStatements } from '../tree/walk.ts'

/** Not overridden, and meant for the data model. */
export function isInEffect({ overriddenBy, tree }: Mapping, dataModel: number): boolean {
  const { dataModels } = tree.overview
  return overriddenBy === undefined && (dataModels?.some(({ number }) => number === dataModel) ?? true)
}

/** All statements, from the outside inwards, without the blocks of other data models. */
export function statementsInEffect(
  statements: readonly Statement[],
  dataModel: number,
): readonly Statement[] {
  return statements.flatMap((statement) => {
    const isOther =
      statement.type === 'datamodel' && !statement.dataModels.some(({ number }) => number === dataModel)
    return isOther ? [] : [statement, ...statementsInEffect(innerStatements(statement), dataModel)]
  })
}

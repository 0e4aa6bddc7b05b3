/**
 * Why nothing can be said about duplicates.
 *
 * @module
 */
import { AnsweredError, suggestion } from '@sluice/model'

/** SLUICE-MERGE-01: the model does not have the type in which duplicates are searched. */
export class UnknownTypeError extends AnsweredError {
  readonly code = 'SLUICE-MERGE-01'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(name: string, known: readonly string[]) {
    super(`The model has no entity type "${name}"; there are ${known.join(', ')}.`, {
      remedy: suggestion(name, known),
      details: { name, known },
    })
  }
}

/** SLUICE-MERGE-02: duplicates cannot be searched by this property: it does not exist, or it is a file. */
export class UnknownPropertyError extends AnsweredError {
  readonly code = 'SLUICE-MERGE-02'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(entityType: string, name: string, known: readonly string[]) {
    super(`Resources of ${entityType} cannot be compared by "${name}"; there are ${known.join(', ')}.`, {
      remedy: suggestion(name, known),
      details: { entityType, name, known },
    })
  }
}

/** SLUICE-MERGE-03: no source has reconciliation rules for the type, and no properties are named by which to search duplicates. */
export class NoRuleError extends AnsweredError {
  readonly code = 'SLUICE-MERGE-03'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(entityType: string) {
    super(`No source has reconciliation rules for ${entityType}.`, {
      remedy: 'Name the properties to compare: --by name,mail.',
      details: { entityType },
    })
  }
}

/**
 * Why nothing can be said about duplicates.
 *
 * @module
 */
import { AnsweredError, suggestion } from '@sluice/model'

/** SLUICE-MERGE-01: duplicates are looked for among resources of a type that the model does not have. */
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

/** SLUICE-MERGE-02: duplicates are looked for by a property that resources cannot agree in: there is none, or it is a file. */
export class UnknownPropertyError extends AnsweredError {
  readonly code = 'SLUICE-MERGE-02'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(entityType: string, name: string, known: readonly string[]) {
    super(`Resources of ${entityType} cannot agree in "${name}"; there are ${known.join(', ')}.`, {
      remedy: suggestion(name, known),
      details: { entityType, name, known },
    })
  }
}

/** SLUICE-MERGE-03: no source says how it finds resources of the type, and nothing is named by which to look for duplicates. */
export class NoRuleError extends AnsweredError {
  readonly code = 'SLUICE-MERGE-03'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(entityType: string) {
    super(`No source finds resources of ${entityType} by rules.`, {
      remedy: 'Name the properties in which they agree: --by name,mail.',
      details: { entityType },
    })
  }
}

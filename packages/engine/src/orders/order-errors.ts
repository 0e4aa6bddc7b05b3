/**
 * What can be wrong with an order.
 *
 * @module
 */
import { AnsweredError } from '@sluice/model'

/** SLUICE-ORDER-01: a source is ordered to say what it says nothing of: an entity type, a property or an association that it does not map. */
export class NothingAssertedError extends AnsweredError {
  readonly code = 'SLUICE-ORDER-01'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  /** `asserted`: what it does say something of. */
  constructor(
    order: string,
    of: { readonly who: string; readonly what: string; readonly asserted: readonly string[] },
  ) {
    const { who, what, asserted } = of
    super(
      `Order ${order}: ${who} says nothing of ${what}${asserted.length === 0 ? '' : `; it does of ${asserted.join(', ')}`}.`,
      {
        remedy:
          asserted.length === 0
            ? 'Name a source that is configured.'
            : 'Write a name as the mappings of the source have it.',
        details: { order, who, what, asserted },
      },
    )
  }
}

/** SLUICE-ORDER-02: what is ordered is no value that the property can have. */
export class ImpossibleOrderError extends AnsweredError {
  readonly code = 'SLUICE-ORDER-02'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(
    order: string,
    of: { readonly property: string; readonly value: string; readonly expected: string },
  ) {
    const { property, value, expected } = of
    super(`Order ${order}: ${property} can never be ${JSON.stringify(value)}, which is not ${expected}.`, {
      remedy: `Write ${expected}, as \`sluice resources\` shows it.`,
      details: { order, ...of },
    })
  }
}

/**
 * SLUICE-ORDER-03: an order of this id says something else of the same thing already.
 *
 * The same order may be stated any number of times. One that is to say something new takes an id of its own, and supersedes the other.
 */
export class OrderDiffersError extends AnsweredError {
  readonly code = 'SLUICE-ORDER-03'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  /** `to`: of a link. */
  constructor(
    order: string,
    of: { readonly key: string; readonly property: string | null; readonly to: string | null },
  ) {
    const about = of.to === null ? of.key : `the link ${of.key} → ${of.to}`
    super(`Order ${order} says something else of ${of.property ?? 'the existence'} of ${about} already.`, {
      remedy: 'Give the new order an id of its own: it takes the place of the other.',
      details: { order, ...of },
    })
  }
}

/** SLUICE-ORDER-04: there is no order of this id, or nothing of it stands any more. */
export class NoSuchOrderError extends AnsweredError {
  readonly code = 'SLUICE-ORDER-04'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(order: string) {
    super(`No order ${JSON.stringify(order)} stands.`, {
      remedy: '`sluice orders` lists what was ordered; what was cancelled or superseded is over.',
      details: { order },
    })
  }
}

/** SLUICE-ORDER-05: several resources are called what an order names: rows of its source, or what its links may lead to. */
export class AmbiguousOrderError extends AnsweredError {
  readonly code = 'SLUICE-ORDER-05'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(
    order: string,
    of: { readonly source: string; readonly name: string; readonly keys: readonly string[] },
  ) {
    const { source, name, keys } = of
    super(
      `Order ${order}: for ${source}, several resources are called ${JSON.stringify(name)}: ${keys.join(', ')}.`,
      {
        remedy: 'Name one of these.',
        details: { order, ...of },
      },
    )
  }
}

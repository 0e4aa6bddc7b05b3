/**
 * What can be wrong with an order.
 *
 * @module
 */
import { AnsweredError } from '@sluice/model'

/** SLUICE-ORDER-01: an order names an entity type, a property or an association that the source does not map. */
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
      `Order ${order}: ${who} does not map ${what}${asserted.length === 0 ? '' : `; it maps ${asserted.join(', ')}`}.`,
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

/** SLUICE-ORDER-02: the ordered value is not legal for the property. */
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
 * SLUICE-ORDER-03: an order with this id already exists, with another value.
 *
 * The same order may be sent any number of times. An order with a new value needs an id of its own; it supersedes the older one.
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
    super(`Order ${order} already has another value of ${of.property ?? 'the existence'} of ${about}.`, {
      remedy: 'Give the new order an id of its own; it then replaces the other one.',
      details: { order, ...of },
    })
  }
}

/** SLUICE-ORDER-04: there is no open order with this id. */
export class NoSuchOrderError extends AnsweredError {
  readonly code = 'SLUICE-ORDER-04'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(order: string) {
    super(`There is no open order ${JSON.stringify(order)}.`, {
      remedy: '`sluice orders` lists what was ordered; cancelled and superseded orders are closed.',
      details: { order },
    })
  }
}

/** SLUICE-ORDER-05: several resources have the name that an order gives: rows of its source, or targets of its links. */
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

/**
 * What can be wrong with a decision about a doubtful match.
 *
 * @module
 */
import { AnsweredError, type MatchedRow, type MatchState } from '@sluice/model'

function nameOf({ source, entityType, key }: MatchedRow): string {
  return `${entityType} ${JSON.stringify(key)} of ${source}`
}

/** SLUICE-MATCH-01: the row does not wait for a decision, and never did. */
export class NoSuchMatchError extends AnsweredError {
  readonly code = 'SLUICE-MATCH-01'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(row: MatchedRow) {
    super(`Nobody was ever asked to which resource ${nameOf(row)} belongs.`, {
      remedy:
        '`sluice matches` lists the rows that wait; only those of a source with `onMultiple: queue` do.',
      details: { ...row },
    })
  }
}

/** SLUICE-MATCH-02: the row does not wait: what was decided of it is carried out, or it needs no decision any more. */
export class NotWaitingError extends AnsweredError {
  readonly code = 'SLUICE-MATCH-02'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(row: MatchedRow, state: MatchState) {
    super(
      state === 'applied'
        ? `What was decided of ${nameOf(row)} is carried out already.`
        : `${nameOf(row)} needs no decision any more.`,
      {
        remedy:
          state === 'applied'
            ? 'Take the decision back first: sluice matches undo.'
            : '`sluice explain` says to which resource it belongs.',
        details: { ...row, state },
      },
    )
  }
}

/** SLUICE-MATCH-03: the resource is not there that a row is to be linked to, or is of another entity type. */
export class NoSuchCandidateError extends AnsweredError {
  readonly code = 'SLUICE-MATCH-03'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(row: MatchedRow, resource: string) {
    super(`There is no ${row.entityType} with the id ${resource}, to which ${nameOf(row)} is to be linked.`, {
      remedy: 'Name one of the resources that `sluice matches show` lists.',
      details: { ...row, resource },
    })
  }
}

/** SLUICE-MATCH-04: nothing was decided of the row that could be taken back. */
export class NothingDecidedError extends AnsweredError {
  readonly code = 'SLUICE-MATCH-04'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(row: MatchedRow) {
    super(`Nothing is decided of ${nameOf(row)}.`, {
      remedy: '`sluice matches --state decided --state applied` lists what was decided.',
      details: { ...row },
    })
  }
}

/** SLUICE-MATCH-05: a row that is tried out names a property that its mapping does not have. */
export class UnknownRowPropertyError extends AnsweredError {
  readonly code = 'SLUICE-MATCH-05'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(
    of: { readonly source: string; readonly entityType: string },
    property: string,
    known: readonly string[],
  ) {
    super(`${of.source} says nothing of ${property} of ${of.entityType}; it does of ${known.join(', ')}.`, {
      remedy: 'Name properties as the mapping has them, and the key of the row primary_key.',
      details: { ...of, property, known },
    })
  }
}

/** SLUICE-MATCH-06: rows of the source are not searched: there is no such source or mapping, it owns the type whole, or it fills several types. */
export class NotSearchedError extends AnsweredError {
  readonly code = 'SLUICE-MATCH-06'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  /** `searched`: the types of which it shares the resources. */
  constructor(source: string, entityType: string | undefined, searched: readonly string[]) {
    const many = entityType === undefined && searched.length > 1
    super(
      many
        ? `${source} fills several types: ${searched.join(', ')}.`
        : `Rows of ${entityType === undefined ? source : `${entityType} from ${source}`} find no resources: nothing is shared there.`,
      {
        remedy: many
          ? 'Name the type.'
          : searched.length === 0
            ? 'Name a source that shares its resources with others: see docs/federation.md.'
            : `Name one of its types: ${searched.join(', ')}.`,
        details: { source, entityType: entityType ?? null, searched },
      },
    )
  }
}

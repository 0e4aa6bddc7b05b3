/**
 * What can be wrong with a decision about a doubtful match.
 *
 * @module
 */
import { AnsweredError, type MatchedRow, type MatchState } from '@sluice/model'

function nameOf({ source, entityType, key }: MatchedRow): string {
  return `${entityType} ${JSON.stringify(key)} of ${source}`
}

/** SLUICE-MATCH-01: the row never waited for a decision. */
export class NoSuchMatchError extends AnsweredError {
  readonly code = 'SLUICE-MATCH-01'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(row: MatchedRow) {
    super(`No decision is needed for ${nameOf(row)}: it never matched several resources.`, {
      remedy:
        '`sluice matches` lists the rows that wait; only those of a source with `onMultiple: queue` do.',
      details: { ...row },
    })
  }
}

/** SLUICE-MATCH-02: the row no longer waits: the decision is applied, or it no longer needs one. */
export class NotWaitingError extends AnsweredError {
  readonly code = 'SLUICE-MATCH-02'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(row: MatchedRow, state: MatchState) {
    super(
      state === 'applied'
        ? `The decision about ${nameOf(row)} is already applied.`
        : `${nameOf(row)} no longer needs a decision.`,
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

/** SLUICE-MATCH-03: the resource that a row shall be linked to does not exist, or is of another entity type. */
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

/** SLUICE-MATCH-04: there is no decision about the row that could be taken back. */
export class NothingDecidedError extends AnsweredError {
  readonly code = 'SLUICE-MATCH-04'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(row: MatchedRow) {
    super(`There is no decision about ${nameOf(row)} that could be taken back.`, {
      remedy: '`sluice matches --state decided --state applied` lists what was decided.',
      details: { ...row },
    })
  }
}

/** SLUICE-MATCH-05: a test row names a property that its mapping does not have. */
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
    super(`${of.source} does not map ${property} of ${of.entityType}; it maps ${known.join(', ')}.`, {
      remedy: 'Name properties as the mapping has them, and the key of the row primary_key.',
      details: { ...of, property, known },
    })
  }
}

/**
 * SLUICE-MATCH-06: the source does not search resources: there is no such source or mapping, it does not share the type, or it fills
 * several types and none was named.
 */
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
        : `Rows of ${entityType === undefined ? source : `${entityType} from ${source}`} are not searched for: the source does not share its resources.`,
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

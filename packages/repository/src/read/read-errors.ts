/**
 * What a reader of the repository can ask wrongly.
 *
 * @module
 */
import { AnsweredError } from '@sluice/model'

/**
 * SLUICE-REPOSITORY-12: the repository has nothing of this name.
 *
 * The message lists the entity types, associations or properties there are. The names are those of
 * the model, written as there.
 */
export class UnknownNameError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-12'
  readonly blame = 'usage'
  /** 404: a type that is not there is an address that is not. 400: a property is a part of the question. */
  readonly status: 400 | 404
  readonly retry = false

  constructor(kind: string, name: string, known: readonly string[]) {
    const alike = known.find((candidate) => candidate.toLowerCase() === name.toLowerCase())
    const there = known.length === 0 ? '' : `; there are ${known.join(', ')}`
    super(`The repository has no ${kind} "${name}"${there}.`, {
      remedy: remedyFor(alike, known),
      details: { kind, name, known },
    })
    this.status = kind === 'property' ? 400 : 404
  }
}

function remedyFor(alike: string | undefined, known: readonly string[]): string {
  if (alike !== undefined) return `Write ${alike}.`
  // What the model has gained is carried over by the next run.
  return known.length === 0
    ? 'The first run makes its tables from the model: sluice sync'
    : 'Write the name as it is in the model; a new name is known after the next `sluice sync`.'
}

/**
 * SLUICE-REPOSITORY-13: a condition cannot be understood.
 *
 * A condition is a property, one of `= != < <= > >= ~`, and a value of the property's type; or a
 * property followed by `is null` or `is not null`.
 */
export class ConditionError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-13'
  readonly blame = 'usage'
  readonly status = 400
  readonly retry = false

  constructor(condition: string, reason: string) {
    super(`The condition "${condition}" is not valid: ${reason}.`, {
      remedy: 'Write for example: name=Smith, salary>=1000, hired<2024-01-31, mail~example, or mail is null.',
    })
  }
}

/**
 * SLUICE-REPOSITORY-22: the rows of this source have no status.
 *
 * Of a type that only one source fills, only the key and the resource of each row are kept. Statuses, errors and asserted values are kept
 * of types that a source shares with other sources or people: of open tables, and of mappings with `reconciliation`.
 */
export class NoStatusesError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-22'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(source: string, entityTypes: readonly string[]) {
    super(
      `Source ${source} does not share ${entityTypes.join(', ')} with other sources, so no status is kept of its rows.`,
      {
        remedy:
          'sluice resources shows what is stored, and sluice explain shows where each value comes from.',
        details: { source, entityTypes },
      },
    )
  }
}

/** SLUICE-REPOSITORY-24: resources cannot be ordered by a file. */
export class SortError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-24'
  readonly blame = 'usage'
  readonly status = 400
  readonly retry = false

  constructor(property: string) {
    super(`Resources cannot be ordered by "${property}": it is a file.`, {
      remedy: 'Order them by a property with a plain value, or by a reference.',
    })
  }
}

/** SLUICE-REPOSITORY-23: the cursor is not one that a list returned, or belongs to another sort order. */
export class CursorError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-23'
  readonly blame = 'usage'
  readonly status = 400
  readonly retry = false

  constructor(reason: string) {
    super(`The cursor cannot be used: ${reason}.`, {
      remedy: 'Use the cursor of the last line of the page before, with the same sort; or start without one.',
    })
  }
}

/**
 * SLUICE-REPOSITORY-26: a secret cannot be shown, searched or sorted by.
 *
 * Properties of the type `secret` are written and never read back. `sluice explain` says whether a resource has one, and who has set it.
 */
export class SecretNotReadError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-26'
  readonly blame = 'usage'
  readonly status = 400
  readonly retry = false

  constructor(property: string) {
    super(`"${property}" is a secret. Secrets cannot be shown, searched or sorted by.`, {
      remedy: 'Leave it out. sluice explain shows whether it is set.',
      details: { property },
    })
  }
}

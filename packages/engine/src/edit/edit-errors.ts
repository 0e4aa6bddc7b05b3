/**
 * Why a person's edit is refused: which edit, which property, why, and what to do. All of a request is refused with it.
 *
 * @module
 */
import { AnsweredError, suggestion } from '@sluice/model'

/** What an edit is about, as its refusal names it. */
export interface Subject {
  /** Which of the edits of the request, from 0. */
  readonly edit: number
  /** `Person #1001`, `link of Membership from "Ada" to "Research"`. */
  readonly name: string
}

/** What locks an attribute or a link. */
export interface Lock {
  readonly source: string
  readonly description: string | undefined
  /** Where the source's own row is found. */
  readonly link: string | undefined
  /** A picture of the source. */
  readonly icon: string | undefined
}

function explained({ source, description, link }: Lock): string {
  const about = description === undefined ? '' : ` (${description.trim()})`
  const at = link === undefined ? '' : `: ${link}`
  return `source ${source}${about}${at}`
}

/**
 * SLUICE-EDIT-01: an attribute or link is locked by the source that asserts it.
 *
 * The message names the property, the source, what the source is, and where its row is found. Writing the value that is already stored is
 * always allowed. Administrators are refused, too: the next run of the source would write its value again.
 */
export class LockedError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-01'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor({ edit, name }: Subject, property: string | undefined, lock: Lock) {
    const what = property === undefined ? `The ${name}` : `${property} of ${name}`
    super(`${what} is locked by ${explained(lock)}.`, {
      remedy: `Change it in the managed system of ${lock.source}; the next run of the source applies it here.`,
      details: { edit, property, ...lock },
    })
  }
}

/**
 * SLUICE-EDIT-02: this person may not delete a resource that comes from a source.
 *
 * The source decides who may: `userDelete` is `nobody` (when not given), `administrators` or `everybody`.
 */
export class DeleteNotAllowedError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-02'
  readonly blame = 'usage'
  readonly status = 403
  readonly retry = false

  constructor({ edit, name }: Subject, lock: Lock, policy: string) {
    const who = policy === 'administrators' ? 'administrators only' : 'nobody here'
    super(`${name} comes from ${explained(lock)}, which lets ${who} delete its resources.`, {
      remedy: `Delete it in the managed system of ${lock.source}; the next run of the source deletes it here.`,
      details: { edit, ...lock, policy },
    })
  }
}

/** SLUICE-EDIT-03: a resource cannot be deleted, because another one has a required reference to it. */
export class StillRequiredError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-03'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(
    { edit, name }: Subject,
    by: { readonly entityType: string; readonly property: string; readonly resources: readonly string[] },
  ) {
    super(
      `${name} cannot be deleted: ${by.property} of ${by.entityType} ${by.resources.join(', ')} refers to it and is required.`,
      {
        remedy: 'Give them another reference, or delete them, in the same request or before.',
        details: { edit, ...by },
      },
    )
  }
}

/** SLUICE-EDIT-04: an edit names an entity type, an association or a property that the model does not have. */
export class UnknownInEditError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-04'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(
    edit: number,
    of: {
      readonly kind: string
      readonly name: string
      readonly known: readonly string[]
      readonly owner?: string
    },
  ) {
    const { kind, name, known, owner } = of
    const there = known.length === 0 ? '' : `; there are ${known.join(', ')}`
    super(`${owner === undefined ? 'The model' : owner} has no ${kind} "${name}"${there}.`, {
      remedy: suggestion(name, known),
      details: { edit, kind, name, known },
    })
  }
}

/** SLUICE-EDIT-05: a value is not legal for its property. */
export class IllegalValueError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-05'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor({ edit, name }: Subject, property: string, value: string, expected: string) {
    super(`${property} of ${name} cannot be ${value}: it has to be ${expected}.`, {
      remedy: 'Write the value as sluice resources shows it, or null to empty it.',
      details: { edit, property, value, expected },
    })
  }
}

/** SLUICE-EDIT-06: a required property would have no value. */
export class RequiredValueError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-06'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor({ edit, name }: Subject, property: string) {
    super(`${name} needs a value of ${property}: the model requires it.`, {
      remedy: `Give ${property} a value.`,
      details: { edit, property },
    })
  }
}

/** SLUICE-EDIT-07: an edit names a resource that does not exist: the edited one, the target of a reference, or an end of a link. */
export class NoSuchResourceError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-07'
  readonly blame = 'usage'
  readonly retry = false
  /** 404: of what the edit is about; 422: of what it names. */
  readonly status: 404 | 422

  constructor(
    edit: number,
    of: { readonly type: string; readonly name: string; readonly property?: string | undefined },
  ) {
    const { type, name, property } = of
    super(`There is no ${type} ${name}${property === undefined ? '' : `, for ${property}`}.`, {
      remedy: `sluice resources ${type}`,
      details: { edit, entityType: type, name, property },
    })
    this.status = property === undefined ? 404 : 422
  }
}

/** SLUICE-EDIT-08: several resources have the name that an edit gives; the message has their ids. */
export class AmbiguousNameError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-08'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(
    edit: number,
    of: {
      readonly type: string
      readonly name: string
      readonly property?: string | undefined
      readonly candidates: readonly string[]
    },
  ) {
    const { type, name, property, candidates } = of
    const ids = candidates.map((id) => `#${id}`)
    super(
      `${type} ${name}${property === undefined ? '' : `, for ${property},`} may be ${ids.join(' or ')}.`,
      {
        remedy: `Name one of them: ${ids[0]}.`,
        details: { edit, entityType: type, name, property, candidates },
      },
    )
  }
}

/** SLUICE-EDIT-09: the resource has changed since the version that the edit names was read. */
export class ChangedSinceError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-09'
  readonly blame = 'usage'
  readonly status = 412
  readonly retry = false

  constructor({ edit, name }: Subject) {
    super(`${name} has changed since it was read.`, {
      remedy: 'Read it again, then send the change with its new version.',
      details: { edit },
    })
  }
}

/** SLUICE-EDIT-10: an end of an association allows one link, and already has another one. */
export class EndTakenError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-10'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(
    { edit, name }: Subject,
    of: {
      readonly association: string
      readonly end: string
      readonly other: string
      readonly source: string | null
    },
  ) {
    const whose = of.source === null ? '' : ` by source ${of.source}`
    super(
      `The ${name} is not possible: ${of.association} allows one link at the end "${of.end}", and it is linked to #${of.other}${whose}.`,
      {
        remedy:
          of.source === null
            ? 'Remove that link, in the same request or before.'
            : `Change it in the managed system of ${of.source}; the next run of the source applies it here.`,
        details: { edit, ...of },
      },
    )
  }
}

/** SLUICE-EDIT-11: there is no such link to remove. */
export class NoSuchLinkError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-11'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor({ edit, name }: Subject, association: string) {
    super(`There is no ${name}.`, { remedy: `sluice links ${association}`, details: { edit, association } })
  }
}

/** SLUICE-EDIT-12: two edits of one request are about the same property or link. */
export class ContradictoryEditsError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-12'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(edit: number, other: number, what: string) {
    super(`The edits ${other + 1} and ${edit + 1} of the request are both about ${what}.`, {
      remedy: 'Put both into one edit, or send two requests.',
      details: { edit, other },
    })
  }
}

/** SLUICE-EDIT-13: an abstract entity type has no resources of its own. */
export class AbstractTypeError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-13'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(edit: number, type: string, concrete: readonly string[]) {
    super(`${type} is abstract and has no resources of its own.`, {
      remedy: `Create one of ${concrete.join(', ')}.`,
      details: { edit, entityType: type, concrete },
    })
  }
}

/** SLUICE-EDIT-14: a request of merges holds other edits, too. */
export class MergeAloneError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-14'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(edit: number) {
    super(`Edit ${edit + 1} merges resources, and the request holds edits that do not.`, {
      remedy: 'Merge in a request of its own, then edit.',
      details: { edit },
    })
  }
}

/** SLUICE-EDIT-15: resources cannot be merged: they are of different types, or one of them is named twice. */
export class NotMergeableError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-15'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor({ edit, name }: Subject, why: string) {
    super(`${name} cannot be merged: ${why}.`, {
      remedy: 'Name resources of one type, each once in the request.',
      details: { edit },
    })
  }
}

/**
 * SLUICE-EDIT-16: several of the resources to be merged are rows of sources that do not share them.
 *
 * A source that fills a type alone makes one resource of each of its rows, so two of its rows, or rows of two such sources, cannot be
 * merged. Types whose sources have `reconciliation` can be merged.
 */
export class NotSharedError extends AnsweredError {
  readonly code = 'SLUICE-EDIT-16'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor({ edit, name }: Subject, type: string, rows: readonly string[]) {
    super(`${name} cannot be merged: ${rows.join(' and ')} are rows of sources that do not share ${type}.`, {
      remedy: `Correct it in the managed system, or let the sources share ${type} with reconciliation rules: docs/federation.md.`,
      details: { edit, entityType: type, rows },
    })
  }
}

/**
 * Why a definition of a source is not stored, changed or taken away.
 *
 * @module
 */
import {
  AnsweredError,
  type Finding,
  formatFinding,
  resourceFates,
  type SourceHoldings,
  type Suspension,
  suggestion,
  suspensionFacts,
} from '@sluice/model'

/**
 * SLUICE-SOURCE-02: the definition holds errors, so nothing was stored.
 *
 * Every error is listed with its file, line and column. It is held against the model, against all other sources, and against what jobs
 * and receivers say of them, so that no run ever begins on a broken definition.
 */
export class InvalidDefinitionError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-02'
  readonly blame = 'configuration'
  readonly status = 422
  readonly retry = false

  constructor(findings: readonly Finding[]) {
    const errors = findings.filter(({ severity }) => severity === 'error')
    const [first] = errors
    const count = errors.length === 1 ? 'an error' : `${errors.length} errors`
    super(`The definition holds ${count}, so nothing was stored:\n${errors.map(formatFinding).join('\n')}`, {
      remedy: 'Mend it, then apply it again.',
      place: first && { file: first.file, line: first.line, column: first.column },
      details: { findings },
    })
  }
}

/**
 * SLUICE-SOURCE-03: a file defines the source, so it is read-only everywhere else.
 *
 * Change it in that file. To have it in the repository, take it out of the file and apply it; its replicas stay, because it is the same
 * source then.
 */
export class DefinedInFileError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-03'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(source: string, place: string, remedy: string) {
    super(`Source ${source} is defined in ${place}, and is read-only elsewhere.`, {
      remedy,
      details: { source, place },
    })
  }
}

/** SLUICE-SOURCE-04: there is no source of this name, neither in the files nor in the repository. */
export class NoSuchSourceError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-04'
  readonly blame = 'usage'
  readonly status = 404
  readonly retry = false

  constructor(source: string, known: readonly string[]) {
    super(`There is no source "${source}".`, { remedy: suggestion(source, known) ?? 'sluice source list' })
  }
}

/**
 * SLUICE-SOURCE-05: it was not said what becomes of the resources of a source that is to be deleted.
 *
 * Nobody guesses: `keep` leaves them as they are, nobody's and free of locks; `hand-on` lets sources take over that hold them, too;
 * `delete` deletes those that the source has created and nobody else holds.
 */
export class FateNotSaidError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-05'
  readonly blame = 'usage'
  readonly status = 400
  readonly retry = false

  constructor(source: string, { resources, sharedResources, created, links }: SourceHoldings) {
    const held = `${resources} ${resources === 1 ? 'resource' : 'resources'} and ${links} ${links === 1 ? 'link' : 'links'}`
    super(`What is to become of the ${held} that ${source} holds?`, {
      remedy: `sluice source delete ${source} --resources ${resourceFates.join('|')}: others hold ${sharedResources} of the resources, too, and it alone has created ${created}.`,
      details: { source, resources, sharedResources, created, links },
    })
  }
}

/** SLUICE-SOURCE-06: a source has the name already that another one was to get. */
export class SourceNameTakenError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-06'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(name: string) {
    super(`There is a source "${name}" already.`, { remedy: 'Choose another name.' })
  }
}

/**
 * SLUICE-SOURCE-07: with the changed definition, the source would forget rows that are stored.
 *
 * It does not fill a type or an association any more that it has filled. The resources stay, without a source. Nothing was changed.
 */
export class DefinitionLossError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-07'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(losses: readonly string[]) {
    super(
      `The changed definition would lose stored data:\n${losses.map((loss) => `  - ${loss}`).join('\n')}`,
      { remedy: 'If that is meant: sluice source apply FILE --allow-loss', details: { losses } },
    )
  }
}

/** SLUICE-SOURCE-08: somebody else has changed definitions of sources at the same time, again and again. Try it again. */
export class DefinitionsBusyError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-08'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = true

  constructor() {
    super('Definitions of sources are being changed by somebody else.', { remedy: 'Try it again.' })
  }
}

/**
 * SLUICE-SOURCE-09: the source is suspended, so no run of it begins.
 *
 * Somebody wanted that, for a reason that the message tells (`sluice source suspend`). All that the source has said stays as it is, with
 * its locks. Deliveries and rows that come wait.
 */
export class SourceSuspendedError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-09'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(source: string, suspension: Suspension) {
    const { message, ...facts } = suspensionFacts(source, suspension)
    super(message, facts)
  }
}

/**
 * SLUICE-SOURCE-10: a suspension is to end before it begins.
 *
 * Its end is compared with the clock of the database.
 */
export class SuspensionOverError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-10'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(source: string, until: string) {
    super(`Source ${source} cannot be suspended until ${until}, which is over.`, {
      remedy: 'Give it an end that is to come, or none.',
      details: { source, until },
    })
  }
}

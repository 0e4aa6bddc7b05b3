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
 * Every error is listed with its file, line and column. It is checked against the model, all other sources, jobs and receivers, so that no
 * run ever starts with a broken definition.
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
      remedy: 'Correct it, then apply it again.',
      place: first && { file: first.file, line: first.line, column: first.column },
      details: { findings },
    })
  }
}

/**
 * SLUICE-SOURCE-11: somebody else has stored other modules of the source since they were read, so nothing was stored.
 *
 * Read them again, and change what is there now.
 */
export class ModulesChangedError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-11'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(source: string) {
    super(`The modules of ${source} were changed since they were read, so nothing was stored.`, {
      remedy: 'Read them again, and change what is there now.',
      details: { source },
    })
  }
}

/**
 * SLUICE-SOURCE-03: a file defines the source, so it is read-only everywhere else.
 *
 * Change it in that file. To store it in the repository instead, remove it from the file and apply it; its replicas are kept, because it is
 * still the same source.
 */
export class DefinedInFileError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-03'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(source: string, place: string, remedy: string) {
    super(`Source ${source} is defined in ${place} and can be changed only there.`, {
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
 * SLUICE-SOURCE-05: the command does not say what shall happen to the resources of the deleted source.
 *
 * Choose: `keep` leaves them as they are, without a source and without locks; `hand-on` lets other sources that also hold them take over;
 * `delete` deletes those that the source created and no other source holds.
 */
export class FateNotSaidError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-05'
  readonly blame = 'usage'
  readonly status = 400
  readonly retry = false

  constructor(source: string, { resources, sharedResources, created, links }: SourceHoldings) {
    const held = `${resources} ${resources === 1 ? 'resource' : 'resources'} and ${links} ${links === 1 ? 'link' : 'links'}`
    super(`What shall happen to the ${held} of ${source}?`, {
      remedy: `sluice source delete ${source} --resources ${resourceFates.join('|')}: other sources also hold ${sharedResources} of the resources; ${created} were created by it and are held by no other source.`,
      details: { source, resources, sharedResources, created, links },
    })
  }
}

/** SLUICE-SOURCE-06: another source already has the new name. */
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
 * SLUICE-SOURCE-07: with the changed definition, the source would lose stored rows.
 *
 * It no longer fills a type or an association that it filled before. The resources would stay, without a source. Nothing was changed.
 */
export class DefinitionLossError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-07'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(losses: readonly string[]) {
    super(
      `The changed definition would lose stored data:\n${losses.map((loss) => `  - ${loss}`).join('\n')}`,
      { remedy: 'If you want that: sluice source apply FILE --allow-loss', details: { losses } },
    )
  }
}

/** SLUICE-SOURCE-08: other processes kept changing definitions of sources at the same time. Try again. */
export class DefinitionsBusyError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-08'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = true

  constructor() {
    super('Another process is changing definitions of sources.', { remedy: 'Try it again.' })
  }
}

/**
 * SLUICE-SOURCE-09: the source is suspended, so no run of it starts.
 *
 * Somebody suspended it with `sluice source suspend`; the message says who and why. Its resources and locks stay as they are; deliveries
 * and loads wait.
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
 * SLUICE-SOURCE-10: the end of a suspension is in the past.
 *
 * The end is compared with the clock of the database.
 */
export class SuspensionOverError extends AnsweredError {
  readonly code = 'SLUICE-SOURCE-10'
  readonly blame = 'usage'
  readonly status = 422
  readonly retry = false

  constructor(source: string, until: string) {
    super(`Source ${source} cannot be suspended until ${until}: that is in the past.`, {
      remedy: 'Give an end in the future, or none.',
      details: { source, until },
    })
  }
}

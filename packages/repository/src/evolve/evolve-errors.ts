/**
 * Why the tables cannot follow the model.
 *
 * @module
 */
import { AnsweredError, SluiceError } from '@sluice/model'

/**
 * SLUICE-REPOSITORY-09: the model changed in a way that would lose stored data.
 *
 * Nothing was changed. The message lists what would be lost. If you want that, run `sluice model apply --allow-loss`; if not, undo the
 * change of the configuration. A mapping that is only to be switched off stays in the file, with `active: false`.
 */
export class ModelLossError extends SluiceError {
  readonly code = 'SLUICE-REPOSITORY-09'
  readonly blame = 'usage'
  readonly retry = false
  readonly losses: readonly string[]

  constructor(losses: readonly string[]) {
    super(
      `The model changed in a way that would lose stored data:\n${losses.map((loss) => `  - ${loss}`).join('\n')}`,
      {
        remedy:
          'If you want that: sluice model apply --allow-loss, or, of a source that is no longer in the file: sluice source delete SOURCE. If not, undo the change of the model; a mapping that is only to be switched off says `active: false`.',
        details: { losses },
      },
    )
    this.losses = losses
  }
}

/**
 * SLUICE-REPOSITORY-10: names of the model do not fit into the database.
 *
 * Two of them become the same table or column, one is longer than PostgreSQL allows, or one is
 * reserved. Rename what the message lists.
 */
export class ModelNamesError extends SluiceError {
  readonly code = 'SLUICE-REPOSITORY-10'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(problems: readonly string[]) {
    super(`Names of the model do not fit into the database: ${problems.join('; ')}.`, {
      remedy: 'Rename one of them.',
      details: { problems },
    })
  }
}

/**
 * SLUICE-REPOSITORY-11: something else in the database stands in the way of a change of the model.
 *
 * A view or table that is not Sluice's depends on a column that has to change, or already has the
 * name a new table needs. Drop or rename it, then run the command again; nothing was changed.
 */
export class ForeignObjectError extends SluiceError {
  readonly code = 'SLUICE-REPOSITORY-11'
  readonly blame = 'repository'
  readonly retry = false

  constructor(change: string, detail: string, cause: unknown) {
    super(`The model cannot be applied to the database (${change}): ${detail}.`, {
      cause,
      remedy: 'Drop or rename the object that is named, then run the command again.',
    })
  }
}

/**
 * SLUICE-REPOSITORY-19: a running server uses parts of the model that would be removed.
 *
 * This configuration lacks a type, property, association or source that the repository has, and a server runs that knows them. Either this
 * configuration is older than the one of the server: copy the newer one here. Or you want the change: stop the servers first. Nothing was
 * changed.
 */
export class ModelInUseError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-19'
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(changes: readonly string[]) {
    super(
      `A server works with this repository, and this configuration would remove from its tables:\n${changes.map((change) => `  - ${change}`).join('\n')}`,
      {
        remedy:
          'If the configuration of the server is newer, use it here. If you want the change: stop the servers, or change their configuration and reload it.',
        details: { changes },
      },
    )
  }
}

/**
 * SLUICE-REPOSITORY-20: the model of the repository has changed since this process read its configuration.
 *
 * Another process has applied a changed configuration to the repository. Nothing was computed with the old one; deliveries wait. Give the
 * server the same configuration and make it read it: `sluice server reload`, or SIGHUP.
 */
export class ModelMovedError extends AnsweredError {
  readonly code = 'SLUICE-REPOSITORY-20'
  readonly blame = 'configuration'
  readonly status = 503
  readonly retry = true

  constructor(differences: readonly string[]) {
    const shown = differences.slice(0, 5).join('; ')
    super(
      `The model of the repository has changed since this process read its configuration, which ${shown}.`,
      {
        remedy:
          'Give it the configuration that the other process has, and reload it: sluice server reload, or SIGHUP.',
        details: { differences },
      },
    )
  }
}

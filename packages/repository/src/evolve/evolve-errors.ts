/**
 * Why the tables cannot follow the model.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

/**
 * SLUICE-REPOSITORY-09: the model changed in a way that would lose stored data.
 *
 * Nothing was changed. The message lists what would be lost. If that is meant, let it happen with
 * `sluice model apply --allow-loss`; if not, take the change of the configuration back.
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
          'If that is meant: sluice model apply --allow-loss. If not, take the change of the model back.',
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
    super(`The model cannot be carried into the database (${change}): ${detail}.`, {
      cause,
      remedy: 'Drop or rename what stands in the way, then run the command again.',
    })
  }
}

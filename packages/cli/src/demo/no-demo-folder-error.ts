import { SluiceError } from '@sluice/model'

/**
 * SLUICE-DEMO-01: the folder that was named for the demo holds something else.
 *
 * Nothing was written, and nobody was let in. Name a new folder, or serve the project in it without `--demo`.
 */
export class NoDemoFolderError extends SluiceError {
  readonly code = 'SLUICE-DEMO-01'
  readonly blame = 'usage'
  readonly retry = false

  constructor(folder: string) {
    super(`The folder ${folder} holds something else than the demo.`, {
      remedy: 'Name a new folder: sluice server --demo NAME',
      details: { folder },
    })
  }
}

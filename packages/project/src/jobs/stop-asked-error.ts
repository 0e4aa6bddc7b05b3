import type { StopRequest } from '@sluice/model'

/** Why the work in hand of a job is given up: somebody asked for it. */
export class StopAskedError extends Error {
  readonly stop: StopRequest

  constructor(stop: StopRequest) {
    super(`The job was stopped by ${stop.by.name}.`)
    this.stop = stop
  }
}

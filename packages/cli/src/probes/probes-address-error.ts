import { SluiceError } from '@sluice/model'

/**
 * SLUICE-AGENT-01: the agent cannot listen for probes.
 *
 * The address is taken, is not one of this machine, or may not be used. Name another one: `--probes 127.0.0.1:8622`.
 */
export class ProbesAddressError extends SluiceError {
  readonly code = 'SLUICE-AGENT-01'
  readonly blame = 'usage'
  readonly retry = true

  constructor(address: string, cause: unknown) {
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    super(`The agent cannot listen at ${address} (${reason}).`, {
      cause,
      remedy: 'Name another address: --probes 127.0.0.1:8622, or end the process that has this one.',
    })
  }
}

/**
 * What can go wrong between this page and its server.
 *
 * @module
 */
import type { ErrorDocument } from '@sluice/protocol'

/** The server said no. */
export class ApiError extends Error {
  readonly status: number
  /** `SLUICE-…`; absent where something in between answered in the server's name. */
  readonly code: string | undefined
  readonly remedy: string | undefined
  readonly details: Readonly<Record<string, unknown>>

  constructor(status: number, document: ErrorDocument | undefined) {
    super(document?.message ?? `The server answered ${status}, and not in its own words.`)
    this.name = 'ApiError'
    this.status = status
    this.code = document?.code
    this.remedy = document?.remedy
    this.details = document?.details ?? {}
  }
}

/** Nobody answered. */
export class UnreachableError extends Error {
  constructor(host: string) {
    super(`The server ${host} does not answer.`)
    this.name = 'UnreachableError'
  }
}

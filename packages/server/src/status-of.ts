/**
 * Which HTTP status an error gets: the one it declares.
 *
 * One that was not meant to cross HTTP goes by whose fault it is, and a defect is a 500.
 *
 * @module
 */
import { AnsweredError, type Blame, SluiceError } from '@sluice/model'

const byBlame: Readonly<Record<Blame, number>> = {
  usage: 400,
  source: 422,
  configuration: 422,
  repository: 503,
  defect: 500,
}

export function statusOf(error: unknown): number {
  if (error instanceof AnsweredError) return error.status
  return error instanceof SluiceError ? byBlame[error.blame] : 500
}

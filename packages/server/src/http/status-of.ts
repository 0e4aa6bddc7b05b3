/**
 * Which HTTP status an error gets.
 *
 * By its code, so that an agent can tell what to repeat (503, 429) from what to give up (4xx); an
 * error that is not listed goes by whose fault it is.
 *
 * @module
 */
import { type Blame, SluiceError } from '@sluice/model'
import { UnknownNameError } from '@sluice/repository'
import { RequestRefusedError } from '../server-errors.ts'

const byCode: Readonly<Record<string, number>> = {
  'SLUICE-SERVER-01': 401,
  'SLUICE-SERVER-02': 403,
  'SLUICE-SERVER-03': 404,
  'SLUICE-SERVER-05': 429,
  'SLUICE-SERVER-06': 415,
  'SLUICE-SERVER-07': 503,
  'SLUICE-SERVER-10': 507,
  'SLUICE-RECEIVE-01': 404,
  'SLUICE-RECEIVE-02': 409,
  'SLUICE-RECEIVE-03': 422,
  'SLUICE-RECEIVE-04': 409,
  'SLUICE-RECEIVE-05': 422,
  'SLUICE-RECEIVE-06': 409,
  'SLUICE-RECEIVE-07': 409,
  'SLUICE-RECEIVE-08': 409,
  'SLUICE-RECEIVE-09': 413,
  'SLUICE-RECEIVE-10': 409,
  'SLUICE-RECEIVE-11': 400,
  'SLUICE-RECEIVE-12': 503,
  'SLUICE-RUN-01': 409,
  'SLUICE-RUN-02': 409,
  'SLUICE-TOKEN-01': 409,
  'SLUICE-TOKEN-02': 404,
  'SLUICE-TOKEN-03': 422,
}

const byBlame: Readonly<Record<Blame, number>> = {
  usage: 400,
  source: 422,
  configuration: 422,
  repository: 503,
  defect: 500,
}

export function statusOf(error: unknown): number {
  if (!(error instanceof SluiceError)) return 500
  if (error instanceof RequestRefusedError) return error.status
  // A type that is not there is an address that is not; a property is part of the question.
  if (error instanceof UnknownNameError) return error.details?.['kind'] === 'property' ? 400 : 404
  return byCode[error.code] ?? byBlame[error.blame]
}

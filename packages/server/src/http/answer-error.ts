/**
 * What a caller is answered when a request fails: a document with code, sentence and remedy.
 *
 * Whatever was not thrown on purpose is reported as a defect, without its stack, under the id by which
 * the log has all of it.
 *
 * @module
 */
import { asFileFailure, DiskFullError, FileFailureError, UnusableFileError } from '@sluice/files'
import { InvalidConfigurationError, printable, SluiceError } from '@sluice/model'
import { type ErrorAnswer, mark } from '@sluice/protocol'
import { InvalidDefinitionError } from '@sluice/repository'
import type { FastifyReply, FastifyRequest } from 'fastify'
import {
  RequestRefusedError,
  ServerDiskFullError,
  ServerFilesError,
  TooManyRequestsError,
  TooManySignInsError,
} from '../server-errors.ts'
import { statusOf } from '../status-of.ts'

/** The error handler of the server. */
export async function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply) {
  const known = refusalOf(error)
  const status = statusOf(known)
  if (status >= 500 && !wasDropped(error, reply)) request.log.error({ err: known }, 'request failed')
  if (status === 401) reply.header('www-authenticate', 'Bearer realm="sluice"')
  if (status === 503) reply.header('retry-after', '5')
  if (known instanceof TooManyRequestsError || known instanceof TooManySignInsError)
    reply.header('retry-after', String(known.retryAfter))
  return reply.code(status).type('application/json; charset=utf-8').send(documentOf(known, request.id))
}

/** Nobody is there any more to be answered, and nothing was begun for him. */
function wasDropped(error: unknown, { raw }: FastifyReply): boolean {
  return raw.destroyed && error instanceof Error && error.name === 'AbortError'
}

/** The document of an error, as it crosses the network. */
export function documentOf(error: unknown, requestId: string): ErrorAnswer {
  if (!(error instanceof SluiceError)) {
    // A server that went wrong is asked again: the next one, or this one after its restart, may do better.
    return {
      from: mark,
      code: 'SLUICE-DEFECT',
      message: `The server had an internal error. Its log has the details, under request ${requestId}.`,
      remedy: 'Please report it with those lines of the log.',
      retry: true,
    }
  }
  const { code, message, retry, remedy, details } = error
  const shown = shownBy(error)
  return {
    from: mark,
    code,
    message: shown(message),
    retry,
    ...(remedy === undefined ? {} : { remedy: shown(remedy) }),
    ...(details === undefined ? {} : { details: { ...details } }),
  }
}

/** Sentences repeat what callers and files say. Findings of a configuration, or of a definition, are lines. */
function shownBy(error: SluiceError): (text: string) => string {
  const isList = error instanceof InvalidConfigurationError || error instanceof InvalidDefinitionError
  if (!isList) return printable
  return (text) => text.split('\n').map(printable).join('\n')
}

/**
 * What the framework refuses by itself (broken JSON, a body too large) is a request like no other; a full disk and what else is
 * wrong with the machine is the matter of whoever keeps the server, and names its folders in the log alone. None is a defect.
 */
function refusalOf(error: unknown): unknown {
  if (error instanceof DiskFullError) return new ServerDiskFullError(error)
  const failure = asFileFailure(error)
  if (failure instanceof FileFailureError) {
    return failure.kind === 'full' ? new ServerDiskFullError(failure) : new ServerFilesError(failure)
  }
  if (failure instanceof UnusableFileError) return new ServerFilesError(failure)
  if (error instanceof SluiceError || !(error instanceof Error)) return error
  const status = 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 500
  if (status < 400 || status > 499) return error
  const reason = error.message.replace(/\.$/, '')
  return new RequestRefusedError(`${reason.charAt(0).toLowerCase()}${reason.slice(1)}`, {
    status,
    cause: error,
  })
}

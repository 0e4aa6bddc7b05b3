/**
 * What a connection is answered that does not speak proper HTTP: a header too large, a request that never
 * comes to its end.
 *
 * @module
 */
import { STATUS_CODES } from 'node:http'
import type { Socket } from 'node:net'
import { RequestRefusedError } from '../server-errors.ts'
import { documentOf } from './answer-error.ts'

const known: Readonly<Record<string, { readonly status: number; readonly reason: string }>> = {
  HPE_HEADER_OVERFLOW: { status: 431, reason: 'its headers are too large' },
  ERR_HTTP_REQUEST_TIMEOUT: { status: 408, reason: 'it did not end in time' },
}

/** Milliseconds in which the answer is taken, or is not: who does not close a connection keeps it open for ever. */
const takenWithin = 1000

export function refuseConnection(error: Error, socket: Socket): void {
  const code = 'code' in error ? String(error.code) : ''
  if (code === 'ECONNRESET' || socket.destroyed || !socket.writable) {
    socket.destroy()
    return
  }
  const { status, reason } = known[code] ?? { status: 400, reason: 'it is not valid HTTP' }
  const body = JSON.stringify(documentOf(new RequestRefusedError(reason, { status }), ''))
  const late = setTimeout(() => socket.destroy(), takenWithin)
  socket.once('close', () => clearTimeout(late))
  socket.end(
    [
      `HTTP/1.1 ${status} ${STATUS_CODES[status]}`,
      'content-type: application/json; charset=utf-8',
      `content-length: ${Buffer.byteLength(body)}`,
      'connection: close',
      '',
      body,
    ].join('\r\n'),
  )
}

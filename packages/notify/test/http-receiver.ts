/**
 * An HTTP server on loopback that receives notifications, answers as it is told, and keeps what it was sent.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { buffer } from 'node:stream/consumers'

interface ReceivedRequest {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** A status with headers, or what is done to the connection. */
type Answer =
  | number
  | { readonly status: number; readonly headers: Readonly<Record<string, string>> }
  | 'close'
  | 'silence'

export interface HttpReceiver extends AsyncDisposable {
  readonly url: string
  readonly requests: readonly ReceivedRequest[]
  /** The next answers; 204 when there are no more. */
  answer(...answers: readonly Answer[]): void
}

/** `tls`: PEM texts. */
export async function openHttpReceiver(tls?: {
  readonly key: string
  readonly cert: string
}): Promise<HttpReceiver> {
  const requests: ReceivedRequest[] = []
  const answers: Answer[] = []
  const listener: RequestListener = async (request, response) => {
    const body = Buffer.from(await buffer(request)).toString('utf8')
    requests.push({ path: request.url ?? '', headers: request.headers, body })
    const answer = answers.shift() ?? 204
    if (answer === 'silence') return
    if (answer === 'close') return void request.socket.destroy()
    const { status, headers } = typeof answer === 'number' ? { status: answer, headers: {} } : answer
    response.writeHead(status, headers).end(status === 204 ? undefined : 'No.')
  }
  const server = tls === undefined ? createServer(listener) : createTlsServer(tls, listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('The receiver has no port.')
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${address.port}/hook`,
    requests,
    answer: (...more) => void answers.push(...more),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/**
 * Requests that no client of ours would send: the path and the headers go out as they are.
 *
 * @module
 */
import { Agent, request } from 'node:http'

export interface RawRequest {
  readonly method: string
  /** With its query; printable ASCII. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly body?: string | Uint8Array | undefined
}

export interface Answered {
  readonly status: number
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
  readonly text: string
}

/** One connection for all: each needs one anyway. */
export function rawRequests(server: { readonly host: string; readonly port: number }) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  return {
    ask: ({ method, path, headers, body }: RawRequest) =>
      new Promise<Answered>((resolve, reject) => {
        const asked = request(
          { host: server.host, port: server.port, method, path, headers: { ...headers }, agent },
          (answer) => {
            let text = ''
            answer.setEncoding('utf8')
            answer.on('data', (chunk) => {
              text += chunk
            })
            answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
            answer.on('error', reject)
          },
        )
        asked.on('error', reject)
        asked.end(body)
      }),
    [Symbol.dispose]: () => agent.destroy(),
  }
}

/**
 * A system that is asked over HTTP, for tests: what it answers is a function.
 *
 * @module
 */
import { createServer, type IncomingMessage, type Server } from 'node:http'

/** A request, as the system sees it. */
export interface Asked {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
  /** With which address it was asked. */
  readonly origin: string
}

export interface Answered {
  /** 200 when not given. */
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  /** Sent as JSON; a text as it is. */
  readonly body?: unknown
  /** The connection is cut in the middle of it. */
  readonly cut?: boolean
}

export class HttpSystem implements AsyncDisposable {
  readonly asked: Asked[] = []
  /** What comes next, in place of what it answers else: `undefined` lets one pass. */
  readonly next: (Answered | undefined)[] = []
  readonly #server: Server

  private constructor(answer: (asked: Asked) => Answered) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const asked = askedOf(request, Buffer.concat(chunks).toString('utf8'))
        this.asked.push(asked)
        const { status = 200, headers = {}, body, cut = false } = this.next.shift() ?? answer(asked)
        const text = typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body)
        const length = cut ? { 'content-length': String(text.length) } : {}
        response.writeHead(status, { 'content-type': 'application/json', ...length, ...headers })
        if (!cut) response.end(text)
        else response.write(text.slice(0, text.length / 2), () => response.socket?.destroy())
      })
    })
  }

  static async open(answer: (asked: Asked) => Answered): Promise<HttpSystem> {
    const system = new HttpSystem(answer)
    await new Promise<void>((resolve) => system.#server.listen(0, '127.0.0.1', resolve))
    return system
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  get address(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

function askedOf(request: IncomingMessage, body: string): Asked {
  const origin = `http://${request.headers.host ?? ''}`
  const url = new URL(request.url ?? '/', origin)
  const { method = 'GET', headers } = request
  return { method, path: decodeURIComponent(url.pathname), query: url.searchParams, headers, body, origin }
}

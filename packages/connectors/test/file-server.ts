/**
 * A web server for tests that hands out files as servers do: with tags, and to those who know the password.
 *
 * @module
 */
import { createHash } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'

export interface Answer {
  readonly status: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array
}

export class FileServer implements AsyncDisposable {
  /** By path: `/people.json`. */
  readonly files = new Map<string, string | Uint8Array>()
  /** By path: what is answered in place of a file, once for each. */
  readonly answers = new Map<string, Answer[]>()
  /** `GET /people.json`, each. */
  readonly asked: string[] = []
  /** What was sent as `Authorization`. */
  readonly authorizations: (string | undefined)[] = []
  /** Who may read; everybody when it is empty. */
  authorization = ''
  tags = true
  /** Connections are closed behind each answer. */
  closing = false
  readonly #server: Server

  private constructor() {
    this.#server = createServer((request, response) => this.#answer(request, response))
  }

  static async open(): Promise<FileServer> {
    const server = new FileServer()
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve))
    return server
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    const { url: path = '', method = '', headers } = request
    this.asked.push(`${method} ${path}`)
    this.authorizations.push(headers.authorization)
    const { status, headers: more = {}, body } = this.#answerTo(path, headers.authorization)
    const tag = body === undefined ? '' : `"${createHash('sha1').update(body).digest('hex')}"`
    response.writeHead(status, {
      ...(this.tags && tag !== '' ? { etag: tag } : {}),
      ...(body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }),
      ...more,
    })
    response.end(method === 'HEAD' ? undefined : body, () => {
      if (this.closing) request.socket.destroy()
    })
  }

  #answerTo(path: string, authorization: string | undefined): Answer {
    const next = this.answers.get(path)?.shift()
    if (next !== undefined) return next
    if (this.authorization !== '' && authorization !== this.authorization) return { status: 401 }
    const body = this.files.get(path)
    return body === undefined ? { status: 404 } : { status: 200, body }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

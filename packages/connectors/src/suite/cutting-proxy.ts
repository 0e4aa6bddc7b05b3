/**
 * A way to a server that breaks, for tests.
 *
 * @module
 */
import { connect, createServer, type Server, type Socket } from 'node:net'

interface Address {
  readonly host: string
  readonly port: number
}

export interface CuttingOptions {
  /** Bytes from the server after which a connection is cut, or nothing more comes: one number for each connection; the others last. */
  readonly after: readonly number[]
  /** Whether it is cut, or falls silent. */
  readonly how?: 'cut' | 'silent'
}

export class CuttingProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** That were made to it. */
  connections = 0

  private constructor(to: Address, { after, how = 'cut' }: CuttingOptions) {
    this.#server = createServer((client) => {
      const limit = after[this.connections++] ?? Number.POSITIVE_INFINITY
      const server = connect(to)
      for (const socket of [client, server]) {
        this.#sockets.add(socket)
        socket.on('error', () => {})
        socket.on('close', () => this.#sockets.delete(socket))
      }
      client.on('close', () => server.destroy())
      server.on('close', () => client.destroy())
      client.pipe(server)
      let passed = 0
      server.on('data', (bytes) => {
        passed += bytes.length
        if (passed <= limit) client.write(bytes)
        else if (how === 'cut') client.resetAndDestroy()
      })
    })
  }

  /** `to`: a port of this machine, or an address. */
  static async open(to: number | Address, options: CuttingOptions): Promise<CuttingProxy> {
    const address = typeof to === 'number' ? { host: '127.0.0.1', port: to } : to
    const proxy = new CuttingProxy(address, options)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get port(): number {
    const address = this.#server.address()
    return typeof address === 'object' && address !== null ? address.port : 0
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

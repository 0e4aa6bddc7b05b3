/**
 * A proxy before a server, with a fault for each request where a test asks for one.
 *
 * @module
 */
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What happens to one request. */
export type Fault =
  | 'none'
  /** It never reaches the server. */
  | 'lose request'
  /** The server does it, and its answer is lost. */
  | 'lose answer'
  /** The server does it, then this is called, and the answer is lost. */
  | { readonly answered: () => void }
  /** So many bytes of its body pass, then the connection breaks. */
  | { readonly cutAfter: number }
  /** One byte of its body, if it is that long, arrives as another one. */
  | { readonly flipAt: number }

export interface PassedRequest {
  readonly index: number
  readonly method: string
  readonly path: string
}

export interface FaultyProxy extends AsyncDisposable {
  readonly url: string
  /** Every request that came, in order. */
  readonly passed: readonly PassedRequest[]
  /** Bytes of bodies that came. */
  readonly bytes: number
}

export async function faultyProxy(
  /** Address of the server, which may have moved by the next request. */
  server: string | (() => string),
  faultOf: (request: PassedRequest) => Fault,
): Promise<FaultyProxy> {
  const passed: PassedRequest[] = []
  let bytes = 0
  const proxy = createServer((incoming, outgoing) => {
    const one = { index: passed.length, method: incoming.method ?? '', path: incoming.url ?? '' }
    passed.push(one)
    const fault = faultOf(one)
    if (fault === 'lose request') {
      incoming.socket.destroy()
      return
    }
    const { method, headers } = incoming
    const target = typeof server === 'string' ? server : server()
    const forwarded = request(`${target}${one.path}`, { method, headers }, (answer) => {
      if (fault === 'lose answer') {
        answer.resume().on('end', () => incoming.socket.destroy())
        return
      }
      if (typeof fault === 'object' && 'answered' in fault) {
        fault.answered()
        answer.resume()
        incoming.socket.destroy()
        return
      }
      outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
      answer.pipe(outgoing)
    })
    forwarded.on('error', () => incoming.socket.destroy())
    let count = 0
    incoming.on('data', (chunk: Buffer) => {
      const from = count
      count += chunk.length
      bytes += chunk.length
      if (typeof fault === 'object' && 'cutAfter' in fault && count >= fault.cutAfter) {
        forwarded.write(chunk.subarray(0, fault.cutAfter - from), () => {
          setTimeout(() => {
            forwarded.destroy()
            incoming.socket.destroy()
          }, 20)
        })
        incoming.pause()
        return
      }
      if (typeof fault === 'object' && 'flipAt' in fault && fault.flipAt >= from && fault.flipAt < count) {
        const at = fault.flipAt - from
        chunk.writeUInt8(chunk.readUInt8(at) ^ 1, at)
      }
      if (!forwarded.write(chunk)) {
        incoming.pause()
        forwarded.once('drain', () => incoming.resume())
      }
    })
    incoming.on('end', () => forwarded.end())
    incoming.on('error', () => forwarded.destroy())
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const { port } = proxy.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${port}`,
    passed,
    get bytes() {
      return bytes
    },
    async [Symbol.asyncDispose]() {
      proxy.closeAllConnections()
      await new Promise((resolve) => proxy.close(resolve))
    },
  }
}

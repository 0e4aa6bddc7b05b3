/**
 * A way to a directory on which values of large attributes come in parts, as servers of Windows send them: `member;range=0-1499`. Samba sends
 * all of them at once, and knows how to answer when it is asked for parts. So it is with changes: it never says that there are more.
 *
 * @module
 */
import { readFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { Frames } from '../src/directory/frames.ts'
import { type Ldapts, loadLdapts } from '../src/directory/ldapts.ts'
import { decode } from '../src/directory/messages.ts'

export interface RangingOptions {
  readonly host: string
  /** PEM file of the authority that vouches for the server. */
  readonly authority: string
  /** Values that are sent at once. */
  readonly most: number
  /** So many answers about changes say that there are more. */
  readonly more?: number
}

const dirSync = '1.2.840.113556.1.4.841'
const tags = { entry: 0x64, octets: 0x04, set: 0x31 } as const

export class RangingProxy implements AsyncDisposable {
  readonly #server: Server
  readonly #sockets = new Set<Socket>()
  /** How often a part of the values was sent. */
  parts = 0
  /** Answers about changes that still have to say that there are more. */
  more: number

  private constructor(ldapts: Ldapts, { host, authority, most, more = 0 }: RangingOptions) {
    this.more = more
    this.#server = createServer((client) => {
      // What the client sends without encryption arrives with it, as the server asks for.
      const server = connectTls({ host, port: 636, ca: readFileSync(authority) })
      const frames = new Frames()
      for (const socket of [client, server]) {
        this.#sockets.add(socket)
        socket.on('error', () => {})
        socket.on('close', () => this.#sockets.delete(socket))
      }
      client.on('close', () => server.destroy())
      server.on('close', () => client.destroy())
      client.pipe(server)
      server.on('data', (bytes) => {
        frames.add(bytes)
        for (let message = frames.next(); message !== undefined; message = frames.next())
          client.write(this.#inParts(ldapts, message, most))
      })
    })
  }

  static async open(options: RangingOptions): Promise<RangingProxy> {
    const proxy = new RangingProxy(await loadLdapts(), options)
    await new Promise<void>((resolve) => proxy.#server.listen(0, '127.0.0.1', resolve))
    return proxy
  }

  get url(): string {
    const address = this.#server.address()
    return `ldap://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  }

  #inParts(ldapts: Ldapts, bytes: Buffer, most: number): Buffer {
    const message = decode(ldapts, bytes)
    if (message.kind === 'result' && message.controls.some(({ oid }) => oid === dirSync)) this.#sayMore(bytes)
    if (message.kind !== 'entry' || message.controls.length > 0) return bytes
    const writer = new ldapts.BerWriter()
    writer.startSequence()
    writer.writeInt(message.id)
    writer.startSequence(tags.entry)
    writer.writeString(message.dn)
    writer.startSequence()
    for (const [name, values] of message.attributes) {
      for (const [written, part] of this.#partOf(name, values, most)) {
        writer.startSequence()
        writer.writeString(written)
        writer.startSequence(tags.set)
        for (const value of part) writer.writeBuffer(value, tags.octets)
        writer.endSequence()
        writer.endSequence()
      }
    }
    writer.endSequence()
    writer.endSequence()
    writer.endSequence()
    return writer.buffer
  }

  /** The first number in the value of the control. */
  #sayMore(bytes: Buffer): void {
    if (this.more === 0) return
    this.more--
    const at = bytes.indexOf(Buffer.of(0x02, 0x01, 0x00), bytes.indexOf(dirSync))
    bytes[at + 2] = 1
  }

  /** As a server of Windows names it: the attribute without values, and a part of them beside it. */
  #partOf(
    name: string,
    values: readonly Buffer[],
    most: number,
  ): readonly (readonly [string, readonly Buffer[]])[] {
    const [, attribute = name, from = '0'] = /^(.+);range=(\d+)-\*$/.exec(name) ?? []
    if (values.length <= most) return [[name, values]]
    this.parts++
    const last = Number(from) + most - 1
    const part = [`${attribute};range=${from}-${last}`, values.slice(0, most)] as const
    return from === '0' ? [[attribute, []], part] : [part]
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.#sockets) socket.destroy()
    await new Promise((resolve) => this.#server.close(resolve))
  }
}

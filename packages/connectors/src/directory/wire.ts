/**
 * One connection to a server: messages out, messages in, and no more of them in memory than are asked for.
 *
 * @module
 */
import { connect as connectPlain, type Socket } from 'node:net'
import { type ConnectionOptions, connect as connectTls } from 'node:tls'
import { connectionFailure, ManagedSystemError } from '../contract/managed-system-error.ts'
import { Frames } from './frames.ts'

export interface Address {
  readonly host: string
  readonly port: number
  /** The machine of that name that is meant; any when not known. */
  readonly machine?: string | undefined
}

interface WireOptions {
  readonly signal: AbortSignal
  /** Milliseconds that the server may send nothing. */
  readonly answerWithin: number
}

export class Wire {
  readonly #address: Address
  readonly #options: WireOptions
  #socket: Socket
  #frames = new Frames()
  /** Why nothing more will come. */
  #failure: Error | undefined
  #closed = false
  #wake: (() => void) | undefined

  private constructor(address: Address, socket: Socket, options: WireOptions) {
    this.#address = address
    this.#socket = socket
    this.#options = options
    options.signal.addEventListener('abort', this.#stop)
  }

  /** `tls`: encrypted from the start. */
  static async open(
    address: Address,
    tls: ConnectionOptions | undefined,
    options: WireOptions,
  ): Promise<Wire> {
    options.signal.throwIfAborted()
    const { port } = address
    const host = address.machine ?? address.host
    const socket = tls === undefined ? connectPlain({ host, port }) : connectTls({ ...tls, host, port })
    const wire = new Wire(address, socket, options)
    wire.#listen()
    await wire.#connected(tls === undefined ? 'connect' : 'secureConnect')
    return wire
  }

  /** Host and port, for messages. */
  get place(): string {
    return `${this.#address.host}:${this.#address.port}`
  }

  /** The address of the machine that was reached. */
  get machine(): string | undefined {
    return this.#socket.remoteAddress
  }

  /** Everything that follows is encrypted. */
  async encrypt(tls: ConnectionOptions): Promise<void> {
    this.#socket.removeAllListeners()
    this.#socket = connectTls({ ...tls, socket: this.#socket, host: this.#address.host })
    this.#frames = new Frames()
    this.#listen()
    await this.#connected('secureConnect')
  }

  send(message: Buffer): void {
    this.#socket.write(message)
  }

  /** The next message, as soon as it has arrived whole. */
  async receive(): Promise<Buffer> {
    for (;;) {
      const message = this.#nextFrame()
      if (message !== undefined) return message
      const chunk: unknown = this.#socket.read()
      if (Buffer.isBuffer(chunk)) this.#frames.add(chunk)
      else if (this.#closed || this.#failure !== undefined) throw this.#end()
      else await this.#arrival()
    }
  }

  close(): void {
    this.#options.signal.removeEventListener('abort', this.#stop)
    this.#socket.destroy()
  }

  readonly #stop = () => {
    this.#socket.destroy()
    this.#wake?.()
  }

  #listen(): void {
    const wake = () => this.#wake?.()
    this.#socket.on('readable', wake)
    this.#socket.on('error', (error) => {
      this.#failure = error
      wake()
    })
    this.#socket.on('end', wake)
    this.#socket.on('close', () => {
      this.#closed = true
      wake()
    })
  }

  #nextFrame(): Buffer | undefined {
    try {
      return this.#frames.next()
    } catch (error) {
      throw new ManagedSystemError(
        `${this.place} does not speak LDAP: ${error instanceof Error ? error.message : ''}.`,
        {
          remedy: 'Look at the address and the port; ldaps:// where it is encrypted from the start.',
        },
      )
    }
  }

  async #connected(event: 'connect' | 'secureConnect'): Promise<void> {
    let connected = false
    this.#socket.once(event, () => {
      connected = true
      this.#wake?.()
    })
    while (!connected) {
      if (this.#closed || this.#failure !== undefined) throw this.#end()
      await this.#arrival()
    }
  }

  /** Something happened to the socket, or nothing did for too long. */
  async #arrival(): Promise<void> {
    const { signal, answerWithin } = this.#options
    signal.throwIfAborted()
    let timer: NodeJS.Timeout | undefined
    try {
      await new Promise<void>((resolve, reject) => {
        this.#wake = resolve
        timer = setTimeout(() => reject(this.#silence()), answerWithin)
      })
    } finally {
      this.#wake = undefined
      clearTimeout(timer)
    }
    signal.throwIfAborted()
  }

  #silence(): ManagedSystemError {
    return new ManagedSystemError(`${this.place} sent nothing for ${this.#options.answerWithin / 1000} s.`, {
      remedy: 'Give it more time with answerWithin, or ask for less at once with pageSize.',
      passing: true,
    })
  }

  #end(): Error {
    const { signal } = this.#options
    if (signal.aborted)
      return signal.reason instanceof Error ? signal.reason : new Error('It was interrupted.')
    if (this.#failure !== undefined) return failureOf(this.place, this.#failure)
    return new ManagedSystemError(`${this.place} closed the connection before it had sent everything.`, {
      remedy: 'Look at the log of the server.',
      passing: true,
    })
  }
}

/** What is wrong with a certificate stays wrong. */
function failureOf(place: string, error: Error): ManagedSystemError {
  const code = 'code' in error ? String(error.code) : ''
  if (!/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME|ERR_TLS|ERR_SSL|ERR_OSSL/.test(code))
    return connectionFailure(place, error)
  return new ManagedSystemError(
    `No encrypted connection to ${place} can be made: ${error.message.replace(/\.$/, '')}.`,
    {
      remedy:
        'Name the authority that vouches for the server with certificateAuthority, and the server as its certificate does.',
      cause: error,
    },
  )
}

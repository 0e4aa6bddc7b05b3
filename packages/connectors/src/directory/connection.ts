/**
 * A server that was reached, and knows who asks: searches, one after the other.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import type { ConnectionOptions } from 'node:tls'
import { millisecondsOf } from '@sluice/model'
import type { Control } from 'ldapts'
import type { ConnectorContext } from '../contract/connector.ts'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { oids } from './controls.ts'
import { parseFilter } from './filter-bytes.ts'
import { type Ldapts, loadLdapts } from './ldapts.ts'
import { decode, type Entry, type Intermediate, type Result, type ServerMessage } from './messages.ts'
import type { DirectoryConnection } from './options.ts'
import { refusalOf, resultCodes } from './results.ts'
import { Wire } from './wire.ts'

export interface Search {
  readonly base: string
  readonly scope: 'base' | 'one' | 'subtree'
  readonly filter: string
  readonly attributes: readonly string[]
  readonly controls?: readonly Control[]
}

/** What a search finds on its way. */
export type Found = Entry | Intermediate | { readonly kind: 'reference' }

export class Connection {
  readonly ldapts: Ldapts
  readonly #wire: Wire
  readonly #again: (machine: string | undefined) => Promise<Connection>
  #beside: Promise<Connection> | undefined
  #id = 0

  private constructor(
    ldapts: Ldapts,
    wire: Wire,
    again: (machine: string | undefined) => Promise<Connection>,
  ) {
    this.ldapts = ldapts
    this.#wire = wire
    this.#again = again
  }

  /**
   * Connects, encrypts where that is asked for, and shows who connects. `machine`: the one among those of this name that is meant, where it
   * is known.
   */
  static async open(
    options: DirectoryConnection,
    context: ConnectorContext,
    machine?: string,
  ): Promise<Connection> {
    const ldapts = await loadLdapts()
    const { hostname, port, protocol } = new URL(options.url)
    const secure = protocol === 'ldaps:'
    const host = hostname.replace(/^\[|\]$/g, '')
    const address = { host, port: Number(port || (secure ? 636 : 389)), machine }
    const answerWithin = millisecondsOf(options.answerWithin ?? '1m')
    const tls = await tlsOptions(options, context)
    const wire = await Wire.open(address, secure ? tls : undefined, { signal: context.signal, answerWithin })
    const again = (same: string | undefined) => Connection.open(options, context, same)
    const connection = new Connection(ldapts, wire, again)
    try {
      if (options.startTls === true && !secure) await connection.#startTls(tls)
      await connection.#bind(options, context)
      return connection
    } catch (error) {
      connection.close()
      throw error
    }
  }

  /** Host and port, for messages. */
  get place(): string {
    return this.#wire.place
  }

  /** Entries and what lies between them as they arrive; returns the result, whatever it is. */
  async *search(search: Search): AsyncGenerator<Found, Result> {
    const { SearchRequest } = this.ldapts
    const id = ++this.#id
    const request = new SearchRequest({
      messageId: id,
      baseDN: search.base,
      scope: search.scope === 'subtree' ? 'sub' : search.scope,
      filter: this.#filter(search.filter),
      attributes: [...search.attributes],
      sizeLimit: 0,
      timeLimit: 0,
      controls: [...(search.controls ?? [])],
    })
    this.#wire.send(request.write())
    for (;;) {
      const message = await this.#receive(id)
      if (message.kind === 'result') return message
      yield message
    }
  }

  /** An extended operation without a value. */
  async extended(oid: string): Promise<Result> {
    const id = ++this.#id
    this.#wire.send(new this.ldapts.ExtendedRequest({ messageId: id, oid }).write())
    return this.#result(id)
  }

  /**
   * Another connection to the same machine, while a search on this one is not over. A name may stand for several machines, which do not all
   * know the latest changes.
   */
  beside(): Promise<Connection> {
    this.#beside ??= this.#again(this.#wire.machine)
    return this.#beside
  }

  close(): void {
    this.#wire.close()
    this.#beside?.then((connection) => connection.close()).catch(() => undefined)
  }

  async #startTls(tls: ConnectionOptions): Promise<void> {
    const result = await this.extended(oids.startTls)
    if (result.code !== resultCodes.success)
      throw refusalOf(`Encrypting the connection to ${this.place}`, result)
    await this.#wire.encrypt(tls)
  }

  async #bind(options: DirectoryConnection, context: ConnectorContext): Promise<void> {
    const { BindRequest } = this.ldapts
    const { user, password, certificate } = options
    const external = certificate !== undefined && user === undefined
    if (user === undefined && !external) return
    if (!external && password === undefined)
      throw new ManagedSystemError(
        'There is a user and no password, so the server would take it for nobody.',
        {
          remedy: 'Add password: {environment: NAME}, or remove user.',
        },
      )
    const id = ++this.#id
    const request = external
      ? new BindRequest({ messageId: id, mechanism: 'EXTERNAL' })
      : new BindRequest({
          messageId: id,
          dn: String(user),
          password: password === undefined ? '' : await context.secret(password),
        })
    this.#wire.send(request.write())
    const result = await this.#result(id)
    if (result.code === resultCodes.success) return
    throw refusalOf(`Connecting to ${this.place}${external ? '' : ` as ${String(user)}`}`, result)
  }

  async #result(id: number): Promise<Result> {
    for (;;) {
      const message = await this.#receive(id)
      if (message.kind === 'result') return message
    }
  }

  async #receive(id: number): Promise<ServerMessage> {
    for (;;) {
      const message = decode(this.ldapts, await this.#wire.receive())
      if (message.id === id) return message
      // It says goodbye, in a message that answers nothing.
      if (message.id === 0 && message.kind === 'result')
        throw new ManagedSystemError(
          `${this.place} ends the connection: ${message.message || `result ${message.code}`}.`,
          {
            passing: true,
          },
        )
    }
  }

  #filter(text: string) {
    try {
      return parseFilter(this.ldapts, text)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw new ManagedSystemError(`The filter ${text} cannot be read: ${reason.replace(/\.$/, '')}.`, {
        remedy: 'Write it like (&(objectClass=person)(uid=*)).',
      })
    }
  }
}

async function tlsOptions(
  options: DirectoryConnection,
  context: ConnectorContext,
): Promise<ConnectionOptions> {
  const { hostname } = new URL(options.url)
  const [ca, cert, key] = await Promise.all(
    [options.certificateAuthority, options.certificate, options.key].map((path) =>
      path === undefined ? undefined : pem(context.resolvePath(path)),
    ),
  )
  const servername = /^[\d.]+$|^\[/.test(hostname) ? {} : { servername: hostname }
  return {
    ...servername,
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
}

async function pem(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new ManagedSystemError(
      `${path} cannot be read: ${error instanceof Error ? error.message : String(error)}.`,
      {
        remedy: 'Look at certificateAuthority, certificate and key.',
      },
    )
  }
}

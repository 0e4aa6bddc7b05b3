/**
 * Files of an SFTP server. Only a server whose key is known is told who asks.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { posix } from 'node:path'
import type { Client, ConnectConfig, FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2'
import type { ConnectorContext } from '../contract/connector.ts'
import { connectionFailure, ManagedSystemError } from '../contract/managed-system-error.ts'
import { optionalPackage } from '../contract/optional-package.ts'
import { fingerprintOf, knownKeys } from './host-key.ts'
import type { PlaceOptions } from './options.ts'
import type { Place, PlacedFile } from './place.ts'
import { refuseChanged } from './unchanged.ts'

/** Milliseconds until the server has to have let us in. */
const timeToConnect = 30_000

export async function openSftp(options: PlaceOptions, context: ConnectorContext): Promise<Place> {
  const { default: ssh2 } = await optionalPackage('SFTP', { ssh2: '1.17.0' }, () => import('ssh2'))
  const { hostname, port, username, pathname } = new URL(options.from)
  const server = { host: hostname, port: Number(port || 22) }
  const place = `${server.host}:${server.port}`
  const user = String(options.user ?? decodeURIComponent(username))
  if (user === '') throw new ManagedSystemError(`${place} has to know who reads.`, { remedy: 'Write user.' })
  const known = await knownKeys(options, server, context)
  let shown = ''
  const config: ConnectConfig = {
    ...server,
    username: user,
    ...(await credentials(options, context)),
    hostVerifier: (key: Buffer) => {
      shown = fingerprintOf(key)
      return known(key)
    },
    readyTimeout: timeToConnect,
    keepaliveInterval: 15_000,
    keepaliveCountMax: 4,
  }
  const client = new ssh2.Client()
  try {
    const sftp = await connected(client, config, context.signal)
    return new SftpPlace({ client, sftp, place, user, key: shown, context }, folderOf(pathname))
  } catch (error) {
    client.destroy()
    context.signal.throwIfAborted()
    throw failureOf(place, error, { shown, pinned: options.sftp?.hostKey ?? options.sftp?.knownHosts })
  }
}

async function credentials(
  { password, sftp = {} }: PlaceOptions,
  context: ConnectorContext,
): Promise<ConnectConfig> {
  const { key, passphrase } = sftp
  return {
    ...(password === undefined ? {} : { password: await context.secret(password) }),
    ...(key === undefined ? {} : { privateKey: await readFile(context.resolvePath(key)) }),
    ...(passphrase === undefined ? {} : { passphrase: await context.secret(passphrase) }),
  }
}

/** From the root on, or from the home of the user. */
function folderOf(pathname: string): string {
  const path = decodeURIComponent(pathname)
  if (path === '' || path === '/~' || path === '/~/') return '.'
  return path.startsWith('/~/') ? `.${path.slice(2)}` : path
}

function connected(client: Client, config: ConnectConfig, signal: AbortSignal): Promise<SFTPWrapper> {
  return new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => client.destroy(), { once: true })
    client.on('error', reject)
    client.on('close', () => reject(new Error('the connection was broken')))
    client.on('ready', () =>
      client.sftp((error, sftp) => (error === undefined ? resolve(sftp) : reject(error))),
    )
    client.connect(config)
  })
}

interface Connected {
  readonly client: Client
  readonly sftp: SFTPWrapper
  readonly place: string
  readonly user: string
  readonly key: string
  readonly context: ConnectorContext
}

class SftpPlace implements Place {
  readonly name: string
  readonly facts: Readonly<Record<string, string>>
  readonly #folder: string
  readonly #client: Client
  readonly #sftp: SFTPWrapper
  readonly #signal: AbortSignal
  readonly #lost: Promise<never>

  constructor({ client, sftp, place, user, key, context }: Connected, folder: string) {
    this.name = `${place}${folder === '.' ? '' : ` ${folder}`}`
    this.facts = { server: place, key, user, folder }
    this.#folder = folder
    this.#client = client
    this.#sftp = sftp
    this.#signal = context.signal
    this.#lost = new Promise((_, reject) => {
      client.on('error', reject)
      client.on('close', () => reject(new ManagedSystemError(`${place} broke off.`, { passing: true })))
    })
    this.#lost.catch(() => {})
  }

  async list(folder: string): Promise<readonly PlacedFile[]> {
    const path = this.#pathOf(folder)
    const entries = await this.#ask<readonly FileEntryWithStats[]>((done) =>
      this.#sftp.readdir(path, done),
    ).catch((error: unknown) => {
      if (isMissing(error)) return []
      throw this.#failure(path, error)
    })
    return entries
      .filter(({ attrs }) => attrs.isFile())
      .map(({ filename, attrs }) => placed(`${folder}${filename}`, attrs))
  }

  async find(name: string): Promise<PlacedFile | undefined> {
    const path = this.#pathOf(name)
    try {
      const found = await this.#ask<Stats>((done) => this.#sftp.stat(path, done))
      return found.isFile() ? placed(name, found) : undefined
    } catch (error) {
      if (isMissing(error)) return undefined
      throw this.#failure(path, error)
    }
  }

  pathOf(): undefined {
    return undefined
  }

  async *read(file: PlacedFile): AsyncGenerator<Uint8Array, void, undefined> {
    const path = this.#pathOf(file.name)
    const stream = this.#sftp.createReadStream(path, { highWaterMark: 256 * 1024 })
    const broken = (error: unknown) =>
      void stream.destroy(error instanceof Error ? error : new Error(String(error)))
    this.#lost.catch(broken)
    try {
      for await (const chunk of stream) if (chunk instanceof Uint8Array) yield chunk
    } catch (error) {
      this.#signal.throwIfAborted()
      throw this.#failure(path, error)
    }
    refuseChanged(this.name, file, await this.find(file.name))
  }

  #pathOf(name: string): string {
    return posix.join(this.#folder, name)
  }

  #ask<T>(call: (done: (error: Error | undefined, value: T) => void) => void): Promise<T> {
    const answered = new Promise<T>((resolve, reject) =>
      call((error, value) => (error === undefined || error === null ? resolve(value) : reject(error))),
    )
    return Promise.race([answered, this.#lost])
  }

  #failure(path: string, error: unknown): ManagedSystemError {
    if (error instanceof ManagedSystemError) return error
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 3)
      return new ManagedSystemError(`${path} of ${this.facts['server']} may not be read.`, {
        remedy: `Give ${this.facts['user']} the right to read it.`,
        cause: error,
      })
    // What is asked when a connection breaks is answered so.
    if (error instanceof Error && /no response from server/i.test(error.message))
      return new ManagedSystemError(`${this.facts['server']} broke off.`, { passing: true, cause: error })
    return connectionFailure(this.name, error)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.destroy()
  }
}

function placed(name: string, { size, mtime }: Pick<Stats, 'size' | 'mtime'>): PlacedFile {
  return { name, size, modified: mtime * 1000, version: `${size}-${mtime}` }
}

/** SSH_FX_NO_SUCH_FILE */
function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 2
}

interface Shown {
  /** Fingerprint of the key that the server has shown. */
  readonly shown: string
  readonly pinned: unknown
}

function failureOf(place: string, error: unknown, { shown, pinned }: Shown): ManagedSystemError {
  if (error instanceof ManagedSystemError) return error
  const message = error instanceof Error ? error.message : String(error)
  if (/host denied|verification failed/i.test(message)) {
    const remedy = 'If it is what the administrator of the server says, write sftp: {hostKey: …} with it.'
    return pinned === undefined
      ? new ManagedSystemError(`${place} shows a key that nothing vouches for: ${shown}.`, { remedy })
      : new ManagedSystemError(`${place} shows another key than the one that is known: ${shown}.`, {
          remedy: `Somebody may stand in between, or the server has a new key. ${remedy}`,
        })
  }
  if (/authentication methods failed/i.test(message))
    return new ManagedSystemError(`${place} does not let us in: user, password or key are wrong.`, {
      remedy: 'Look at user, and at password or sftp: {key}.',
      cause: error,
    })
  if (/privateKey|passphrase/i.test(message))
    return new ManagedSystemError(
      `The private key for ${place} cannot be used: ${message.replace(/\.$/, '')}.`,
      {
        remedy: 'Look at sftp: {key}, and at passphrase where it is encrypted.',
      },
    )
  if (/broken|ended|reset|handshake|timed out/i.test(message))
    return new ManagedSystemError(`${place} cannot be reached: ${message.replace(/\.$/, '')}.`, {
      passing: true,
      remedy: 'Look whether an SFTP server listens there.',
      cause: error,
    })
  return connectionFailure(place, error)
}

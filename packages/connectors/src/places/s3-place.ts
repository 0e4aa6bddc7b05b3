/**
 * Files of a bucket: S3, and services that speak like it.
 *
 * @module
 */
import type { _Object, S3Client } from '@aws-sdk/client-s3'
import type { ConnectorContext } from '../contract/connector.ts'
import { connectionFailure, ManagedSystemError } from '../contract/managed-system-error.ts'
import { optionalPackage } from '../contract/optional-package.ts'
import type { PlaceOptions } from './options.ts'
import type { Place, PlacedFile } from './place.ts'
import { changedMeanwhile } from './unchanged.ts'

type Sdk = typeof import('@aws-sdk/client-s3')

export async function openS3(options: PlaceOptions, context: ConnectorContext): Promise<Place> {
  const sdk = await optionalPackage(
    'S3',
    { '@aws-sdk/client-s3': '3.1175.0' },
    () => import('@aws-sdk/client-s3'),
  )
  const { user, password, s3 = {} } = options
  const [, bucket = '', folder = ''] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(options.from) ?? []
  const { endpoint, region = 'us-east-1', sessionToken } = s3
  const client = new sdk.S3Client({
    region: String(region),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    // Without a key, what the machine, its role or its files say.
    ...(user === undefined || password === undefined
      ? {}
      : {
          credentials: {
            accessKeyId: String(user),
            secretAccessKey: await context.secret(password),
            ...(sessionToken === undefined ? {} : { sessionToken: await context.secret(sessionToken) }),
          },
        }),
    // Whoever runs the connector begins again.
    maxAttempts: 1,
  })
  const prefix = folder === '' || folder.endsWith('/') ? folder : `${folder}/`
  return new S3Place({ sdk, client, bucket, prefix }, endpoint, context.signal)
}

interface Bucket {
  readonly sdk: Sdk
  readonly client: S3Client
  readonly bucket: string
  /** Of all names, with a slash at its end. */
  readonly prefix: string
}

class S3Place implements Place {
  readonly name: string
  readonly facts: Readonly<Record<string, string>>
  readonly #of: Bucket
  readonly #endpoint: string
  readonly #signal: AbortSignal

  constructor(of: Bucket, endpoint: string | undefined, signal: AbortSignal) {
    this.#of = of
    this.#signal = signal
    this.#endpoint = endpoint === undefined ? 'Amazon S3' : new URL(endpoint).host
    this.name = `s3://${of.bucket}/${of.prefix}`
    this.facts = { server: this.#endpoint, bucket: of.bucket, folder: of.prefix }
  }

  async list(folder: string): Promise<readonly PlacedFile[]> {
    const { sdk, client, bucket: Bucket, prefix } = this.#of
    const files: PlacedFile[] = []
    let token: string | undefined
    do {
      const request = { Bucket, Prefix: `${prefix}${folder}`, Delimiter: '/', ContinuationToken: token }
      const page = await this.#asked(() =>
        client.send(new sdk.ListObjectsV2Command(request), { abortSignal: this.#signal }),
      )
      for (const one of page.Contents ?? []) files.push(this.#placed(one))
      token = page.NextContinuationToken
      if (page.IsTruncated === true && token === undefined)
        throw new ManagedSystemError(`${this.name} lists only a part of its files.`)
    } while (token !== undefined)
    return files.filter(({ name }) => !name.endsWith('/'))
  }

  async find(name: string): Promise<PlacedFile | undefined> {
    const { sdk, client, bucket: Bucket, prefix } = this.#of
    try {
      const command = new sdk.HeadObjectCommand({ Bucket, Key: `${prefix}${name}` })
      const found = await client.send(command, { abortSignal: this.#signal })
      return {
        name,
        version: found.ETag,
        size: found.ContentLength,
        modified: found.LastModified?.getTime(),
      }
    } catch (error) {
      if (error instanceof sdk.S3ServiceException && error.$metadata.httpStatusCode === 404) return undefined
      throw this.#failure(error)
    }
  }

  pathOf(): undefined {
    return undefined
  }

  async *read({ name, version: IfMatch }: PlacedFile): AsyncGenerator<Uint8Array, void, undefined> {
    const { sdk, client, bucket: Bucket, prefix } = this.#of
    const command = new sdk.GetObjectCommand({ Bucket, Key: `${prefix}${name}`, IfMatch })
    const { Body, ContentLength } = await this.#asked(() =>
      client.send(command, { abortSignal: this.#signal }).catch((error: unknown) => {
        const status = error instanceof sdk.S3ServiceException ? error.$metadata.httpStatusCode : undefined
        throw status === 412 ? changedMeanwhile(this.name, name) : error
      }),
    )
    if (Body === undefined) return
    let size = 0
    try {
      for await (const chunk of Body.transformToWebStream()) {
        if (!(chunk instanceof Uint8Array)) continue
        size += chunk.length
        yield chunk
      }
    } catch (error) {
      this.#signal.throwIfAborted()
      throw new ManagedSystemError(`${name} of ${this.name} broke off.`, { passing: true, cause: error })
    }
    if (ContentLength !== undefined && size !== ContentLength)
      throw new ManagedSystemError(
        `${name} of ${this.name} broke off after ${size} of ${ContentLength} bytes.`,
        {
          passing: true,
        },
      )
  }

  #placed({ Key = '', ETag, Size, LastModified }: _Object): PlacedFile {
    const name = Key.slice(this.#of.prefix.length)
    return { name, version: ETag, size: Size, modified: LastModified?.getTime() }
  }

  async #asked<T>(ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      throw this.#failure(error)
    }
  }

  #failure(error: unknown): ManagedSystemError {
    this.#signal.throwIfAborted()
    if (error instanceof ManagedSystemError) return error
    const { sdk } = this.#of
    if (!(error instanceof sdk.S3ServiceException)) return this.#unreachable(error)
    const { name, message, $metadata } = error
    const status = $metadata.httpStatusCode ?? 0
    const reason = `${name}${message === '' || message === name ? '' : `: ${message.replace(/\.$/, '')}`}`
    return new ManagedSystemError(`${this.name} answers with ${status} (${reason}).`, {
      remedy: remedies[name] ?? (status === 403 ? denied : undefined),
      passing: status === 429 || status >= 500 || name === 'SlowDown',
      cause: error,
    })
  }

  #unreachable(error: unknown): ManagedSystemError {
    if (error instanceof Error && error.name === 'CredentialsProviderError')
      return new ManagedSystemError(
        `${this.name} has to know who reads, and this machine has no key of its own.`,
        {
          remedy: 'Write user and password: the access key and its secret.',
          cause: error,
        },
      )
    return connectionFailure(this.#endpoint, error)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#of.client.destroy()
  }
}

const denied = 'Look at user and password, the access key and its secret, and at what they may read.'

const remedies: Readonly<Record<string, string>> = {
  AccessDenied: denied,
  InvalidAccessKeyId: 'Look at user: it is the access key.',
  SignatureDoesNotMatch: 'Look at password: it is the secret of the access key.',
  NoSuchBucket: 'Look at the name behind s3:// in from, and at s3: {endpoint}.',
  PermanentRedirect: 'Look at s3: {region}.',
}

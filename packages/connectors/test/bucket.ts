/**
 * A server of S3 for tests, with one bucket.
 *
 * @module
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import S3rver from 's3rver'

/** Of the server: the only one that it knows. */
const key = 'S3RVER'

export class Bucket implements AsyncDisposable {
  readonly name = 'exports'
  readonly user = key
  readonly password = key
  readonly port: number
  readonly #server: S3rver
  readonly #folder: string
  readonly #client: S3Client

  private constructor(server: S3rver, port: number, folder: string) {
    this.#server = server
    this.#folder = folder
    this.port = port
    this.#client = new S3Client({
      endpoint: this.endpoint,
      region: 'us-east-1',
      forcePathStyle: true,
      credentials: { accessKeyId: key, secretAccessKey: key },
      requestChecksumCalculation: 'WHEN_REQUIRED',
    })
  }

  static async open(): Promise<Bucket> {
    const directory = await mkdtemp(join(tmpdir(), 's3-'))
    const server = new S3rver({
      port: 0,
      address: '127.0.0.1',
      silent: true,
      directory,
      configureBuckets: [{ name: 'exports', configs: [] }],
    })
    const { port } = await server.run()
    return new Bucket(server, port, directory)
  }

  get endpoint(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async put(name: string, body: string): Promise<void> {
    await this.#client.send(new PutObjectCommand({ Bucket: this.name, Key: name, Body: body }))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#client.destroy()
    await this.#server.close()
    await rm(this.#folder, { recursive: true, force: true })
  }
}

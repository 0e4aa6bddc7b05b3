import { once } from 'node:events'
import { PassThrough } from 'node:stream'
import zlib from 'node:zlib'
import { expect, test } from 'vitest'
import { decodedBody } from './decode-body.ts'

test.each(['gzip', 'br', 'identity'])(
  'a body (%s) that broke off before anybody read it ends what reads it',
  async (encoding) => {
    const body = new PassThrough()
    body.write(zlib.gzipSync('whatever').subarray(0, 5))
    body.destroy()
    await once(body, 'close')
    const read = async () => {
      for await (const _ of decodedBody(body, encoding, () => undefined));
    }
    await expect(read()).rejects.toThrow('broke off')
  },
)

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe } from 'vitest'
import { entity } from '../../../prepare/test/prepare-text.ts'
import { Bucket } from '../../test/bucket.ts'
import { type ConnectorScenario, describeConnectorContract } from '../../test/connector-contract.ts'
import { FileServer } from '../../test/file-server.ts'
import { hasSshd, Sshd } from '../../test/sshd.ts'

const count = 400
const lines = Array.from({ length: count }, (_, index) =>
  JSON.stringify({ id: index, name: `Person ${index}` }),
)
const text = `${lines.join('\n')}\n`
const tables = { people: { path: 'people.jsonl' } }
const secret = 'correct horse battery'

const common: Pick<ConnectorScenario, 'connector' | 'mappings' | 'file' | 'rows'> = {
  connector: 'files',
  mappings: { entities: [entity(['id', 'name'])], associations: [] },
  file: 'people.csv',
  rows: count,
}

describeConnectorContract('files on a web server', async () => {
  const server = await FileServer.open()
  server.files.set('/data/people.jsonl', text)
  server.authorization = `Basic ${Buffer.from(`ann:${secret}`).toString('base64')}`
  const options = (port: number, variable = 'PASSWORD') => ({
    from: `http://127.0.0.1:${port}/data/`,
    user: 'ann',
    password: { environment: variable },
    tables,
  })
  return {
    ...common,
    port: server.port,
    options: (port) => options(port),
    wrongPassword: (port) => options(port, 'WRONG'),
    environment: { PASSWORD: secret, WRONG: 'not the password' },
    secrets: [secret, 'not the password', Buffer.from(`ann:${secret}`).toString('base64')],
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  }
})

describe.skipIf(!hasSshd)('with SFTP (needs OpenSSH)', () => {
  describeConnectorContract('files of an SFTP server', async () => {
    const sshd = await Sshd.open()
    await writeFile(join(sshd.data, 'people.jsonl'), text)
    const hostKey = await sshd.fingerprint()
    const options = (port: number, variable = 'PASSPHRASE') => ({
      from: `sftp://${sshd.user}@127.0.0.1:${port}${sshd.data}`,
      sftp: { hostKey, key: join(sshd.folder, 'user'), passphrase: { environment: variable } },
      tables,
    })
    return {
      ...common,
      port: sshd.port,
      options: (port) => options(port),
      wrongPassword: (port) => options(port, 'WRONG'),
      environment: { PASSPHRASE: sshd.passphrase, WRONG: 'not the passphrase' },
      secrets: [sshd.passphrase, 'not the passphrase'],
      [Symbol.asyncDispose]: () => sshd[Symbol.asyncDispose](),
    }
  })
})

describeConnectorContract('files of a bucket', async () => {
  const bucket = await Bucket.open()
  await bucket.put('data/people.jsonl', text)
  const options = (port: number, user = bucket.user) => ({
    from: `s3://${bucket.name}/data`,
    user,
    password: { environment: 'SECRET' },
    s3: { endpoint: `http://127.0.0.1:${port}` },
    tables,
  })
  return {
    ...common,
    port: bucket.port,
    options: (port) => options(port),
    // The server looks at access keys, and not at what they have signed.
    wrongPassword: (port) => options(port, 'NOBODY'),
    environment: { SECRET: bucket.password },
    secrets: [],
    [Symbol.asyncDispose]: () => bucket[Symbol.asyncDispose](),
  }
})

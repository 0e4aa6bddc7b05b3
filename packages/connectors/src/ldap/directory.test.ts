import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ConnectorExport, DeliveryMode, Source } from '@sluice/model'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { association, entity, sourceOf, temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { hasSlapd, manager, Slapd, type SlapdOptions, suffix } from '../../test/slapd.ts'
import type { AnswerOf, ProgramLine } from '../contract/export-request.ts'
import { checkSystem, discoverSystem } from '../run/ask-connector.ts'
import { exportByConnector } from '../run/export-by-connector.ts'

const mappings = {
  entities: [entity(['uid', 'dn', 'parentdn', 'mail', 'jpegPhoto'])],
  associations: [association('dn', 'member')],
}
const environment = { LDAP_PASSWORD: manager.password }
const people = { filter: '(objectClass=inetOrgPerson)' }
const members = { filter: '(objectClass=groupOfNames)', links: 'member' }

const person = (name: string, more = '') =>
  `dn: uid=${name},ou=people,${suffix}\nobjectClass: inetOrgPerson\nuid: ${name}\ncn: ${name}\nsn: ${name}${more}`

/** A directory of three people and a group, and what exports of it write. */
class Directory implements AsyncDisposable {
  readonly slapd: Slapd
  readonly #mappings: Pick<Source, 'entities' | 'associations'>
  readonly #folder = temporaryFolder()

  private constructor(slapd: Slapd, of: Pick<Source, 'entities' | 'associations'>) {
    this.slapd = slapd
    this.#mappings = of
  }

  static async open({
    mappings: of = mappings,
    ...options
  }: SlapdOptions & {
    readonly mappings?: Pick<Source, 'entities' | 'associations'>
  } = {}): Promise<Directory> {
    const slapd = await Slapd.open(options)
    await slapd.add([
      person('ann', '\nmail: z@example.org\nmail: a@example.org'),
      person('bob', '\njpegPhoto:: /9j/4A=='),
      person('cyd'),
      `dn: cn=staff,ou=groups,${suffix}\nobjectClass: groupOfNames\ncn: staff\nmember: uid=ann,ou=people,${suffix}\nmember: uid=bob,ou=people,${suffix}`,
    ])
    return new Directory(slapd, of)
  }

  by(options: Readonly<Record<string, unknown>>): ConnectorExport {
    const all = { url: this.slapd.url, base: suffix, tables: { people, members }, ...options }
    const by = { connector: 'ldap', secrets: [], unset: [], timeout: 30_000, retries: 0 }
    return { ...by, options: all, workingFolder: this.slapd.folder }
  }

  async export(
    options: Readonly<Record<string, unknown>> = {},
    { mode = 'complete', since }: { readonly mode?: DeliveryMode; readonly since?: string } = {},
  ) {
    const by = this.by(options)
    const { path } = await this.#folder
    const folder = join(path, 'files')
    const source = { ...sourceOf(folder, this.#mappings), export: by }
    const answerOf: AnswerOf = async ({ stated }) => ({ mode: stated ?? mode })
    const lines: string[] = []
    const log = ({ text }: ProgramLine) => void lines.push(text)
    const request = { source, mode, answerOf, environment, cookies: since, log }
    const exported = await exportByConnector(by, request)
    const [rows = '', links = ''] = await Promise.all(
      ['people.csv', 'members.csv'].map((name) => readFile(join(folder, name), 'utf8')),
    )
    const sorted = (text: string) => text.trimEnd().split('\n').sort()
    return { ...exported, lines, people: sorted(rows), members: sorted(links) }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.slapd[Symbol.asyncDispose]()
    await (await this.#folder)[Symbol.asyncDispose]()
  }
}

describe.runIf(hasSlapd)('a directory (needs slapd and ldap-utils)', () => {
  let directory: Directory
  beforeAll(async () => {
    directory = await Directory.open()
  })
  afterAll(() => directory[Symbol.asyncDispose]())

  test('is written as rows of entries, and as rows of links', async () => {
    const { people, members } = await directory.export()
    const at = `ou=people,${suffix}`
    expect(people).toEqual([
      `ann,"uid=ann,${at}","${at}",a@example.org|z@example.org,`,
      `bob,"uid=bob,${at}","${at}",,/9j/4A==`,
      `cyd,"uid=cyd,${at}","${at}",,`,
      'uid,dn,parentdn,mail,jpegPhoto',
    ])
    expect(members).toEqual([
      `"cn=staff,ou=groups,${suffix}","uid=ann,${at}"`,
      `"cn=staff,ou=groups,${suffix}","uid=bob,${at}"`,
      'dn,member',
    ])
  })

  test('is read below several bases, in a scope', async () => {
    const base = [`ou=groups,${suffix}`, `ou=people,${suffix}`]
    expect((await directory.export({ base })).people).toHaveLength(4)
    const tables = { people: { ...people, scope: 'one', base: suffix }, members }
    expect((await directory.export({ tables })).people).toHaveLength(1)
  })

  test.each([
    [{ base: 'ou=nobody,dc=example,dc=org' }, /^.*Searching ou=nobody.* failed: there is no such entry/],
    [{ tables: { people: { filter: '(&(uid=a)' }, members } }, /must be a filter such as/],
    [{ user: 'cn=nobody', password: { environment: 'LDAP_PASSWORD' } }, /user or password are wrong/],
    [{ user: manager.user }, /There is a user and no password/],
    [{ url: 'ldap://localhost:1' }, /localhost:1 cannot be reached: nothing listens there/],
  ])('is not read with %o, and the message says why', async (options, why) => {
    await expect(directory.export(options)).rejects.toThrow(why)
  })

  test('is checked: the server, the user, and what is visible', async () => {
    const tables = { people, members, robots: { filter: '(objectClass=device)' } }
    const user = { user: manager.user, password: { environment: 'LDAP_PASSWORD' } }
    const by = directory.by({ tables, ...user, changes: 'modification-time' })
    expect(await checkSystem({ source: { name: 'directory', export: by }, environment })).toEqual({
      facts: {
        server: `127.0.0.1:${directory.slapd.port}`,
        user: manager.user,
        directory: suffix,
        changes: 'content-synchronization is supported',
        'people.csv': '3 entries',
        'members.csv': '2 links of 1 entries',
        'robots.csv': '0 entries',
      },
      warnings: [
        'Deleted entries are not seen by an incremental: run a complete now and then.',
        'robots.csv would be empty: look at base and filter, and at the rights of the user.',
      ],
    })
  })

  test('is discovered: kinds of entries, what refers to what, and links', async () => {
    const source = { name: 'directory', export: directory.by({ tables: {} }) }
    const { tables } = await discoverSystem({ source, environment })
    expect(tables.map(({ file }) => file)).toEqual([
      'inetOrgPerson.csv',
      'organizationalUnit.csv',
      'organization.csv',
      'groupOfNames.csv',
      'groupOfNames_member.csv',
    ])
    expect(tables.at(-1)?.columns.map(({ references }) => references?.file)).toEqual([
      'groupOfNames.csv',
      'inetOrgPerson.csv',
    ])
  })
})

describe.runIf(hasSlapd)('a directory that changes (needs slapd and ldap-utils)', () => {
  test('is read by modification time, which does not see what was deleted, and says so', async () => {
    await using directory = await Directory.open()
    const changes = 'modification-time'
    const first = await directory.export({ changes })
    await directory.slapd.change([
      `dn: uid=ann,ou=people,${suffix}\nchangetype: modify\nreplace: mail\nmail: new@example.org`,
      `dn: uid=bob,ou=people,${suffix}\nchangetype: delete`,
    ])
    const cookies = join(directory.slapd.folder, 'people.time')
    await copyFile(join(first.cookies ?? '', 'people.time'), cookies)
    const { people, members } = await directory.export(
      { changes },
      { mode: 'incremental', since: directory.slapd.folder },
    )
    expect(people.join('\n')).toContain('merge,ann,')
    expect(people.join('\n')).toContain('new@example.org')
    expect(people.join('\n')).not.toContain('bob')
    // Everything, to be compared.
    expect(members).toContain('dn,member')
  })

  test('is exported whole where there is no cookie, or one of another search', async () => {
    await using directory = await Directory.open()
    const changes = 'modification-time'
    expect(await directory.export({ changes }, { mode: 'incremental' })).toMatchObject({ mode: 'complete' })
  })

  test('comes whole where the server does not know the cookie any more, as when it was filled anew', async () => {
    const options = { changes: 'content-synchronization' }
    const read = { entities: [entity(['uid', 'entryUUID'])], associations: mappings.associations }
    await using before = await Directory.open({ mappings: read })
    const first = await before.export(options)
    // What is looked up of a cookie is its second.
    await sleep(1100)
    await using after = await Directory.open({ mappings: read, sessionLog: 0, refusesCookies: true })
    const cookies = join(after.slapd.folder, 'cookies')
    await mkdir(cookies)
    // The one stands for the other, at another port.
    const kept = await readFile(join(first.cookies ?? '', 'people.content'), 'utf8')
    await writeFile(join(cookies, 'people.content'), kept.replace(before.slapd.url, after.slapd.url))
    const { mode, people, members, lines } = await after.export(options, {
      mode: 'incremental',
      since: cookies,
    })
    expect(mode).toBe('complete')
    expect(people.map((line) => line.split(',')[0])).toEqual(['ann', 'bob', 'cyd', 'uid'])
    expect(members).toHaveLength(3)
    expect(lines).toContain('The server cannot say what has changed in people.csv since last time.')
  })

  test('has to show entryUUID where the server names what was deleted', async () => {
    await using directory = await Directory.open()
    await expect(directory.export({ changes: 'content-synchronization' })).rejects.toThrow(
      'No mapping reads entryUUID of people.csv',
    )
  })
})

describe.runIf(hasSlapd)('a server (needs slapd and ldap-utils)', () => {
  test('that sends only so many entries is an error, and not a smaller directory', async () => {
    await using directory = await Directory.open({ sizeLimit: 2 })
    await expect(directory.export({ pageSize: 0 })).rejects.toMatchObject({
      code: 'SLUICE-CONNECT-03',
      message: expect.stringMatching(
        /its size limit was exceeded: it sent only a part of the entries, which is not used/,
      ),
    })
  })

  test('is reached with TLS and with StartTLS, where its authority is known', async () => {
    await using directory = await Directory.open({ secure: true })
    const url = `ldaps://localhost:${directory.slapd.securePort}`
    const certificateAuthority = 'server.pem'
    expect((await directory.export({ url, certificateAuthority })).people).toHaveLength(4)
    const plain = { url: `ldap://localhost:${directory.slapd.port}`, startTls: true }
    expect((await directory.export({ ...plain, certificateAuthority })).people).toHaveLength(4)
    for (const options of [{ url }, plain])
      await expect(directory.export(options)).rejects.toThrow(
        /No encrypted connection to localhost:\d+ can be made/,
      )
  })

  test('knows who shows a certificate, without user and password', async () => {
    await using directory = await Directory.open({ secure: true, knowsClient: true })
    const { slapd } = directory
    const options = {
      url: `ldaps://localhost:${slapd.securePort}`,
      certificateAuthority: join(slapd.folder, 'server.pem'),
      certificate: join(slapd.folder, 'client.pem'),
      key: join(slapd.folder, 'client.key'),
    }
    const source = { name: 'directory', export: directory.by(options) }
    const { facts } = await checkSystem({ source, environment })
    expect(facts['user']).toBe('cn=reader')
    expect((await directory.export(options)).people).toHaveLength(4)
    const stranger = {
      ...options,
      certificate: options.certificateAuthority,
      key: join(slapd.folder, 'server.key'),
    }
    await expect(directory.export(stranger)).rejects.toThrow(/closed the connection|cannot be reached/)
  })
})

import type { Source } from '@sluice/model'
import { afterAll, beforeAll, describe } from 'vitest'
import { association, entity } from '../../../prepare/test/prepare-text.ts'
import { type ConnectorScenario, describeConnectorContract } from '../../test/connector-contract.ts'
import { administrator, domain, hasSamba, Samba } from '../../test/samba.ts'

const people = 150
const at = `OU=People,${domain}`

const mappings: Pick<Source, 'entities' | 'associations'> = {
  entities: [entity(['objectGUID', 'dn', 'sAMAccountName'])],
  associations: [association('objectGUID', 'member.objectGUID')],
}

const person = (name: string) =>
  `dn: CN=${name},${at}\nchangetype: add\nobjectClass: user\nsAMAccountName: ${name}`

describe.runIf(hasSamba)('against Samba (needs it, ldap-utils, and root)', () => {
  let samba: Samba
  beforeAll(async () => {
    samba = await Samba.open()
    const names = Array.from({ length: people }, (_, index) => `u${index}`)
    const members = names.map((name) => `member: CN=${name},${at}`).join('\n')
    await samba.change([
      ...names.map(person),
      `dn: CN=all,OU=Groups,${domain}\nchangetype: add\nobjectClass: group\nsAMAccountName: all\n${members}`,
    ])
  }, 180_000)
  afterAll(() => samba[Symbol.asyncDispose]())

  const scenario = (changes: string): ConnectorScenario => {
    const options = (port: number) => ({
      url: port === samba.port ? `ldap://${samba.host}` : `ldap://127.0.0.1:${port}`,
      startTls: true,
      certificateAuthority: samba.authority,
      user: administrator.user,
      password: { environment: 'AD_PASSWORD' },
      pageSize: 40,
      changes,
      tables: {
        people: { base: at, filter: '(objectClass=user)' },
        members: { filter: '(cn=all)', links: 'member' },
      },
    })
    const change = async () => {
      await samba.change([
        `dn: CN=u1,${at}\nchangetype: modrdn\nnewrdn: CN=renamed\ndeleteoldrdn: 1`,
        `dn: CN=u2,${at}\nchangetype: delete`,
        `dn: CN=u3,${at}\nchangetype: delete`,
        person('u3'),
      ])
      return { merged: 2, deleted: 2 }
    }
    return {
      connector: 'active-directory',
      host: samba.host,
      port: samba.port,
      options,
      wrongPassword: (port) => ({ ...options(port), password: { environment: 'WRONG_PASSWORD' } }),
      environment: { AD_PASSWORD: administrator.password, WRONG_PASSWORD: 'wrong horse battery' },
      secrets: [administrator.password, 'wrong horse battery'],
      mappings,
      file: 'people.csv',
      rows: people,
      ...(changes === 'dirsync' ? { change } : {}),
      [Symbol.asyncDispose]: async () => {},
    }
  }

  describeConnectorContract('active-directory, compared', async () => scenario('compare'))
  describeConnectorContract('active-directory, by DirSync', async () => scenario('dirsync'))
})

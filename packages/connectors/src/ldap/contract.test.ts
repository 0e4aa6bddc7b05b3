import type { Source } from '@sluice/model'
import { describe } from 'vitest'
import { association, entity } from '../../../prepare/test/prepare-text.ts'
import { type ConnectorScenario, describeConnectorContract } from '../../test/connector-contract.ts'
import { hasSlapd, manager, Slapd, suffix } from '../../test/slapd.ts'

const people = 150

const person = (name: string) =>
  `dn: uid=${name},ou=people,${suffix}\nobjectClass: inetOrgPerson\nuid: ${name}\ncn: Person ${name}\nsn: ${name}`

const mappings: Pick<Source, 'entities' | 'associations'> = {
  entities: [entity(['entryUUID', 'dn', 'cn'])],
  associations: [association('dn', 'member')],
}

/** A directory of people, and a group of all of them. */
async function scenario(changes: string, sessionLog: number): Promise<ConnectorScenario> {
  const slapd = await Slapd.open({ sessionLog })
  const names = Array.from({ length: people }, (_, index) => `u${index}`)
  const members = names.map((name) => `member: uid=${name},ou=people,${suffix}`).join('\n')
  await slapd.add([
    ...names.map(person),
    `dn: cn=all,ou=groups,${suffix}\nobjectClass: groupOfNames\ncn: all\n${members}`,
  ])
  const options = (port: number) => ({
    url: `ldap://127.0.0.1:${port}`,
    user: manager.user,
    password: { environment: 'LDAP_PASSWORD' },
    base: suffix,
    pageSize: 40,
    changes,
    tables: {
      people: { filter: '(objectClass=inetOrgPerson)' },
      members: { filter: '(objectClass=groupOfNames)', links: 'member' },
    },
  })
  const change = async () => {
    await slapd.change([
      `dn: uid=u1,ou=people,${suffix}\nchangetype: modrdn\nnewrdn: uid=renamed\ndeleteoldrdn: 1`,
      `dn: uid=u2,ou=people,${suffix}\nchangetype: delete`,
      `dn: uid=u3,ou=people,${suffix}\nchangetype: delete`,
      person('u3').replace('\n', '\nchangetype: add\n'),
    ])
    return { merged: 2, deleted: 2 }
  }
  return {
    connector: 'ldap',
    port: slapd.port,
    options,
    wrongPassword: (port) => ({ ...options(port), password: { environment: 'WRONG_PASSWORD' } }),
    environment: { LDAP_PASSWORD: manager.password, WRONG_PASSWORD: 'wrong horse battery' },
    secrets: [manager.password, 'wrong horse battery'],
    mappings,
    file: 'people.csv',
    rows: people,
    ...(changes === 'content-synchronization' ? { change } : {}),
    [Symbol.asyncDispose]: () => slapd[Symbol.asyncDispose](),
  }
}

describe.runIf(hasSlapd)('against OpenLDAP (needs slapd and ldap-utils)', () => {
  describeConnectorContract('ldap, page by page', () => scenario('compare', 0))
  describeConnectorContract('ldap, where the server names what was deleted', () =>
    scenario('content-synchronization', 1000),
  )
  describeConnectorContract('ldap, where the server names what is still there', () =>
    scenario('content-synchronization', 0),
  )
})

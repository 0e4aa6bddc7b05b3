import { expect, test } from 'vitest'
import { suggestMapping } from './suggest-mapping.ts'

test('a suggestion has types, associations and mappings, and what few rows have as comments', () => {
  const references = { file: 'inetOrgPerson.csv', column: 'dn' }
  const text = suggestMapping('directory', {
    notes: ['The first 2000 entries were looked at.'],
    tables: [
      {
        file: 'inetOrgPerson.csv',
        name: 'inetOrgPerson',
        kind: 'entities',
        options: { filter: '(objectClass=inetOrgPerson)' },
        rows: 2000,
        columns: [
          { name: 'entryUUID', type: 'text', key: true },
          { name: 'dn', type: 'text' },
          { name: 'boss', property: 'manager', type: 'text', references },
          { name: 'locked', type: 'boolean', transforms: [{ flag: 2 }, 'not'] },
          { name: 'cn;lang-de', type: 'text', minor: true },
        ],
      },
      {
        file: 'team_member.csv',
        name: 'team_member',
        kind: 'links',
        options: { links: 'member' },
        columns: [
          { name: 'dn', type: 'text', references },
          { name: 'member', type: 'text', references },
        ],
      },
    ],
  })
  expect(
    text,
  ).toBe(`# What was found in directory: take what you need, and give it the names that people know it by.
# The first 2000 entries were looked at.
entityTypes:
  InetOrgPerson:  # 2000 seen
    properties:
      entryUUID: text
      dn: text
      manager: {type: reference, to: InetOrgPerson}
      locked: boolean
      # cn_lang_de: text
associations:
  team_member: {from: InetOrgPerson, to: InetOrgPerson}
sources:
  directory:
    export:
      # Beside the other options of the connector:
      tables:
        inetOrgPerson: {"filter":"(objectClass=inetOrgPerson)"}
        team_member: {"links":"member"}
    entities:
      InetOrgPerson:
        file: inetOrgPerson.csv
        key: entryUUID
        properties:
          entryUUID: "entryUUID"
          dn: "dn"
          manager: {column: "boss", by: dn}
          locked: {column: "locked", transforms: [{"flag":2},"not"]}
          # cn_lang_de: "cn;lang-de"
    associations:
      team_member: {file: team_member.csv, from: {column: "dn", by: dn}, to: {column: "member", by: dn}}
`)
})

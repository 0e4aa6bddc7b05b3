import { rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { record } from '../../test/recorded-export.ts'
import { files } from './connector.ts'

/** A file that was written so many seconds after the first. */
async function drop(folder: string, name: string, text: string, second: number): Promise<void> {
  await writeFile(join(folder, name), text)
  await utimes(join(folder, name), 1_000_000 + second, 1_000_000 + second)
}

const optionsOf = (from: string, ending: string, more = {}) => ({
  from,
  tables: { people: { path: `people.${ending}`, changes: `people-*.${ending}`, ...more } },
})

const line = (command: string, id: number, name: string) => `${JSON.stringify({ command, id, name })}\n`

describe('files of changes', () => {
  const wanted = { 'people.csv': ['id', 'name'] }

  test('are brought in order, each once, by an incremental', async () => {
    await using folder = await temporaryFolder()
    const from = folder.path
    const options = optionsOf(from, 'jsonl')
    await drop(from, 'people.jsonl', '{"id": 1, "name": "Ann"}\n', 0)
    await drop(from, 'people-0.jsonl', line('insert', 0, 'Old'), -10)
    const first = await record(files, options, wanted)
    expect(first.tables['people.csv']).toEqual([
      ['id', 'name'],
      ['1', 'Ann'],
    ])
    await drop(from, 'people-10.jsonl', line('update', 1, 'Anna'), 20)
    await drop(from, 'people-9.jsonl', line('insert', 2, 'Bob'), 10)
    const second = await record(files, options, wanted, { mode: 'incremental', cookies: first.cookies })
    expect(second.statement).toEqual({ complete: true })
    expect(second.tables['people.csv']).toEqual([
      ['command', 'id', 'name'],
      ['insert', '2', 'Bob'],
      ['update', '1', 'Anna'],
    ])
    await drop(from, 'people-11.jsonl', '{"command": "delete", "id": 2}\n', 30)
    const third = await record(files, options, wanted, { mode: 'incremental', cookies: second.cookies })
    expect(third.tables['people.csv']).toEqual([
      ['command', 'id', 'name'],
      ['delete', '2', undefined],
    ])
    const fourth = await record(files, options, wanted, { mode: 'incremental', cookies: third.cookies })
    expect(fourth.tables['people.csv']).toEqual([['command', 'id', 'name']])
  })

  test('that are newer than everything come with the next incremental, and the complete says so', async () => {
    await using folder = await temporaryFolder()
    const from = folder.path
    await drop(from, 'people.jsonl', '{"id": 1, "name": "Ann"}\n', 0)
    await drop(from, 'people-1.jsonl', line('insert', 2, 'Bob'), 10)
    const first = await record(files, optionsOf(from, 'jsonl'), wanted)
    expect(first.statement.note).toBe(
      'people.csv: files of changes that are newer (1) come with the next incremental.',
    )
    const second = await record(files, optionsOf(from, 'jsonl'), wanted, {
      mode: 'incremental',
      cookies: first.cookies,
    })
    expect(second.tables['people.csv']?.[1]).toEqual(['insert', '2', 'Bob'])
  })

  test('do not count any more when there is a new file of everything: all of it is brought as that', async () => {
    await using folder = await temporaryFolder()
    const from = folder.path
    await drop(from, 'people.jsonl', '{"id": 1, "name": "Ann"}\n', 0)
    const { cookies } = await record(files, optionsOf(from, 'jsonl'), wanted)
    await drop(from, 'people.jsonl', '{"id": 2, "name": "Bob"}\n', 50)
    const second = await record(files, optionsOf(from, 'jsonl'), wanted, { mode: 'incremental', cookies })
    expect(second.statement).toEqual({ complete: true, mode: 'complete' })
    expect(second.tables['people.csv']?.[1]).toEqual(['2', 'Bob'])
  })

  test('of CSV are passed on as they are, as parts of one file', async () => {
    await using folder = await temporaryFolder()
    const from = folder.path
    await drop(from, 'people.csv', 'id;name\n1;Zo\xeb\n', 0)
    const { cookies, passedOn } = await record(files, optionsOf(from, 'csv'), wanted)
    expect(Object.keys(passedOn)).toEqual(['people.csv'])
    await drop(from, 'people-1.csv', 'command;id;name\ninsert;2;Bob\n', 10)
    await drop(from, 'people-2.csv', 'command;id;name\ndelete;2;\n', 20)
    const second = await record(files, optionsOf(from, 'csv'), wanted, { mode: 'incremental', cookies })
    expect(second.passedOn).toEqual({
      'people.csv/000001-people-1.csv': 'command;id;name\ninsert;2;Bob\n',
      'people.csv/000002-people-2.csv': 'command;id;name\ndelete;2;\n',
    })
  })

  test.each([
    ['without a command', '{"id": 2, "name": "Bob"}\n', /has a change without a command/],
    ['with a part of a row', '{"command": "update", "id": 2}\n', /has a change without name/],
  ])('are refused %s', async (_, text, message) => {
    await using folder = await temporaryFolder()
    const from = folder.path
    await drop(from, 'people.jsonl', '{"id": 1, "name": "Ann"}\n', 0)
    const { cookies } = await record(files, optionsOf(from, 'jsonl'), wanted)
    await drop(from, 'people-1.jsonl', text, 10)
    await expect(
      record(files, optionsOf(from, 'jsonl'), wanted, { mode: 'incremental', cookies }),
    ).rejects.toThrow(message)
  })
})

describe('LDIF', () => {
  const base = `version: 1
# everything

dn: ou=people,dc=example
objectClass: organizationalUnit
ou: people

dn: uid=ann,ou=people,dc=example
objectClass: top
objectClass: inetOrgPerson
entryUUID: 1
uid: ann
cn:: QW5uIExlZQ==
description: a long
  text
mail: b@example.org
mail: a@example.org

DN: uid=bob,ou=people,dc=example
objectclass: inetOrgPerson
entryuuid: 2
uid: bob
cn: Bob
`
  const wanted = { 'people.csv': ['entryUUID', 'dn', 'cn', 'mail', 'description', 'parentdn'] }
  const optional = ['mail', 'description']
  const rowsOf = async (from: string, more = {}) =>
    (
      await record(
        files,
        optionsOf(from, 'ldif', { objectClass: 'inetOrgPerson', optional, ...more }),
        wanted,
      )
    ).tables['people.csv']?.slice(1)

  test('has entries with several values, folded lines and base64', async () => {
    await using folder = await temporaryFolder()
    await drop(folder.path, 'people.ldif', base, 0)
    expect(await rowsOf(folder.path)).toEqual([
      [
        '1',
        'uid=ann,ou=people,dc=example',
        'Ann Lee',
        'a@example.org|b@example.org',
        'a long text',
        'ou=people,dc=example',
      ],
      ['2', 'uid=bob,ou=people,dc=example', 'Bob', undefined, undefined, 'ou=people,dc=example'],
    ])
  })

  test('has changes that are laid over the entries: added, modified, renamed, moved with what is above, deleted', async () => {
    await using folder = await temporaryFolder()
    const from = folder.path
    await drop(from, 'people.ldif', base, 0)
    await drop(from, 'people-0.ldif', 'dn: uid=bob,ou=people,dc=example\nchangetype: delete\n', -10)
    await drop(
      from,
      'people-1.ldif',
      `dn: uid=ann, OU=People,dc=example
changetype: modify
replace: cn
cn: Anna
-
delete: mail
mail: B@example.org
-
add: description
description: more
-

dn: uid=bob,ou=people,dc=example
changetype: modrdn
newrdn: uid=rob
deleteoldrdn: 1

dn: uid=eve,ou=people,dc=example
changetype: add
objectClass: inetOrgPerson
entryUUID: 3
cn: Eve
`,
      10,
    )
    await drop(
      from,
      'people-2.ldif',
      `dn: ou=people,dc=example
changetype: moddn
newrdn: ou=staff
deleteoldrdn: 1

dn: uid=eve,ou=staff,dc=example
changetype: delete

dn: uid=nobody,ou=staff,dc=example
changetype: delete
`,
      20,
    )
    const { tables, statement } = await record(
      files,
      optionsOf(from, 'ldif', { objectClass: 'inetOrgPerson', optional }),
      wanted,
    )
    expect(tables['people.csv']?.slice(1)).toEqual([
      [
        '1',
        'uid=ann,ou=staff,dc=example',
        'Anna',
        'a@example.org',
        'a long text|more',
        'ou=staff,dc=example',
      ],
      ['2', 'uid=rob,ou=staff,dc=example', 'Bob', undefined, undefined, 'ou=staff,dc=example'],
    ])
    expect(statement.note).toMatch(/^1 changes are of entries that are not there/)
  })

  test('is read again when a file of changes has come', async () => {
    await using folder = await temporaryFolder()
    const from = folder.path
    const options = optionsOf(from, 'ldif', { objectClass: 'inetOrgPerson', optional })
    await drop(from, 'people.ldif', base, 0)
    const first = await record(files, options, wanted)
    const same = await record(files, options, wanted, { mode: 'incremental', cookies: first.cookies })
    expect(same.tables['people.csv']).toEqual([['command', ...wanted['people.csv']]])
    await drop(from, 'people-1.ldif', 'dn: uid=bob,ou=people,dc=example\nchangetype: delete\n', 10)
    const next = await record(files, options, wanted, { mode: 'incremental', cookies: same.cookies })
    expect(next.tables['people.csv']?.slice(1).map(([id]) => id)).toEqual(['1'])
    await rm(join(from, 'people-1.ldif'))
    expect(await rowsOf(from)).toHaveLength(2)
  })

  test.each([
    [
      'changes in place of entries',
      'dn: x=1\nchangetype: delete\n',
      /^people\.ldif:1 holds changes \(delete\)/,
    ],
    ['a line that is none', 'dn: x=1\nnonsense\n', /^people\.ldif:2 is not LDIF/],
    ['another file as a value', 'dn: x=1\nphoto:< file:///etc/passwd\n', /names another file/],
    ['no name', 'cn: x\n', /does not begin with dn/],
    ['base64 that is none', 'dn: x=1\ncn:: %%%\n', /not base64/],
  ])('is refused with its place: %s', async (_, text, message) => {
    await using folder = await temporaryFolder()
    await drop(folder.path, 'people.ldif', text, 0)
    await expect(rowsOf(folder.path)).rejects.toThrow(message)
  })
})

import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import {
  add,
  DirectoryScenario,
  groups,
  Held,
  member,
  people,
  remove,
  rename,
  replace,
  wanted,
} from '../../test/active-directory-scenario.ts'
import { hasSamba, reader } from '../../test/samba.ts'

const at = (name: string, unit = people) => `CN=${name},${unit}`
const east = `OU=East,${people}`
const visible = { user: reader.user, password: { environment: 'READER_PASSWORD' }, visibleOnly: true }

/** What happens to the domain, and what changes of it an incremental writes, by file: merged and deleted. */
const happenings: readonly (readonly [
  string,
  readonly string[],
  Readonly<Record<string, readonly [number, number]>>,
])[] = [
  ['nothing', [], {}],
  ['an attribute changes', [replace(at('Ann'), 'mail', 'ann@example.org')], { 'entries.csv': [1, 0] }],
  ['an attribute changes that no mapping reads', [replace(at('Ann'), 'telephoneNumber', '12')], {}],
  ['somebody comes', [add.user('Eve', `\nmanager: CN=Ann,${people}`)], { 'entries.csv': [1, 0] }],
  ['somebody is renamed', [rename(at('Eve'), 'CN=Eva')], { 'entries.csv': [1, 0] }],
  ['somebody moves into a unit', [rename(at('Eva'), 'CN=Eva', east)], { 'entries.csv': [1, 0] }],
  ['a unit is renamed, and so is what is below it', [rename(east, 'OU=West')], { 'entries.csv': [3, 0] }],
  [
    'somebody gets another manager',
    [replace(at('Dan', `OU=West,${people}`), 'manager', at('Bob'))],
    { 'entries.csv': [1, 0] },
  ],
  [
    'somebody comes to fit a filter',
    [replace(at('Bob'), 'department', 'sales')],
    { 'entries.csv': [1, 0], 'sales.csv': [1, 0] },
  ],
  [
    'somebody does not fit a filter any more',
    [replace(at('Bob'), 'department', 'law')],
    { 'entries.csv': [1, 0], 'sales.csv': [0, 1] },
  ],
  [
    'somebody leaves the base',
    [rename(at('Cyd'), 'CN=Cyd', 'CN=Users,DC=example,DC=test')],
    { 'entries.csv': [0, 1] },
  ],
  [
    'somebody comes back',
    [rename(at('Cyd', 'CN=Users,DC=example,DC=test'), 'CN=Cyd', people)],
    { 'entries.csv': [1, 0] },
  ],
  [
    'a group gains a member, and loses one',
    [member('staff', 'add', at('Bob')), member('staff', 'delete', at('Ann'))],
    { 'entries.csv': [1, 0], 'members.csv': [1, 1] },
  ],
  [
    'a group in a group comes',
    [add.group('all', [at('staff', groups), at('Bob')])],
    { 'entries.csv': [1, 0], 'members.csv': [2, 0] },
  ],
  [
    'a group leaves the base with its members',
    [rename(at('all', groups), 'CN=all', 'CN=Users,DC=example,DC=test')],
    { 'entries.csv': [0, 1], 'members.csv': [0, 2] },
  ],
  ['a group goes', [remove(at('staff', groups))], { 'entries.csv': [0, 1] }],
  [
    'somebody goes, and another one comes under the same name',
    [remove(at('Bob')), add.user('Bob')],
    { 'entries.csv': [1, 1] },
  ],
  [
    'much happens to one entry',
    [replace(at('Bob'), 'mail', 'b@example.org'), rename(at('Bob'), 'CN=Robert'), remove(at('Robert'))],
    { 'entries.csv': [0, 1] },
  ],
]

describe.runIf(hasSamba).each([
  ['who may replicate', {}],
  ['who may only read', visible],
])('what has changed, read by somebody %s (needs Samba, ldap-utils, and root)', (_, how) => {
  let scenario: DirectoryScenario
  const held = new Held()
  let cookies: ReadonlyMap<string, string> = new Map()

  beforeAll(async () => {
    scenario = await DirectoryScenario.open()
    await scenario.samba.change([
      ...['Ann', 'Bob', 'Cyd'].map((name) => add.user(name)),
      add.unit('East'),
      add.user('Dan', `\nmanager: ${at('Ann')}`, east),
      add.group('staff', [at('Ann'), at('Dan', east)]),
    ])
    const first = await scenario.export(how)
    held.apply(first)
    cookies = first.cookies
  }, 180_000)
  afterAll(() => scenario[Symbol.asyncDispose]())

  // One after the other, on the same domain: each begins where the one before has ended.
  test.each(happenings)('%s', async (_, changes, expected) => {
    if (changes.length > 0) await scenario.samba.change(changes)
    const incremental = await scenario.export(how, { mode: 'incremental', cookies })
    held.apply(incremental)
    cookies = incremental.cookies
    expect(incremental.statement).toMatchObject({ complete: true })
    expect(incremental.statement.mode).toBeUndefined()
    for (const file of Object.keys(wanted)) {
      const [header, ...rows] = incremental.tables[file] ?? []
      expect(header?.[0]).toBe('command')
      const count = (command: string) => rows.filter(([first]) => first === command).length
      expect([file, count('merge'), count('delete')]).toEqual([file, ...(expected[file] ?? [0, 0])])
    }
    const whole = new Held()
    whole.apply(await scenario.export(how))
    for (const file of Object.keys(wanted)) expect(held.rows(file)).toEqual(whole.rows(file))
  })
})

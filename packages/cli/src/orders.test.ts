/**
 * Orders at the command line: with the repository here, and through a server.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type HereAndThere, hereAndThere } from '../test/here-and-there.ts'

const configuration = `repository: ./repository
entityTypes:
  Account: { display: login, properties: { login: { type: string, required: true }, title: string, level: integer } }
associations:
  Deputy: { from: Account, to: Account, cardinality: many-to-one }
sources:
  ad:
    folder: data
    thresholds: off
    entities:
      Account: { file: accounts.csv, key: login, properties: { login: login, title: title, level: level } }
  teams:
    folder: data
    thresholds: off
    associations:
      Deputy: { file: deputies.csv, from: { column: of, by: login }, to: { column: deputy, by: login } }
`

type Role = Parameters<HereAndThere['caller']>[0]

interface Project extends AsyncDisposable {
  readonly place: HereAndThere
  readonly sluice: ReturnType<HereAndThere['caller']>
  /** Where the command line is called. */
  readonly folder: string
  accounts(rows: string): void
  deputies(rows: string): void
}

/** ada, bob and eve, who are nobody's deputies. */
async function project(role: Role): Promise<Project> {
  const place = await hereAndThere('orders', (folder) => {
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'sluice.yaml'), configuration)
  })
  const write = (file: string, text: string) => {
    for (const folder of [place.here, place.agent]) writeFileSync(join(folder, 'data', file), text)
  }
  const made: Project = {
    place,
    sluice: place.caller(role),
    folder: place.placeOf(role).folder,
    accounts: (rows) => write('accounts.csv', `login,title,level\n${rows}`),
    deputies: (rows) => write('deputies.csv', `of,deputy\n${rows}`),
    [Symbol.asyncDispose]: () => place[Symbol.asyncDispose](),
  }
  made.accounts('ada,Engineer,7\nbob,Clerk,3\neve,Boss,9\n')
  made.deputies('')
  for (const source of ['ad', 'teams'])
    expect(await made.sluice('sync', source, '--quiet')).toMatchObject({ status: 0 })
  return made
}

describe.each([
  ['here', undefined],
  ['through a server', 'admin'],
] as const)('%s', (_, role) => {
  test('the story of an order: stated, pending, contradicted, executed, shown everywhere', async () => {
    await using made = await project(role)
    const { sluice, accounts } = made
    expect(await sluice('orders')).toMatchObject({ status: 0, stderr: 'There are no orders yet.\n' })

    const stated = await sluice(
      'orders',
      'add',
      'ad',
      'Account',
      'ada',
      'title=Director',
      'level=7',
      '--id',
      'R-1',
    )
    expect(stated).toEqual({
      status: 0,
      stderr: '',
      stdout:
        'R-1: ad, Account ada: title should be "Director" and is "Engineer": pending\n' +
        'R-1: ad, Account ada: level should be "7" and is "7": pending\n',
    })
    const first = await sluice('sync', 'ad')
    expect(first.stdout).toContain('Orders: 1 executed, 1 pending: sluice diff ad')

    accounts('ada,Chef,7\nbob,Clerk,3\n')
    const second = await sluice('sync', 'ad', '--json')
    expect(JSON.parse(second.stdout)).toMatchObject({
      orders: { executed: 1, pending: 0, contradicted: 1, overdue: 0 },
    })
    const diff = await sluice('diff', 'ad', '--csv')
    expect(diff.stdout).toMatch(
      /^order,source,entityType,association,key,to,property,expected,asserted,instead,state,since,dueAt\nR-1,ad,Account,,ada,,title,Director,Chef,,contradicted,[^,]+,\n$/,
    )
    expect(JSON.parse((await sluice('diff', 'ad', '--json')).stdout)).toMatchObject([
      { order: 'R-1', property: 'title', expected: 'Director', asserted: 'Chef', there: true },
    ])
    const explained = await sluice('explain', 'Account', 'ada')
    expect(explained.stdout).toContain(
      'Orders:\n  R-1: ad, Account ada: title should be "Director" and is "Chef": contradicted\n',
    )

    accounts('ada,Director,7\nbob,Clerk,3\n')
    expect((await sluice('sync', 'ad')).stdout).toContain('Orders: 2 executed\n')
    expect(await sluice('diff', 'ad')).toMatchObject({
      status: 0,
      stderr: 'All orders of ad are executed.\n',
    })
    const listed = await sluice('orders', 'ad', '--state', 'executed')
    expect(listed.stdout).toMatch(/^R-1 +ad +Account +ada +title +Director +Director +executed /m)
  })

  test('orders come from a CSV, all of them or none; one is taken back', async () => {
    await using made = await project(role)
    const { sluice, folder } = made
    writeFileSync(
      join(folder, 'orders.csv'),
      'id,source,type,resource,property,value,due\nR-2,ad,Account,bob,title,Boss,2020-01-01\nR-2,ad,Account,bob,,exists,2020-01-01\n',
    )
    const stated = await sluice('orders', 'add', '--file', 'orders.csv', '--json')
    expect(JSON.parse(stated.stdout)).toMatchObject([
      { order: 'R-2', property: null, expected: 'exists', asserted: 'exists' },
      { order: 'R-2', property: 'title', expected: 'Boss', asserted: 'Clerk' },
    ])
    expect((await sluice('sync', 'ad')).stdout).toContain('1 overdue: sluice diff ad')
    expect((await sluice('orders', 'ad', '--state', 'overdue')).stdout).toContain('overdue')

    writeFileSync(
      join(folder, 'bad.csv'),
      'source,type,resource,property,value\nad,Account,ada,title,x\nad,Account,ada,,maybe\n',
    )
    const bad = await sluice('orders', 'add', '--file', 'bad.csv')
    expect(bad.status).toBe(1)
    expect(bad.stderr).toContain('Line 3 of bad.csv: without a property, the value has to be exists or gone.')

    const cancelled = await sluice('orders', 'cancel', 'R-2')
    expect(cancelled.stdout).toContain('title should be "Boss" and is "Clerk": cancelled')
    const again = await sluice('orders', 'cancel', 'R-2')
    expect(again).toMatchObject({ status: 1, stderr: expect.stringContaining('SLUICE-ORDER-04') })
  })

  test('the story of an order of a link: stated, contradicted, executed, shown with both of its resources', async () => {
    await using made = await project(role)
    const { sluice, deputies } = made
    const stated = await sluice(
      'orders',
      'link',
      'teams',
      'Deputy',
      'ada',
      'bob',
      '--id',
      'R-5',
      '--due',
      '2999-01-01',
    )
    expect(stated).toEqual({
      status: 0,
      stderr: '',
      stdout: 'R-5: teams, Deputy ada → bob: should exist and does not: pending, due 2999-01-01 00:00:00\n',
    })
    deputies('ada,eve\n')
    expect((await sluice('sync', 'teams')).stdout).toContain('Orders: 1 contradicted: sluice diff teams')
    const diff = await sluice('diff', 'teams')
    expect(diff.stdout).toMatch(/^R-5 +teams +Deputy +ada → bob +exists +eve +contradicted /m)
    expect((await sluice('diff', 'teams', '--csv')).stdout).toContain(
      '\nR-5,teams,,Deputy,ada,bob,,exists,gone,eve,contradicted,',
    )
    const line = 'R-5: teams, Deputy ada → bob: should exist; instead there is "eve": contradicted'
    expect((await sluice('explain', 'Account', 'ada')).stdout).toContain(line)
    expect((await sluice('explain', 'Account', 'bob')).stdout).toContain(line)
    deputies('ada,bob\n')
    expect((await sluice('sync', 'teams')).stdout).toContain('Orders: 1 executed\n')
  })

  test('a CSV orders links beside rows, and says what is wrong with a line', async () => {
    await using made = await project(role)
    const { sluice, folder } = made
    const write = (line: string) =>
      writeFileSync(
        join(folder, 'links.csv'),
        `id;source;type;resource;property;value;to\nR-6;ad;Account;eve;title;Chef;\n${line}\n`,
      )
    write('R-6;teams;Deputy;eve;;gone;ada')
    const stated = await sluice('orders', 'add', '--file', 'links.csv', '--json')
    expect(JSON.parse(stated.stdout)).toMatchObject([
      { order: 'R-6', entityType: 'Account', association: null, to: null, property: 'title' },
      { order: 'R-6', entityType: null, association: 'Deputy', key: 'eve', to: 'ada', expected: 'gone' },
    ])
    write('R-7;teams;Deputy;eve;;linked;ada')
    expect((await sluice('orders', 'add', '--file', 'links.csv')).stderr).toContain(
      'Line 3 of links.csv: of a link, the value has to be exists or gone.',
    )
    write('R-7;teams;Deputy;eve;title;x;ada')
    expect((await sluice('orders', 'add', '--file', 'links.csv')).stderr).toContain('has no property')
    const unmapped = await sluice('orders', 'link', 'ad', 'Deputy', 'ada', 'bob')
    expect(unmapped.stderr).toContain('ad does not map an association Deputy.')
  })

  test('says what is wrong with what is typed', async () => {
    await using made = await project(role)
    for (const [args, message] of [
      [['add', 'ad', 'Account'], 'Which one?'],
      [['add', 'ad', 'Account', 'ada'], 'must say a value, or an existence'],
      [
        ['add', 'ad', 'Account', 'ada', 'title=x', '--due', 'soon'],
        '(--due) must be a date such as 2026-12-01',
      ],
      [
        ['add', 'ad', 'Account', 'ada', '--gone', '--exists'],
        'cannot be ordered both to exist and to be deleted',
      ],
      [['--state', 'done'], 'It must be one of pending, executed'],
    ] as const) {
      const called = await made.sluice('orders', ...args)
      expect(called).toMatchObject({ status: 2, stderr: expect.stringContaining(message) })
    }
  })

  test('says what a source never asserts, and lists what it does', async () => {
    await using made = await project(role)
    const called = await made.sluice('orders', 'add', 'ad', 'Account', 'ada', 'salary=1')
    expect(called.status).toBe(1)
    expect(called.stderr).toContain('ad does not map Account.salary; it maps login, title, level.')
  })
})

test('whoever may edit may state orders, and whoever may read sees them; a server counts what stands', async () => {
  await using made = await project('admin')
  const { place } = made
  const args = ['orders', 'add', 'ad', 'Account', 'ada', 'title=Director', '--id', 'R-9']
  expect((await place.caller('viewer')(...args)).stderr).toContain('does not permit this (edit)')
  expect(await place.caller('editor')(...args)).toMatchObject({ status: 0 })
  expect((await place.caller('viewer')('orders', 'ad')).stdout).toContain('R-9')
  const { SLUICE_SERVER: server, SLUICE_TOKEN: secret } = place.environmentOf('admin')
  const answer = await fetch(`${server}/metrics`, { headers: { authorization: `Bearer ${secret}` } })
  expect(await answer.text()).toMatch(/^sluice_orders\{source="ad",state="pending"\} [1-9]/m)
})

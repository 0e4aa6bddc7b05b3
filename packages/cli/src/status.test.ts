/**
 * One look at all sources, and what of them is left out: at the command line, with the repository here and through a server.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { requireConfiguration } from '@sluice/project'
import { openDatabase } from '@sluice/repository'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type HereAndThere, hereAndThere } from '../test/here-and-there.ts'

const configuration = `repository: ./repository
entityTypes:
  Person: { display: name, properties: { number: string, name: string, grade: integer, department: { type: reference, to: Department } } }
  Department: { display: name, properties: { code: string, name: string } }
  Badge: { display: name, properties: { name: string } }
  Door: { display: name, properties: { name: string } }
associations:
  Member: { from: Department, to: Person }
sources:
  hr:
    folder: hr
    mode: incremental
    entities:
      Department: { file: departments.csv, key: code, thresholds: off, properties: { code: c, name: n } }
      Person:
        file: people.csv
        key: number
        properties: { number: n, name: name, grade: g, department: { column: d, by: code } }
    associations:
      Member: { file: members.csv, thresholds: off, from: { column: d, by: code }, to: { column: p, by: number } }
  badges:
    folder: badges
    entities:
      Badge: { file: badges.csv, key: name, properties: { name: n } }
  later:
    folder: later
    entities:
      Door: { file: none.csv, key: name, properties: { name: n } }
jobs:
  nightly: { schedule: { cron: '0 2 * * *', timeZone: UTC }, steps: [{ sync: hr }] }
`

async function execute(at: Place, statements: string): Promise<void> {
  const folder = at.role === undefined ? at.place.here : at.place.there
  const { repository } = await requireConfiguration(folder, { environment: {}, stored: 'unknown' })
  await using database = await openDatabase(repository)
  await database.session((session) => session.execute(statements))
}

const people = Array.from({ length: 40 }, (_, index) => `${index + 1},P${index + 1},1,A`)
const files = {
  'hr/departments.csv': 'c,n\nA,Alpha\n',
  'hr/people.csv': `n,name,g,d\n${people.join('\n')}\n90,Zoe,high,A\n91,Yan,low,A\n92,Xiu,1,LAB\n93,Wim,2,LAB\n`,
  'hr/members.csv': 'd,p\nA,1\nA,99\nLAB,1\nLAB,2\n',
}

const roles = [
  ['here', undefined],
  ['through a server', 'admin'],
] as const

interface Place {
  readonly place: HereAndThere
  readonly role: (typeof roles)[number][1]
  readonly folder: string
  readonly sluice: ReturnType<HereAndThere['caller']>
}

async function openPlace(): Promise<HereAndThere> {
  return await hereAndThere('status', (folder) => {
    for (const name of ['hr', 'badges', 'later']) mkdirSync(join(folder, name))
    writeFileSync(join(folder, 'sluice.yaml'), configuration)
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text)
  })
}

function placeFor(place: HereAndThere, role: Place['role']): Place {
  return { place, role, folder: place.placeOf(role).folder, sluice: place.caller(role) }
}

type Step = (at: Place) => Promise<void>

/** One source is well, and the export of another has left nothing. */
const night: Step = async ({ sluice }) => {
  expect(await sluice('sync', 'hr', '--quiet')).toMatchObject({ status: 0, stderr: '' })
  expect((await sluice('sync', 'badges', '--quiet')).status).toBe(1)
}

const held: Step = async ({ folder, sluice }) => {
  const rows = `n,name,g,d\n1,P1,1,\n2,Pia,1,A\n${people.slice(20).join('\n')}\n`
  writeFileSync(join(folder, 'hr/people.csv'), rows)
  expect((await sluice('sync', 'hr', '--quiet')).status).toBe(3)
}

const approved: Step = async ({ sluice }) => {
  expect(await sluice('runs', 'approve', '3')).toMatchObject({ status: 0 })
}

/** The tests of a block, here and through a server, each after these steps. They share a place, so they only look at it. */
function after(title: string, steps: readonly Step[], define: (at: () => Place) => void): void {
  describe(title, () => {
    let place: HereAndThere
    beforeAll(async () => {
      place = await openPlace()
      for (const [, role] of roles) for (const step of steps) await step(placeFor(place, role))
    })
    afterAll(() => place[Symbol.asyncDispose]())
    describe.each(roles)('%s', (_, role) => define(() => placeFor(place, role)))
  })
}

after('before any run', [], (at) => {
  test('sources never ran, and the first run is what to do next', async () => {
    const { sluice } = at()
    expect((await sluice('status')).stderr).toMatch(/sluice sync hr +hr: No run of it was ever applied\./)
  })
})

after('after a night', [night], (at) => {
  test('a source that never ran, one that is well, one of which the export failed', async () => {
    const { sluice } = at()
    const { stdout, stderr } = await sluice('status')
    expect(stdout).toMatch(/^attention +source +mode +last run +applied /)
    expect(stdout).toMatch(/^failed +badges +auto +2 failed +never/m)
    expect(stdout).toMatch(
      /^rejected, orphans +hr +incremental +1 applied +less than 1 min ago +an incremental +2 +5 .*02:00 nightly, when an agent runs$/m,
    )
    expect(stdout).toMatch(/^never ran +later +auto +never$/m)
    expect(stderr).toMatch(/sluice runs show 2 +badges: SLUICE-[A-Z]+-\d\d: /)
    expect(stderr).toMatch(/sluice rejected hr +hr: 2 rows were rejected\./)
    expect(stderr).toMatch(/sluice orphans hr +hr: 5 references and links have no target in the repository\./)
  })

  test('a failed export is among the runs, with the reason', async () => {
    const { sluice } = at()
    const listed = await sluice('runs', '--source', 'badges')
    expect(listed.stdout).toMatch(/^ +2 +badges +delivery +failed .* SLUICE-EXPORT-01$/m)
    expect((await sluice('runs', '--csv')).stdout).toMatch(
      /^2,badges,delivery,,failed,\w+,,.*SLUICE-EXPORT-01,/m,
    )
    const shown = await sluice('runs', 'show', '2')
    expect(shown.stdout).toContain('badges.csv')
    expect(shown.stdout).toContain('failed, nothing was applied')
  })

  test('the rows that are left out now, one by one and by reason', async () => {
    const { sluice } = at()
    const { stdout } = await sluice('rejected')
    expect(stdout).toMatch(/^hr +1 +Person +people\.csv +42 +90 +g +high +/m)
    expect((await sluice('rejected', 'hr', '--reasons')).stdout).toMatch(
      /^hr +1 +Person +g +2 +not a whole number +people\.csv +42$/m,
    )
    const rows: unknown = JSON.parse((await sluice('rejected', 'hr', '--json')).stdout)
    expect(rows).toMatchObject([
      { source: 'hr', run: 1, key: '90', value: 'high' },
      { source: 'hr', run: 1, key: '91', value: 'low' },
    ])
    expect((await sluice('rejected', 'badges')).stderr).toBe('No source has a rejected row.\n')
    expect((await sluice('rejected', 'nobody')).stderr).toContain('nobody')
  })

  test('each name that something waits for, with how many do', async () => {
    const { sluice } = at()
    const names: unknown = JSON.parse((await sluice('orphans', '--json')).stdout)
    expect(names).toEqual([
      {
        source: 'hr',
        kind: 'reference',
        of: 'Person.department',
        type: 'Department',
        by: 'code',
        value: 'LAB',
        found: 0,
        candidates: [],
        waiting: 2,
        example: 'Xiu',
      },
      expect.objectContaining({ kind: 'link', of: 'Member.from', value: 'LAB', waiting: 2, example: '1' }),
      expect.objectContaining({ kind: 'link', of: 'Member.to', value: '99', waiting: 1, example: 'A' }),
    ])
    expect((await sluice('orphans', 'hr')).stdout).toMatch(
      /^hr +Member\.to +Person +number +99 +1 +A +not there$/m,
    )
    expect((await sluice('orphans', 'hr', '--csv', '--limit', '1')).stdout).toBe(
      'source,kind,of,type,by,value,found,waiting,example,candidates\nhr,reference,Person.department,Department,code,LAB,0,2,Xiu,\n',
    )
    expect((await sluice('orphans', 'badges')).stderr).toContain('There are no orphans')
  })
})

after('after a held run was approved', [night, held, approved], (at) => {
  test('the types and how many there are of each; resources are counted, and found by one of several conditions', async () => {
    const { sluice } = at()
    const { stdout } = await sluice('resources')
    expect(stdout).toMatch(/^type +resources +extends +filled by$/m)
    expect(stdout).toMatch(/^Person +22 +hr$/m)
    expect(stdout).toMatch(/^Badge +0 +badges$/m)
    const where = ['--where', 'name=Pia or number=1', '--where', 'grade=1']
    expect((await sluice('resources', 'Person', ...where, '--count')).stdout).toBe('2\n')
    expect((await sluice('resources', 'Person', ...where, '--columns', 'name', '--csv')).stdout).toBe(
      'name\nP1\nPia\n',
    )
    expect((await sluice('resources', 'Person', '--where', 'name=Pia or Jim', '--count')).stdout).toBe('0\n')
    expect((await sluice('resources', '--count')).stderr).toContain('This needs the name of an entity type.')
    const links = await sluice('links', 'Member', '--where', 'to=P1 or to=P2', '--csv')
    expect(links.stdout.trim().split('\n')).toHaveLength(2)
  })

  test('the same for scripts, of the sources that are named', async () => {
    const { sluice } = at()
    const { at: when, sources } = JSON.parse((await sluice('status', 'hr', '--json')).stdout)
    expect(Date.parse(when)).toBeGreaterThan(0)
    expect(sources).toMatchObject([
      {
        name: 'hr',
        lastRun: { run: 3, state: 'applied', error: null },
        lastApplied: { run: 3 },
        queue: { announced: 0, ready: 0, held: 0, aside: 0 },
        agent: { waiting: 0, nextStart: { job: 'nightly', followed: false } },
        attention: [{ kind: 'orphans', command: 'sluice orphans hr' }],
      },
    ])
    const [titles, line] = (await sluice('status', 'badges', '--csv')).stdout.split('\n')
    expect(titles).toMatch(/^name,attention,kind,mode,run,state,/)
    expect(line).toMatch(/^badges,failed,delivered,auto,2,failed,/)
    expect((await sluice('status', 'nobody')).stderr).toContain('There is no source "nobody".')
  })
})

describe.each(roles)('%s', (_, role) => {
  test('a held run comes before everything else, and its changes can be chosen', async () => {
    await using place = await openPlace()
    const at = placeFor(place, role)
    const { sluice } = at
    for (const step of [night, held]) await step(at)
    const { stdout, stderr } = await sluice('status')
    expect(stdout.split('\n')[1]).toMatch(/^held, rejected, orphans +hr /)
    expect(stderr).toMatch(/sluice runs show 3 +hr: Run 3 is held, and waits to be approved or rejected\./)
    const changes = async (...flags: readonly string[]) => {
      const listed: unknown = JSON.parse((await sluice('runs', 'changes', '3', '--json', ...flags)).stdout)
      return Array.isArray(listed)
        ? listed.map((one) => `${one.operation} ${one.key ?? `${one.from} > ${one.to}`}`)
        : []
    }
    expect(await changes('--key', '2')).toEqual(['update 2'])
    expect(await changes('--property', 'department', '--operation', 'update')).toEqual(['update 1'])
    expect(await changes('--property', 'name', '--operation', 'update')).toEqual(['update 2'])
    expect(await changes('--type', 'Person', '--operation', 'delete')).toHaveLength(20)
    // As many as there are, and not as many as `sluice runs` lists.
    expect(await changes()).toHaveLength(22)
    expect((await sluice('runs', 'changes', '3', '--type', 'Member')).stderr).toContain(
      'No change of run 3 matches.',
    )
    expect((await sluice('runs', 'changes', '3', '--type', 'Persn')).stderr).toContain('"Persn"')
    expect((await sluice('runs', 'changes', '3', '--property', 'naem')).stderr).toContain('"naem"')
    await approved(at)
    expect(await changes('--property', 'name', '--operation', 'update')).toEqual(['update 2'])
    expect(await changes('--key', '1')).toEqual(['update 1'])
    expect(await changes('--type', 'Person', '--operation', 'delete')).toHaveLength(20)
  })

  test('what somebody else has changed, and nothing that the source has changed since', async () => {
    await using place = await openPlace()
    const at = placeFor(place, role)
    const { folder, sluice } = at
    for (const step of [night, held, approved]) await step(at)
    expect((await sluice('drift', 'hr')).stdout).toBe(
      'hr: the repository holds exactly what the source last delivered.\n',
    )
    await execute(at, "update person set name = 'Mallory' where number = '2'")
    await execute(at, 'delete from member')
    writeFileSync(join(folder, 'hr/people.csv'), 'n,name,g,d\n')
    const { stdout } = await sluice('drift', 'hr')
    expect(stdout).toContain('hr: 1 resource and 1 link differ from what the source last delivered.')
    expect(stdout).toContain('~ Person 2  name "Mallory" → "Pia"')
    expect(stdout).toContain('sluice sync hr --mode complete')
    const csv = await sluice('drift', 'hr', '--csv')
    expect(csv.stdout).toBe(
      'source,operation,type,key,property,before,after,drift\nhr,update,Person,2,name,Mallory,Pia,true\nhr,insert,Member,Alpha → P1,,,,true\n',
    )
    expect(JSON.parse((await sluice('drift', 'hr', '--json')).stdout)).toMatchObject({
      run: null,
      state: 'planned',
      drift: { entities: [{ mapping: 'Department' }, { mapping: 'Person', changes: { updated: 1 } }] },
    })
    // Nothing was repaired.
    expect((await sluice('resources', 'Person', '--where', 'name=Mallory', '--count')).stdout).toBe('1\n')
    const all = await sluice('drift', '--quiet')
    expect(all.status).toBe(0)
    expect(all.stdout).toContain('hr: 1 resource and 1 link differ')
    expect((await sluice('drift')).stderr).toContain('badges: The drift of "badges" cannot be computed.')
    const unknown = await sluice('drift', 'badges')
    expect(unknown.status).toBe(1)
    expect(unknown.stderr).toContain('SLUICE-PROJECT-10')
  })
})

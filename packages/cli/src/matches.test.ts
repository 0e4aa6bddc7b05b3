/**
 * Doubtful matches at the command line, of a source that delivers files: with the repository here, and through a server.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { type HereAndThere, hereAndThere } from '../test/here-and-there.ts'

const configuration = `repository: ./repository
entityTypes:
  Person: { display: name, properties: { name: { type: string, required: true }, badge: string, floor: integer } }
sources:
  hr:
    folder: data
    thresholds: off
    entities:
      Person: { file: people.csv, key: name, reconciliation: { policy: key }, properties: { name: name, badge: badge } }
  doors:
    folder: data
    thresholds: off
    entities:
      Person:
        file: doors.csv
        key: floor
        reconciliation: { rules: [[{ property: badge, normalize: serial }]], onZero: error, onMultiple: queue }
        properties: { badge: { column: serial, update: false }, floor: floor }
`

const project = () =>
  hereAndThere('matches', (folder) => {
    mkdirSync(join(folder, 'data'))
    writeFileSync(join(folder, 'sluice.yaml'), configuration)
    writeFileSync(join(folder, 'data', 'people.csv'), 'name,badge\nBarbara,B-505\nDonald,b505\nGrace,B-502\n')
    writeFileSync(join(folder, 'data', 'doors.csv'), 'serial,floor\nS/N: B505,3\nB 505,4\nB-502,1\n')
  })

type Caller = ReturnType<HereAndThere['caller']>

/** Two rows of doors wait. */
async function rowsWait(sluice: Caller): Promise<void> {
  expect(await sluice('sync', 'hr', '--quiet')).toMatchObject({ status: 0 })
  expect(await sluice('sync', 'doors', '--quiet')).toMatchObject({ status: 0 })
}

async function idOf(sluice: Caller, name: string): Promise<string> {
  const { stdout } = await sluice('explain', 'Person', name, '--json')
  return String(JSON.parse(stdout).resourceId)
}

describe.each([
  ['here', undefined],
  ['through a server', 'admin'],
] as const)('%s', (_, role) => {
  const who = role ?? 'tester at the command line'

  test('the story of a row that two people match: it waits, is shown, linked, explained, and the link is taken back', async () => {
    await using place = await project()
    const sluice = place.caller(role)
    expect(await sluice('sync', 'hr', '--quiet')).toMatchObject({ status: 0 })
    expect(await sluice('matches')).toMatchObject({ status: 0, stderr: 'No row waits for a decision.\n' })
    const first = await sluice('sync', 'doors')
    expect(first.stdout).toContain(
      '3 replicas: 1 found their resource and changed it, 2 waiting for a decision',
    )
    expect(first.stderr + first.stdout).toContain('sluice matches doors')

    const [barbara, donald] = [await idOf(sluice, 'Barbara'), await idOf(sluice, 'Donald')]
    const listed = await sluice('matches', 'doors')
    expect(listed.stdout).toMatch(
      new RegExp(`^doors +Person +3 +waiting +2 by rule 1: badge = "B505" +#${barbara}, #${donald} `, 'm'),
    )
    const shown = await sluice('matches', 'show', 'doors', 'Person', '3')
    expect(shown.stdout).toMatch(/^Person 3 of doors: waiting since /)
    expect(shown.stdout).toContain(`#${barbara} Barbara`)
    expect(shown.stdout).toMatch(/^ {2}badge \* +S\/N: B505 +B-505 +b505$/m)

    const decided = await sluice(
      'matches',
      'decide',
      'doors',
      'Person',
      '3',
      '--link',
      `#${donald}`,
      '--comment',
      'asked him',
    )
    expect(decided.stdout).toBe(
      `doors, Person 3: applied (link ${donald}, by ${role ?? 'tester'} (asked him))\n`,
    )
    expect(decided.stderr).toMatch(/^Run \d+ of doors is applied\.\n$/)
    const explained = await sluice('explain', 'Person', 'Donald')
    expect(explained.stdout).toMatch(
      new RegExp(`doors \\(3\\) is of it by decision of ${role ?? 'tester'} \\([^)]+\\): asked him\n`),
    )
    expect(explained.stdout).toMatch(/^ {2}floor +3 +doors /m)
    expect(explained.stdout).toMatch(/run \d+ \([^)]+\) doors, by .*asked him.*: floor \(none\) → 3/)
    expect(who).toContain(role ?? 'tester')

    const undone = await sluice('matches', 'undo', 'doors', 'Person', '3')
    expect(undone.stdout).toBe('doors, Person 3: waiting\n')
    expect((await sluice('sync', 'doors')).stdout).toContain('2 waiting for a decision')
  })

  test('many are decided at once, as CSV and JSON list them', async () => {
    await using place = await project()
    const sluice = place.caller(role)
    await rowsWait(sluice)
    const all = await sluice('matches', 'decide', 'doors', 'Person', '--all', '--ignore', '--json')
    expect(JSON.parse(all.stdout)).toMatchObject({
      matches: [
        { key: '3', state: 'applied', decision: 'ignore' },
        { key: '4', state: 'applied', decision: 'ignore' },
      ],
      reports: [{ source: 'doors', cause: 'decision' }],
    })
    expect((await sluice('sync', 'doors')).stdout).toMatch(/2 ignored/)
    const csv = await sluice('matches', '--state', 'applied', '--csv')
    expect(csv.stdout.split('\n')[0]).toBe(
      'source,entityType,key,state,since,run,rule,matched,count,candidates,decision,resource,by,decidedAt,comment',
    )
    expect(csv.stdout).toMatch(/^doors,Person,4,applied,/m)
    expect((await sluice('matches', 'undo', 'doors', 'Person', '--all')).stdout).toBe(
      'doors, Person 3: waiting\ndoors, Person 4: waiting\n',
    )
    const linked = await sluice(
      'matches',
      'decide',
      'doors',
      'Person',
      '3',
      '4',
      '--link',
      await idOf(sluice, 'Barbara'),
    )
    expect(linked.stdout.split('\n')).toHaveLength(3)
    expect(await sluice('sync', 'doors')).toMatchObject({ status: 0 })
    expect((await sluice('matches', 'undo', 'doors', 'Person', '--all')).status).toBe(0)
  })

  test('says what is wrong with what is typed', async () => {
    await using place = await project()
    for (const [args, message] of [
      [['decide', 'doors', 'Person', '3'], 'Which decision?'],
      [['decide', 'doors', 'Person', '3', '--create', '--ignore'], 'Which decision?'],
      [['decide', 'doors', 'Person', '--create'], 'Which rows?'],
      [['decide', 'doors', 'Person', '3', '--link', 'Ada'], '"Ada" is not the id of a resource.'],
      [['--state', 'done'], 'It must be one of waiting, decided'],
    ] as const) {
      const called = await place.caller(role)('matches', ...args)
      expect(called).toMatchObject({ status: 2, stderr: expect.stringContaining(message) })
    }
  })

  test('says that a row does not wait, that a resource is not there, that nothing is decided', async () => {
    await using place = await project()
    const sluice = place.caller(role)
    await rowsWait(sluice)
    const wrong = async (...args: readonly string[]) => await sluice('matches', ...args)
    expect((await wrong('show', 'doors', 'Person', '9')).stderr).toContain('SLUICE-MATCH-01')
    expect((await wrong('decide', 'doors', 'Person', '9', '--ignore')).stderr).toContain('SLUICE-MATCH-01')
    expect((await wrong('decide', 'doors', 'Person', '3', '--link', '999')).stderr).toContain(
      'SLUICE-MATCH-03',
    )
    expect((await wrong('undo', 'doors', 'Person', '3')).stderr).toContain('SLUICE-MATCH-04')
    expect((await wrong('nowhere')).stderr).toContain('nowhere')
  })
})

test('whoever may edit may decide, and whoever may read sees what waits; a server counts it', async () => {
  await using place = await project()
  await rowsWait(place.caller('admin'))
  const args = ['matches', 'decide', 'doors', 'Person', '3', '--ignore']
  expect((await place.caller('viewer')(...args)).stderr).toContain('does not permit this (edit)')
  expect((await place.caller('viewer')('matches', 'doors')).stdout).toContain('waiting')
  const { SLUICE_SERVER: server, SLUICE_TOKEN: secret } = place.environmentOf('admin')
  const answer = await fetch(`${server}/metrics`, { headers: { authorization: `Bearer ${secret}` } })
  expect(await answer.text()).toContain('sluice_doubtful_matches{source="doors"} 2')
  expect(await place.caller('editor')(...args)).toMatchObject({ status: 0 })
})

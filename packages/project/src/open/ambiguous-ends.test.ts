/**
 * Ends of links that name several resources, or none.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { testLocation } from '../../../../test/databases.ts'
import { openLocalProject } from './open-project.ts'

const configuration = `
entityTypes:
  Unit:
    display: name
    properties: {code: string, name: string}
  Person:
    display: number
    properties: {number: integer}
associations:
  Membership: {from: Person, to: Unit}
sources:
  hr:
    entities:
      Unit: {file: units.csv, key: code, properties: {code: code, name: name}}
      Person: {file: people.csv, key: number, properties: {number: number}}
    associations:
      Membership: {file: members.csv, from: {column: person, by: number}, to: {column: unit, by: name}}
`

const files = {
  'units.csv': 'code,name\nA,Sales\nB,Sales\nC,Works\n',
  'people.csv': 'number\n1\n2\n',
  'members.csv': 'person,unit\n1,Sales\n1,Works\n2,Sales\n2,Nowhere\n9,Works\n',
}

describe.each(['pglite', 'postgres-18'] as const)('ends of links on %s', (kind) => {
  async function begun() {
    await using opening = new AsyncDisposableStack()
    const folder = await mkdtemp(join(tmpdir(), 'sluice-ends-'))
    opening.defer(() => rm(folder, { recursive: true, force: true }))
    const { location } = opening.use(await testLocation(kind))
    const repository =
      location.kind === 'postgres' ? { url: location.url, schema: location.schema } : location.path
    const write = (name: string, text: string) => writeFile(join(folder, name), text)
    await write('sluice.yaml', `repository: ${JSON.stringify(repository)}${configuration}`)
    for (const [name, text] of Object.entries(files)) await write(name, text)
    const project = opening.use(await openLocalProject(folder))
    const report = await project.sync('hr')
    const opened = opening.move()
    return { project, report, write, [Symbol.asyncDispose]: () => opened.disposeAsync() }
  }

  test('that several answer to are ambiguous, with their ids, and not unknown', async () => {
    await using at = await begun()
    const { report } = at
    expect(report.associations[0]?.rows).toMatchObject({ read: 5, inserted: 1, orphan: 4 })
    const { repository } = at.project
    const ids: string[] = []
    for await (const { resourceId, values } of repository.resources('Unit'))
      if (values['name'] === 'Sales') ids.push(resourceId)
    const first = await repository.explain('Person', '1')
    expect(first?.links).toMatchObject([{ association: 'Membership', end: 'from', count: 1 }])
    expect(first?.orphanLinks).toEqual([
      { association: 'Membership', end: 'from', source: 'hr', name: 'Sales', candidates: ids },
    ])
    const second = await repository.explain('Person', '2')
    expect(second?.orphanLinks).toEqual([
      { association: 'Membership', end: 'from', source: 'hr', name: 'Nowhere' },
      { association: 'Membership', end: 'from', source: 'hr', name: 'Sales', candidates: ids },
    ])
    const works = await repository.explain('Unit', 'Works')
    expect(works?.orphanLinks).toEqual([{ association: 'Membership', end: 'to', source: 'hr', name: '9' }])
    const orphans = []
    for await (const orphan of repository.orphans()) orphans.push(orphan)
    expect(
      orphans.map(({ of, value, found, candidates, waiting }) => [of, value, found, candidates, waiting]),
    ).toEqual([
      ['Membership.from', '9', 0, [], 1],
      ['Membership.to', 'Sales', 2, ids, 2],
      ['Membership.to', 'Nowhere', 0, [], 1],
    ])
  })

  test('find theirs as soon as one alone answers to it, and are told no more', async () => {
    await using at = await begun()
    await at.write('units.csv', 'code,name\nA,Sales\nB,Purchase\nC,Works\n')
    await at.project.sync('hr')
    const first = await at.project.repository.explain('Person', '1')
    expect(first?.links).toMatchObject([{ count: 2 }])
    expect(first).not.toHaveProperty('orphanLinks')
  })
})

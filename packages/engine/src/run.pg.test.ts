import { expect, test } from 'vitest'
import { linksOf, orphansOf, resourcesOf } from '../test/contents.ts'
import { contradictions, rowVersions } from '../test/snapshot.ts'
import { describeEachWorld } from '../test/world.ts'

const company = `
entityTypes:
  Party:
    abstract: true
    display: name
    properties: { name: string }
  Person:
    extends: Party
    properties:
      number: { type: string, required: true }
      grade: integer
      manager: { type: reference, to: Person }
      unit: { type: reference, to: Unit }
      sponsor: { type: reference, to: Party }
  Unit:
    extends: Party
    properties:
      code: string
      head: { type: reference, to: Person }
associations:
  Membership: { from: Person, to: Unit, properties: { since: date } }
sources:
  hr:
    folder: .
    thresholds: off
    entities:
      Person:
        file: people.csv
        key: number
        properties: { number: n, name: name, grade: grade, manager: { column: m, by: number }, unit: { column: u, by: code }, sponsor: { column: s, by: name } }
      Unit:
        file: units.csv
        key: code
        properties: { code: c, name: name, head: { column: h, by: number } }
    associations:
      Membership:
        file: members.csv
        from: { column: p, by: number }
        to: { column: u, by: code }
        properties: { since: { column: since, format: dd/MM/yyyy } }
`

const people = `n,name,grade,m,u,s
  1,Ann,7,,X,
  2,Bob,3,1,X,Ideas
  3,Cid,,2,Y,Ann`
const units = `c,name,h
  X,Ideas,3
  Y,Sales,`
const members = `p,u,since
  1,X,01/02/2020
  2,X,
  2,Y,29/02/2024`

describeEachWorld('a complete run', (world) => {
  test('loads everything into an empty repository, references in cycles and to parent types included', async () => {
    await world.begin(company)
    const report = await world.deliver('hr', { Person: people, Unit: units, Membership: members })
    expect(report.state).toBe('applied')
    expect(await resourcesOf(world, 'Person')).toEqual([
      { name: 'Ann', number: '1', grade: 7, unit: 'Ideas' },
      { name: 'Bob', number: '2', grade: 3, manager: 'Ann', unit: 'Ideas', sponsor: 'Ideas' },
      { name: 'Cid', number: '3', manager: 'Bob', unit: 'Sales', sponsor: 'Ann' },
    ])
    expect(await resourcesOf(world, 'Unit')).toEqual([
      { name: 'Ideas', code: 'X', head: 'Cid' },
      { name: 'Sales', code: 'Y' },
    ])
    expect(await linksOf(world, 'Membership')).toEqual([
      'Ann > Ideas, since 2020-02-01',
      'Bob > Ideas',
      'Bob > Sales, since 2024-02-29',
    ])
    expect(await orphansOf(world)).toEqual([])
    expect(await contradictions(world)).toEqual([])
  })

  test('writes nothing when it is run a second time', async () => {
    await world.begin(company)
    await world.deliver('hr', { Person: people, Unit: units, Membership: members })
    const before = await rowVersions(world)
    const report = await world.deliver('hr')
    expect(report.entities.map(({ changes }) => changes)).toEqual([
      { inserted: 0, updated: 0, deleted: 0 },
      { inserted: 0, updated: 0, deleted: 0 },
    ])
    expect(await rowVersions(world)).toEqual(before)
  })
})

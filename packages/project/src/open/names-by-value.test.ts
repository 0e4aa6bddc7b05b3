/**
 * What names a resource is compared by what it says, all the way from the source's file to the repository: whoever writes `0042` means the
 * resource of `42`.
 */
import type { RunReport } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { projectOf, valuesOf } from '../../test/project-of.ts'
import type { Project } from './project.ts'

const chiefs = async (project: Project, type = 'Asset') =>
  Object.fromEntries((await valuesOf(project, type)).map(({ tag, centre }) => [tag, centre]))

async function linksOf(project: Project): Promise<readonly string[]> {
  const found: string[] = []
  for await (const { from, to } of project.repository.links('Uses')) found.push(`${from} ${to}`)
  return found.sort()
}

const nothing = { inserted: 0, updated: 0, deleted: 0 }
const changesOf = ({ entities, associations }: RunReport) =>
  [...entities, ...associations].map(({ changes }) => changes)

/** One source has the centres, another the assets and their links, each in a spelling of its own. */
function twoSources(number: string, centre = '{number: No, name: Name}', format = '') {
  return `
entityTypes:
  Centre: {display: name, properties: {number: ${number}, name: string}}
  Asset: {display: tag, properties: {tag: string, centre: {type: reference, to: Centre}}}
associations: {Uses: {from: Asset, to: Centre}}
sources:
  erp:
    folder: erp
    thresholds: off
    entities: {Centre: {file: centres.csv, key: number, properties: ${centre}}}
  stock:
    folder: stock
    mode: auto
    thresholds: off
    entities: {Asset: {file: assets.csv, key: tag, properties: {tag: Tag, centre: {column: Centre, by: number${format}}}}}
    associations: {Uses: {file: uses.csv, from: Tag, to: {column: Centre, by: number${format}}}}
`
}

const stock = (...names: readonly [string, string]) => ({
  'stock/assets.csv': `Tag,Centre\nA,${names[0]}\nB,${names[1]}\n`,
  'stock/uses.csv': `Tag,Centre\nA,${names[0]}\nB,${names[1]}\n`,
})

describe('two sources that write one name in two ways', () => {
  test.each<readonly [string, string, readonly [string, string], readonly [string, string], string]>([
    ['integer', 'with zeros before it', ['0042', '7'], ['42', '+07'], ''],
    [
      'uuid',
      'in capitals',
      ['D9D0B1A4-0000-4000-8000-00000000000A', 'd9d0b1a4-0000-4000-8000-00000000000b'],
      ['d9d0b1a4-0000-4000-8000-00000000000a', 'D9D0B1A4-0000-4000-8000-00000000000B'],
      '',
    ],
    ['decimal', 'with zeros behind it', ['19.0', '20'], ['19', '20.00'], ''],
    ['boolean', 'in capitals', ['TRUE', 'false'], ['true', 'False'], ''],
    ['date', 'in a format', ['2026-01-05', '2026-02-06'], ['5.1.2026', '06.02.2026'], ', format: d.M.yyyy'],
    [
      'datetime',
      'in another zone',
      ['2026-01-05T10:00:00Z', '2026-01-06'],
      ['2026-01-05T11:00:00+01:00', '2026-01-06T00:00:00.000Z'],
      '',
    ],
  ])('as %s, %s, mean one resource', async (type, _, centres, names, format) => {
    await using at = await projectOf({
      configuration: twoSources(type, undefined, format),
      files: {
        'erp/centres.csv': `No,Name\n${centres[0]},Paint shop\n${centres[1]},Foundry\n`,
        ...stock(...names),
      },
    })
    // References and links that wait take up a target of another spelling, too.
    await at.project.sync('stock')
    expect(await chiefs(at.project)).toEqual({ A: null, B: null })
    await at.project.sync('erp')
    expect(await chiefs(at.project)).toEqual({ A: 'Paint shop', B: 'Foundry' })
    expect(await linksOf(at.project)).toEqual(['A Paint shop', 'B Foundry'])
    expect(changesOf(await at.project.sync('stock'))).toEqual([nothing, nothing])
  })
})

describe('a source that writes its names otherwise from one day to the next', () => {
  const numbers = (...rows: readonly string[]) => ({
    'erp/centres.csv': `No,Name\n${rows.map((row) => `${row}\n`).join('')}`,
  })

  test.each(['complete', 'incremental'] as const)('changes nothing by it: %s', async (mode) => {
    await using at = await projectOf({
      configuration: twoSources('integer'),
      files: { ...numbers('0042,Paint shop', '7,Foundry'), ...stock('42', '7') },
    })
    await at.project.sync('erp')
    await at.project.sync('stock')
    await at.write({ ...numbers('42,Paint shop', '0007,Casting'), ...stock('00042', '7') })
    const erp = await at.project.sync('erp', { mode })
    expect(erp.entities[0]?.rows).toMatchObject({ inserted: 0, updated: 1, unchanged: 1, deleted: 0 })
    expect(changesOf(await at.project.sync('stock', { mode }))).toEqual([nothing, nothing])
    expect(await chiefs(at.project)).toEqual({ A: 'Paint shop', B: 'Casting' })
  })

  test('and its commands mean the same resources', async () => {
    await using at = await projectOf({
      configuration: twoSources('integer'),
      files: { ...numbers('0042,Paint shop', '7,Foundry', '8,Office'), ...stock('42', '7') },
    })
    await at.project.sync('erp')
    await at.project.sync('stock')
    await at.write({
      'erp/centres.csv': 'command,No,Name\nupdate,+42,Varnish\ndelete,08,\ninsert,9,New\nmerge,009,Newer\n',
    })
    const report = await at.project.sync('erp', { mode: 'incremental' })
    expect(report.entities[0]?.rows).toMatchObject({ inserted: 1, updated: 1, deleted: 1, rejected: 0 })
    expect(await chiefs(at.project)).toEqual({ A: 'Varnish', B: 'Foundry' })
    expect(
      (await valuesOf(at.project, 'Centre')).map(({ number, name }) => `${number} ${name}`).sort(),
    ).toEqual(['42 Varnish', '7 Foundry', '9 Newer'])
  })

  test('keeps what an unreadable row names, in whatever spelling', async () => {
    await using at = await projectOf({
      configuration: twoSources('integer'),
      files: { ...numbers('42,Paint shop', '7,Foundry'), ...stock('42', '7') },
    })
    await at.project.sync('erp')
    await at.write(numbers('0042,Paint,shop', '7,Foundry'))
    const report = await at.project.sync('erp', { mode: 'complete', force: true })
    expect(report.entities[0]).toMatchObject({ withheld: 1, rows: { rejected: 1 }, changes: { deleted: 0 } })
  })
})

test('a column of references has the format in which its source writes the property they are looked up by', async () => {
  await using at = await projectOf({
    configuration: `
entityTypes:
  Day: {properties: {day: date, name: string, before: {type: reference, to: Day}}}
associations: {Follows: {from: Day, to: Day}}
sources:
  calendar:
    folder: data
    entities: {Day: {file: days.csv, key: day, properties: {day: {column: Day, format: d.M.yyyy}, name: Name, before: Before}}}
    associations: {Follows: {file: days.csv, from: Day, to: Before}}
`,
    files: { 'data/days.csv': 'Day,Name,Before\n5.1.2026,Monday,\n06.01.2026,Tuesday,05.1.2026\n' },
  })
  const report = await at.project.sync('calendar')
  expect(report.entities[0]).toMatchObject({ orphanReferences: 0, changes: { inserted: 2 } })
  expect(report.associations[0]?.rows).toMatchObject({ inserted: 1, orphan: 0 })
})

test('a resource is explained by its key in any spelling', async () => {
  await using at = await projectOf({
    configuration: twoSources('integer'),
    files: { 'erp/centres.csv': 'No,Name\n0042,Paint shop\n', ...stock('42', '7') },
  })
  await at.project.sync('erp')
  for (const key of ['42', '0042', '+42'])
    expect(await at.project.repository.explain('Centre', key)).toMatchObject({ display: 'Paint shop' })
})

import { expect, test } from 'vitest'
import { company } from '../../test/companies.ts'
import { describeWithEngine, type EngineHarness } from '../../test/engine-harness.ts'

const twoBad = 'n,name,grade\n1,Ann,3\n2,Bob,x\n3,Cid,y'

/** Keys and wrong values of the rejected rows of each run, as people read them; and how often they lie in the database. */
async function listed(harness: EngineHarness) {
  const runs = await harness.repository.runs({})
  const lists = new Map<number | null, string[]>()
  for (const { run } of runs) {
    const keys: string[] = []
    for await (const { key, value } of harness.repository.rejectedRows(run ?? 0)) keys.push(`${key} ${value}`)
    lists.set(run, keys)
  }
  const written = await harness.rows<{ run: number; rows: number }>(
    'select run_id::int as run, count(*)::int as rows from sluice_rejected_row group by run_id order by run_id',
  )
  return { lists: [...lists.values()].reverse(), written }
}

describeWithEngine('rejected rows that come again as they were', (harness) => {
  test('are written once, and are those of every run', async () => {
    await harness.begin(company)
    for (let day = 0; day < 3; day++) await harness.deliver('hr', { Person: twoBad })
    const { lists, written } = await listed(harness)
    const both = ['2 x', '3 y']
    expect(lists).toEqual([both, both, both])
    expect(written).toEqual([{ run: 1, rows: 2 }])
  })

  test('are written again where one of them differs, one more came or one was corrected', async () => {
    await harness.begin(company)
    await harness.deliver('hr', { Person: twoBad })
    await harness.deliver('hr', { Person: twoBad.replace('y', 'z') })
    await harness.deliver('hr', { Person: twoBad.replace('y', 'z') })
    await harness.deliver('hr', { Person: `${twoBad.replace('y', 'z')}\n4,Dan,w` })
    await harness.deliver('hr', { Person: twoBad.replace('y', '5') })
    const { lists, written } = await listed(harness)
    expect(lists).toEqual([['2 x', '3 y'], ['2 x', '3 z'], ['2 x', '3 z'], ['2 x', '3 z', '4 w'], ['2 x']])
    expect(written.map(({ run }) => run)).toEqual([1, 2, 4, 5])
  })

  test('are written again where the same ones are fewer', async () => {
    await harness.begin(company)
    const unreadable = (count: number) =>
      Array.from({ length: count }, () => ({ mapping: 'Person', fields: ['9'] }))
    await harness.deliver('hr', { Person: 'n,name\n1,Ann' }, { unreadable: unreadable(3) })
    await harness.deliver('hr', { Person: 'n,name\n1,Ann' }, { unreadable: unreadable(3) })
    await harness.deliver('hr', { Person: 'n,name\n1,Ann' }, { unreadable: unreadable(2) })
    expect((await listed(harness)).written).toEqual([
      { run: 1, rows: 3 },
      { run: 3, rows: 2 },
    ])
  })

  test('stay rejected while changes do not name them, and come right when they do', async () => {
    await harness.begin(company)
    await harness.deliver('hr', { Person: twoBad })
    await harness.deliver('hr', { Person: twoBad })
    const changes = async (rows: string) =>
      await harness.deliver('hr', { Person: `command,n,name,grade\n${rows}` }, { mode: 'incremental' })
    const untouched = await changes('update,1,Anna,3')
    expect(untouched.entities[0]?.rows).toMatchObject({ rejected: 2 })
    await changes('update,3,Cid,6')
    await changes('update,2,Bob,7')
    const { lists, written } = await listed(harness)
    expect(lists.slice(2)).toEqual([['2 x', '3 y'], ['2 x'], []])
    expect(written).toEqual([
      { run: 1, rows: 2 },
      { run: 4, rows: 1 },
    ])
    expect(await harness.rows('select number, grade from person order by number')).toEqual([
      { number: '1', grade: '3' },
      { number: '2', grade: '7' },
      { number: '3', grade: '6' },
    ])
  })

  test('can be tried again by a run that wrote none of them', async () => {
    await harness.begin(company)
    await harness.deliver('hr', { Person: twoBad })
    await harness.deliver('hr', { Person: twoBad })
    await harness.reconfigure(company.replace('grade: integer', 'grade: string'))
    const report = await harness.engine.retry(2, { by: { kind: 'person', name: 'Eva' } })
    expect(report.state).toBe('applied')
    expect(
      await harness.rows('select number, grade from person where number <> $1 order by 1', ['1']),
    ).toEqual([
      { number: '2', grade: 'x' },
      { number: '3', grade: 'y' },
    ])
  })

  test('are those of a held run, and of the plan of the same delivery', async () => {
    await harness.begin(company.replace('thresholds: off', 'thresholds: {deleted: 0}'))
    await harness.deliver('hr', { Person: twoBad })
    const held = await harness.deliver('hr', { Person: 'n,name,grade\n2,Bob,x\n3,Cid,y' })
    expect(held.state).toBe('held')
    const { written } = await listed(harness)
    expect(written).toEqual([{ run: 1, rows: 2 }])
    const keys: (string | null)[] = []
    for await (const { key } of harness.repository.rejectedRows(held.run ?? 0)) keys.push(key)
    expect(keys).toEqual(['2', '3'])
  })

  test('are what the source leaves out as things stand', async () => {
    await harness.begin(company)
    await harness.deliver('hr', { Person: twoBad })
    await harness.deliver('hr', { Person: twoBad })
    const standing: string[] = []
    for await (const { run, key } of harness.repository.rejections({})) standing.push(`${run} ${key}`)
    expect(standing).toEqual(['2 2', '2 3'])
    const reasons: unknown[] = []
    for await (const { run, rows } of harness.repository.rejectionReasons({})) reasons.push({ run, rows })
    expect(reasons).toEqual([{ run: 2, rows: 2 }])
  })
})

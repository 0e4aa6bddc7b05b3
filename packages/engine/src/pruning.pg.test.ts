/**
 * What is kept, and what goes with time: on the records of real runs, moved into the past.
 */
import type { Retention } from '@sluice/model'
import { type PruneOptions, prune } from '@sluice/repository'
import { beforeEach, expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness } from '../test/engine-harness.ts'

const yaml = `
entityTypes:
  Person: { display: name, properties: { number: string, name: string, grade: integer, photo: file } }
  Team: { display: code, properties: { code: string } }
associations:
  Member: { from: Team, to: Person }
sources:
  hr:
    thresholds: { deleted: 1, updated: off }
    entities:
      Person: { file: p.csv, key: number, properties: { number: n, name: name, grade: grade } }
  teams:
    thresholds: off
    entities: { Team: { file: t.csv, key: code, properties: { code: code } } }
    associations: { Member: { file: m.csv, from: { column: t, by: code }, to: { column: n, by: number } } }
`
const day = 86_400_000
const forever = { age: undefined, count: undefined }
const keepAll: Retention = {
  every: undefined,
  files: undefined,
  history: forever,
  runs: forever,
  rejectedRows: forever,
  deliveries: forever,
  executions: forever,
  notifications: forever,
  audit: forever,
}
const year = { age: 365 * day, count: undefined }
const keepYear: Retention = {
  ...keepAll,
  history: year,
  runs: year,
  rejectedRows: year,
  deliveries: year,
  executions: year,
  notifications: year,
  audit: year,
}
const by = { kind: 'person', name: 'Eva' } as const

describeWithEngine('pruning', (harness) => {
  beforeEach(() => harness.begin(yaml))

  const people = (name: string, ...more: readonly string[]) =>
    harness.deliver('hr', { Person: ['n,name,grade', `1,${name},3`, '2,Bob,4', ...more].join('\n') })
  const removed = async (retention: Retention, options: PruneOptions = {}) => {
    const { kinds } = await prune(harness.database, retention, options)
    return Object.fromEntries(kinds.filter((one) => one.removed > 0).map((one) => [one.kind, one.removed]))
  }
  const runs = async () => (await harness.repository.runs({ limit: 100 })).map(({ run }) => run).reverse()

  test('removes what is older than it may be, as it has said before, and then nothing', async () => {
    for (const name of ['Ann', 'Anna', 'Anne', 'Annie']) await people(name)
    await later(harness, 300, 4)
    await later(harness, 400, 3)
    await people('Ada')
    const expected = { history: 2, runs: 3, deliveries: 3 }
    expect(await removed(keepYear, { dryRun: true })).toEqual(expected)
    expect(await removed(keepYear)).toEqual(expected)
    expect(await removed(keepYear)).toEqual({})
    expect(await runs()).toEqual([4, 5])
    expect(await harness.rows('select run_id from sluice_history order by 1')).toEqual([
      { run_id: '4' },
      { run_id: '5' },
    ])
  })

  test('says how much room is freed', async () => {
    for (const name of ['Ann', 'Anna']) await people(name)
    await later(harness, 400, 2)
    const { kinds } = await prune(harness.database, keepYear)
    expect(kinds.find(({ kind }) => kind === 'history')?.bytes).toBeGreaterThan(20)
    expect(kinds.find(({ kind }) => kind === 'notifications')).toEqual({
      kind: 'notifications',
      removed: 0,
      bytes: 0,
    })
  })

  test('keeps the last run and delivery of each source, whatever their age, and what builds on them', async () => {
    await people('Ann')
    await harness.deliver('teams', { Team: 'code\nA', Member: 't,n\nA,1' })
    await people('Anna')
    await later(harness, 1000, 3)
    expect(await removed(keepYear)).toEqual({ history: 2, runs: 1, deliveries: 1 })
    expect(await runs()).toEqual([2, 3])
    const report = await harness.deliver(
      'hr',
      { Person: 'command,n,name,grade\nupdate,1,Ada,5' },
      { mode: 'incremental' },
    )
    expect(report.state).toBe('applied')
  })

  test('keeps a held run, and all that began after it', async () => {
    await people('Ann', '3,Cid,1', '4,Dan,1')
    await people('Anna', '3,Cid,1', '4,Dan,1')
    const held = await people('Anna')
    expect(held.state).toBe('held')
    for (const codes of ['A', 'B']) await harness.deliver('teams', { Team: `code\n${codes}` })
    await later(harness, 500, 5)
    expect(await removed(keepYear)).toEqual({ history: 1, runs: 1, deliveries: 2 })
    expect(await runs()).toEqual([2, 3, 4, 5])
    expect((await harness.engine.reject(held.run ?? 0, { by: 'Eva' })).state).toBe('rejected')
  })

  test('counts what is kept: runs of each source, histories of all', async () => {
    for (const name of ['a', 'b', 'c', 'd', 'e']) await people(name)
    await harness.deliver('teams', { Team: 'code\nA' })
    const count = (count: number) => ({ age: undefined, count })
    expect(await removed({ ...keepAll, history: count(3), runs: count(2) })).toEqual({ history: 2, runs: 3 })
    // A run stays as long as its history.
    expect(await runs()).toEqual([4, 5, 6])
    expect(await removed({ ...keepAll, history: count(1), runs: count(1), deliveries: count(1) })).toEqual({
      history: 2,
      runs: 1,
      deliveries: 4,
    })
    expect(await runs()).toEqual([5, 6])
  })

  test('leaves what a run can no longer be reverted by: a sentence says so', async () => {
    await people('Ann')
    await people('Anna')
    await later(harness, 400, 2)
    await people('Ada')
    await removed({ ...keepYear, runs: forever })
    const pruned = { code: 'SLUICE-REVERT-04', message: expect.stringContaining('was pruned') }
    const revert = (run: number) => harness.engine.revert({ revert: run, skipConflicts: false }, { by })
    await expect(revert(2)).rejects.toMatchObject(pruned)
    await removed(keepYear)
    await expect(revert(2)).rejects.toMatchObject(pruned)
    await expect(revert(99)).rejects.toMatchObject({ code: 'SLUICE-REVERT-01' })
    expect((await revert(3)).state).toBe('applied')
    expect(await harness.rows("select name from person where number = '1'")).toEqual([{ name: 'Anna' }])
  })

  test('leaves an explanation that claims nothing it cannot know', async () => {
    await people('Ann')
    await people('Anna')
    await later(harness, 400, 2)
    const explained = async (key: string) => {
      const found = await harness.repository.explain('Person', key)
      return {
        through: found?.prunedThrough,
        values: Object.fromEntries(
          (found?.values ?? []).map(({ property, run, pruned }) => [
            property,
            pruned === true ? 'pruned' : run,
          ]),
        ),
      }
    }
    await removed(keepYear)
    expect(await explained('1')).toEqual({
      through: 2,
      values: { number: 'pruned', name: 'pruned', grade: 'pruned', photo: 'pruned' },
    })
    // Nothing has changed it since it was created.
    expect(await explained('2')).toEqual({ through: 2, values: { number: 1, name: 1, grade: 1, photo: 1 } })
    await people('Ada', '3,Cid,1')
    expect((await explained('1')).values).toMatchObject({ name: 3, grade: 'pruned' })
    expect(await explained('3')).toEqual({
      through: undefined,
      values: { number: 3, name: 3, grade: 3, photo: 3 },
    })
  })

  test('keeps what a source leaves out as things stand, however old it is and whichever run has written it', async () => {
    for (let day = 0; day < 3; day++) await people('Ann', '3,Cid,x')
    await later(harness, 400, 3)
    expect(await removed(keepYear)).toEqual({ runs: 2, deliveries: 2 })
    const standing: string[] = []
    for await (const { run, key } of harness.repository.rejections({})) standing.push(`${run} ${key}`)
    expect(standing).toEqual(['3 3'])
    await people('Ann', '3,Cid,x')
    await people('Ann', '3,Cid,1')
    await later(harness, 400, 5)
    expect(await removed(keepYear)).toEqual({ history: 1, runs: 2, rejectedRows: 1, deliveries: 2 })
    expect(await harness.rows('select from sluice_rejected_row')).toEqual([])
  })

  test('removes rejected rows of runs that stay, where they are kept for a shorter time', async () => {
    await people('Ann', '3,Cid,x')
    await people('Ann', '3,Cid,y')
    await people('Ann', '3,Cid,z')
    await later(harness, 100, 3)
    expect(await removed({ ...keepAll, rejectedRows: { age: 90 * day, count: undefined } })).toEqual({
      rejectedRows: 2,
    })
    expect(await harness.rows('select value from sluice_rejected_row')).toEqual([{ value: 'z' }])
    expect(await runs()).toEqual([1, 2, 3])
  })

  test('keeps the edit by which a person has made a resource: no complete takes it for somebody else’s', async () => {
    await people('Ann')
    const edit = (edits: Parameters<typeof harness.engine.edit>[0]['edits']) =>
      harness.engine.edit({ edits, role: 'administrator' }, { by })
    await edit([{ action: 'create', type: 'Person', values: { number: '77', name: 'Zoe' } }])
    await edit([{ action: 'update', type: 'Person', resource: 'Zoe', values: { name: 'Zoé' } }])
    await later(harness, 400, 3)
    await people('Anna')
    expect(await removed(keepYear)).toMatchObject({ runs: 2 })
    expect(await removed(keepYear)).toEqual({})
    expect(await runs()).toEqual([2, 4])
    await people('Ada')
    expect(await harness.rows("select name from person where number = '77'")).toEqual([{ name: 'Zoé' }])
  })

  test('removes contents of files that no history names any more, and no other', async () => {
    await people('Ann')
    const photo = (text: string) => Buffer.from(text).toString('base64')
    const edit = (content: string) =>
      harness.engine.edit(
        {
          edits: [
            {
              action: 'update',
              type: 'Person',
              resource: '1',
              values: { photo: { content: photo(content) } },
            },
          ],
          role: 'administrator',
        },
        { by },
      )
    await edit('one')
    await edit('two')
    await later(harness, 400, 3)
    await edit('three')
    const kept = () =>
      harness.rows('select convert_from(content, $1) as text from sluice_kept_file order by 1', ['UTF8'])
    expect(await kept()).toEqual([{ text: 'one' }, { text: 'two' }])
    await removed(keepYear)
    expect(await kept()).toEqual([{ text: 'two' }])
  })

  test('can be stopped, and goes on where it was', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await people(name)
    await later(harness, 400, 4)
    await people('e')
    const stop = new AbortController()
    const stopped = prune(harness.database, keepYear, {
      signal: stop.signal,
      onGone: () => stop.abort(new Error('stopped')),
    })
    await expect(stopped).rejects.toThrow('stopped')
    expect(await removed(keepYear)).toEqual({ runs: 4, deliveries: 4 })
  })

  test('ends when its time is over, and says that there is more', async () => {
    for (const name of ['a', 'b', 'c']) await people(name)
    await later(harness, 400, 2)
    expect(await prune(harness.database, keepYear, { within: 0 })).toMatchObject({ done: false })
    expect(await prune(harness.database, keepYear, {})).toMatchObject({ done: true })
  })

  test('is done by one process at a time', async () => {
    await harness.database.exclusively('prune', async () => {
      await expect(prune(harness.database, keepYear)).rejects.toMatchObject({ code: 'SLUICE-PRUNE-01' })
    })
  })

  test('goes on beside a run that is at work', async () => {
    for (const name of ['a', 'b', 'c']) await people(name)
    await later(harness, 400, 3)
    const [report, gone] = await Promise.all([people('d'), removed(keepYear)])
    expect(report.state).toBe('applied')
    expect(gone).toMatchObject({ history: 2 })
  })
})

/** As if the runs up to one, with their deliveries, had been so many days ago. */
async function later(harness: EngineHarness, days: number, through: number): Promise<void> {
  const ago = `interval '${days} days'`
  await harness.execute(`
    update sluice_run set started_at = now() - ${ago} where run_id <= ${through};
    update sluice_delivery set announced_at = now() - ${ago}
      where delivery_id in (select delivery_id from sluice_run where run_id <= ${through})`)
}

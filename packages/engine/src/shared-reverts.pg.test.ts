/**
 * Runs that take back what a source has made of a shared type: its replicas look for their resources again, or know them again.
 */
import { expect, test } from 'vitest'
import { resourcesOf } from '../test/contents.ts'
import { describeWithEngine } from '../test/engine-harness.ts'
import { contradictions } from '../test/snapshot.ts'

const directory = `
entityTypes:
  Person:
    display: name
    properties: { number: string, name: string, mail: string, title: string, floor: integer, state: string }
sources:
  hr:
    folder: .
    precedence: 20
    entities:
      Person: { file: p.csv, key: number, reconciliation: { rules: [[number]] }, properties: { number: n, name: name } }
  ad:
    folder: .
    precedence: 10
    entities:
      Person:
        file: a.csv
        key: mail
        reconciliation: { rules: [[number]] }
        properties: { number: { column: n, update: false }, mail: mail, name: name, title: { column: title, policy: master_unlocked } }
  doors:
    table: true
    entities:
      Person:
        reconciliation: { rules: [[mail]], onZero: create }
        delete: { action: update, update: { state: left } }
        properties: { mail: {}, number: {}, floor: {} }
`
const by = { kind: 'token', name: 'grace' } as const

describeWithEngine('taking back a run of a shared type', (harness) => {
  const revert = (run: number | null, skipConflicts = false) =>
    harness.engine.revert({ revert: run ?? 0, skipConflicts }, { by, force: true })
  const people = () => resourcesOf(harness, 'Person')
  const replicas = (source: string) =>
    harness.rows(`select key, resource_id, status, creator from replica_${source}_person order by key`)
  const hr = (...rows: readonly string[]) =>
    harness.deliver('hr', { Person: ['n,name', ...rows].join('\n') }, { force: true })
  const ad = (...rows: readonly string[]) =>
    harness.deliver('ad', { Person: ['mail,n,name,title', ...rows].join('\n') }, { force: true })
  const doors = async (values: string) => {
    if (values !== '')
      await harness.execute(
        `insert into synchro_data_person_3 (primary_key, mail, number, floor) values ${values}`,
      )
    const [report] = await harness.engine.synchronize('doors', { force: true })
    if (report === undefined) throw new Error('doors was not run.')
    return report
  }
  const all = async () => ({
    people: await people(),
    ids: await harness.rows('select number, resource_id from person order by 1'),
    replicas: [await replicas('hr'), await replicas('ad'), await replicas('doors')],
  })

  test('of a second source, lets its rows find their resources again; they do in the next run, whichever', async () => {
    await harness.begin(directory)
    await hr('1,Ada', '2,Bob')
    const before = await people()
    const found = await ad('ada@x,1,Lady,Countess', 'cleo@x,3,Cleo,')
    const after = await all()
    const report = await revert(found.run)
    expect(await people()).toEqual(before)
    expect(await replicas('ad')).toEqual([
      { key: 'ada@x', resource_id: null, status: 'new', creator: false },
      { key: 'cleo@x', resource_id: null, status: 'new', creator: false },
    ])
    expect(report.reverted?.comesAgain).toEqual([
      { source: 'ad', at: 'run', values: 0, resources: 2, deletions: 0, links: 0 },
    ])
    await revert(report.run)
    expect(await all()).toEqual(after)
    await revert((report.run ?? 0) + 1)
    await harness.deliver('ad', {}, { force: true })
    expect(await people()).toEqual(after.people)
    expect(await contradictions(harness)).toEqual([])
  })

  test('repairs what is locked by the next complete, and leaves what is not', async () => {
    await harness.begin(directory)
    await hr('1,Ada')
    await ad('ada@x,1,Lady,Countess')
    const changed = await ad('ada@y,1,Lady,Queen')
    await revert(changed.run)
    const changedAgain = await ad('ada@x,1,Lady,Countess')
    const both = await harness.deliver('ad', { Person: 'mail,n,name,title\nada@x,1,Lady,Queen' })
    expect(changedAgain.state).toBe('applied')
    const report = await revert(both.run)
    expect(report.reverted?.comesAgain).toEqual([])
    expect(await people()).toMatchObject([{ title: 'Countess' }])
    await harness.deliver('ad')
    expect(await people()).toMatchObject([{ title: 'Countess', name: 'Ada', mail: 'ada@x' }])
    const renamed = await hr('1,Augusta')
    expect((await revert(renamed.run)).reverted?.comesAgain).toMatchObject([
      { source: 'hr', at: 'complete', values: 1 },
    ])
    expect(await people()).toMatchObject([{ name: 'Ada' }])
    await harness.deliver('hr')
    expect(await people()).toMatchObject([{ name: 'Augusta' }])
  })

  test('brings back a resource that went with its last source, and the row that knew it', async () => {
    await harness.begin(directory)
    await hr('1,Ada', '2,Bob')
    const before = await all()
    const gone = await hr('2,Bob')
    const after = await all()
    const report = await revert(gone.run)
    expect(await all()).toEqual(before)
    expect(report.reverted?.comesAgain).toEqual([
      { source: 'hr', at: 'run', values: 0, resources: 0, deletions: 1, links: 0 },
    ])
    const again = await revert(report.run)
    expect(await all()).toEqual(after)
    await revert(again.run)
    expect(await all()).toEqual(before)
    await harness.deliver('hr', {}, { force: true })
    expect(await all()).toEqual(after)
  })

  test('gives a resource back to the source that let it go, where another one has held it', async () => {
    await harness.begin(directory)
    await hr('1,Ada')
    await ad('ada@x,1,Lady,')
    const before = await people()
    const released = await hr('2,Bob')
    expect(await people()).toMatchObject([{ name: 'Lady' }, { name: 'Bob' }])
    await revert(released.run)
    expect(await people()).toEqual(before)
    expect(await replicas('hr')).toMatchObject([
      { key: '1', status: 'synchronized', creator: true },
      { key: '2', status: 'new' },
    ])
    expect(await contradictions(harness)).toHaveLength(1)
  })

  test('leaves what stands in an open table, and asks again for what was marked as gone', async () => {
    await harness.begin(directory)
    const made = await doors("('b1', 'ada@x', '1', 1)")
    expect(await people()).toMatchObject([{ floor: 1 }])
    await revert(made.run)
    expect(await people()).toEqual([])
    expect(await harness.rows('select primary_key from synchro_data_person_3')).toEqual([
      { primary_key: 'b1' },
    ])
    await doors('')
    expect(await people()).toMatchObject([{ floor: 1 }])
    const before = await people()
    const { run } = (
      await harness.engine.tables.load('doors', { csv: 'primary_key;mail\nb2;bob@x\n' }, { by, force: true })
    ).report ?? { run: null }
    expect(await people()).toMatchObject([{ state: 'left' }, { mail: 'bob@x' }])
    await revert(run, true)
    expect(await replicas('doors')).toMatchObject([
      { key: 'b1', status: 'synchronized', creator: true },
      { key: 'b2', status: 'new', resource_id: null },
    ])
    expect(await people()).toEqual(before)
  })

  test('is refused where a source has found the resource since, though it has changed nothing of it', async () => {
    await harness.begin(directory)
    const made = await ad('ada@x,,Ada,')
    const found = await doors("('b1', 'ada@x', null, null)")
    expect(found.entities).toMatchObject([{ changes: { updated: 0 } }])
    await expect(revert(made.run)).rejects.toThrow(`Person Ada is in use since, by run ${found.run} (doors`)
  })

  test('is refused where a source has changed the resource since', async () => {
    await harness.begin(directory)
    const made = await hr('1,Ada')
    const found = await ad('ada@x,1,Ada,')
    await expect(revert(made.run)).rejects.toMatchObject({
      details: { conflicts: [{ name: 'Ada', run: found.run, source: 'ad' }] },
    })
    await revert(made.run, true)
    expect(await people()).toHaveLength(1)
    expect(await replicas('hr')).toMatchObject([{ status: 'synchronized', creator: true }])
  })
})

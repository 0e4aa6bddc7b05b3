/**
 * Runs that take another run back: what was there before is there again, and nothing that came since is lost.
 */
import type { Edit } from '@sluice/model'
import { expect, test } from 'vitest'
import { linksOf, orphansOf, resourcesOf } from '../test/contents.ts'
import { describeWithEngine } from '../test/engine-harness.ts'
import { contradictions } from '../test/snapshot.ts'

const office = `
entityTypes:
  Person:
    display: name
    properties:
      number: { type: string, required: true }
      name: string
      manager: { type: reference, to: Person }
      unit: { type: reference, to: Unit }
      phone: string
      salary: decimal
      badge: integer
      born: date
      seen: datetime
      active: boolean
      photo: file
  Unit: { display: name, properties: { code: { type: string, required: true }, name: string } }
associations:
  Membership: { from: Person, to: Unit, properties: { since: date, share: decimal } }
sources:
  hr:
    folder: .
    entities:
      Person: { file: p.csv, key: number, properties: { number: n, name: name, unit: { column: u, by: code }, salary: s, badge: b, born: d, seen: t, active: a } }
    associations:
      Membership: { file: m.csv, from: { column: p, by: number }, to: { column: u, by: code }, properties: { since: since, share: share } }
  orgs:
    folder: .
    entities:
      Unit: { file: u.csv, key: code, properties: { code: code, name: name } }
`
const by = { kind: 'token', name: 'grace' } as const

describeWithEngine('taking a run back', (harness) => {
  const revert = (run: number | null, skipConflicts = false) =>
    harness.engine.revert({ revert: run ?? 0, skipConflicts }, { by, comment: 'a mistake', force: true })
  const edit = async (...edits: readonly Edit[]) =>
    (await harness.engine.edit({ edits: [...edits], role: 'administrator' }, { by })).report
  const set = (resource: string, values: Extract<Edit, { action: 'update' }>['values']): Edit => ({
    action: 'update',
    type: 'Person',
    resource,
    values,
  })
  const everything = async () => ({
    people: await resourcesOf(harness, 'Person'),
    units: await resourcesOf(harness, 'Unit'),
    links: await linksOf(harness, 'Membership'),
    orphans: await orphansOf(harness),
    ids: await harness.rows(
      `select 'Person' as type, number as key, resource_id as id from person union all select 'Unit', code, resource_id from unit order by 1, 2`,
    ),
    replicas: await harness.rows(
      `select 'hr' as source, key, resource_id as id from replica_hr_person union all select 'orgs', key, resource_id from replica_orgs_unit order by 1, 2`,
    ),
    stored: await harness.rows(
      'select source_id, mapping, stored from sluice_stored where stored > 0 order by 1, 2',
    ),
  })
  const people = (...rows: readonly string[]) => ['n,name,u,s,b,d,t,a', ...rows].join('\n')
  const ada = '1,Ada,R,12.50,9007199254740993,1815-12-10,2026-01-31T10:00:00.123456Z,true'
  const bob = '2,Bob,R,1,1,,,false'
  const units = 'code,name\nR,Research\nS,Sales'
  const links = 'p,u,since,share\n1,R,2026-01-31,0.50\n2,S,,'

  const begin = async () => {
    await harness.begin(office)
    await harness.deliver('orgs', { Unit: units })
    return await harness.deliver('hr', { Person: people(ada, bob), Membership: links })
  }

  test('brings back what a delivery changed, deleted and inserted, with ids, exact values, references and links', async () => {
    await begin()
    const before = await everything()
    const changed = await harness.deliver(
      'hr',
      {
        Person: people('1,Augusta,S,13,2,1815-12-11,2026-01-31T10:00:00Z,false', '3,Cleo,S,3,3,,,'),
        Membership: 'p,u,since,share\n1,R,2026-02-01,1\n3,S,,',
      },
      { force: true },
    )
    expect(await everything()).not.toEqual(before)
    const report = await revert(changed.run)
    expect(report).toMatchObject({
      cause: 'revert',
      by,
      comment: 'a mistake',
      state: 'applied',
      reverts: changed.run,
      reverted: {
        skipped: 0,
        comesAgain: [{ source: 'hr', at: 'complete', values: 7, resources: 1, deletions: 1, links: 3 }],
      },
    })
    // What hr still says of somebody who is gone waits for her.
    expect(await everything()).toEqual({ ...before, orphans: ['Membership 3 > S'] })
    expect(await contradictions(harness)).toEqual([])
    expect(await harness.repository.run(changed.run ?? 0)).toMatchObject({ revertedBy: report.run })
  })

  test('empties a type again that the run loaded first, of which no history has a row', async () => {
    await harness.begin(office)
    await harness.deliver('orgs', { Unit: units })
    const before = await everything()
    const loaded = await harness.deliver('hr', { Person: people(ada, bob), Membership: links })
    expect(await harness.rows('select from sluice_history where run_id = $1', [loaded.run])).toEqual([])
    await revert(loaded.run)
    // What hr still says of people who are gone waits for them.
    const orphans = ['Membership 1 > R', 'Membership 2 > S']
    expect(await everything()).toEqual({ ...before, orphans })
    await harness.deliver('hr')
    expect(await linksOf(harness, 'Membership')).toHaveLength(2)
    expect(await resourcesOf(harness, 'Person')).toMatchObject([{ name: 'Ada' }, { name: 'Bob' }])
  })

  test('leaves references waiting again that the run had filled, and fills those again that it had emptied', async () => {
    await harness.begin(office)
    await harness.deliver('hr', { Person: people(ada), Membership: links })
    const waiting = await everything()
    const arrived = await harness.deliver('orgs', { Unit: units })
    const there = await everything()
    await revert(arrived.run)
    expect(await everything()).toEqual(waiting)
    await harness.deliver('orgs', { Unit: units })
    expect((await everything()).people).toEqual(there.people)
    const before = await everything()
    const emptied = await harness.deliver('orgs', { Unit: 'code,name\nS,Sales' }, { force: true })
    expect((await everything()).people[0]).not.toHaveProperty('unit')
    await revert(emptied.run)
    expect(await everything()).toEqual(before)
    expect(await contradictions(harness)).toEqual([])
  })

  test('lets a reference wait for nobody that points somewhere again', async () => {
    await begin()
    const before = await everything()
    const unknown = await harness.deliver('hr', { Person: people(ada.replace(',R,', ',X,'), bob) })
    expect(await orphansOf(harness)).toEqual(['Person.unit = X'])
    await revert(unknown.run)
    expect(await everything()).toEqual(before)
    expect(await contradictions(harness)).toEqual([])
  })

  test('brings files back, their names and types, and what people have pointed at a resource that was deleted', async () => {
    await begin()
    await edit({ action: 'create', type: 'Unit', values: { code: 'L', name: 'Lab' } })
    await edit(
      set('1', { photo: { content: 'Zm9v', name: 'foo.txt', mediaType: 'text/plain' }, manager: '2' }),
      { action: 'link', association: 'Membership', from: '2', to: 'code:L', properties: { share: '0.10' } },
    )
    const files = 'select photo, photo_filename, photo_mediatype, manager_id from person order by number'
    const before = [await everything(), await harness.rows(files)]
    const edited = await edit(set('1', { photo: { content: 'YmFy', name: 'bar' }, manager: null }), {
      action: 'delete',
      type: 'Unit',
      resource: 'code:L',
    })
    await revert(edited.run)
    expect([await everything(), await harness.rows(files)]).toEqual(before)
    const renamed = await edit(set('1', { photo: { content: 'Zm9v', name: 'other.txt' } }))
    await revert(renamed.run)
    expect([await everything(), await harness.rows(files)]).toEqual(before)
  })

  test('takes a taking back back, as often as wanted', async () => {
    await begin()
    const before = await everything()
    const changed = await harness.deliver(
      'hr',
      { Person: people('1,Augusta,S,13,2,,,false') },
      { force: true },
    )
    const after = await everything()
    const first = await revert(changed.run)
    expect(await everything()).toEqual(before)
    const second = await revert(first.run)
    expect(await everything()).toEqual(after)
    await revert(second.run)
    expect(await everything()).toEqual(before)
    expect(await contradictions(harness)).toEqual([])
  })

  test('tells what sources say otherwise; their next complete brings that again, and an incremental does not', async () => {
    await begin()
    const changed = await harness.deliver('hr', { Person: people('1,Augusta,R,1,,,,', bob) })
    const { reverted } = await revert(changed.run)
    expect(reverted?.comesAgain).toEqual([
      { source: 'hr', at: 'complete', values: 6, resources: 0, deletions: 0, links: 0 },
    ])
    const names = async () => (await resourcesOf(harness, 'Person')).map(({ name }) => name)
    const delta = `command,${people('2,Bert,R,1,1,,,false')}`.replace('\n', '\nmerge,')
    await harness.deliver('hr', { Person: delta }, { mode: 'incremental' })
    expect(await names()).toEqual(['Ada', 'Bert'])
    await harness.deliver('hr', { Person: people('1,Augusta,R,1,,,,', '2,Bert,R,1,1,,,false') })
    expect(await names()).toEqual(['Augusta', 'Bert'])
  })

  test('lets a source take away again what came back, as soon as it says all of what it has', async () => {
    await begin()
    const gone = await harness.deliver('hr', { Person: people(ada) }, { force: true })
    await revert(gone.run)
    expect(await resourcesOf(harness, 'Person')).toHaveLength(2)
    await harness.deliver('hr', {}, { force: true })
    expect(await resourcesOf(harness, 'Person')).toMatchObject([{ name: 'Ada' }])
    expect(await contradictions(harness)).toEqual([])
  })

  test('is refused where a later run has written a value, by the number of that run and whose it is', async () => {
    await begin()
    const first = await edit(set('1', { phone: '1' }), set('2', { phone: '2' }))
    const second = await edit(set('2', { phone: '3' }))
    const before = await everything()
    await expect(revert(first.run)).rejects.toMatchObject({
      code: 'SLUICE-REVERT-02',
      message: `Run ${first.run} was not taken back, because something has changed since: phone of Person Bob was changed since, by run ${second.run} (grace).`,
      details: {
        count: 1,
        conflicts: [{ of: 'Person', property: 'phone', reason: 'changed', run: second.run, by: 'grace' }],
      },
    })
    expect(await everything()).toEqual(before)
    const report = await revert(first.run, true)
    expect(report.reverted).toMatchObject({ skipped: 1 })
    expect(await resourcesOf(harness, 'Person')).toMatchObject([{ name: 'Ada' }, { name: 'Bob', phone: '3' }])
    expect((await resourcesOf(harness, 'Person'))[0]).not.toHaveProperty('phone')
  })

  test('is refused where somebody has written by SQL, where the same was written again, and not where it is as it was', async () => {
    await begin()
    const edited = await edit(set('1', { phone: '1' }))
    await harness.execute("update person set phone = '9'")
    await expect(revert(edited.run)).rejects.toThrow(
      'phone of Person Ada was changed since, outside of Sluice.',
    )
    await harness.execute('update person set phone = null')
    expect((await revert(edited.run)).entities).toMatchObject([{ changes: { updated: 0 } }])
    const again = await edit(set('1', { phone: '1' }))
    await edit(set('1', { phone: '2' }))
    const last = await edit(set('1', { phone: '1' }))
    await expect(revert(again.run)).rejects.toThrow(`by run ${last.run} (grace)`)
  })

  test('leaves a resource that the run inserted and others use by now, and one that somebody has changed', async () => {
    await begin()
    const made = await edit(
      { action: 'create', type: 'Unit', values: { code: 'L', name: 'Lab' } },
      { action: 'create', type: 'Unit', values: { code: 'M', name: 'Mint' } },
      { action: 'create', type: 'Unit', values: { code: 'N', name: 'None' } },
    )
    const used = await edit({ action: 'link', association: 'Membership', from: '1', to: 'code:L' })
    await edit({ action: 'update', type: 'Unit', resource: 'code:M', values: { name: 'Mine' } })
    await expect(revert(made.run)).rejects.toMatchObject({
      details: {
        conflicts: [
          { name: 'Lab', reason: 'in_use', run: used.run },
          { name: 'Mine', reason: 'changed', run: (used.run ?? 0) + 1 },
        ],
      },
    })
    await revert(made.run, true)
    expect((await resourcesOf(harness, 'Unit')).map(({ code }) => code)).toEqual(['R', 'S', 'L', 'M'])
  })

  test('leaves first loads of which somebody has changed a resource, by a run or by SQL', async () => {
    const loaded = await begin()
    await harness.execute("update person set name = 'X' where number = '1'")
    await expect(revert(loaded.run)).rejects.toThrow('Person X was changed since, outside of Sluice.')
    await revert(loaded.run, true)
    expect(await resourcesOf(harness, 'Person')).toMatchObject([{ name: 'X' }])
  })

  test('does not bring back what its source has brought again under another id', async () => {
    await begin()
    const gone = await harness.deliver('hr', { Person: people(ada), Membership: 'p,u' }, { force: true })
    const back = await harness.deliver('hr', { Person: people(ada, bob) })
    await expect(revert(gone.run)).rejects.toMatchObject({
      details: {
        conflicts: expect.arrayContaining([
          expect.objectContaining({ name: '2', reason: 'again', run: back.run, source: 'hr' }),
        ]),
      },
    })
    await revert(gone.run, true)
    expect(await resourcesOf(harness, 'Person')).toHaveLength(2)
    expect(await contradictions(harness)).toEqual([])
  })

  test('of what is gone, brings back neither links nor references', async () => {
    await begin()
    await edit({ action: 'create', type: 'Unit', values: { code: 'L', name: 'Lab' } })
    await edit(set('1', { manager: '2' }), {
      action: 'link',
      association: 'Membership',
      from: '1',
      to: 'code:L',
    })
    const emptied = await edit(set('1', { manager: null }), {
      action: 'unlink',
      association: 'Membership',
      from: '1',
      to: 'code:L',
    })
    await edit({ action: 'delete', type: 'Unit', resource: 'code:L' })
    await harness.deliver('hr', { Person: people(ada) }, { force: true })
    await expect(revert(emptied.run)).rejects.toMatchObject({
      details: { count: 2, conflicts: [{ reason: 'target_gone' }, { reason: 'target_gone' }] },
    })
    expect((await revert(emptied.run, true)).reverted).toMatchObject({ skipped: 2 })
    expect(await contradictions(harness)).toEqual([])
  })

  test('is held by thresholds, kept, and approved as it was read', async () => {
    await harness.begin(office)
    await harness.deliver('orgs', { Unit: units })
    const numbers = Array.from({ length: 30 }, (_, index) => `${index + 1},P${index},R,,,,,`)
    const loaded = await harness.deliver('hr', { Person: people(...numbers) })
    const held = await harness.engine.revert({ revert: loaded.run ?? 0, skipConflicts: false }, { by })
    expect(held).toMatchObject({ state: 'held', cause: 'revert', reverts: loaded.run })
    expect(await resourcesOf(harness, 'Person')).toHaveLength(30)
    const changes = []
    for await (const change of harness.engine.changes(held.run ?? 0)) changes.push(change)
    expect(changes).toHaveLength(30)
    const { report, moved } = await harness.engine.approve(held.run ?? 0, { by: 'olga' })
    expect({ moved, state: report.state }).toEqual({ moved: false, state: 'applied' })
    expect(await resourcesOf(harness, 'Person')).toEqual([])
    expect(await harness.rows('select from replica_hr_person')).toEqual([])
  })

  test('computes a held taking back again where the repository moved', async () => {
    await harness.begin(office)
    await harness.deliver('orgs', { Unit: units })
    const numbers = Array.from({ length: 30 }, (_, index) => `${index + 1},P${index},R,,,,,`)
    const loaded = await harness.deliver('hr', { Person: people(...numbers) })
    const held = await harness.engine.revert({ revert: loaded.run ?? 0, skipConflicts: true }, { by })
    await edit(set('1', { phone: '1' }))
    const { report, moved } = await harness.engine.approve(held.run ?? 0, { by: 'olga' })
    expect({ moved, state: report.state, reverts: report.reverts }).toEqual({
      moved: true,
      state: 'held',
      reverts: loaded.run,
    })
    expect(report.reverted).toMatchObject({ skipped: 1 })
  })

  test('is planned with its conflicts, and nothing is written', async () => {
    await begin()
    const first = await edit(set('1', { phone: '1' }), set('2', { phone: '2' }))
    await edit(set('2', { phone: '3' }))
    const runs = await harness.repository.runs({})
    const plan = await harness.engine.planRevert({ revert: first.run ?? 0, skipConflicts: false }, { by })
    expect(plan.conflicts).toMatchObject([{ property: 'phone', name: 'Bob' }])
    expect(plan.changes).toMatchObject([{ before: { phone: '1' }, after: { phone: null } }])
    expect(plan.report).toMatchObject({ run: null, state: 'planned', reverts: first.run })
    expect(await harness.repository.runs({})).toEqual(runs)
  })

  test('takes back nothing of a run that is held, failed or not there', async () => {
    await begin()
    await expect(revert(99)).rejects.toMatchObject({
      code: 'SLUICE-REVERT-01',
      message: 'There is no run 99.',
    })
    const held = await harness.deliver('hr', { Person: people(), Membership: 'p,u' }).catch(() => undefined)
    const [newest] = await harness.repository.runs({ limit: 1 })
    expect(held?.state ?? newest?.state).toBe('held')
    await expect(revert(newest?.run ?? 0)).rejects.toThrow('it is held, so nothing of it was applied')
  })

  test('brings nothing back that the model does not take any more', async () => {
    await harness.begin(
      office.replace(
        'name: string\n      manager',
        'name: { type: enum, values: [Ada, Augusta, Bob] }\n      manager',
      ),
    )
    await harness.deliver('orgs', { Unit: units })
    await harness.deliver('hr', { Person: people(ada, bob) })
    const changed = await harness.deliver('hr', { Person: people(ada.replace('Ada', 'Augusta'), bob) })
    await harness.reconfigure(
      office.replace(
        'name: string\n      manager',
        'name: { type: enum, values: [Augusta, Bob] }\n      manager',
      ),
    )
    await expect(revert(changed.run)).rejects.toThrow(
      'name of Person Augusta had a value that the model no longer allows',
    )
  })
})

import { AsyncLocalStorage } from 'node:async_hooks'
import type { Change, ChangesOptions } from '@sluice/model'
import { lockOfRuns, ModelMovedError, run, sql, statement } from '@sluice/repository'
import { expect, test } from 'vitest'
import { guarded, twoSources } from '../../test/companies.ts'
import { linksOf, orphansOf, resourcesOf } from '../../test/contents.ts'
import { describeWithEngine, type EngineHarness, servers } from '../../test/engine-harness.ts'
import { contradictions, rowVersions } from '../../test/snapshot.ts'
import { lockHeldRun } from './held-run.ts'
import { nothingToSettle } from './run-origin.ts'

const threePeople = 'n,name,m\n1,Ann,\n2,Bob,1\n3,Cid,2'

/** Outside of every session, as another person is. */
const elsewhere = AsyncLocalStorage.snapshot()

async function changesOf(
  harness: EngineHarness,
  run: number | null,
  options: ChangesOptions = {},
): Promise<readonly string[]> {
  const changes: string[] = []
  for await (const change of harness.engine.changes(run ?? 0, options)) changes.push(lineOf(change))
  return changes.sort()
}

function lineOf(change: Change): string {
  if (change.kind === 'link') return `${change.operation} ${change.association} ${change.from} > ${change.to}`
  const { operation, entityType, key, before, after } = change
  return `${operation} ${entityType} ${key}: ${JSON.stringify(before)} → ${JSON.stringify(after)}`
}

async function namesOf(harness: EngineHarness, entityType = 'Person'): Promise<readonly unknown[]> {
  return (await resourcesOf(harness, entityType)).map((values) => values['name'])
}

describeWithEngine(
  'a run past its thresholds',
  (harness) => {
    test('is held with its whole change set, and approval applies exactly that', async () => {
      await harness.begin(guarded('{ updated: 0 }'))
      await harness.deliver('hr', { Person: threePeople })
      const stored = await rowVersions(harness)
      const held = await harness.deliver('hr', { Person: 'n,name,m\n1,Anna,3\n3,Cid,2\n4,Dan,1' })
      expect(held).toMatchObject({
        state: 'held',
        exceeded: [{ level: 'Person', threshold: 'updated', by: 'count', limit: 0, found: 2, total: 3 }],
      })
      const now = await rowVersions(harness)
      expect(Object.fromEntries(Object.keys(stored).map((table) => [table, now[table]]))).toEqual(stored)
      const changes = await changesOf(harness, held.run)
      expect(changes).toEqual([
        'delete Person 2: {"number":"2","name":"Bob","manager":"Ann"} → null',
        'insert Person 4: null → {"number":"4","name":"Dan","manager":"Ann"}',
        'update Person 1: {"name":"Ann","manager":null} → {"name":"Anna","manager":"Cid"}',
        'update Person 3: {"manager":"Bob"} → {"manager":null}',
      ])
      const firstOfEachKind = await changesOf(harness, held.run, { sample: 1 })
      expect(firstOfEachKind).toEqual(changes.slice(0, 3))
      const { report, moved } = await harness.engine.approve(held.run ?? 0, { by: 'eve' })
      expect({ moved, state: report.state, entities: report.entities }).toEqual({
        moved: false,
        state: 'applied',
        entities: held.entities,
      })
      expect(await changesOf(harness, held.run)).toEqual(changes)
      expect(await changesOf(harness, held.run, { sample: 1 })).toEqual(firstOfEachKind)
      expect(await resourcesOf(harness, 'Person')).toEqual([
        { number: '1', name: 'Anna', manager: 'Cid' },
        { number: '3', name: 'Cid' },
        { number: '4', name: 'Dan', manager: 'Anna' },
      ])
      expect(await orphansOf(harness)).toEqual(['Person.manager = 2'])
      expect(await contradictions(harness)).toEqual([])
      const versions = await rowVersions(harness)
      expect(await harness.deliver('hr')).toMatchObject({ state: 'applied' })
      expect(await rowVersions(harness)).toEqual(versions)
    })

    test('is held on the first load too, when inserts are limited', async () => {
      await harness.begin(guarded('{ inserted: 2 }'))
      const held = await harness.deliver('hr', { Person: threePeople })
      expect(held).toMatchObject({ state: 'held', entities: [{ rows: { read: 3, inserted: 3 } }] })
      expect(await namesOf(harness)).toEqual([])
      expect(await changesOf(harness, held.run)).toHaveLength(3)
      await harness.engine.approve(held.run ?? 0, { by: 'eve' })
      expect(await resourcesOf(harness, 'Person')).toEqual([
        { number: '1', name: 'Ann' },
        { number: '2', name: 'Bob', manager: 'Ann' },
        { number: '3', name: 'Cid', manager: 'Bob' },
      ])
    })

    test('blocks its source until it is decided, and leaves nothing when it is rejected', async () => {
      await harness.begin(guarded('{ deleted: 0 }'))
      await harness.deliver('hr', { Person: threePeople })
      const versions = await rowVersions(harness)
      const held = await harness.deliver('hr', { Person: 'n,name,m\n1,Ann,' })
      expect(await harness.engine.synchronize('hr')).toEqual([])
      const rejected = await harness.engine.reject(held.run ?? 0, { by: 'eve' })
      expect(rejected).toMatchObject({ state: 'rejected', decision: { by: 'eve', reason: null } })
      expect(await rowVersions(harness)).toEqual(versions)
      await expect(harness.engine.approve(held.run ?? 0, { by: 'eve' })).rejects.toMatchObject({
        code: 'SLUICE-RUN-01',
        message: `Run ${held.run} is not held, it is rejected.`,
      })
      await expect(harness.engine.approve(99, { by: 'eve' })).rejects.toMatchObject({
        code: 'SLUICE-RUN-01',
        message: 'There is no run 99.',
      })
    })

    test('ends the chain when it is approved, if it keeps a row that its agent does not know of', async () => {
      await harness.begin(guarded('{ updated: 0 }'))
      const { delivery } = await harness.deliver('hr', { Person: threePeople })
      const unreadable = [{ mapping: 'Person', fields: ['3', 'Cid'] }]
      const held = await harness.deliver('hr', { Person: 'n,name,m\n1,Anna,\n2,Bob,1' }, { unreadable })
      expect(held).toMatchObject({ state: 'held', notes: [expect.stringContaining('does not know of it')] })
      expect(await harness.engine.inbox.chain('hr')).toMatchObject({ appliedDelivery: delivery })
      await harness.engine.approve(held.run ?? 0, { by: 'eve' })
      expect(await harness.engine.inbox.chain('hr')).toMatchObject({
        appliedDelivery: null,
        lastDelivery: null,
      })
    })

    test('is replaced by the next complete of its source', async () => {
      await harness.begin(guarded('{ deleted: 1 }'))
      await harness.deliver('hr', { Person: threePeople })
      const held = await harness.deliver('hr', { Person: 'n,name,m\n1,Ann,' })
      const next = await harness.deliver('hr', { Person: 'n,name,m\n1,Ann,\n2,Bob,1' })
      expect(next).toMatchObject({ state: 'applied', replacedBy: null })
      expect(await harness.repository.run(held.run ?? 0)).toMatchObject({
        state: 'cancelled',
        replacedBy: next.run,
        notes: [`Replaced by the later complete delivery ${next.delivery}.`],
      })
      const replaced = await harness.rows('select run_id from sluice_run where replaced_by is not null')
      expect(replaced).toEqual([{ run_id: String(held.run) }])
      expect(await namesOf(harness)).toEqual(['Ann', 'Bob'])
      expect(await contradictions(harness)).toEqual([])
    })

    test('passes with force, and so does one that is held already', async () => {
      await harness.begin(guarded('{ deleted: 0 }'))
      await harness.deliver('hr', { Person: threePeople })
      await harness.deliver('hr', { Person: 'n,name,m\n1,Ann,\n2,Bob,1' })
      const [forced] = await harness.engine.synchronize('hr', { force: true })
      expect(forced).toMatchObject({ state: 'applied', decision: { by: '--force' } })
      expect(forced?.notes.join()).toContain('--force applied it before any newer delivery')
      expect(await harness.deliver('hr', { Person: 'n,name,m\n1,Ann,' }, { force: true })).toMatchObject({
        state: 'applied',
      })
      expect(await namesOf(harness)).toEqual(['Ann'])
    })

    test.each([
      ['was added', (yaml: string) => yaml.replace('name: string,', 'name: string, phone: string,')],
      ['has another type', (yaml: string) => yaml.replace('name: string,', 'name: text,')],
    ])(
      'is computed again when it is approved and a property %s meanwhile; until then it says so',
      async (_, change) => {
        const yaml = guarded('{ updated: 0 }')
        await harness.begin(yaml)
        await harness.deliver('hr', { Person: threePeople })
        const held = await harness.deliver('hr', { Person: 'n,name,m\n1,Anna,\n2,Bob,1\n3,Cid,2' })
        await harness.reconfigure(change(yaml))
        await expect(changesOf(harness, held.run)).rejects.toMatchObject({
          code: 'SLUICE-RUN-03',
          remedy: expect.stringContaining(`sluice runs approve ${held.run}`),
        })
        const { report, moved } = await harness.engine.approve(held.run ?? 0, { by: 'eve' })
        expect({ moved, state: report.state }).toEqual({ moved: true, state: 'held' })
        expect(await harness.repository.run(held.run ?? 0)).toMatchObject({
          state: 'cancelled',
          notes: expect.arrayContaining([
            expect.stringContaining('The model changed while the run was held'),
          ]),
        })
        expect(await changesOf(harness, report.run)).toEqual([
          'update Person 1: {"name":"Ann"} → {"name":"Anna"}',
        ])
        await harness.engine.approve(report.run ?? 0, { by: 'eve' })
        expect(await namesOf(harness)).toEqual(['Anna', 'Bob', 'Cid'])
      },
    )

    test('is refused when it is approved and its files do not fit the mapping any more', async () => {
      const yaml = guarded('{ updated: 0 }')
      await harness.begin(yaml)
      await harness.deliver('hr', { Person: 'n,name,m\n1,Ann,\n2,Bob,' })
      const held = await harness.deliver('hr', { Person: 'n,name,m\n1,Anna,\n2,Bob,' })
      await harness.reconfigure(
        yaml.replace(/, manager: \{ type[^}]*\}/, '').replace(/, manager: \{ column[^}]*\}/, ''),
      )
      await expect(harness.engine.approve(held.run ?? 0, { by: 'eve' })).rejects.toMatchObject({
        code: 'SLUICE-RECEIVE-05',
      })
      expect(await namesOf(harness)).toEqual(['Ann', 'Bob'])
    })

    test('can be rejected after the model has changed', async () => {
      const yaml = guarded('{ updated: 0 }')
      await harness.begin(yaml)
      await harness.deliver('hr', { Person: threePeople })
      const held = await harness.deliver('hr', { Person: 'n,name,m\n1,Anna,\n2,Bob,1\n3,Cid,2' })
      await harness.reconfigure(yaml.replace('name: string,', 'name: string, phone: string,'))
      expect(await harness.engine.reject(held.run ?? 0, { by: 'eve' })).toMatchObject({ state: 'rejected' })
      expect(await contradictions(harness)).toEqual([])
    })

    test('is computed again when another writer moved what it is about', async () => {
      await harness.begin(guarded('{ updated: 0 }'))
      await harness.deliver('hr', { Person: threePeople })
      const held = await harness.deliver('hr', { Person: 'n,name,m\n1,Anna,\n2,Bob,1\n3,Cid,2' })
      await harness.execute(`update person set name = 'Annika' where number = '1'`)
      const { report, moved } = await harness.engine.approve(held.run ?? 0, { by: 'eve' })
      expect({ moved, state: report.state }).toEqual({ moved: true, state: 'held' })
      expect(await harness.repository.run(held.run ?? 0)).toMatchObject({ replacedBy: report.run })
      expect(await changesOf(harness, report.run)).toEqual([
        'update Person 1: {"name":"Annika"} → {"name":"Anna"}',
      ])
      expect(await harness.engine.approve(report.run ?? 0, { by: 'eve' })).toMatchObject({ moved: false })
      expect(await namesOf(harness)).toEqual(['Anna', 'Bob', 'Cid'])
    })

    test.each(['person', 'replica_hr_person'])(
      'is computed again when another writer deleted what it changes from %s',
      async (table) => {
        await harness.begin(guarded('{ updated: 0 }'))
        await harness.deliver('hr', { Person: 'n,name,m\n1,Ann,\n2,Bob,' })
        const held = await harness.deliver('hr', { Person: 'n,name,m\n1,Anna,\n2,Bob,' })
        await harness.execute(`delete from ${table} where ${table === 'person' ? 'number' : 'key'} = '1'`)
        expect(await harness.engine.approve(held.run ?? 0, { by: 'eve' })).toMatchObject({ moved: true })
      },
    )

    test('does not stand for what another writer writes until it is decided', async () => {
      await harness.begin(guarded('{ updated: 0 }'))
      await harness.deliver('hr', { Person: threePeople })
      await harness.execute(`update person set name = 'Evil' where number = '2'`)
      const held = await harness.deliver('hr', { Person: 'n,name,m\n1,Anna,\n2,Bob,1\n3,Cid,2' })
      await harness.execute(`update person set name = 'Evil' where number = '3'`)
      expect(await harness.engine.approve(held.run ?? 0, { by: 'eve' })).toMatchObject({ moved: false })
      expect(await namesOf(harness)).toEqual(['Anna', 'Bob', 'Evil'])
      await harness.deliver('hr', {}, { force: true })
      expect(await namesOf(harness)).toEqual(['Anna', 'Bob', 'Cid'])
    })

    test('keeps an index for what its histories look up one by one', async () => {
      await harness.begin(guarded('{ inserted: 2 }'))
      const held = await harness.deliver('hr', { Person: threePeople })
      const indexes = await harness.rows<{ definition: string }>(
        `select indexdef as definition from pg_indexes where tablename like 'sluice_run_${held.run}_held_%'`,
      )
      expect(indexes.map(({ definition }) => definition)).toEqual([expect.stringContaining('(resource_id)')])
    })

    test('says when it is the mapping that changed, not the data, and still does when it is replaced', async () => {
      const yaml = guarded('{ updated: 0 }')
      await harness.begin(yaml.replace('name: name', 'name: m'))
      await harness.deliver('hr', { Person: 'n,m\n1,\n2,1\n3,2' })
      await harness.reconfigure(yaml)
      const note =
        'The mapping of Person changed since the last run: name: column name, string (it was: column m, string).'
      const first = await harness.deliver('hr', { Person: threePeople })
      expect(first).toMatchObject({ state: 'held', notes: [note] })
      const held = await harness.deliver('hr')
      expect(held).toMatchObject({ state: 'held', notes: [note] })
      expect(await harness.repository.run(first.run ?? 0)).toMatchObject({
        state: 'cancelled',
        notes: [note, `Replaced by the later complete delivery ${held.delivery}.`],
      })
      await harness.engine.approve(held.run ?? 0, { by: 'eve' })
      expect(await harness.deliver('hr')).toMatchObject({ state: 'applied', notes: [] })
    })
  },
  servers,
)

const heldSites = twoSources.replace(
  '      Unit: { file: u.csv,',
  '      Unit: { thresholds: { inserted: 1 }, file: u.csv,',
)

/** For which nobody waits. */
const withRooms = heldSites
  .replace('entityTypes:', 'entityTypes:\n  Room: { display: code, properties: { code: string } }')
  .replace(/( {6}Unit: .*\n)/, '$1      Room: { file: r.csv, key: code, properties: { code: c } }\n')

const heldPeople = twoSources.replace(
  '      Person: { file: p.csv,',
  '      Person: { thresholds: { inserted: 1 }, file: p.csv,',
)

/** Either source brings links. */
const linking = `${heldPeople}    associations:
      Membership: { file: m.csv, from: { column: p, by: number }, to: { column: u, by: code } }
`

/** Query of a link of Ann to a unit, as `hr` would make it. */
const ends = (code: string) => `select s.source_id, p.resource_id, u.resource_id
  from sluice_source s, person p, unit u where s.name = 'hr' and p.number = '1' and u.code = '${code}'`

describeWithEngine(
  'a held run and the runs of others',
  (harness) => {
    test('what waits for it by the time it is approved is taken up', async () => {
      await harness.begin(heldSites)
      await harness.deliver('sites', { Unit: 'c,name\nX,Ideas' })
      await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,X' })
      const held = await harness.deliver('sites', { Unit: 'c,name\nX,Ideas\nY,Sales\nZ,Works' })
      expect(held.state).toBe('held')
      // Changes nothing but what waits.
      await harness.deliver('hr', {
        Membership: [{ p: '1', u: 'Y', since: '29/02/2024', share: '0,5', main: 'ja' }],
      })
      const again = await harness.engine.approve(held.run ?? 0, { by: 'eve' })
      expect(again).toMatchObject({ moved: true, report: { state: 'held' } })
      expect(await harness.engine.approve(again.report.run ?? 0, { by: 'eve' })).toMatchObject({
        moved: false,
      })
      expect(await linksOf(harness, 'Membership')).toEqual([
        'Ann > Sales, since 2024-02-29, share 0.5, main true',
      ])
      expect(await orphansOf(harness)).toEqual([])
    })

    test.each([
      [
        'the key of a resource that it brings',
        `insert into replica_hr_person (key, resource_id, digest) select '2', resource_id, digest from replica_hr_person`,
      ],
      ['a link that it makes', `insert into membership (source_id, from_id, to_id) ${ends('Y')}`],
      ['away a link that it deletes', 'delete from membership'],
      ['away the end of a link that it makes', `delete from unit where code = 'Y'`],
      ['away the other end of it', `delete from person where number = '1'`],
    ])('is computed again when another writer wrote %s', async (_, write) => {
      await harness.begin(heldPeople)
      await harness.deliver('sites', { Unit: 'c,name\nX,Ideas\nY,Sales' })
      await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,', Membership: 'p,u\n1,X' })
      const changed = { Person: 'n,name,u\n1,Ann,\n2,Bob,\n3,Cid,', Membership: 'p,u\n1,Y' }
      const held = await harness.deliver('hr', changed)
      expect(held.state).toBe('held')
      await harness.execute(write)
      expect(await harness.engine.approve(held.run ?? 0, { by: 'eve' })).toMatchObject({ moved: true })
    })

    test('is applied as it was held where the end of a link that it deletes is gone', async () => {
      await harness.begin(heldPeople)
      await harness.deliver('sites', { Unit: 'c,name\nX,Ideas' })
      await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,', Membership: 'p,u\n1,X' })
      const held = await harness.deliver('hr', {
        Person: 'n,name,u\n1,Ann,\n2,Bob,\n3,Cid,',
        Membership: 'p,u',
      })
      await harness.execute('delete from unit')
      expect(await harness.engine.approve(held.run ?? 0, { by: 'eve' })).toMatchObject({ moved: false })
      expect(await linksOf(harness, 'Membership')).toEqual([])
    })

    test('waits for a run that is at work before it is applied', async () => {
      await harness.begin(heldSites)
      await harness.deliver('sites', { Unit: 'c,name\nX,Ideas' })
      const held = await harness.deliver('sites', { Unit: 'c,name\nX,Ideas\nY,Sales\nZ,Works' })
      const [begun, over] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
      const other = harness.database.transaction(async (session) => {
        await run(session, statement('test/be-at-work', sql`select pg_advisory_xact_lock(${lockOfRuns})`))
        begun.resolve()
        await over.promise
      })
      await begun.promise
      let approved = false
      const approval = harness.engine.approve(held.run ?? 0, { by: 'eve' }).finally(() => {
        approved = true
      })
      const waiting = `select 1 from pg_locks where locktype = 'advisory' and not granted
        and database = (select oid from pg_database where datname = current_database())`
      while (!approved && (await harness.rows(waiting)).length === 0);
      expect(approved).toBe(false)
      over.resolve()
      await other
      expect(await approval).toMatchObject({ moved: false, report: { state: 'applied' } })
    })

    test.each(['approve', 'reject'] as const)(
      'is locked after what it came from by those who %s it, so that nobody who has that waits for them',
      async (decide) => {
        await harness.begin(guarded('{ inserted: 2 }'))
        const held = await harness.deliver('hr', { Person: threePeople })
        const { decision } = await harness.database.transaction(async (session) => {
          await session.query('select from sluice_delivery where delivery_id = $1 for update', [
            held.delivery,
          ])
          const decision = elsewhere(() => harness.engine[decide](held.run ?? 0, { by: 'eve' }))
          const waiting =
            'select from pg_locks where not granted and pg_backend_pid() = any(pg_blocking_pids(pid))'
          while ((await session.query(waiting)).rows.length === 0);
          await session.query('select from sluice_run where run_id = $1 for update nowait', [held.run])
          return { decision }
        })
        await decision
        expect(await harness.repository.run(held.run ?? 0)).toMatchObject({ decision: { by: 'eve' } })
      },
    )

    test('is locked to the end by whoever decides about it', async () => {
      await harness.begin(guarded('{ inserted: 2 }'))
      const { run } = await harness.deliver('hr', { Person: threePeople })
      await harness.database.transaction(async (session) => {
        await lockHeldRun({ settlementOf: () => nothingToSettle }, session, run ?? 0)
        const another = elsewhere(() => harness.rows('select from sluice_run for update nowait'))
        await expect(another).rejects.toMatchObject({ sqlState: '55P03' })
      })
    })

    test('is not applied by a process whose model is another by now', async () => {
      await harness.begin(heldSites)
      await harness.deliver('sites', { Unit: 'c,name\nX,Ideas' })
      const held = await harness.deliver('sites', { Unit: 'c,name\nX,Ideas\nY,Sales\nZ,Works' })
      const { model } = harness.configuration
      const types = new Map(model.entityTypes)
      const unit = types.get('Unit')
      if (unit === undefined) throw new Error('It has units.')
      const floor = { name: 'floor', type: 'integer', required: false } as const
      types.set('Unit', { ...unit, properties: [...unit.properties, floor] })
      const later = { ...harness.configuration, model: { ...model, entityTypes: types } }
      await harness.repository.evolve(later)
      await expect(harness.engine.approve(held.run ?? 0, { by: 'eve' })).rejects.toThrow(ModelMovedError)
      expect(await harness.rows('select code from unit')).toEqual([{ code: 'X' }])
    })

    test('is applied as it was held where runs of others since changed nothing', async () => {
      await harness.begin(heldPeople.replace('      Unit: {', '      Unit: { thresholds: { inserted: 1 },'))
      await harness.deliver('sites', { Unit: 'c,name\nX,Ideas' })
      await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,X' })
      const held = await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,X\n2,Bob,X\n3,Cid,X' })
      expect(await harness.deliver('sites')).toMatchObject({ state: 'applied' })
      const rejected = await harness.deliver('sites', { Unit: 'c,name\nX,Ideas\nY,Sales\nZ,Works' })
      expect(rejected.state).toBe('held')
      await harness.engine.reject(rejected.run ?? 0, { by: 'eve' })
      expect(await harness.engine.approve(held.run ?? 0, { by: 'eve' })).toMatchObject({ moved: false })
      expect(await namesOf(harness)).toEqual(['Ann', 'Bob', 'Cid'])
    })

    test('an approval stands where another run has changed something else, and what is computed again comes to the same', async () => {
      await harness.begin(heldSites)
      await harness.deliver('sites', { Unit: 'c,name\nX,Ideas' })
      await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,X' })
      const held = await harness.deliver('sites', { Unit: 'c,name\nX,Ideas\nY,Sales\nZ,Works' })
      await harness.deliver('hr', { Person: 'n,name,u\n1,Anna,X' })
      const again = await harness.engine.approve(held.run ?? 0, { by: 'eve', reason: 'new sites' })
      expect(again).toMatchObject({
        moved: true,
        report: { state: 'applied', decision: { by: 'eve', reason: 'new sites' }, exceeded: held.exceeded },
      })
      expect(again.report.notes.join(' ')).toContain(`eve has approved run ${held.run}.`)
      expect(await harness.repository.run(held.run ?? 0)).toMatchObject({
        state: 'cancelled',
        replacedBy: again.report.run,
      })
      expect(await namesOf(harness, 'Unit')).toEqual(['Ideas', 'Sales', 'Works'])
      // It stands for these changes, and for no others of the source.
      const next = await harness.deliver('sites', {
        Unit: 'c,name\nX,Ideas\nY,Sales\nZ,Works\nV,More\nW,Most',
      })
      expect(next.state).toBe('held')
    })

    test('an approval does not stand for what was written by another one since it was shown', async () => {
      await harness.begin(guarded('{ updated: 0 }'))
      await harness.deliver('hr', { Person: threePeople })
      const held = await harness.deliver('hr', { Person: 'n,name,m\n1,Anna,\n2,Bob,1\n3,Cid,2' })
      await harness.execute(`update person set name = 'Annika' where number = '1'`)
      const again = await harness.engine.approve(held.run ?? 0, { by: 'eve' })
      expect(again).toMatchObject({ moved: true, report: { state: 'held', decision: null } })
      const twice = await harness.engine.approve(again.report.run ?? 0, { by: 'eve' })
      expect(twice).toMatchObject({ moved: false, report: { state: 'applied' } })
    })

    test('what waits for the name that it gives to one resource is taken up', async () => {
      const byName = withRooms
        .replace('to: { column: u, by: code }', 'to: { column: u, by: name }')
        .replace('{ inserted: 1 }', '{ updated: 0 }')
      await harness.begin(byName)
      await harness.deliver('sites', { Unit: 'c,name\nX,Ideas' })
      await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,X' })
      const held = await harness.deliver('sites', { Unit: 'c,name\nX,Research', Room: 'c\n1' })
      await harness.deliver('hr', { Membership: 'p,u\n1,Research' })
      const again = await harness.engine.approve(held.run ?? 0, { by: 'eve' })
      expect(again).toMatchObject({ moved: true, report: { state: 'held' } })
      await harness.engine.approve(again.report.run ?? 0, { by: 'eve' })
      expect(await linksOf(harness, 'Membership')).toEqual([expect.stringContaining('Ann > Research')])
    })

    test('a reference that waits for it, and has changed nothing yet, is taken up', async () => {
      await harness.begin(heldSites)
      await harness.deliver('sites', { Unit: 'c,name\nX,Ideas' })
      await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,' })
      const held = await harness.deliver('sites', { Unit: 'c,name\nX,Ideas\nY,Sales\nZ,Works' })
      const waiting = await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,Y' })
      expect(waiting.entities).toMatchObject([{ changes: { inserted: 0, updated: 0, deleted: 0 } }])
      const again = await harness.engine.approve(held.run ?? 0, { by: 'eve' })
      expect(again).toMatchObject({ moved: true, report: { state: 'held' } })
      await harness.engine.approve(again.report.run ?? 0, { by: 'eve' })
      expect(await resourcesOf(harness, 'Person')).toEqual([{ number: '1', name: 'Ann', unit: 'Sales' }])
    })

    test.each([
      ['deletes', '{ deleted: 0 }', { Unit: 'c,name\nX,Ideas' }],
      ['brings of another type', '{ inserted: 1 }', { Room: 'c\n1\n2' }],
    ])('what waits does not wait for what it %s', async (_, thresholds, changed) => {
      const limited = withRooms
        .replace('thresholds: { inserted: 1 }', `thresholds: ${thresholds}`)
        .replace('Room: { file', `Room: { thresholds: ${thresholds}, file`)
      await harness.begin(limited)
      await harness.deliver('sites', { Unit: 'c,name\nX,Ideas\nY,Sales' }, { force: true })
      await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,' })
      const held = await harness.deliver('sites', changed)
      expect(held.state).toBe('held')
      await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,Q', Membership: 'p,u\n1,Q' })
      expect(await orphansOf(harness)).toHaveLength(2)
      expect(await harness.engine.approve(held.run ?? 0, { by: 'eve' })).toMatchObject({ moved: false })
    })

    test('a reference that waits for a resource of another type does not concern it, whatever it is called', async () => {
      const withBoss = heldSites
        .replace('unit: { type: reference, to: Unit }', '$&, boss: { type: reference, to: Person }')
        .replace('unit: { column: u, by: code }', '$&, boss: { column: b, by: number }')
        .replace(
          'entityTypes:',
          '$&\n  Desk: { properties: { code: string, unit: { type: reference, to: Person } } }',
        )
        .replace(
          /( {6}Person: .*\n)/,
          '$1      Desk: { file: d.csv, key: code, properties: { code: c, unit: { column: p, by: number } } }\n',
        )
      await harness.begin(withBoss)
      await harness.deliver('sites', { Unit: 'c,name\nX,Ideas' })
      await harness.deliver('hr', { Person: 'n,name,u,b\n1,Ann,X,', Desk: 'c,p\nD,' })
      const held = await harness.deliver('sites', { Unit: 'c,name\nX,Ideas\nY,Sales\nZ,Works' })
      await harness.deliver('hr', { Person: 'n,name,u,b\n1,Ann,X,9', Desk: 'c,p\nD,9' })
      expect(await orphansOf(harness)).toEqual(['Desk.unit = 9', 'Person.boss = 9'])
      expect(await harness.engine.approve(held.run ?? 0, { by: 'eve' })).toMatchObject({ moved: false })
    })

    test('a link that waits for its other end is taken up, too', async () => {
      await harness.begin(linking)
      await harness.deliver('sites', { Unit: 'c,name\nX,Ideas' })
      await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,X' })
      const held = await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,X\n2,Bob,X\n3,Cid,X' })
      await harness.deliver('sites', { Membership: 'p,u\n2,X' })
      const again = await harness.engine.approve(held.run ?? 0, { by: 'eve' })
      expect(again).toMatchObject({ moved: true, report: { state: 'held' } })
      await harness.engine.approve(again.report.run ?? 0, { by: 'eve' })
      expect(await linksOf(harness, 'Membership')).toEqual([expect.stringContaining('Bob > Ideas')])
    })

    test('links that only resemble its own are not in its way, nor is a type that nobody is of', async () => {
      await harness.begin(
        linking.replace('entityTypes:', '$&\n  Party: { abstract: true, properties: { label: string } }'),
      )
      await harness.deliver('sites', { Unit: 'c,name\nX,Ideas\nY,Sales' })
      const two = 'n,name,u\n1,Ann,\n2,Bob,'
      await harness.deliver('hr', { Person: two, Membership: 'p,u\n1,X\n2,Y' }, { force: true })
      await harness.deliver('sites', { Membership: 'p,u\n1,Y' })
      const held = await harness.deliver('hr', {
        Person: `${two}\n3,Cid,\n4,Dan,`,
        Membership: 'p,u\n1,X\n1,Y\n2,Y',
      })
      expect(held.state).toBe('held')
      expect(await harness.engine.approve(held.run ?? 0, { by: 'eve' })).toMatchObject({ moved: false })
      expect(await linksOf(harness, 'Membership')).toHaveLength(4)
    })

    test('a target that came meanwhile is found', async () => {
      await harness.begin(heldSites)
      await harness.deliver('sites', { Unit: 'c,name,h\nX,Ideas,' })
      const held = await harness.deliver('sites', { Unit: 'c,name,h\nX,Ideas,\nY,Sales,1\nZ,Works,' })
      await harness.deliver('hr', { Person: 'n,name,u\n1,Ann,X' })
      const again = await harness.engine.approve(held.run ?? 0, { by: 'eve' })
      await harness.engine.approve(again.report.run ?? 0, { by: 'eve' })
      expect(await resourcesOf(harness, 'Unit')).toContainEqual({ code: 'Y', name: 'Sales', head: 'Ann' })
      expect(await orphansOf(harness)).toEqual([])
      expect(await contradictions(harness)).toEqual([])
    })
  },
  servers,
)

/**
 * What people change: under the locks of sources, as runs like any other.
 */
import type { Edit, EditorRole } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { linksOf, orphansOf, resourcesOf } from '../test/contents.ts'
import { describeWithEngine, servers } from '../test/engine-harness.ts'
import { contradictions, rowVersions } from '../test/snapshot.ts'

/** `hr` brings people and says whom they report to; nobody brings units, and phones are nobody's. */
const office = `
entityTypes:
  Person:
    display: name
    properties:
      number: { type: string, required: true }
      name: string
      manager: { type: reference, to: Person }
      phone: string
      unit: { type: reference, to: Unit }
      born: date
      grade: integer
  Unit:
    display: name
    properties: { code: { type: string, required: true }, name: string, head: { type: reference, to: Person, required: true }, photo: file }
associations:
  Membership: { from: Person, to: Unit, properties: { since: date, share: decimal } }
  Seat: { from: Person, to: Person, cardinality: many-to-one }
sources:
  hr:
    description: The personnel system
    link: https://hr.example.com/people/{key}#{property}
    icon: https://hr.example.com/{key}.svg
    folder: .
    entities:
      Person: { file: p.csv, key: number, properties: { number: n, name: name, manager: { column: m, by: number } } }
    associations:
      Membership: { file: m.csv, from: { column: p, by: number }, to: { column: u, by: code }, properties: { since: since } }
      Seat: { file: s.csv, from: { column: p, by: number }, to: { column: q, by: number } }
`
const by = { kind: 'token', name: 'grace' } as const

describeWithEngine(
  'edits',
  (harness) => {
    const edit = async (edits: readonly Edit[], role: EditorRole = 'user') =>
      await harness.engine.edit({ edits: [...edits], role }, { by, comment: 'as agreed' })
    const create = (type: string, values: Readonly<Record<string, string | null>>): Edit => ({
      action: 'create',
      type,
      values,
    })
    const set = (resource: string, values: Readonly<Record<string, string | number | null>>): Edit => ({
      action: 'update',
      type: 'Person',
      resource,
      values,
    })
    const people = (...rows: readonly string[]) => ['n,name,m', ...rows].join('\n')
    const idOf = async (name: string) => {
      const [row] = await harness.rows<{ id: string }>(
        'select resource_id as id from person where name = $1 union all select resource_id from unit where name = $1',
        [name],
      )
      return row?.id ?? ''
    }
    const history = async (name: string) => await harness.repository.history(await idOf(name))

    test('create, change and delete what is nobody’s, and the history says who, why, old and new', async () => {
      await harness.begin(office)
      await harness.deliver('hr', { Person: people('1,Ada,') })
      const made = await edit([create('Unit', { code: 'R', name: 'Research', head: 'Ada' })])
      expect(made.report).toMatchObject({
        cause: 'edit',
        by,
        source: null,
        state: 'applied',
        comment: 'as agreed',
        entities: [{ mapping: 'Unit', source: null, changes: { inserted: 1 } }],
      })
      expect(made.resources).toEqual([{ edit: 0, entityType: 'Unit', resourceId: await idOf('Research') }])
      await edit([{ action: 'update', type: 'Unit', resource: 'Research', values: { name: 'Ideas' } }])
      expect(await resourcesOf(harness, 'Unit')).toEqual([{ code: 'R', name: 'Ideas', head: 'Ada' }])
      expect(await history('Ideas')).toMatchObject([
        {
          operation: 'update',
          cause: 'edit',
          by,
          comment: 'as agreed',
          before: { name: 'Research' },
          after: { name: 'Ideas' },
        },
        { operation: 'insert', cause: 'edit', by, after: { code: 'R', name: 'Research', head: 'Ada' } },
      ])
      await edit([{ action: 'delete', type: 'Unit', resource: 'code:R' }])
      expect(await resourcesOf(harness, 'Unit')).toEqual([])
      expect(await harness.repository.explain('Unit', 'Ideas')).toMatchObject({ deleted: { run: 4 } })
      expect(await contradictions(harness)).toEqual([])
    })

    test('change what no source masters of a resource of a source, and its next complete leaves that alone', async () => {
      await harness.begin(office)
      await harness.deliver('hr', { Person: people('1,Ada,') })
      await edit([
        create('Unit', { code: 'R', name: 'Research', head: 'Ada' }),
        set('1', { phone: '42', unit: 'Research' }),
      ])
      await harness.deliver('hr', { Person: people('1,Ada Byron,') })
      expect(await resourcesOf(harness, 'Person')).toEqual([
        { number: '1', name: 'Ada Byron', phone: '42', unit: 'Research' },
      ])
      const versions = await rowVersions(harness)
      expect((await harness.deliver('hr')).state).toBe('applied')
      expect(await rowVersions(harness)).toEqual(versions)
    })

    test('are refused where a source locks, by the name of the property, the source, what it is and where', async () => {
      await harness.begin(office)
      await harness.deliver('hr', { Person: people('1,Ada,') })
      await expect(
        edit([set('Ada', { phone: '42', name: 'Augusta' })], 'administrator'),
      ).rejects.toMatchObject({
        code: 'SLUICE-EDIT-01',
        message:
          'name of Person "Ada" is locked by source hr (The personnel system): https://hr.example.com/people/1#name.',
        details: {
          edit: 0,
          property: 'name',
          source: 'hr',
          link: 'https://hr.example.com/people/1#name',
          icon: 'https://hr.example.com/1.svg',
        },
      })
      expect(await resourcesOf(harness, 'Person')).toEqual([{ number: '1', name: 'Ada' }])
      expect(await harness.repository.runs()).toHaveLength(1)
      // The value that is stored is no change.
      const { report } = await edit([set('Ada', { name: 'Ada', manager: null })])
      expect(report.entities).toMatchObject([{ changes: { inserted: 0, updated: 0, deleted: 0 } }])
      // What a person made is nobody's to lock.
      await edit([create('Person', { number: '9', name: 'Max' }), set('#1', { phone: '1' })])
      await edit([set('Max', { name: 'Maximilian', number: '10' })])
      expect(await resourcesOf(harness, 'Person')).toContainEqual({ number: '10', name: 'Maximilian' })
    })

    test('take up what waits for a created resource; what pointed to a deleted one waits again', async () => {
      await harness.begin(office.replace('folder: .', 'folder: .\n    thresholds: off'))
      await harness.deliver('hr', {
        Person: people('1,Ada,7'),
        Membership: 'p,u,since\n1,R,2026-01-02\n7,R,',
        Seat: 'p,q\n1,7',
      })
      const { report } = await edit([
        create('Person', { number: '7', name: 'Max' }),
        create('Unit', { code: 'R', name: 'Research', head: 'Max' }),
      ])
      expect(report).toMatchObject({
        entities: [{ mapping: 'Person', changes: { inserted: 1, updated: 1 } }, { mapping: 'Unit' }],
        associations: [
          { mapping: 'Membership', source: 'hr', changes: { inserted: 2 } },
          { mapping: 'Seat', source: 'hr', changes: { inserted: 1 } },
        ],
      })
      expect(await resourcesOf(harness, 'Person')).toContainEqual({
        number: '1',
        name: 'Ada',
        manager: 'Max',
      })
      expect(await linksOf(harness, 'Membership')).toEqual([
        'Ada > Research, since 2026-01-02',
        'Max > Research',
      ])
      expect(await orphansOf(harness)).toEqual([])
      await edit([
        { action: 'delete', type: 'Person', resource: 'Max' },
        { action: 'delete', type: 'Unit', resource: 'Research' },
      ])
      expect(await resourcesOf(harness, 'Person')).toEqual([{ number: '1', name: 'Ada' }])
      expect(await orphansOf(harness)).toEqual([
        'Membership 1 > R',
        'Membership 7 > R',
        'Person.manager = 7',
        'Seat 1 > 7',
      ])
      expect(await contradictions(harness)).toEqual([])
    })

    test('delete what a source has brought where it lets them, with its replicas; a complete brings it again', async () => {
      await harness.begin(office)
      await harness.deliver('hr', { Person: people('1,Ada,', '2,Bob,1') })
      const remove: Edit = { action: 'delete', type: 'Person', resource: 'Ada' }
      await expect(edit([remove], 'administrator')).rejects.toMatchObject({
        code: 'SLUICE-EDIT-02',
        message:
          'Person "Ada" comes from source hr (The personnel system): https://hr.example.com/people/1#, which lets nobody here delete its resources.',
      })
      await harness.reconfigure(office.replace('folder: .', 'folder: .\n    userDelete: administrators'))
      await expect(edit([remove])).rejects.toMatchObject({ code: 'SLUICE-EDIT-02' })
      await edit([remove], 'administrator')
      expect(await resourcesOf(harness, 'Person')).toEqual([{ number: '2', name: 'Bob' }])
      expect(await orphansOf(harness)).toEqual(['Person.manager = 1'])
      expect(await harness.rows('select stored from sluice_stored where mapping = $1', ['Person'])).toEqual([
        { stored: '1' },
      ])
      expect(await contradictions(harness)).toEqual([])
      await harness.deliver('hr')
      expect(await resourcesOf(harness, 'Person')).toEqual([
        { number: '2', name: 'Bob', manager: 'Ada' },
        { number: '1', name: 'Ada' },
      ])
      await harness.reconfigure(office.replace('folder: .', 'folder: .\n    userDelete: everybody'))
      await edit([{ ...remove, resource: '1' }])
      expect(await resourcesOf(harness, 'Person')).toHaveLength(1)
    })

    test('do not delete what another resource cannot be without, unless that goes or is pointed elsewhere, too', async () => {
      await harness.begin(office)
      await edit([
        create('Person', { number: '1', name: 'Ada' }),
        create('Person', { number: '2', name: 'Bob' }),
        create('Unit', { code: 'R', name: 'Research', head: 'Ada' }),
      ])
      const remove: Edit = { action: 'delete', type: 'Person', resource: 'Ada' }
      await expect(edit([remove])).rejects.toMatchObject({
        code: 'SLUICE-EDIT-03',
        message: 'Person "Ada" cannot be deleted: head of Unit Research refers to it and is required.',
      })
      await edit([remove, { action: 'update', type: 'Unit', resource: 'Research', values: { head: 'Bob' } }])
      await edit([
        { action: 'delete', type: 'Person', resource: 'Bob' },
        { action: 'delete', type: 'Unit', resource: 'Research' },
      ])
      expect(await resourcesOf(harness, 'Person')).toEqual([])
    })

    test('survive a complete of the sole owner of their type, and a restored dump', async () => {
      await harness.begin(office)
      await harness.deliver('hr', { Person: people('1,Ada,') })
      await edit([create('Person', { number: '7', name: 'Max', manager: 'Ada' })])
      const complete = async () => await harness.deliver('hr', { Person: people('1,Ada,') })
      expect((await complete()).entities).toMatchObject([
        { changes: { inserted: 0, updated: 0, deleted: 0 } },
      ])
      // To a restored dump every row is somebody else's.
      await harness.execute('delete from sluice_known_transaction')
      expect((await complete()).entities).toMatchObject([
        { changes: { inserted: 0, updated: 0, deleted: 0 } },
      ])
      // What somebody else has added is not a person's.
      await harness.execute(
        `insert into person (resource_id, number, name) values (nextval('sluice_resource_id'), '8', 'Eve')`,
      )
      expect((await complete()).entities).toMatchObject([{ changes: { deleted: 1 } }])
      expect((await resourcesOf(harness, 'Person')).map(({ name }) => name)).toEqual(['Ada', 'Max'])
    })

    test('let go, with a run of a source, what people have pointed at a resource that it deletes', async () => {
      await harness.begin(office.replace(', required: true }, photo', ' }, photo'))
      await harness.deliver('hr', { Person: people('1,Ada,', '2,Bob,', '3,Cid,', '4,Dan,', '5,Eve,') })
      await edit([
        create('Unit', { code: 'R', name: 'Research', head: 'Ada' }),
        create('Person', { number: '7', name: 'Max', manager: 'Ada' }),
        {
          action: 'link',
          association: 'Membership',
          from: 'Ada',
          to: 'Research',
          properties: { share: '0.5' },
        },
        { action: 'link', association: 'Membership', from: 'Bob', to: 'Research' },
      ])
      expect(await linksOf(harness, 'Membership')).toEqual(['Ada > Research, share 0.5', 'Bob > Research'])
      const report = await harness.deliver('hr', { Person: people('2,Bob,', '3,Cid,', '4,Dan,', '5,Eve,') })
      expect(report).toMatchObject({
        associations: [
          { mapping: 'Membership' },
          { mapping: 'Seat' },
          { mapping: 'Membership', source: null, changes: { deleted: 1 } },
        ],
      })
      expect(await resourcesOf(harness, 'Unit')).toEqual([{ code: 'R', name: 'Research' }])
      expect(await resourcesOf(harness, 'Person')).toContainEqual({ number: '7', name: 'Max' })
      expect(await linksOf(harness, 'Membership')).toEqual(['Bob > Research'])
      expect(await orphansOf(harness)).toEqual([])
      expect(await contradictions(harness)).toEqual([])
    })

    test('are refused where the resource has changed since it was read', async () => {
      await harness.begin(office)
      const { resources } = await edit([create('Person', { number: '1', name: 'Ada' })])
      const id = resources[0]?.resourceId ?? ''
      const version = async () => (await harness.repository.resource('Person', id))?.version
      const read = await version()
      const update: Edit = { ...set(`#${id}`, { phone: '1' }), version: read } as Edit
      await edit([update])
      await expect(edit([update])).rejects.toMatchObject({ code: 'SLUICE-EDIT-09', status: 412 })
      await expect(
        edit([{ action: 'delete', type: 'Person', resource: { id }, version: read }]),
      ).rejects.toMatchObject({ code: 'SLUICE-EDIT-09' })
      await edit([{ action: 'delete', type: 'Person', resource: { id }, version: await version() }])
      expect(await version()).toBeUndefined()
    })

    test('that exceed a threshold are held, and applied as they were read, or computed again where something moved', async () => {
      await harness.begin(office)
      await edit(Array.from({ length: 20 }, (_, n) => create('Person', { number: String(n), name: `P${n}` })))
      const remove = (from: number, to: number) =>
        Array.from(
          { length: to - from },
          (_, n): Edit => ({ action: 'delete', type: 'Person', resource: `name:P${from + n}` }),
        )
      const held = (await edit(remove(0, 10))).report
      expect(held).toMatchObject({
        state: 'held',
        exceeded: [{ level: 'Person', threshold: 'deleted', found: 10, total: 20 }],
      })
      expect(await resourcesOf(harness, 'Person')).toHaveLength(20)
      const approved = await harness.engine.approve(held.run ?? 0, { by: 'boss' })
      expect(approved).toMatchObject({ moved: false, report: { state: 'applied' } })
      expect(await resourcesOf(harness, 'Person')).toHaveLength(10)
      const once = (await edit(remove(10, 14))).report
      await edit([set('name:P19', { phone: '1' })])
      // What others have edited meanwhile is no reason to compute anew, unless something is found by it or it is the same row.
      expect(await harness.engine.approve(once.run ?? 0, { by: 'boss' })).toMatchObject({ moved: false })
      expect(await resourcesOf(harness, 'Person')).toHaveLength(6)
      const pointed = (await edit(remove(14, 17))).report
      await edit([set('name:P19', { unit: null, manager: 'name:P14' })])
      const anew = await harness.engine.approve(pointed.run ?? 0, { by: 'boss' })
      expect(anew).toMatchObject({ moved: true, report: { state: 'held' } })
      await harness.engine.reject(anew.report.run ?? 0, { by: 'boss' })
      const again = (await edit(remove(14, 18))).report
      expect(again.state).toBe('held')
      await edit([set('name:P15', { phone: '1' })])
      const moved = await harness.engine.approve(again.run ?? 0, { by: 'boss' })
      expect(moved).toMatchObject({
        moved: true,
        report: { state: 'held', cause: 'edit', by, comment: 'as agreed' },
      })
      await harness.engine.reject(moved.report.run ?? 0, { by: 'boss' })
      expect(await resourcesOf(harness, 'Person')).toHaveLength(6)
      expect(await contradictions(harness)).toEqual([])
    })

    test('that arrive at once are applied together, each as a run of its own; one that is refused keeps none from it', async () => {
      await harness.begin(office)
      await harness.deliver('hr', { Person: people('1,Ada,', '2,Bob,', '3,Cid,') })
      const ids = await Promise.all(['Ada', 'Bob', 'Cid'].map(idOf))
      const transactions = async () =>
        await harness.rows('select distinct xmin::text from sluice_run where cause = $1', ['edit'])
      const phones = async (comment: string, ...edits: readonly Edit[]) =>
        await Promise.allSettled(
          edits.map((one, n) =>
            harness.engine.edit(
              { edits: [one], role: 'user' },
              { by: { kind: 'token', name: `t${n}` }, comment },
            ),
          ),
        )
      const all = ids.map((id, n) => set(`#${id}`, { phone: `${n}`, grade: n }))
      const done = await phones(
        'first',
        ...all,
        ...all,
        set(`#${ids[0]}`, { name: 'X' }),
        set('#4711', { phone: '1' }),
      )
      expect(
        done.map((one) => (one.status === 'fulfilled' ? one.value.report.state : one.reason.code)),
      ).toEqual([...Array.from({ length: 6 }, () => 'applied'), 'SLUICE-EDIT-01', 'SLUICE-EDIT-07'])
      const reports = done.flatMap((one) => (one.status === 'fulfilled' ? [one.value.report] : []))
      expect(new Set(reports.map(({ run }) => run)).size).toBe(6)
      expect((await transactions()).length).toBeLessThan(6)
      expect(await resourcesOf(harness, 'Person')).toEqual([
        { number: '1', name: 'Ada', phone: '0', grade: 0 },
        { number: '2', name: 'Bob', phone: '1', grade: 1 },
        { number: '3', name: 'Cid', phone: '2', grade: 2 },
      ])
      for (const [n, name] of ['Ada', 'Bob', 'Cid'].entries()) {
        const updates = (await history(name)).filter(({ operation }) => operation === 'update')
        expect(updates).toMatchObject([
          { by: { name: `t${n}` }, comment: 'first', after: { phone: `${n}`, grade: n } },
        ])
        expect(await harness.repository.run(updates[0]?.run ?? 0)).toMatchObject({
          state: 'applied',
          entities: [{ mapping: 'Person', changes: { updated: 1 } }],
        })
      }
      const versions = await rowVersions(harness)
      await harness.deliver('hr')
      expect(await rowVersions(harness)).toEqual(versions)
      expect(await contradictions(harness)).toEqual([])
    })

    test('can be planned, and nothing of that is left', async () => {
      await harness.begin(office)
      await edit([create('Person', { number: '1', name: 'Ada' })])
      const before = await rowVersions(harness)
      const plan = await harness.engine.planEdit(
        { edits: [set('Ada', { phone: '1' })], role: 'user' },
        { by },
      )
      expect(plan).toMatchObject({
        report: { run: null, state: 'planned', cause: 'edit' },
        changes: [{ operation: 'update', key: 'Ada', before: {}, after: { phone: '1' } }],
      })
      expect(await rowVersions(harness)).toEqual(before)
      expect(await harness.repository.runs()).toHaveLength(1)
    })

    describe('add and remove links', () => {
      test('of theirs, and leave those of sources to them', async () => {
        await harness.begin(office)
        await harness.deliver('hr', {
          Person: people('1,Ada,', '2,Bob,'),
          Membership: 'p,u,since\n1,R,2026-01-02',
          Seat: 'p,q\n1,2',
        })
        await edit([
          create('Unit', { code: 'R', name: 'Research', head: 'Ada' }),
          {
            action: 'link',
            association: 'Membership',
            from: 'Bob',
            to: 'Research',
            properties: { since: '2025-01-01' },
          },
        ])
        const link = (from: string, to: string, properties = {}): Edit => ({
          ...{ action: 'link', association: 'Membership', from, to, properties },
        })
        const unlink = (association: string, from: string, to: string): Edit => ({
          ...{ action: 'unlink', association, from, to },
        })
        expect(await linksOf(harness, 'Membership')).toEqual([
          'Ada > Research, since 2026-01-02',
          'Bob > Research, since 2025-01-01',
        ])
        // A link that a source says already needs none of a person's.
        const same = await edit([link('Ada', 'Research', { since: '2026-01-02' })])
        expect(same.report.associations).toMatchObject([{ changes: { inserted: 0, updated: 0, deleted: 0 } }])
        await expect(edit([link('Ada', 'Research', { since: '2020-01-01' })])).rejects.toMatchObject({
          code: 'SLUICE-EDIT-01',
          message:
            'The link of Membership from "Ada" to "Research" is locked by source hr (The personnel system): https://hr.example.com/people/#.',
        })
        await expect(edit([unlink('Membership', 'Ada', 'Research')])).rejects.toMatchObject({
          code: 'SLUICE-EDIT-01',
        })
        await edit([link('Bob', 'Research', { share: '0.25' })])
        expect(await linksOf(harness, 'Membership')).toContain('Bob > Research, since 2025-01-01, share 0.25')
        await edit([unlink('Membership', 'Bob', 'Research')])
        await expect(edit([unlink('Membership', 'Bob', 'Research')])).rejects.toMatchObject({
          code: 'SLUICE-EDIT-11',
        })
        await harness.deliver('hr')
        expect(await linksOf(harness, 'Membership')).toEqual(['Ada > Research, since 2026-01-02'])
      })

      test('as far as the association has room for them', async () => {
        await harness.begin(office)
        await harness.deliver('hr', { Person: people('1,Ada,', '2,Bob,', '3,Cid,'), Seat: 'p,q\n1,2' })
        const seat = (from: string, to: string, action: 'link' | 'unlink' = 'link'): Edit => ({
          action,
          association: 'Seat',
          from,
          to,
        })
        await expect(edit([seat('Ada', 'Cid')])).rejects.toMatchObject({
          code: 'SLUICE-EDIT-10',
          message: expect.stringContaining('allows one link at the end "from"'),
          details: { source: 'hr' },
        })
        await edit([seat('Bob', 'Cid')])
        await expect(edit([seat('Bob', 'Ada')])).rejects.toMatchObject({
          code: 'SLUICE-EDIT-10',
          details: { source: null },
        })
        await edit([seat('Bob', 'Cid', 'unlink'), seat('Bob', 'Ada')])
        await expect(edit([seat('Cid', 'Ada'), seat('Cid', 'Bob')])).rejects.toMatchObject({
          code: 'SLUICE-EDIT-12',
        })
        expect(await linksOf(harness, 'Seat')).toEqual(['Ada > Bob', 'Bob > Ada'])
        expect(await contradictions(harness)).toEqual([])
      })
    })

    test.each<readonly [what: string, edit: Edit, code: string, message: string]>([
      ['a type that is not there', create('Persn', {}), '04', 'The model has no entity type "Persn"'],
      ['a property that is not there', set('Ada', { fone: '1' }), '04', 'Person has no property "fone"'],
      [
        'an association that is not there',
        { action: 'unlink', association: 'X', from: 'a', to: 'b' },
        '04',
        'no association "X"',
      ],
      [
        'no date',
        set('Ada', { born: '1/2/2026' }),
        '05',
        'born of Person "Ada" cannot be "1/2/2026": it has to be a date',
      ],
      [
        'a number that was rounded',
        set('Ada', { grade: 2 ** 53 }),
        '05',
        'grade of Person "Ada" cannot be 9007199254740992: it has to be given as a text',
      ],
      ['no whole number', set('Ada', { grade: 1.5 }), '05', 'it has to be a whole number'],
      ['a sign that no text can hold', set('Ada', { phone: 'a\0b' }), '05', 'phone of Person "Ada"'],
      [
        'a required value missing',
        create('Person', { name: 'Bob' }),
        '06',
        'the new Person needs a value of number',
      ],
      [
        'a required value emptied',
        set('Ada', { number: null }),
        '06',
        'Person "Ada" needs a value of number',
      ],
      ['nobody of that name', set('Zoe', { phone: '1' }), '07', 'There is no Person "Zoe".'],
      [
        'a reference to nobody',
        set('Ada', { manager: 'Zoe' }),
        '07',
        'There is no Person "Zoe", for manager.',
      ],
      [
        'a reference to a person of that mail',
        set('Ada', { manager: 'phone:7' }),
        '07',
        '"phone:7", for manager',
      ],
      ['several of that name', set('Eve', { phone: '1' }), '08', 'Person "Eve" may be #'],
    ])('are refused for %s', async (_, asked, code, message) => {
      await harness.begin(office)
      await edit([
        create('Person', { number: '1', name: 'Ada' }),
        create('Person', { number: '2', name: 'Eve' }),
        create('Person', { number: '3', name: 'Eve' }),
      ])
      await expect(edit([asked])).rejects.toMatchObject({
        code: `SLUICE-EDIT-${code}`,
        message: expect.stringContaining(message),
      })
    })

    test('find resources by the key of a source, a property, a name or an id, the first that finds any', async () => {
      await harness.begin(office)
      await harness.deliver('hr', { Person: people('2,Ada,', '1,2,') })
      await edit([set('2', { phone: 'by key' })])
      await edit([set('name:2', { grade: 7 })])
      expect(await resourcesOf(harness, 'Person')).toEqual([
        { number: '2', name: 'Ada', phone: 'by key' },
        { number: '1', name: '2', grade: 7 },
      ])
    })

    test('store files with their name and type, and empty them', async () => {
      await harness.begin(office)
      const content = Buffer.from('hello').toString('base64')
      const unit = {
        code: 'R',
        name: 'Research',
        head: 'Ada',
        photo: { content, name: 'a.txt', mediaType: 'text/plain' },
      }
      await edit([
        create('Person', { number: '1', name: 'Ada' }),
        { action: 'create', type: 'Unit', values: unit },
      ])
      expect(await resourcesOf(harness, 'Unit')).toMatchObject([
        { photo: { name: 'a.txt', mediaType: 'text/plain', size: 5 } },
      ])
      await edit([{ action: 'update', type: 'Unit', resource: 'Research', values: { photo: null } }])
      expect(await resourcesOf(harness, 'Unit')).toEqual([{ code: 'R', name: 'Research', head: 'Ada' }])
    })
  },
  servers.slice(0, 1),
)

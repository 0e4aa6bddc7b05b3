import type { ChangesOptions } from '@sluice/model'
import { expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness } from '../test/engine-harness.ts'

const yaml = `
entityTypes:
  Person:
    display: name
    properties: {number: string, name: string, boss: {type: reference, to: Person}}
  Team:
    display: name
    properties: {code: string, name: string}
associations:
  Member: {from: Team, to: Person, properties: {role: string}}
sources:
  hr:
    folder: .
    thresholds: off
    entities:
      Person: {file: p.csv, key: number, thresholds: off, properties: {number: n, name: name, boss: {column: boss, by: name}}}
      Team: {file: t.csv, key: code, thresholds: off, properties: {code: c, name: name}}
    associations:
      Member:
        {file: m.csv, from: {column: team, by: name}, to: {column: person, by: name}, properties: {role: role}, thresholds: off}
`
const start = {
  Person: 'n,name,boss\n1,Ann,\n2,Bob,Ann\n3,Cid,Bob\n4,Dan,',
  Team: 'c,name\nA,Alpha\nB,Beta',
  Member: 'team,person,role\nAlpha,Ann,lead\nAlpha,Bob,\nBeta,Cid,\nBeta,Zoe,',
}
const nothing = { inserted: 0, updated: 0, deleted: 0 }

async function drift(harness: EngineHarness, tables: Record<string, string>, since: Record<string, string>) {
  const report = await harness.deliver('hr', { ...start, ...tables }, { since })
  return report.drift
}

/** The changes of a run in short, those that are drift with a mark. */
async function changesOf(
  harness: EngineHarness,
  run: number | null,
  options: ChangesOptions,
): Promise<readonly string[]> {
  const lines: string[] = []
  for await (const change of harness.engine.changes(run ?? 0, options)) {
    const of = change.kind === 'entity' ? change.key : `${change.from} > ${change.to}`
    lines.push(`${change.operation} ${of}${change.drift ? ' (drift)' : ''}`)
  }
  return lines.sort()
}

describeWithEngine('drift', (harness) => {
  test('is marked on the changes of a run, held or applied, and can be listed alone', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', start)
    await harness.execute(
      `update person set name = 'Ben' where number = '2'; update member set role = 'guest' where role = 'lead'`,
    )
    await harness.reconfigure(yaml.replace('thresholds: off', 'thresholds: { updated: 0 }'))
    const edits = {
      Person: `${start.Person}Ann`,
      Member: `${start.Member}\nBeta,Dan,`,
    }
    const since = {
      Person: 'command,n,name,boss\nupdate,4,Dan,Ann',
      Member: 'command,team,person,role\ninsert,Beta,Dan,',
    }
    const held = await harness.deliver('hr', { ...start, ...edits }, { since })
    expect(held.state).toBe('held')
    const drift = ['update 2 (drift)', 'update Alpha > Ann (drift)']
    const all = ['insert Beta > Dan', ...drift, 'update 4'].sort()
    for (const state of ['held', 'applied']) {
      expect({ state, changes: await changesOf(harness, held.run, {}) }).toEqual({ state, changes: all })
      expect(await changesOf(harness, held.run, { drift: true })).toEqual(drift)
      expect(await changesOf(harness, held.run, { drift: true, sample: 1 })).toEqual(drift)
      expect(await changesOf(harness, held.run, { drift: false, limit: 9 })).toEqual(all)
      if (state === 'held') await harness.engine.approve(held.run ?? 0, { by: 'eve' })
    }
  })

  test('is what a complete changes beyond what the source changed', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', start)
    await harness.execute(`
      update person set name = 'Ben' where number = '2';
      delete from person where number = '4';
      insert into team (resource_id, code, name, _created_run) values (nextval('sluice_resource_id'), 'X', 'Stray', 1);
      update member set role = 'guest' where role = 'lead'`)
    const changed = { Person: 'n,name,boss\n1,Anna,\n2,Bob,\n3,Cid,Bob\n4,Dan,\n5,Eve,' }
    const found = await drift(harness, changed, {
      Person: 'command,n,name,boss\nupdate,1,Anna,\ninsert,5,Eve,',
    })
    expect(found).toMatchObject({
      entities: [
        { mapping: 'Person', changes: { inserted: 1, updated: 1, deleted: 0 } },
        { mapping: 'Team', changes: { inserted: 0, updated: 0, deleted: 1 } },
      ],
    })
  })

  test('of links is told apart by their pairs', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', start)
    await harness.execute(`
      delete from member where role is null and from_id = (select resource_id from team where code = 'B');
      update member set role = 'guest' where role = 'lead';
      insert into member (source_id, from_id, to_id, _created_run)
        select 1, t.resource_id, p.resource_id, 1 from team t, person p where t.code = 'B' and p.number = '4'`)
    const members = 'team,person,role\nAlpha,Ann,lead\nAlpha,Dan,\nBeta,Cid,\nBeta,Zoe,'
    const found = await drift(
      harness,
      { Member: members },
      { Member: 'command,team,person,role\ndelete,Alpha,Bob,\ninsert,Alpha,Dan,' },
    )
    expect(found?.entities.map(({ changes }) => changes)).toEqual([nothing, nothing])
    expect(found?.associations).toEqual([
      { mapping: 'Member', changes: { inserted: 1, updated: 1, deleted: 1 } },
    ])
  })

  test('is none where the source explains everything, what follows from its changes included', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', start)
    const found = await drift(
      harness,
      {
        Person: 'n,name,boss\n1,Ann,\n3,Cid,Bob\n4,Dan,\n9,Zoe,',
        Team: 'c,name\nA,Alpha\nB,Gamma',
      },
      {
        Person: 'command,n,name,boss\ndelete,2,,\ninsert,9,Zoe,',
        Team: 'command,c,name\nupdate,B,Gamma',
      },
    )
    expect(found).toMatchObject({
      entities: [{ changes: nothing }, { changes: nothing }],
      associations: [{ changes: nothing }],
    })
  })

  test('counts what was deleted altogether behind our back', async () => {
    await harness.begin(yaml)
    await harness.deliver('hr', start)
    await harness.execute('delete from member; delete from team; delete from replica_hr_team')
    expect(await drift(harness, {}, {})).toMatchObject({
      entities: [{ changes: nothing }, { changes: { inserted: 2 } }],
    })
  })

  test('is unknown without a delta, on another base, and where a mapping changed', async () => {
    await harness.begin(yaml)
    const first = await harness.deliver('hr', start)
    expect(first.drift).toBeNull()
    expect((await harness.deliver('hr', start)).drift).toBeNull()
    await harness.execute(`update sluice_source set applied_delivery = gen_random_uuid()`)
    expect(await drift(harness, {}, {})).toBeNull()
    await harness.reconfigure(
      yaml.replace('boss: {column: boss, by: name}', 'boss: {column: boss, by: number}'),
    )
    const report = await harness.deliver('hr', start, { since: {} })
    expect(report.drift).toBeNull()
    expect(report.notes).toEqual([
      'The mapping of Person changed since the last run: boss: column boss, by "number", to Person (string) (it was: column boss, by "name", to Person (string)).',
    ])
  })
})

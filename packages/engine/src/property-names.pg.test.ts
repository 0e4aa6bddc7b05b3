import type { Change } from '@sluice/model'
import { expect, test } from 'vitest'
import { linksOf, resourcesOf } from '../test/contents.ts'
import { describeWithEngine } from '../test/engine-harness.ts'

/** What tables, views and subqueries of ours call their columns. */
const names = [
  ...[
    'operation',
    'row',
    'digest',
    'base_xid',
    'base_place',
    'place',
    'outcome',
    'command',
    'value',
    'target',
  ],
  ...[
    'before',
    'after',
    'source',
    'source_key',
    'c1',
    'v1',
    'l1',
    'o',
    'c',
    'resource',
    'xid',
    'last',
    'made',
  ],
  ...['from_value', 'to_value', 'bad', 'gone', 'taken_back', 'unlinked', 'said', 'field', 'mapping', 'name'],
]
const properties = ['key', ...names].map((name) => `${name}: string`).join(', ')
const mapped = names.map((name) => `${name}: o`).join(', ')

const locks = (thresholds: string) => `
entityTypes:
  Lock:
    display: key
    properties: { ${properties}, other: { type: reference, to: Lock } }
associations:
  Opens: { from: Lock, to: Lock, properties: { ${properties} } }
  Backs: { from: Lock, to: Lock, cardinality: many-to-one, properties: { ${properties} } }
sources:
  hr:
    folder: .
    thresholds: ${thresholds}
    entities:
      Lock: { file: l.csv, key: key, properties: { key: k, ${mapped}, other: { column: r, by: key } } }
    associations:
      Opens: { file: m.csv, from: { column: a, by: key }, to: { column: b, by: key }, properties: { key: o, ${mapped} } }
      Backs: { file: n.csv, from: { column: a, by: key }, to: { column: b, by: key }, properties: { key: o, ${mapped} } }
`

const first = { Lock: 'k,o,r\n1,x,2\n2,x,', Opens: 'a,b,o\n1,2,x\n1,4,x', Backs: 'a,b,o\n1,2,x' }
const second = { Lock: 'k,o,r\n1,y,4\n3,x,1', Opens: 'a,b,o\n1,3,x\n3,4,x', Backs: 'a,b,o\n1,3,y' }
const third = {
  Lock: 'command,k,o,r\nupdate,1,z,1\ninsert,4,z,1\ndelete,3,,',
  Opens: 'command,a,b,o\ninsert,1,1,z',
  Backs: 'command,a,b,o\ninsert,1,4,z',
}

describeWithEngine('a property', (harness) => {
  test('may be called what the tables of a run call their columns', async () => {
    await harness.begin(locks('off'))
    await harness.deliver('hr', first)
    await harness.reconfigure(locks('{ updated: 0 }'))
    const held = await harness.deliver('hr', second)
    expect(held.state).toBe('held')
    const changes: Change[] = []
    for await (const change of harness.engine.changes(held.run ?? 0)) changes.push(change)
    expect(changes.filter(({ kind }) => kind === 'entity')).toHaveLength(3)
    expect(await harness.engine.approve(held.run ?? 0, { by: 'eve' })).toMatchObject({ moved: false })
    expect(await harness.deliver('hr', third, { mode: 'incremental', force: true })).toMatchObject({
      state: 'applied',
    })
    const every = (value: string) => Object.fromEntries(names.map((name) => [name, value]))
    expect(await resourcesOf(harness, 'Lock')).toEqual([
      { key: '1', ...every('z'), other: '1' },
      { key: '4', ...every('z'), other: '1' },
    ])
    const valued = (value: string) => ['key', ...names].map((name) => `${name} ${value}`).join(', ')
    expect(await linksOf(harness, 'Opens')).toEqual([`1 > 1, ${valued('z')}`])
    expect(await linksOf(harness, 'Backs')).toEqual([`1 > 4, ${valued('z')}`])
    const kept = { Lock: 'k,o,r\n1,z,1\n4,z,1', Opens: 'a,b,o\n4,4,z', Backs: 'a,b,o\n1,4,z' }
    await harness.deliver('hr', kept, { unreadable: [{ mapping: 'Opens', fields: ['1', 'z'] }] })
    expect(await linksOf(harness, 'Opens')).toEqual([`1 > 1, ${valued('z')}`, `4 > 4, ${valued('z')}`])
  })
})

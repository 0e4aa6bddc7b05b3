import type { Change } from '@sluice/model'
import { expect, test } from 'vitest'
import { linksOf, orphansOf, resourcesOf } from '../test/contents.ts'
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

  test('may be called as the name of a file is called beside another one', async () => {
    await harness.begin(`
entityTypes:
  Person:
    display: number
    properties: { number: string, photo: file, photoFilename: { type: reference, to: Person } }
sources:
  hr:
    folder: .
    entities:
      Person:
        file: p.csv
        key: number
        properties: { number: n, photo: { column: p, fileNameColumn: f }, photoFilename: { column: r, by: number } }
`)
    await harness.deliver('hr', { Person: 'n,p,f,r\n1,aGVsbG8=,hello.txt,2\n2,,,' })
    expect(
      await harness.rows(
        'select number, photo_filename, photo_filename_id is not null as refers from person order by 1',
      ),
    ).toEqual([
      { number: '1', photo_filename: 'hello.txt', refers: true },
      { number: '2', photo_filename: null, refers: false },
    ])
  })

  test('by which others are found is told from one that differs in case, or by where the words end', async () => {
    await harness.begin(`
entityTypes:
  A:
    display: key
    properties: { key: string, B_c: string, userName: string, username: string, first: { type: reference, to: A }, second: { type: reference, to: A }, fourth: { type: reference, to: A }, third: { type: reference, to: A_B } }
  A_B:
    display: key
    properties: { key: string, c: string }
sources:
  hr:
    folder: .
    thresholds: off
    entities:
      A:
        file: a.csv
        key: key
        properties: { key: k, B_c: b, userName: u, username: v, first: { column: f, by: B_c }, second: { column: s, by: userName }, fourth: { column: f4, by: username }, third: { column: t, by: c } }
      A_B: { file: b.csv, key: key, properties: { key: k, c: c } }
`)
    await harness.deliver('hr', { A: 'k,b,u,v,f,s,f4,t\n1,x,y,,,,,z', A_B: 'k,c\n9,w' })
    expect(await orphansOf(harness)).toEqual(['A.third = z'])
    await harness.deliver('hr', { A: 'k,b,u,v,f,s,f4,t\n1,x,y,,,,,z\n2,p,q,r,,,,', A_B: 'k,c\n9,w\n8,z' })
    expect(await orphansOf(harness)).toEqual([])
  })
})

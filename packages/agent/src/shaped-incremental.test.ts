/** Filters and shaped values over several deliveries: what a comparison says, and what a system's own commands say. */
import type { EntityMapping, PropertyMapping } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { entity } from '../../prepare/test/prepare-text.ts'
import { SourceInTime } from '../test/source-in-time.ts'

const where = (text: string): Pick<EntityMapping, 'where'> => ({
  where: { text, columns: ['status'], kind: 'boolean' },
})
const name: PropertyMapping = {
  property: 'name',
  column: 'name from first + last',
  shape: {
    columns: ['first', 'last'],
    origin: { kind: 'join', between: ' ' },
    transforms: [],
    fallback: 'Nobody',
  },
}
const id: PropertyMapping = { property: 'id', column: 'id' }
const people = (filter = 'row.status != "left"') => ({
  entities: [entity(['id'], { ...where(filter), properties: [id, name] })],
})
const file = (rows: string) => ({ 'people.csv': `id,first,last,status\n${rows}` })
const changes = (rows: string) => ({ 'people.csv': `command,id,first,last,status\n${rows}` })

describe('comparing', () => {
  test('a row that passes the filter no longer is a disappearance, one that passes now is new', async () => {
    await using source = await SourceInTime.open(people())
    await source.complete(file('1,Ann,Lee,active\n2,Bo,Ek,left\n'))
    const { delta, counts } = await source.incremental(file('1,Ann,Lee,left\n2,Bo,Ek,active\n3,Cy,,left\n'))
    expect(delta).toBe('command,id,name from first + last\ndelete,1,Ann Lee\ninsert,2,Bo Ek\n')
    expect(counts).toMatchObject({ read: 3, filtered: 2, rows: 2, deleted: 1, unchanged: 0 })
  })

  test('what changes in a column that nothing is made of is no change', async () => {
    await using source = await SourceInTime.open(people())
    await source.complete(file('1,Ann,Lee,active\n'))
    const { delta } = await source.incremental(file('1,Ann,Lee,ill\n'))
    expect(delta).toBe('command,id,name from first + last\n')
  })
})

describe('the commands of a system', () => {
  const open = async () => {
    const source = await SourceInTime.open(people())
    await source.complete(file('1,Ann,Lee,active\n2,Bo,Ek,active\n'))
    return source
  }

  test('that lead a row out of the filter delete it', async () => {
    await using source = await open()
    const { delta, counts } = await source.incremental(
      changes('update,1,Ann,Lee,left\ninsert,3,Cy,Fox,active\ninsert,4,Di,Gu,left\n'),
    )
    expect(delta).toBe('command,id,name from first + last\ndelete,1,\ninsert,3,Cy Fox\ndelete,4,\n')
    expect(counts).toMatchObject({ read: 3, rows: 3, deleted: 2 })
  })

  test('that delete need no more than the key', async () => {
    await using source = await open()
    expect((await source.incremental(changes('delete,2,,,\n'))).delta).toBe(
      'command,id,name from first + last\ndelete,2,\n',
    )
  })

  test('that merge leave alone what is made of columns that are not there', async () => {
    await using source = await open()
    const { delta } = await source.incremental(changes('merge,1,Anna,,\nmerge,2,Bob,Eks,\n'))
    expect(delta).toBe('command,id,name from first + last\nmerge,1,\nmerge,2,Bob Eks\n')
  })
})

test('another filter is another reading, so that the next run is a complete', async () => {
  await using source = await SourceInTime.open(people())
  const first = await source.prepare('complete', file('1,Ann,Lee,active\n'))
  source.mappings = people('row.status == "active"')
  const second = await source.prepare('complete', file('1,Ann,Lee,active\n'))
  const readings = [first, second].map(({ references }) => references[0]?.reading['its filter'])
  expect(readings).toEqual(['row.status != "left"', 'row.status == "active"'])
})

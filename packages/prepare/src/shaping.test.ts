/** Rows and values that are made of the records of a file, as they come out of prepare. */
import type { EntityMapping, PropertyMapping, Shape } from '@sluice/model'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { runsOf } from '../../../test/thoroughness.ts'
import '../../../test/property-seed.ts'
import { association, prepareOne, prepareText } from '../test/prepare-text.ts'

const plain: Pick<Shape, 'origin' | 'transforms'> = { origin: { kind: 'column' }, transforms: [] }

/** A property of the name of its column. */
const shaped = (
  property: string,
  columns: readonly string[],
  parts: Partial<Shape> = {},
): PropertyMapping => ({
  property,
  column: property,
  shape: { ...plain, columns, ...parts },
})
const joined = (property: string, columns: readonly string[], between: string) =>
  shaped(property, columns, { origin: { kind: 'join', between } })
const computed = (property: string, expression: string) =>
  shaped(property, [], { origin: { kind: 'expression', expression } })
const where = (text: string): Pick<EntityMapping, 'where'> => ({
  where: { text, columns: ['status'], kind: 'boolean' },
})

const id: PropertyMapping = { property: 'id', column: 'id' }

describe('a value', () => {
  test('is made of several columns, of none, and of part of one', async () => {
    const found = await prepareOne('id,first,last,dn\n1,Ann,Lee,"CN=a\\,b,O=x"\n2,Bo,,CN=c\n', ['id'], {
      properties: [
        id,
        joined('name', ['first', 'last'], ' '),
        shaped('origin', [], { origin: { kind: 'value', value: 'HR, "main"' } }),
        shaped('cn', ['dn'], { transforms: [{ kind: 'rdn' }, { kind: 'upper' }] }),
        computed('mail', 'row.first.lowerAscii() + "@acme"'),
      ],
    })
    expect(found.sorted).toBe(
      'id,name,origin,cn,mail\n1,Ann Lee,"HR, ""main""","A,B",ann@acme\n2,Bo,"HR, ""main""",C,bo@acme\n',
    )
  })

  test('that is empty has its default, and is not looked up', async () => {
    const table = { name: 'the table', entries: [['a', 'A']] as const, otherwise: 'reject' as const }
    const found = await prepareOne('id,code\n1,a\n2,\n', ['id'], {
      properties: [id, shaped('code', ['code'], { table, fallback: 'none' })],
    })
    expect(found.sorted).toBe('id,code\n1,A\n2,none\n')
  })

  test('is made of texts of its columns that stand for a value, before anything is done to them', async () => {
    const name: PropertyMapping = { ...joined('name', ['first', 'last'], ' '), absent: ['NULL'] }
    const code: PropertyMapping = {
      ...shaped('code', ['code'], { transforms: [{ kind: 'lower' }], fallback: 'none' }),
      absent: ['N/A', 'null'],
    }
    const rest: PropertyMapping = { property: 'first', column: 'first', absent: ['NULL'] }
    const mail: PropertyMapping = {
      ...computed('mail', 'row.first == "" ? "nobody" : row.first'),
      absent: ['NULL'],
    }
    const found = await prepareOne(
      'id,first,last,code\n1,Ann,NULL,N/A\n2,NULL,NULL,NULL\n3,null,Lee,X\n',
      ['id'],
      { properties: [id, name, code, rest, mail, shaped('last', ['last'])] },
    )
    expect(found.sorted).toBe(
      'id,name,code,first,mail,last\n1,Ann,none,Ann,Ann,NULL\n2,,null,,nobody,NULL\n3,null Lee,x,null,null,Lee\n',
    )
  })

  test('of a key is not whole where a part stands for no value', async () => {
    const found = await prepareOne('a,b\nx,1\nx,NULL\n', ['id'], {
      properties: [{ ...joined('id', ['a', 'b'], '/'), absent: ['NULL'] }],
    })
    expect(found.sorted).toBe('id\nx/1\n')
    expect(found.counts).toMatchObject({ read: 2, nullKey: 1, rows: 1 })
  })

  test('that stands for none is empty to a filter', async () => {
    const filter = {
      text: 'row.status != ""',
      columns: ['status'],
      kind: 'boolean',
      absent: ['NULL'],
    } as const
    const found = await prepareOne('id,status\n1,NULL\n2,\n3,x\n', ['id'], { where: filter })
    expect(found.sorted).toBe('id\n3\n')
  })

  test('that cannot be made rejects its row, with the place and what failed', async () => {
    const found = await prepareOne('id,n\n1,7\n2,"seven\n"\n3,9\n', ['id'], {
      properties: [id, computed('next', 'string(int(row.n) + 1)')],
    })
    expect(found.sorted).toBe('id,next\n1,8\n3,10\n')
    expect(found.rejections).toMatchObject([
      {
        file: 'people.csv',
        line: 3,
        column: 'next',
        reason: expect.stringContaining('the expression fails'),
      },
    ])
    expect(found.counts).toMatchObject({ read: 3, rejected: 1, rows: 2 })
  })

  test('holds no NUL', async () => {
    const found = await prepareOne('id,n\n1,a\n', ['id'], {
      properties: [id, computed('bad', String.raw`row.n + "\u0000"`)],
    })
    expect(found.rejected).toEqual(['2: a value that was made holds a NUL character'])
  })
})

describe('a key of several columns', () => {
  const key = joined('id', ['company', 'number'], '/')
  const properties = [key, { property: 'name', column: 'name' }]

  test('sorts, finds duplicates and is missing where a part is', async () => {
    const text = 'company,number,name\nb,1,x\na,2,y\nb,1,z\na,,no number\n,1,no company\n'
    const found = await prepareOne(text, ['id'], { properties })
    expect(found.sorted).toBe('id,name\na/2,y\nb/1,x\n')
    expect(found.duplicates).toBe('id,name\nb/1,z\n')
    expect(found.nullpk).toBe('id,name\n,no number\n,no company\n')
    expect(found.counts).toMatchObject({ read: 5, nullKey: 2, duplicate: 1, rows: 2 })
  })

  test('is refused where two keys would be one', async () => {
    const found = await prepareOne('company,number,name\na/1,2,x\na,1/2,y\n', ['id'], { properties })
    expect(found.counts).toMatchObject({ read: 2, rejected: 2, rows: 0 })
    expect(found.rejected[0]).toBe(
      '2: "a/1" is not a part of a key: it holds "/", which stands between the parts',
    )
  })

  test('may be that of a row that cannot be read', async () => {
    const found = await prepareOne('company,number,name\na,1\na,2,x\n', ['id'], { properties })
    expect(found.rejections).toMatchObject([{ line: 2, anyKey: true }])
  })

  test('is known of a row of which something else fails', async () => {
    const found = await prepareOne('company,number,n\na,1,x\n', ['id'], {
      properties: [key, computed('n', 'string(int(row.n))')],
    })
    expect(found.rejections[0]?.fields).toContain('a/1')
    expect(found.rejections[0]?.anyKey).toBeUndefined()
  })
})

describe('a filter', () => {
  const text = 'id,status\n1,active\n2,left\n3,\n1,active\n'

  test('leaves rows out, and the sums add up', async () => {
    const found = await prepareOne(text, ['id'], where('row.status != "left"'))
    expect(found.sorted).toBe('id\n1\n3\n')
    expect(found.counts).toMatchObject({ read: 4, filtered: 1, duplicate: 1, rows: 2 })
  })

  test('that fails rejects the row, whose key is known', async () => {
    const found = await prepareOne('id,status\n1,1\n2,one\n', ['id'], where('int(row.status) < 5'))
    expect(found.sorted).toBe('id\n1\n')
    expect(found.rejections).toMatchObject([
      { line: 3, column: 'where', fields: expect.arrayContaining(['2']) },
    ])
  })

  test('needs its columns', async () => {
    await expect(prepareOne('id,state\n1,x\n', ['id'], where('row.status != "left"'))).rejects.toMatchObject({
      code: 'SLUICE-PREPARE-01',
      message: expect.stringContaining('"status"'),
    })
  })
})

describe('a column of several values', () => {
  const member = association('group', 'member', {
    to: {
      column: 'member',
      by: 'id',
      shape: { ...plain, columns: ['member'], split: ';', transforms: [{ kind: 'trim' }] },
    },
  })

  test('is a link for each, and all of them were read', async () => {
    const { files, manifest } = await prepareText({
      files: { 'members.csv': 'group,member\nb,x; y ;\na,z\nb,x\nc,\n' },
      associations: [member],
    })
    expect(files['member.sorted.csv']).toBe('group,member\na,z\nb,x\nb,y\n')
    expect(manifest.files[0]).toMatchObject({ read: 5, further: 1, duplicate: 1, nullKey: 1, rows: 3 })
  })

  test('is one row where an export says how many it wrote', async () => {
    const request = (rows: number) =>
      prepareText({
        files: { 'members.csv': 'group,member\nb,x;y;z\n' },
        associations: [member],
        exportedRows: { 'members.csv': rows },
      })
    expect((await request(1)).manifest.files[0]).toMatchObject({ rows: 3 })
    await expect(request(3)).rejects.toMatchObject({ details: { said: 3, found: 1 } })
  })
})

test('what nothing is done to comes out as it would without', async () => {
  const cell = fc.string({
    unit: fc.constantFrom('a', 'é', ',', '"', '\n', ' ', '\u{1F600}', '\x01'),
    maxLength: 4,
  })
  const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 6 }), async (rows) => {
      const text = `id,name\n${rows.map((row) => row.map(quoted).join(',')).join('\n')}\n`
      const properties = [shaped('id', ['id']), shaped('name', ['name'])]
      const made = await prepareOne(text, ['id', 'name'], { properties })
      const found = await prepareOne(text, ['id', 'name'])
      expect({ ...made, rejections: [] }).toEqual({ ...found, rejections: [] })
    }),
    { numRuns: runsOf(15, 100) },
  )
})

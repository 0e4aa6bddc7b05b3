import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compiled, copyTarget, sql, statement, Table } from './statement.ts'

describe('a statement', () => {
  test('is led by its name', () => {
    expect(
      compiled(statement('example/oldest Person', sql`select max(age) from ${new Table('person')}`)),
    ).toEqual({
      text: '/* example/oldest Person */ select max(age) from "person"',
      values: [],
    })
  })

  test('sends its values beside its text; a literal stands in it where it cannot break it', () => {
    const { text, values } = compiled(
      statement(
        'example/find',
        sql`select ${sql.literal(7)}, ${sql.literal('plain')}, ${sql.literal("it's")} where a = ${sql.value('x')}`,
      ),
    )
    expect(text).toBe("/* example/find */ select 7, 'plain', $1 where a = $2")
    expect(values).toEqual(["it's", 'x'])
  })

  test('stays whole whatever its name is: no name ends or opens a comment', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z*/ ]*$/), (name) => {
        const { text } = compiled(statement(name, sql`select 1`))
        const inside = text.slice('/*'.length, -'*/ select 1'.length)
        expect(inside).not.toMatch(/\*\/|\/\*/)
        expect(`${inside}*/`.indexOf('*/')).toBe(inside.length)
      }),
    )
  })

  test('quotes whatever a table or a column is called', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 1 }).filter((name) => !name.includes('\0')),
        (name) => {
          const { text } = compiled(
            statement('x', sql`select ${sql.identifier(name)} from ${new Table(name)}`),
          )
          const quoted = `"${name.replaceAll('"', '""')}"`
          expect(text).toBe(`/* x */ select ${quoted} from ${quoted}`)
        },
      ),
    )
  })
})

test('the target of a copy is a table and its columns, under a name', () => {
  expect(copyTarget('intake/copy Person', new Table('staged'), ['_row', 'order'])).toBe(
    '/* intake/copy Person */ "staged" ("_row", "order")',
  )
})

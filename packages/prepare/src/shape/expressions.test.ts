import { describe, expect, test } from 'vitest'
import { compileExpression } from './compile-expression.ts'
import { ExpressionProblem } from './expression-environment.ts'
import { Unfit } from './unfit.ts'

function evaluated(text: string, row: Readonly<Record<string, string>>) {
  return compileExpression(text).evaluator(new Map(Object.entries(row)))()
}

function problemOf(text: string): string {
  try {
    return `a ${compileExpression(text).kind}`
  } catch (error) {
    if (error instanceof ExpressionProblem) return error.message
    throw error
  }
}

describe('an expression', () => {
  test.each([
    ['row.first + " " + row.last.upperAscii()', 'Ann LEE'],
    ['row["employee id"]', '007'],
    ['int(row["employee id"]) + 1', '8'],
    ['double(row["employee id"]) / 2.0', '3.5'],
    ['row.first.startsWith("A") ? "a" : "other"', 'a'],
    ['row.first == "" ? null : row.first', 'Ann'],
    ['null', ''],
    ['timestamp("2026-01-31T09:30:00.5Z")', '2026-01-31T09:30:00.5Z'],
    ['row.groups.split(";").map(g, g.trim()).join("|")', 'a|b'],
  ])('%s is %j', (text, expected) =>
    expect(evaluated(text, { first: 'Ann', last: 'Lee', 'employee id': '007', groups: 'a; b' })).toBe(
      expected,
    ),
  )

  test('may give several texts, or true and false', () => {
    expect(evaluated('row.groups.split(";")', { groups: 'a;b' })).toEqual(['a', 'b'])
    expect(evaluated('row.status in ["left", "gone"]', { status: 'left' })).toBe(true)
  })

  test('that fails with a row says why', () =>
    expect(evaluated('string(int(row.n))', { n: 'seven' })).toEqual(
      new Unfit(expect.stringContaining('the expression fails: ')),
    ))

  test('names the columns that it reads, each once', () => {
    const { columns } = compileExpression('row.a == "" ? row["b c"] : row.a + row.list.split(",")[0]')
    expect([...columns].sort()).toEqual(['a', 'b c', 'list'])
  })

  test.each([
    ['row.a', 'a text'],
    ['row.a == "x" || row.b.contains("y")', 'a boolean'],
    ['size(row.a)', 'a integer'],
    ['row.a.split(",")', 'a list'],
    ['row.a.split(",")[0]', 'a any'],
    ['row.a.matches("^x")', 'a boolean'],
  ])('%s gives %s', (text, kind) => expect(problemOf(text)).toBe(kind))

  test.each([
    ['row.a +', 'This is not a valid CEL expression'],
    ['status != "left"', 'There is no "status" in an expression.'],
    ['row.a.capitalize()', 'There is no function "capitalize".'],
    ['row.a + 1', '"+" is not for (string, int).'],
    ['row.a && row.b == "x"', '"&&" joins values that are true or false, but this is string.'],
    ['size(row)', '"row" is read by its columns'],
    ['{"a": row.a}', 'The expression gives a value of the type map'],
  ])('%s is refused before any row comes', (text, problem) => expect(problemOf(text)).toContain(problem))
})

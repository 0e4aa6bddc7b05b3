/**
 * What a text is read as, whatever it is.
 */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { errorsOf, moduleText } from '../../test/module-text.ts'
import type { Diagnostic } from '../diagnostic.ts'
import { printExpression } from '../tree/print-expression.ts'
import { readModule } from './read-module.ts'

/** An expression with all its parentheses. */
function printed(expression: string): string {
  const { tree, diagnostics } = readModule('m', moduleText({ body: `x := ${expression};` }))
  const [statement] = tree.syncmappings[0]?.body ?? []
  const [value] = statement?.type === 'assign' ? statement.values : []
  return value === undefined ? diagnostics.map(({ code }) => code).join() : printExpression(value)
}

describe('precedence', () => {
  test.each([
    ['a or b and not c = d + e * -f', '(a or (b and (not (c = (d + (e * (-f)))))))'],
    ['a - b - c', '((a - b) - c)'],
    ['a / b * c % d', '(((a / b) * c) % d)'],
    ['not not a', '(not (not a))'],
    ['a = b = c', '((a = b) = c)'],
    ['a not in b or c in [d, e,]', '((a not in b) or (c in [d, e]))'],
    ['a has subword "x" and b has substring "y"', '((a has subword "x") and (b has substring "y"))'],
    ['a.b[0].c is defined', '(a.b[0].c is defined)'],
    ['not a exists', '(not (a exists))'],
    ['-a.b[-1]', '(-a.b[(-1)])'],
    ['text.split(a.b, ".")[0]', 'text.split(a.b, ".")[0]'],
    ['a.#R:Rel:S:Kind.name', 'a.#R:Rel:S:Kind.name'],
    ['a.#:Rel', 'a.#:Rel::'],
    ['list.sorted(x, reverse := true)', 'list.sorted(x, reverse := true)'],
    ['(a or b) and c', '((a or b) and c)'],
  ])('%s is %s', (expression, tree) => {
    expect(printed(expression)).toBe(tree)
  })
})

describe('a word that is a keyword elsewhere', () => {
  const words = [
    'tags',
    'group',
    'datamodel',
    'on',
    'default',
    'type',
    'table',
    'mapping',
    'body',
    'from',
    'with',
    'traverse',
  ]
  const others = [
    'expand',
    'overview',
    'constants',
    'configuration',
    'metadata',
    'module',
    'tpl',
    'overrides',
    'each',
    'stop',
    'break',
  ]
  const operators = [
    'is',
    'has',
    'matches',
    'exists',
    'defined',
    'subword',
    'substring',
    'search',
    'pattern',
    'definitions',
  ]

  test.each([...words, ...others, ...operators])('%s can be a variable and an attribute', (word) => {
    const body = `${word} := host.${word}; x := ${word} + [${word}] + "a"; cs.${word} := ${word}; ${word}.y := ${word}; log.info(${word}, ${word} := x);`
    const { diagnostics } = readModule('m', moduleText({ body }))
    expect(diagnostics.map(({ code, message }) => `${code} ${message}`)).toEqual([])
  })

  test('can be any word behind a dollar sign', () => {
    expect(printed('$in + host.$end + $if.$then')).toBe('((in + host.end) + if.then)')
  })
})

describe('what synchronization does not need', () => {
  const skipped = `pattern P 1.0 "d" overview tags x; end overview; triggers on p := Q where cmd matches unix_cmd "x"; end triggers;
    body x := §; if 3Com then end if; end body; end pattern;
    identify 3Com 1.0 tags a; "x" -> "y"; end identify;
    definitions d 1.0 "x" define f(a) -> b "y" return a; end define; end definitions;`

  test('is skipped, whatever it holds', () => {
    expect(errorsOf(moduleText({ before: skipped, body: 'x := ;' }))).toEqual(['SYNTAX ;'])
  })
})

describe('strings', () => {
  test.each([
    ['"a\\n\\q\\"b"', '"a\n\\q"b"'],
    ['"""a "b" \n c"""', '"a "b" \n c"'],
    ['""', '""'],
    ["''''''", '""'],
    ['raw"\\d\\"x"', 'raw"\\d\\"x"'],
    ["regex 'a%b%'", 'regex"a%%b%%"'],
    ['"%a.b% 5% %%x%%"', '"%a.b% 5%% %%x%%"'],
  ])('%s is %s', (written, read) => {
    expect(printed(written)).toBe(read)
  })

  test('count columns in characters', () => {
    const later = readModule('m', moduleText({ body: 'x := "🙂🙂" y;' }))
    expect(later.diagnostics.map(({ at }) => at.column)).toEqual([15])
  })
})

const sample = moduleText({
  before:
    'table t 1.0 "a" -> "b", 1; default -> [1, 2]; end table; configuration C 1.0 "d" "x" y := 1; end configuration;',
  constants: 'a := 1;',
  body: `for each si do if si.type matches regex "x" then continue; elif 1 then x := [1, 2]; else stop; end if;
    ss := sync.shared.X(key := "%si.key%", N := t[1]); sync.rel.R(Source := cs, Destination := ss); end for; // end`,
})
const pieces = sample.match(/\w+|\s+|[^\w\s]/g) ?? []

/** A text that was damaged in a few places. */
const damaged = fc
  .array(
    fc.tuple(
      fc.nat(pieces.length),
      fc.nat(3),
      fc.constantFrom('', ...pieces, '"', '"""', '((', ';;', 'end', '§', '%'),
    ),
    {
      minLength: 1,
      maxLength: 6,
    },
  )
  .map((damages) => {
    const text = [...pieces]
    for (const [at, count, piece] of damages) text.splice(at, count, piece)
    return text.join('')
  })

describe('any text', () => {
  test('is read without a crash, each diagnostic inside of it', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          damaged,
          fc.string({ maxLength: 200 }),
          fc.array(fc.constantFrom(...pieces)).map((all) => all.join(' ')),
        ),
        (text) => {
          for (const { at } of readModule('m', text).diagnostics) {
            expect(at.offset).toBeGreaterThanOrEqual(0)
            expect(at.offset + at.length).toBeLessThanOrEqual(text.length)
            expect(at.line).toBeLessThanOrEqual(text.split(/\r\n|\n|\r/).length)
          }
        },
      ),
      { numRuns: 300 },
    )
  })

  const nested: readonly (readonly [string, (depth: number) => string, string])[] = [
    ['parentheses', (depth) => `x := ${'('.repeat(depth)}1${')'.repeat(depth)};`, '('],
    ['lists', (depth) => `x := ${'['.repeat(depth)}1${']'.repeat(depth)};`, '['],
    ['calls', (depth) => `x := ${'text.lower('.repeat(depth)}"a"${')'.repeat(depth)};`, '('],
    ['blocks', (depth) => `${'if host.a then '.repeat(depth)}stop;${' end if;'.repeat(depth)}`, 'if'],
    ['loops', (depth) => `${'for i in l do '.repeat(depth)}stop;${' end for;'.repeat(depth)}`, 'do'],
    ['signs', (depth) => `x := ${'-'.repeat(depth)}1;`, '-'],
    ['negations', (depth) => `x := ${'not '.repeat(depth)}1;`, 'not'],
    ['sums', (depth) => `x := 1${' + 1'.repeat(depth)};`, '+'],
    ['alternatives', (depth) => `x := 1${' or 1'.repeat(depth)};`, 'or'],
    ['attributes', (depth) => `x := host${'.a'.repeat(depth)};`, '.'],
    ['elements', (depth) => `x := host${'[1]'.repeat(depth)};`, ']'],
    ['operands', (depth) => `x := ${'('.repeat(50)}1${`${' + 1'.repeat(depth / 50)})`.repeat(50)};`, '+'],
  ]

  test.each(nested)('with %s too deep in one another is one diagnostic at its place', (_, body, sign) => {
    const { diagnostics, tree } = readModule('m', moduleText({ body: body(5000) }))
    expect(diagnostics.map(({ code }) => code)).toEqual(['NESTED_TOO_DEEPLY'])
    const [{ at }] = diagnostics as [Diagnostic]
    expect(at).toMatchObject({ line: 14 })
    expect(tree.text.slice(at.offset, at.offset + at.length)).toBe(sign)
  })

  test.each(nested)('may have as many %s in one another as people write', (_, body) => {
    expect(readModule('m', moduleText({ body: body(50) })).diagnostics).toEqual([])
  })

  test('may have as much beside one another as there is', () => {
    const items = '(a.b[1] + text.lower("x")), '.repeat(1000)
    const blocks = 'if a then x := [1]; end if; for b in c do stop; end for; '.repeat(500)
    expect(readModule('m', moduleText({ body: `x := [${items}]; ${blocks}` })).diagnostics).toEqual([])
  })
})

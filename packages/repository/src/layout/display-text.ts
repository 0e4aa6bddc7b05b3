/**
 * Display expressions as SQL. No row makes one of them fail: what would fail in CEL is null here.
 *
 * @module
 */
import type { DisplayTerm, DisplayTest, EntityType, Property } from '@sluice/model'
import { allOf, anyOf, columnOfRow } from '../sql/fragments.ts'
import { type SQL, sql, writtenOut } from '../sql/statement.ts'
import { columnOf } from './layout.ts'

interface Row {
  readonly type: Pick<EntityType, 'properties'>
  /** Alias. */
  readonly row: SQL
}

/** SQL expression (text) of a value as readers show it; null where there is none. */
export function valueText(property: Property, row: SQL): SQL {
  const text = sql`${columnOfRow(row, columnOf(property))}::text`
  return property.type === 'datetime' ? sql`replace(replace(${text}, ' ', 'T'), '+00', 'Z')` : text
}

/** SQL expression (text) of what is made of the resource; null where that fails. */
export function termText(of: Row, term: DisplayTerm): SQL {
  switch (term.is) {
    case 'text':
      return textOf(term.text)
    case 'property':
      return sql`coalesce(${valueNamed(of, term.property)}, '')`
    case 'joined':
      return joined(of, term)
    case 'choice': {
      const when = testOf(of, term.when)
      // Neither, where the test itself fails.
      return sql`case when ${when} then ${termText(of, term.chosen)} when not ${when} then ${termText(of, term.otherwise)} end`
    }
    case 'upper':
      return sql`upper(${termText(of, term.of)} collate "C")`
    case 'lower':
      return sql`lower(${termText(of, term.of)} collate "C")`
    case 'trimmed':
      return trimmed(termText(of, term.of))
    case 'part': {
      const text = termText(of, term.of)
      const { from, to } = term
      const length = to === undefined ? sql.blank : sql` for ${sql.literal(to - from)}`
      return sql`case when char_length(${text}) >= ${sql.literal(to ?? from)} then substring(${text} from ${sql.literal(from + 1)}${length}) end`
    }
  }
}

/** Without white space at its ends, as Unicode and CEL see it. */
export function trimmed(text: SQL): SQL {
  return sql`btrim(${text}, ${whiteSpace})`
}

const whiteSpace = sql`U&' \\0009\\000A\\000B\\000C\\000D\\0085\\00A0\\1680\\2000\\2001\\2002\\2003\\2004\\2005\\2006\\2007\\2008\\2009\\200A\\2028\\2029\\202F\\205F\\3000'`

function joined(of: Row, { terms, between, filled }: Extract<DisplayTerm, { is: 'joined' }>): SQL {
  const texts = terms.map((term) => termText(of, term))
  if (texts.length === 0) return textOf('')
  const all = texts.flatMap((text, n) => (n === 0 || between === '' ? [text] : [textOf(between), text]))
  if (!filled) return sql`(${sql.join(all, ' || ')})`
  return sql`array_to_string(array_remove(array[${sql.join(texts, ', ')}], ''), ${textOf(between)})`
}

function testOf(of: Row, test: DisplayTest): SQL {
  switch (test.is) {
    case 'flag':
      return sql`coalesce(${columnNamed(of, test.property)}, false)`
    case 'filled':
      return sql`(${valueNamed(of, test.property)} is not null)`
    case 'same':
      return sql`(${termText(of, test.left)} = ${termText(of, test.right)})`
    case 'contains':
      return sql`(strpos(${termText(of, test.of)}, ${termText(of, test.text)}) > 0)`
    case 'starts':
      return sql`starts_with(${termText(of, test.of)}, ${termText(of, test.text)})`
    case 'ends': {
      const text = termText(of, test.text)
      return sql`(right(${termText(of, test.of)}, char_length(${text})) = ${text})`
    }
    case 'not':
      return sql`(not ${testOf(of, test.test)})`
    case 'all':
      return allOf(test.tests.map((each) => testOf(of, each)))
    case 'any':
      return anyOf(test.tests.map((each) => testOf(of, each)))
  }
}

function valueNamed({ type, row }: Row, name: string): SQL {
  const property = type.properties.find((each) => each.name === name)
  return property === undefined ? sql`null::text` : valueText(property, row)
}

function columnNamed({ type, row }: Row, name: string): SQL {
  const property = type.properties.find((each) => each.name === name)
  return property === undefined ? sql`null::boolean` : columnOfRow(row, columnOf(property))
}

function textOf(text: string): SQL {
  return sql`${writtenOut(text)}::text`
}

/**
 * One spelling for each value by which resources are named.
 *
 * `0042`, `+42` and `42` are one number, and a UUID is the same in capitals: what names a resource is compared by its value.
 * So a column of such names is written in one spelling before rows are sorted and compared, the spelling in which the
 * repository writes the value as text; a test holds the two equal.
 *
 * @module
 */
import type { Property } from '../entity/entity-model.ts'
import { dayOf, instantOf } from './instant.ts'
import { legalValue } from './legal-value.ts'
import { numberReader } from './read-number.ts'
import { readDateOf, readTimeOf } from './read-time.ts'
import type { ValueFormat } from './source.ts'

export interface Spelling {
  /** Type and format: columns that are read alike have the same. */
  readonly id: string
  /** The spelling of the value that the text stands for; `undefined` where it stands for none. */
  of(text: string): string | undefined
  /** Hardly a text of the column will be in this spelling already, because it is written in a format of its own. */
  readonly foreign: boolean
  /** What a text that stands for a value looks like, for people. */
  readonly expected: string
}

type Write = (text: string) => string | undefined

/** How texts of the property are spelled; `undefined` where each text is a value of its own. */
export function spellingOf(property: Property, format: ValueFormat): Spelling | undefined {
  const write = writerOf(property, format)
  if (write === undefined) return undefined
  const { isLegal, expected } = legalValue(property, format)
  const own = formatOf(format)
  return {
    id: [property.type, ...(own === '' ? [] : [own])].join(' '),
    of: (text) => (isLegal(text) ? write(text) : undefined),
    foreign: own !== '',
    expected,
  }
}

/** The text in which readers show the value that a text stands for; `undefined` where it stands for none. */
export function shownSpelling(property: Property, format: ValueFormat, text: string): string | undefined {
  const spelling = spellingOf(property, format)
  if (spelling === undefined) return text
  const spelled = spelling.of(text)
  return property.type === 'datetime' ? spelled?.replace(' ', 'T').replace('+00', 'Z') : spelled
}

/** Reads as `first` does, and what that cannot read as `second` does. */
export function eitherSpelling(first: Spelling, second: Spelling): Spelling {
  return { ...first, id: `${first.id} or ${second.id}`, of: (text) => first.of(text) ?? second.of(text) }
}

/** What is read as without it is not of it. */
function formatOf(format: ValueFormat): string {
  const { decimalSeparator, thousandsSeparator, words, exponents, trailingMinus, percent, timeZone } = format
  const options = [
    format.format,
    decimalSeparator === '.' ? undefined : decimalSeparator,
    thousandsSeparator,
    words && JSON.stringify([words.true, words.false]),
    exponents === undefined ? undefined : `${exponents ? 'with' : 'without'} exponents`,
    trailingMinus === false ? 'without trailing minus' : undefined,
    percent === undefined ? undefined : `percent as ${percent}`,
    timeZone,
  ]
  return options.filter((option) => option !== undefined).join(' ')
}

function writerOf(property: Property, format: ValueFormat): Write | undefined {
  switch (property.type) {
    case 'integer':
    case 'decimal':
      return numberReader(property.type, format)
    case 'boolean': {
      const truths = format.words?.true
      return (text) => String(truths === undefined ? text.toLowerCase() === 'true' : truths.includes(text))
    }
    case 'uuid':
      return (text) => text.toLowerCase()
    case 'date': {
      const read = readDateOf(format)
      return (text) => {
        const fields = read(text)
        return fields && dayOf(fields.year, fields.month, fields.day)
      }
    }
    case 'datetime': {
      const read = readTimeOf(format)
      return (text) => {
        const fields = read(text)
        return fields && instantOf(fields)
      }
    }
    case 'string':
    case 'text':
    case 'enum':
    case 'file':
    case 'secret':
    case 'reference':
      return undefined
  }
}

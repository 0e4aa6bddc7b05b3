/**
 * How what is to be loaded is written: what people say of it, made sure of.
 *
 * @module
 */
import { encodingMeant, type FileEncoding, parseDateFormat } from '@sluice/model'
import { LoadOptionError } from './load-errors.ts'

export interface LoadDialect {
  /** One character, or `tab`; `;` when absent. */
  readonly separator?: string | undefined
  /** One character; `"` when absent. */
  readonly qualifier?: string | undefined
  /** By whatever name; UTF-8 when absent, or what a mark at the beginning says. */
  readonly charset?: string | undefined
  /** In letters such as `d/m/Y H:i:s` or `dd/MM/yyyy HH:mm:ss`; ISO 8601 when absent. */
  readonly dateFormat?: string | undefined
}

export interface Dialect {
  readonly separator: string
  readonly qualifier: string
  /** `undefined`: nobody has said. */
  readonly charset: FileEncoding | undefined
  readonly dates: DateFormats | undefined
}

/** The formats in which dates and times may be written, the first that fits counts; as mappings write them. */
export interface DateFormats {
  readonly date: readonly string[]
  readonly datetime: readonly string[]
}

export function dialectOf({ separator = ';', qualifier = '"', charset, dateFormat }: LoadDialect): Dialect {
  const between = separator === 'tab' || separator === '\\t' ? '\t' : separator
  checkSign('separator', between)
  checkSign('qualifier', qualifier)
  if (between === qualifier) {
    throw new LoadOptionError('Separator and qualifier are the same character.', 'Give one of them another.')
  }
  return { separator: between, qualifier, charset: charsetOf(charset), dates: datesOf(dateFormat) }
}

function checkSign(name: string, sign: string): void {
  if (sign.length === 1 && sign !== '\n' && sign !== '\r' && sign !== ' ') return
  throw new LoadOptionError(
    `The ${name} ${JSON.stringify(sign)} is not one character.`,
    `Give one character such as ${name === 'separator' ? '; or , or the word tab' : '"'}.`,
  )
}

function charsetOf(written: string | undefined): FileEncoding | undefined {
  if (written === undefined) return undefined
  const meant = encodingMeant(written)
  if (meant !== undefined) return meant
  throw new LoadOptionError(
    `There is no charset ${JSON.stringify(written)}.`,
    'Give one such as UTF-8 or windows-1252.',
  )
}

/** The letters of iTop, which are those of PHP, by those of mappings. */
const letters: ReadonlyMap<string, string> = new Map([
  ['Y', 'yyyy'],
  ['m', 'MM'],
  ['n', 'M'],
  ['d', 'dd'],
  ['j', 'd'],
  ['H', 'HH'],
  ['G', 'H'],
  ['i', 'mm'],
  ['s', 'ss'],
])

function datesOf(written: string | undefined): DateFormats | undefined {
  if (written === undefined) return undefined
  const format = written.includes('yyyy') ? written : fromLetters(written)
  const [day, time] = dayAndTime(format)
  const refused = (problem: string) =>
    new LoadOptionError(
      `The date format ${JSON.stringify(written)} is not valid: ${problem}.`,
      'Write one such as d/m/Y or yyyy-MM-dd HH:mm:ss.',
    )
  for (const [part, type] of [
    [day, 'date'],
    [format, 'datetime'],
  ] as const) {
    const parsed = parseDateFormat(part, type)
    if ('problem' in parsed) throw refused(parsed.problem)
  }
  const times = time === '' ? [`${day} HH:mm:ss`, `${day} HH:mm`, day] : [format]
  return { date: [day], datetime: times }
}

function fromLetters(written: string): string {
  return written.replaceAll(/%?([A-Za-z])/g, (all, letter: string) => letters.get(letter) ?? all)
}

/** A time stands behind the day. */
function dayAndTime(format: string): readonly [string, string] {
  const at = format.search(/[T ]*H/)
  return at === -1 ? [format, ''] : [format.slice(0, at), format.slice(at)]
}

/**
 * The options that every listing shares: how many, in which shape, which ones.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { Shape } from './output/records.ts'

export interface RecordFlags {
  readonly where?: readonly string[]
  readonly limit?: number
  readonly csv?: boolean
  readonly json?: boolean
}

/** Lines of a table when no other number is given; CSV and JSON have no end. */
const linesOfTable = 100

export function withRecordOptions(command: Command, things: string): Command {
  return withShapeOptions(
    command.option(
      '--where <CONDITION>',
      'only those that fulfil it: name=value, != < <= > >=, ~ (contains), "name is null", "name is not null"; several with "or" between them; may be repeated',
      collect,
    ),
    things,
  )
}

export function withShapeOptions(command: Command, things: string): Command {
  return command
    .addOption(
      new Option(
        '--limit <N>',
        `at most so many, or "all"; ${linesOfTable} in a table when not given`,
      ).argParser(parseLimit),
    )
    .addOption(new Option('--csv', `print all ${things} as CSV`).conflicts('json'))
    .option('--json', `print all ${things} as one JSON array`)
}

/** For options that may be repeated. */
function collect(text: string, previous: readonly string[] = []): readonly string[] {
  return [...previous, text]
}

/** A number of lines, or `all`. */
export function parseLimit(text: string): number {
  if (text === 'all') return Number.POSITIVE_INFINITY
  if (!/^[1-9]\d{0,14}$/.test(text)) throw new InvalidArgumentError('It must be a number from 1, or "all".')
  return Number(text)
}

export function shapeOf({ csv, json }: RecordFlags): Shape {
  if (json === true) return 'json'
  return csv === true ? 'csv' : 'table'
}

export function limitOf(flags: RecordFlags): number {
  return flags.limit ?? (shapeOf(flags) === 'table' ? linesOfTable : Number.POSITIVE_INFINITY)
}

/** For readers: one more than is shown, to know whether there are more. */
export function readLimit(flags: RecordFlags): number | undefined {
  const limit = limitOf(flags)
  return Number.isFinite(limit) ? limit + 1 : undefined
}

/** The first of them; calls `more` when there is another one. */
export async function* limited<T>(
  items: AsyncIterable<T> | Iterable<T>,
  limit: number,
  more: () => void,
): AsyncGenerator<T> {
  let count = 0
  for await (const item of items) {
    if (count === limit) {
      more()
      return
    }
    yield item
    count += 1
  }
}

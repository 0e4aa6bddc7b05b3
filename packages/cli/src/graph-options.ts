/**
 * The options of what shows graphs: how far, how much, and in which form.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { GlobalOptions } from './context.ts'

const graphFormats = ['text', 'json', 'svg', 'dot', 'mermaid'] as const
export type GraphFormat = (typeof graphFormats)[number]

export interface FormatFlags {
  readonly format?: GraphFormat
  readonly json?: boolean
  readonly out?: string
}

export interface GraphFlags extends GlobalOptions, FormatFlags {
  readonly depth?: number
  readonly by?: string
  readonly limit?: number
}

/** The most resources of an answer, as the repository has it; a help text does not load that. */
const mostReached = 10_000
/** Resources of a text or a picture when no other number is given; JSON has as many as there may be. */
const shownResources = 100

export function withGraphOptions(command: Command): Command {
  return withFormatOptions(
    command
      .option(
        '--by <PROPERTY>',
        'property whose value KEY is; its keys, display property and id when not given',
      )
      .addOption(
        new Option(
          '--limit <N>',
          `at most so many resources beside it, ${formatted(mostReached)} at most; ${shownResources} when not given, in JSON ${formatted(mostReached)}`,
        ).argParser(parseLimit),
      ),
    graphFormats,
  )
}

export function withFormatOptions(command: Command, formats: readonly GraphFormat[]): Command {
  return command
    .addOption(
      new Option(
        '--format <FORMAT>',
        `in which form; by the ending of --out, or else ${formats[0]}, when not given`,
      )
        .choices(formats)
        .conflicts('json'),
    )
    .option('--json', 'the same as --format json')
    .option('--out <FILE>', 'write it into this file; an existing file is replaced')
}

/** A number of links, or `all`. */
export function parseDepth(text: string): number {
  if (text === 'all') return Number.POSITIVE_INFINITY
  if (!/^(0|[1-9]\d{0,8})$/.test(text)) throw new InvalidArgumentError('It must be a number, or "all".')
  return Number(text)
}

function parseLimit(text: string): number {
  const limit = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0
  if (limit < 1 || limit > mostReached)
    throw new InvalidArgumentError(`It must be a number from 1 to ${formatted(mostReached)}.`)
  return limit
}

export function parsePercent(text: string): number {
  const percent = /^\d{1,3}(\.\d{1,6})?$/.test(text) ? Number(text) : -1
  if (percent < 0 || percent > 100) throw new InvalidArgumentError('It must be a percentage, from 0 to 100.')
  return percent
}

function formatted(count: number): string {
  return count.toLocaleString('en-US')
}

const formatOfEnding: ReadonlyMap<string, GraphFormat> = new Map([
  ['svg', 'svg'],
  ['json', 'json'],
  ['dot', 'dot'],
  ['gv', 'dot'],
  ['mmd', 'mermaid'],
  ['mermaid', 'mermaid'],
])

/** As it was asked for, or as the name of the file says it; `usual` where neither does. */
export function formatOf({ format, json, out }: FormatFlags, usual: GraphFormat): GraphFormat {
  if (json === true) return 'json'
  const ending = /\.(\w+)$/.exec(out ?? '')?.[1] ?? ''
  return format ?? formatOfEnding.get(ending.toLowerCase()) ?? usual
}

export function limitOfGraph(flags: GraphFlags): number {
  return flags.limit ?? (formatOf(flags, 'text') === 'json' ? mostReached : shownResources)
}

/** What to do to see more; `undefined`: it is all that can be asked for. */
export function greaterLimit(limit: number): number | undefined {
  return limit >= mostReached ? undefined : Math.min(limit * 10, mostReached)
}

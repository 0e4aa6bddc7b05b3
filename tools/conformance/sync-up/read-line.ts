/**
 * The lines of `run` and `expect` blocks.
 *
 * @module
 */
import type { DeliveryStatus } from '@sluice/project'

type CaseMode = DeliveryStatus['mode']

export type Command =
  | {
      readonly kind: 'prepare'
      readonly connector: string
      readonly mode: CaseMode
      readonly session: string
      readonly send: boolean
    }
  | { readonly kind: 'process'; readonly force: boolean }
  | { readonly kind: 'send' | 'validate' | 'abandon'; readonly session: string }
  | { readonly kind: 'drop-source'; readonly table: string }

const counters = ['Inserted', 'Updated', 'Deleted', 'LinkInserted', 'LinkDeleted', 'Orphans'] as const
export type Counter = (typeof counters)[number]

export type Statement =
  | { readonly kind: 'session'; readonly session: string; readonly status: string }
  | {
      readonly kind: 'counts'
      readonly session: string
      readonly counts: readonly { readonly counter: Counter; readonly value: number }[]
    }
  /** Thresholds as `LEVEL.THRESHOLD`. */
  | { readonly kind: 'by'; readonly session: string; readonly thresholds: readonly string[] }
  | { readonly kind: 'order'; readonly sessions: readonly string[] }

/** `undefined` when the line is no command. Names of connectors and tables may hold blanks. */
export function readCommand(line: string): Command | undefined {
  const prepare = /^prepare +(.+?) +(initial|complete|incremental) +(\S+)( +nosend)?$/.exec(line)
  if (prepare !== null) {
    const [, connector = '', mode = '', session = '', nosend] = prepare
    const known = (['initial', 'complete', 'incremental'] as const).find((one) => one === mode)
    return known && { kind: 'prepare', connector, mode: known, session, send: nosend === undefined }
  }
  if (/^process( +-force)?$/.test(line)) return { kind: 'process', force: line.endsWith('-force') }
  const [, word, name = ''] = /^(\S+) +(.+)$/.exec(line) ?? []
  if (word === 'drop-source') return { kind: word, table: name }
  if (word === 'send' || word === 'validate' || word === 'abandon') return { kind: word, session: name }
  return undefined
}

/** `undefined` when the line is no statement. */
export function readStatement(line: string): Statement | undefined {
  const [word, session, ...rest] = line.split(/ +/)
  if (word === 'order') return { kind: word, sessions: session === undefined ? [] : [session, ...rest] }
  if (session === undefined) return undefined
  if (word === 'session' && rest.length === 1) return { kind: word, session, status: rest[0] ?? '' }
  if (word === 'by') return { kind: word, session, thresholds: readThresholds(rest.join(' ')) }
  if (word === 'counts') {
    const counts = rest.map(readCount).filter((count) => count !== undefined)
    return counts.length === rest.length ? { kind: word, session, counts } : undefined
  }
  return undefined
}

/** Levels are names of mappings and may hold blanks and dots; thresholds are known by their beginning. */
function readThresholds(text: string): readonly string[] {
  return [...text.matchAll(/(\S.*?\.Max\w+)(?= |$)/g)].map(([threshold]) => threshold)
}

function readCount(text: string): { counter: Counter; value: number } | undefined {
  const [name, value = '', ...rest] = text.split('=')
  const counter = counters.find((known) => known === name)
  if (counter === undefined || !/^\d+$/.test(value) || rest.length > 0) return undefined
  return { counter, value: Number(value) }
}

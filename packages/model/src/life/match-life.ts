/**
 * The life of a doubtful match, `sluice_match.state`.
 *
 * The comments beside states and events are what docs/run-lifecycle.md says of them.
 *
 * @module
 */
import { Life } from './state-table.ts'

export const matchStates = [
  /** Several resources match the row, and nobody has decided. */
  'waiting',
  /** Somebody has decided; the next run of the source carries it out. */
  'decided',
  /** A run has carried it out. */
  'applied',
  /** It needs no decision any more: the row finds its resource, or none, or is gone. */
  'settled',
] as const
export type MatchState = (typeof matchStates)[number]

export const matchEvents = [
  /** A run found that several resources match. */
  'doubted',
  /** Somebody decides. */
  'decided',
  /** A run carried out what was decided. */
  'carriedOut',
  /** Somebody takes the decision back. */
  'undone',
  /** A run found that the resource is gone that had been decided for. */
  'vanished',
  /** A run found that the row needs no decision. */
  'settled',
] as const
export type MatchEvent = (typeof matchEvents)[number]

export const matchLife = new Life<MatchState, MatchEvent>({
  states: matchStates,
  events: matchEvents,
  start: 'waiting',
  table: {
    waiting: {
      doubted: 'waiting',
      decided: 'decided',
      carriedOut: 'ignored',
      undone: 'ignored',
      vanished: 'ignored',
      settled: 'settled',
    },
    decided: {
      // It was decided after the run had looked.
      doubted: 'ignored',
      decided: 'decided',
      carriedOut: 'applied',
      undone: 'waiting',
      vanished: 'waiting',
      // The row may come back.
      settled: 'ignored',
    },
    applied: {
      doubted: 'ignored',
      // What was carried out is taken back first.
      decided: 'ignored',
      carriedOut: 'applied',
      undone: 'waiting',
      vanished: 'waiting',
      settled: 'ignored',
    },
    settled: {
      doubted: 'waiting',
      decided: 'ignored',
      carriedOut: 'ignored',
      undone: 'ignored',
      vanished: 'ignored',
      settled: 'ignored',
    },
  },
})

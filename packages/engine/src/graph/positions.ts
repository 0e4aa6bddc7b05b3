/**
 * How far roots reach, as rows that statements join: each place where an evaluation may stand, and from which one it is reached.
 *
 * @module
 */
import { type SQL, sql } from '@sluice/repository'
import type { Reach, Traversal, TraversalStep, Way } from './evaluation.ts'

export interface Position {
  readonly position: number
  /** `undefined`: where the roots of a kind stand. */
  readonly from: { readonly position: number; readonly spec: Traversal } | undefined
  /** Of the nodes that stand there; `undefined`: of any kind. */
  readonly kind: string | undefined
}

export function positionsOf(reach: Reach): readonly Position[] {
  const positions: Position[] = []
  const add = (one: Omit<Position, 'position'>, steps: readonly TraversalStep[]) => {
    const position = positions.length
    positions.push({ ...one, position })
    for (const { spec, further } of steps) add({ from: { position, spec }, kind: spec.kind }, further)
  }
  for (const [kind, steps] of reach) add({ from: undefined, kind }, steps)
  return positions
}

/** Relation (position, kind, from_position, role, relationship, other_role): null matches anything. */
export function positionRows(positions: readonly Position[]): SQL {
  const rows = positions.map(({ position, kind, from }) => {
    const texts = [kind, from?.spec.role, from?.spec.relationship, from?.spec.otherRole].map(textOrNull)
    const [ofKind, ...spec] = texts
    return sql`(${sql.literal(position)}, ${ofKind ?? sql.null}, ${from === undefined ? sql`null::integer` : sql`${sql.literal(from.position)}`}, ${sql.join(spec, ', ')})`
  })
  return sql`(values ${sql.join(rows, ', ')}) p(position, kind, from_position, role, relationship, other_role)`
}

function textOrNull(text: string | undefined): SQL {
  return text === undefined ? sql`null::text` : sql`${sql.value(text)}::text`
}

/** A position that is reached over relationships that lie in this way, from the one of their ends. */
export interface Reached {
  readonly from: number
  readonly position: number
  readonly way: number
  readonly isForward: boolean
}

/** By which of the ways that there are each position is reached. `kinds`: of both ends of each way. */
export function reachedBy(
  positions: readonly Position[],
  ways: readonly (Way & { readonly fromKind: string; readonly toKind: string })[],
): readonly Reached[] {
  const fits = (wanted: string | undefined, found: string) => wanted === undefined || wanted === found
  return positions.flatMap(({ position, from }) => {
    if (from === undefined) return []
    const { spec } = from
    return ways
      .filter(({ kind }) => fits(spec.relationship, kind))
      .flatMap(({ way, fromRole, toRole, fromKind, toKind }): readonly Reached[] => {
        const reached = { from: from.position, position, way }
        const isForward = fits(spec.role, fromRole) && fits(spec.otherRole, toRole) && fits(spec.kind, toKind)
        const isBackward =
          fits(spec.role, toRole) && fits(spec.otherRole, fromRole) && fits(spec.kind, fromKind)
        return [
          ...(isForward ? [{ ...reached, isForward: true }] : []),
          ...(isBackward ? [{ ...reached, isForward: false }] : []),
        ]
      })
  })
}

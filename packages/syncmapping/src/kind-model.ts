/**
 * The kinds of the source graph: what attributes their nodes have, and how they are related.
 *
 * @module
 */
import type { Spec } from './tree/tree.ts'

export interface KindModel {
  readonly kinds: ReadonlyMap<string, NodeKind>
  /** Each way from one kind to another; `undefined`: they are not listed, and every one is accepted. */
  readonly ways: readonly Way[] | undefined
}

export interface NodeKind {
  /** `undefined`: every attribute there may be. */
  readonly attributes: ReadonlySet<string> | undefined
}

/** From the end with `role` to the one with `otherRole`; each relationship has two. */
export interface Way extends WayEnds {
  /** Of the node from which it goes. */
  readonly from: string
}

type WayEnds = { readonly [Part in keyof Spec]-?: string }

export const specParts = ['role', 'relationship', 'otherRole', 'kind'] as const
export type SpecPart = (typeof specParts)[number]

/** The first part of a traversal with which no way is left, and what could stand there. */
export function strayPart(
  { ways }: KindModel,
  spec: Spec,
  from: string | undefined,
): { readonly part: SpecPart; readonly known: readonly string[] } | undefined {
  if (ways === undefined) return undefined
  let left = ways.filter((way) => from === undefined || way.from === from)
  for (const part of specParts) {
    const wanted = spec[part]
    if (wanted === undefined) continue
    const known = left.map((way) => way[part])
    left = left.filter((way) => way[part] === wanted)
    if (left.length === 0) return { part, known: [...new Set(known)] }
  }
  return undefined
}

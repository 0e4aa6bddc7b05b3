/**
 * The module that is being read, and where things stand in it.
 *
 * After a mistake the parser goes on with nodes that lack what it could not find, though their types say otherwise.
 * What is read from them is therefore looked at with `whole`, here and nowhere else: a tree has no holes.
 *
 * @module
 */
import { type AstNode, GrammarUtils } from 'langium'
import type { Report, Span } from '../diagnostic.ts'
import type { TextPlaces } from '../tree/text-places.ts'
import type { DataModel, Name, Version } from '../tree/tree.ts'

export interface Reading {
  readonly text: string
  readonly places: TextPlaces
  readonly report: Report
  /** Offsets at which the parser found what cannot stand there. */
  readonly mistakes: number[]
}

/** What may be missing after a syntax error. */
export function whole<T>(value: T): T | undefined {
  return value
}

/** Those that are complete. */
export function complete<T>(values: readonly (T | undefined)[]): readonly T[] {
  return values.filter((value) => value !== undefined)
}

export function spanOf(node: AstNode, { places }: Reading): Span {
  return places.span(node.$cstNode?.offset ?? 0, node.$cstNode?.length ?? 0)
}

/** Where a property of a node stands; `undefined` where it is missing. */
export function propertySpan(
  node: AstNode,
  property: string,
  { places }: Reading,
  index?: number,
): Span | undefined {
  const found = GrammarUtils.findNodeForProperty(node.$cstNode, property, index)
  return found === undefined ? undefined : places.span(found.offset, found.length)
}

export function nameIn(node: AstNode, property: string, reading: Reading, index?: number): Name | undefined {
  const at = propertySpan(node, property, reading, index)
  if (at === undefined || at.length === 0) return undefined
  const written = reading.text.slice(at.offset, at.offset + at.length)
  return { text: written.replace(/(^|\.)\$/g, '$1').replace(/\s+/g, ''), at }
}

export function versionIn(node: AstNode, reading: Reading): Version | undefined {
  const at = propertySpan(node, 'version', reading)
  if (at === undefined) return undefined
  const [major = '0', minor = '0'] = reading.text.slice(at.offset, at.offset + at.length).split('.')
  return { major: Number(major), minor: Number(minor), at }
}

export function dataModelsIn(
  node: AstNode & { readonly numbers: readonly string[] },
  reading: Reading,
): readonly DataModel[] {
  return complete(
    node.numbers.map((number, index) => {
      const at = propertySpan(node, 'numbers', reading, index)
      return at === undefined ? undefined : { number: Number(number), at }
    }),
  )
}

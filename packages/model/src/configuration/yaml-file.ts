/**
 * One YAML file: its value, and where in the text each part of it stands.
 *
 * @module
 */
import {
  type Document,
  isAlias,
  isMap,
  isNode,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  type Pair,
  parseDocument,
  type Scalar,
  type YAMLMap,
} from 'yaml'
import type { Place } from '../errors.ts'
import { pathWithin } from './configuration-object.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'

export interface ConfigurationFile {
  /** As findings shall name it. */
  readonly path: string
  readonly text: string
  /** The text was made of an object, and its places are told as paths within that. */
  readonly isObject?: true
}

/** Keys and list positions from the root of a file to a part of it. */
export type YamlPath = readonly PropertyKey[]

export interface YamlFile {
  readonly path: string
  /** `undefined` when the text is not YAML. */
  readonly value: unknown
  /** Where the part stands; of what does not exist, where its nearest ancestor does. */
  placeOf(path: YamlPath, part?: 'key' | 'value'): Place
  /** Of a text, where its character number `offset` stands, from 0; where the text begins when it is written with escapes. */
  placeWithin(path: YamlPath, offset: number): Place
  /** A scalar as it was written, so that `007` stays `007`. */
  textAt(path: YamlPath): string | undefined
  /** The key at the end of a path as it was written. */
  keyAt(path: YamlPath): string | undefined
}

/** Reads the text; whatever YAML finds wrong with it becomes findings. */
export function readYaml(file: ConfigurationFile, findings: Findings): YamlFile {
  const lineCounter = new LineCounter()
  const document = parseDocument(file.text, { lineCounter, merge: true, prettyErrors: false })
  const place = (offset: number): Place => {
    const { line, col } = lineCounter.linePos(offset)
    return { file: file.path, line: Math.max(line, 1), column: Math.max(col, 1) }
  }

  // After the first break the parser guesses, and its further errors would only mislead; keys that
  // stand twice break nothing.
  const broken = document.errors.find((error) => error.code !== 'DUPLICATE_KEY')
  const reported = document.errors.filter((error) => error.code === 'DUPLICATE_KEY' || error === broken)
  for (const error of reported) {
    const [message, remedy] = explain(error.code, error.message)
    findings.add(findingCodes.syntax, place(error.pos[0]), message, { remedy })
  }
  return {
    path: file.path,
    value: document.errors.length === 0 ? toValue(document, () => place(0), findings) : undefined,
    placeOf: (path, part = 'value') =>
      file.isObject === true ? within(path) : place(offsetOf(walk(document, path), part)),
    placeWithin: (path, offset) => {
      if (file.isObject === true) return within(path)
      const step = walk(document, path)
      return place(offsetOf(step, 'value') + offsetWithin(step, file.text, offset))
    },
    textAt: (path) => textOf(walk(document, path)),
    keyAt: (path) => {
      const key = walk(document, path).pair?.key
      return isScalar(key) ? textOfScalar(key) : undefined
    },
  }
}

function within(path: YamlPath): Place {
  return { file: pathWithin(path) }
}

function explain(code: string, message: string): [string, string | undefined] {
  if (code === 'DUPLICATE_KEY') {
    return ['This key occurs twice here.', 'Keep one of the two, or merge their content.']
  }
  if (code === 'TAB_AS_INDENT')
    return ['YAML does not allow a tab here, only spaces.', 'Indent with two spaces.']
  if (code === 'MULTIPLE_DOCS') {
    return ['A second YAML document begins here.', 'Move it to another file, and include that file.']
  }
  const sentence = message.endsWith('.') ? message : `${message}.`
  return [`This is not valid YAML: ${sentence}`, undefined]
}

function toValue(document: Document, start: () => Place, findings: Findings): unknown {
  try {
    return document.toJS() ?? {}
  } catch (error) {
    // The library's guard against files whose aliases unfold without end.
    const reason = error instanceof Error ? error.message : String(error)
    findings.add(findingCodes.syntax, start(), `This is not valid YAML: ${reason}.`)
    return undefined
  }
}

interface Step {
  readonly found: boolean
  readonly pair: Pair | undefined
  readonly node: Node | undefined
}

function walk(document: Document, path: YamlPath): Step {
  let step: Step = { found: true, pair: undefined, node: resolve(document, document.contents) }
  for (const key of path) {
    const next = descend(document, step.node, key)
    if (next === undefined) return { ...step, found: false }
    step = next
  }
  return step
}

function descend(document: Document, node: Node | undefined, key: PropertyKey): Step | undefined {
  if (isMap(node)) {
    const pair = node.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === key)
    return pair === undefined
      ? descendMerged(document, node, key)
      : { found: true, pair, node: resolve(document, pair.value) }
  }
  if (isSeq(node)) {
    const item = node.items[Number(key)]
    return item === undefined ? undefined : { found: true, pair: undefined, node: resolve(document, item) }
  }
  return undefined
}

/** What a map has by `<<` stands in the map, or the maps, that it names. */
function descendMerged(document: Document, map: YAMLMap, key: PropertyKey): Step | undefined {
  for (const { key: name, value } of map.items) {
    if (!isScalar(name) || name.source !== '<<') continue
    const named = resolve(document, value)
    const maps = isSeq(named) ? named.items.map((item) => resolve(document, item)) : [named]
    for (const one of maps) {
      const found = descend(document, one, key)
      if (found !== undefined) return found
    }
  }
  return undefined
}

function resolve(document: Document, value: unknown): Node | undefined {
  if (isAlias(value)) return value.resolve(document)
  return isNode(value) ? value : undefined
}

function offsetOf(step: Step, part: 'key' | 'value'): number {
  const key = isNode(step.pair?.key) ? step.pair.key.range?.[0] : undefined
  // A value of which nothing is written stands at the end of the line, where nobody looks.
  const value = isScalar(step.node) && step.node.source === '' ? undefined : step.node?.range?.[0]
  // Of a part that a map misses, the name of the map says more than its first line; a scalar is the
  // short spelling of the map one looks into.
  const missing = !(step.found || isScalar(step.node))
  const inOrder = part === 'key' || missing ? [key, value] : [value, key]
  return inOrder.find((offset) => offset !== undefined) ?? 0
}

/** Behind the beginning of what is written, the quote included. */
function offsetWithin({ found, node }: Step, text: string, offset: number): number {
  if (!(found && isScalar(node)) || typeof node.value !== 'string') return 0
  const [start = 0, end = 0] = node.range ?? []
  const at = text.slice(start, end).indexOf(node.value)
  return at < 0 ? 0 : at + Math.min(offset, node.value.length)
}

function textOf(step: Step): string | undefined {
  return step.found && isScalar(step.node) ? textOfScalar(step.node) : undefined
}

function textOfScalar({ value, source }: Scalar): string {
  return typeof value === 'string' ? value : (source ?? String(value))
}

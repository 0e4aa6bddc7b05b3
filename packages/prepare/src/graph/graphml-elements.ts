/**
 * What the elements of GraphML come to: each node and each edge, when it ends.
 *
 * @module
 */
import { LosslessNumber } from 'lossless-json'
import { AttributeTrouble, attributesText } from './attributes.ts'
import { type GraphItem, type ItemTrouble, reasonOf } from './graph-item.ts'

export interface GraphmlItem {
  readonly item: GraphItem
  /** Where it begins. */
  readonly line: number
  /** As far as it is kept: the tag that opens it. */
  readonly text: string
}

type XmlAttributes = Readonly<Record<string, string>>

/** `<key id="d0" for="node" attr.name="ram" attr.type="int">`. */
interface Key {
  readonly name: string
  readonly type: string
  readonly for: string
  default: string | undefined
}

/** A node or an edge that is not closed yet; nodes may hold a graph of their own. */
interface Open {
  readonly type: 'node' | 'edge' | 'hyperedge'
  readonly attributes: XmlAttributes
  readonly line: number
  /** Texts by key. */
  readonly data: Map<string, string>
}

export class GraphmlElements {
  readonly #found: (item: GraphmlItem) => void
  readonly #keys = new Map<string, Key>()
  readonly #open: Open[] = []
  #key: Key | undefined
  /** Key of the data that is being read, or that of a default. */
  #reading: string | undefined
  #text = ''
  #depth = 0
  hasGraph = false

  constructor(found: (item: GraphmlItem) => void) {
    this.#found = found
  }

  /** Something is not closed yet. */
  get isOpen(): boolean {
    return this.#depth > 0
  }

  /** Characters that are gathered for one text. */
  get size(): number {
    return this.#text.length
  }

  open(name: string, attributes: XmlAttributes, line: number): void {
    this.#depth++
    if (name === 'graph') this.hasGraph = true
    else if (name === 'key') this.#declare(attributes)
    else if (name === 'default') this.#read('')
    else if (name === 'data') this.#read(attributes['key'] ?? '')
    else if (name === 'node' || name === 'edge' || name === 'hyperedge')
      this.#open.push({ type: name, attributes, line, data: new Map() })
  }

  text(text: string): void {
    if (this.#reading !== undefined) this.#text += text
  }

  close(name: string): void {
    this.#depth--
    if (name === 'key') this.#key = undefined
    else if (name === 'default') {
      if (this.#key !== undefined) this.#key.default = this.#text
      this.#reading = undefined
    } else if (name === 'data') {
      this.#open.at(-1)?.data.set(this.#reading ?? '', this.#text)
      this.#reading = undefined
    } else if (name === 'node' || name === 'edge' || name === 'hyperedge') this.#finish()
  }

  #declare(attributes: XmlAttributes): void {
    const { id = '' } = attributes
    const name = attributes['attr.name'] ?? id
    const type = attributes['attr.type'] ?? 'string'
    this.#key = { name, type, for: attributes['for'] ?? 'all', default: undefined }
    this.#keys.set(id, this.#key)
  }

  #read(key: string): void {
    this.#reading = key
    this.#text = ''
  }

  #finish(): void {
    const open = this.#open.pop()
    if (open === undefined) return
    this.#found({ item: this.#itemOf(open), line: open.line, text: tagText(open) })
  }

  #itemOf(open: Open): GraphItem {
    if (open.type === 'node') return { type: 'node', row: this.#nodeOf(open) }
    if (open.type === 'edge') return { type: 'relationship', row: this.#relationshipOf(open) }
    const reason = 'a relationship has two ends, and this is one of several'
    return { type: 'relationship', row: { reason, column: null, keys: undefined } }
  }

  #nodeOf(open: Open) {
    const { id, labels } = open.attributes
    const trouble = (reason: string, column: string | null): ItemTrouble => ({
      reason,
      column,
      keys: id === undefined ? undefined : [id],
    })
    if (id === undefined) return trouble('it has no id', 'id')
    const data = this.#dataOf(open)
    if ('reason' in data) return trouble(data.reason, data.column)
    const kind = take(data, 'kind') ?? firstLabel(labels)
    if (kind === '') return trouble('it has no kind', 'kind')
    const destroyed = data.get('destroyed')
    if (typeof destroyed === 'boolean') data.delete('destroyed')
    const attributes = attributesText(data)
    if (attributes instanceof AttributeTrouble) return trouble(reasonOf(attributes), attributes.attribute)
    return { id, kind, attributes, destroyed: destroyed === true || data.get('_destroyed') === true }
  }

  #relationshipOf(open: Open) {
    const { source: from, target: to, label } = open.attributes
    const trouble = (reason: string, column: string | null): ItemTrouble => ({
      reason,
      column,
      keys: undefined,
    })
    if (from === undefined || to === undefined)
      return trouble(`it has no ${from === undefined ? 'source' : 'target'}`, null)
    const data = this.#dataOf(open)
    if ('reason' in data) return trouble(data.reason, data.column)
    const kind = take(data, 'kind') ?? label ?? ''
    if (kind === '') return trouble('it has no kind', 'kind')
    const [fromRole, toRole] = [take(data, 'fromRole') ?? '', take(data, 'toRole') ?? '']
    const attributes = attributesText(data)
    if (attributes instanceof AttributeTrouble) return trouble(reasonOf(attributes), attributes.attribute)
    return { from, fromRole, kind, toRole, to, attributes }
  }

  /** By the names of their keys, defaults included. */
  #dataOf({ type, data }: Open): Map<string, unknown> | { readonly reason: string; readonly column: string } {
    const values = new Map<string, unknown>()
    for (const [id, key] of this.#keys) {
      if (key.for !== 'all' && key.for !== type) continue
      const text = data.get(id) ?? key.default
      if (text === undefined) continue
      const value = valueOfType(text, key.type)
      if (value === undefined)
        return { reason: `"${text.slice(0, 100)}" is no ${key.type}`, column: key.name }
      values.set(key.name, value)
    }
    const unknown = [...data.keys()].find((id) => !this.#keys.has(id))
    if (unknown === undefined) return values
    return { reason: `no key "${unknown}" is declared`, column: unknown }
  }
}

const wholeNumber = /^-?(?:0|[1-9]\d*)$/
const decimalNumber = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?$/
const number = (pattern: RegExp) => (word: string) =>
  pattern.test(word) ? new LosslessNumber(word) : undefined
const truth: Readonly<Record<string, boolean>> = { true: true, '1': true, false: false, '0': false }

/** By `attr.type`; all others are texts. */
const readers: Readonly<Record<string, (word: string) => unknown>> = {
  boolean: (word) => truth[word],
  int: number(wholeNumber),
  long: number(wholeNumber),
  float: number(decimalNumber),
  double: number(decimalNumber),
}

/** `undefined` where the text is none. */
function valueOfType(text: string, type: string): unknown {
  const read = readers[type]
  return read === undefined ? text : read(text.trim())
}

function take(data: Map<string, unknown>, name: string): string | undefined {
  const value = data.get(name)
  if (typeof value !== 'string') return undefined
  data.delete(name)
  return value
}

/** As graph databases write them: `:Host:Server`. */
function firstLabel(labels: string | undefined): string {
  return labels?.split(':').find((label) => label !== '') ?? ''
}

function tagText({ type, attributes }: Open): string {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}="${value}"`)
  return `<${type}${written.join('')}>`
}

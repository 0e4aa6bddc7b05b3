/**
 * A text of XML, opened so that it can be asked for parts of it.
 *
 * What asks counts its steps: an expression can go through a document again for each of its nodes, and once more for each of those,
 * which has an end, but none that anybody lives to see. No document refers to another file, whatever it says.
 *
 * @module
 */
import { type Attr, DOMParser, type Document, type Element, type Node, ParseError } from '@xmldom/xmldom'
import xpath, { type Path } from 'xpath'

const { XBoolean, XNodeSet, XNumber, XString } = xpath
type XNodeSet = InstanceType<typeof XNodeSet>

/** Why a text cannot be opened, or an expression cannot be evaluated. */
export class XmlError extends Error {
  override readonly name = 'XmlError'
}

/** In characters: of a document, and of what is found in one. */
const longest = 1_000_000
const mostSteps = 2_000_000

export class XmlDocument {
  readonly #document: Document
  #isOpen = true
  #steps = 0

  /** @throws XmlError when it is no XML, or too much of it. */
  constructor(text: string) {
    if (text.length > longest) throw new XmlError(`it has ${text.length} characters, which is too much`)
    this.#document = documentOf(text)
    meter(this.#document, () => this.#step())
  }

  close(): void {
    this.#isOpen = false
  }

  /**
   * Texts of what an XPath (1.0) reaches, in the order of the document; or the text, number or truth that it comes to.
   * Prefixes are those of the outermost element.
   *
   * @throws XmlError when it cannot be read, takes too long, or the document is closed.
   */
  evaluate(path: string): readonly string[] | string | number | boolean {
    if (!this.#isOpen) throw new XmlError('the document is closed')
    this.#steps = 0
    const found = this.#result(parsedPath(path))
    if (found instanceof XNodeSet) return this.#texts(found.toArray())
    if (found instanceof XString) return found.str
    return found instanceof XNumber ? found.num : found instanceof XBoolean && found.booleanValue()
  }

  #result(path: Path): unknown {
    try {
      return path.evaluate({ node: this.#document, namespaces: namespacesOf(this.#document) })
    } catch (error) {
      // The library's own have no name that others do not have: an unknown function, a wrong type.
      if (error instanceof XmlError || error instanceof RangeError || !(error instanceof Error)) throw error
      throw new XmlError(firstLine(error))
    }
  }

  #texts(nodes: readonly Node[]): string[] {
    let length = 0
    return nodes.map((node) => {
      const text = node.nodeType === node.ATTRIBUTE_NODE ? (node.nodeValue ?? '') : textBelow(node)
      length += text.length
      if (length > longest) throw new XmlError('what it reaches is too much')
      return text
    })
  }

  #step(): void {
    this.#steps++
    if (this.#steps > mostSteps) throw new XmlError('it goes through the document too often')
  }
}

/** @throws XmlError when it cannot be read. */
export function parsedPath(path: string): Path {
  try {
    return xpath.parse(path)
  } catch (error) {
    if (!(error instanceof Error)) throw error
    throw new XmlError(firstLine(error))
  }
}

/** An entity that a document declares stays unknown, so that none is filled in with what it stands for. */
function documentOf(text: string): Document {
  const onError = (level: string, message: string) => {
    if (level !== 'warning') throw new XmlError(message)
  }
  try {
    return new DOMParser({ onError, locator: false }).parseFromString(text, 'text/xml')
  } catch (error) {
    if (!(error instanceof ParseError)) throw error
    throw new XmlError(firstLine(error.cause instanceof XmlError ? error.cause : error))
  }
}

function firstLine({ message }: Error): string {
  return (message.split('\n', 1)[0] ?? '').replace(/\.$/, '')
}

function namespacesOf({ documentElement }: Document): Readonly<Record<string, string>> {
  const declared = [...(documentElement?.attributes ?? [])].filter(({ name }) => name.startsWith('xmlns:'))
  return Object.fromEntries(declared.map(({ name, value }: Attr) => [name.slice('xmlns:'.length), value]))
}

/** Calls `step` whenever somebody goes from one node of the document to another, or asks which of two comes first. */
function meter(document: Node, step: () => void): void {
  const nodes = [...nodesBelow(document)]
  const order = new Map(
    nodes.flatMap((node) => [node, ...attributesOf(node)]).map((node, index) => [node, index]),
  )
  const compare = (node: Node, other: Node) => {
    step()
    const [one, two] = [order.get(node), order.get(other)]
    if (one === undefined || two === undefined) return node.DOCUMENT_POSITION_DISCONNECTED
    return one < two ? node.DOCUMENT_POSITION_FOLLOWING : node.DOCUMENT_POSITION_PRECEDING
  }
  for (const node of nodes) {
    for (const way of ways) {
      const there = node[way]
      const get = () => {
        step()
        return there
      }
      Object.defineProperty(node, way, { get })
    }
  }
  for (const node of order.keys()) {
    Object.defineProperty(node, 'compareDocumentPosition', { value: (other: Node) => compare(node, other) })
  }
}

const ways = ['firstChild', 'nextSibling', 'previousSibling', 'parentNode'] as const

function attributesOf(node: Node): readonly Attr[] {
  return isElement(node) ? [...node.attributes] : []
}

function isElement(node: Node): node is Element {
  return node.nodeType === node.ELEMENT_NODE
}

const members = new WeakMap<XNodeSet, Set<Node>>()

/** The library's own looks through all that a set has for each node that it adds. */
XNodeSet.prototype.add = function add(this: XNodeSet, node) {
  const known = members.get(this) ?? new Set(this.nodes)
  members.set(this, known)
  if (known.has(node)) return
  known.add(node)
  this.nodes.push(node)
  this.size++
  this.tree = null
}

/** A node and all below it, in the order of the document. */
function* nodesBelow(top: Node): Generator<Node> {
  let node: Node | null = top
  while (node !== null) {
    yield node
    let next: Node | null = node.firstChild
    while (next === null && node !== null && node !== top) {
      next = node.nextSibling
      if (next === null) node = node.parentNode
    }
    node = next
  }
}

function textBelow(node: Node): string {
  let text = ''
  for (const one of nodesBelow(node)) {
    if (one.nodeType === one.TEXT_NODE || one.nodeType === one.CDATA_SECTION_NODE) text += one.nodeValue ?? ''
  }
  return text
}

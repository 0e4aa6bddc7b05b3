/**
 * What of the library `xpath` is used. Its own declarations bring those of browsers along, and lack its parser.
 *
 * @module
 */
import type { Node } from '@xmldom/xmldom'

declare class XNodeSet {
  /** In the order of the document. */
  toArray(): Node[]
  add(node: Node): void
  readonly nodes: Node[]
  size: number
  /** The nodes in order, once somebody has asked for it. */
  tree: unknown
}

declare class XString {
  readonly str: string
}

declare class XNumber {
  readonly num: number
}

declare class XBoolean {
  booleanValue(): boolean
}

export interface Path {
  evaluate(options: { readonly node: Node; readonly namespaces: Readonly<Record<string, string>> }): unknown
}

declare const xpath: {
  /** @throws Error when it cannot be read. */
  parse(expression: string): Path
  readonly XNodeSet: typeof XNodeSet
  readonly XString: typeof XString
  readonly XNumber: typeof XNumber
  readonly XBoolean: typeof XBoolean
}

// biome-ignore lint/style/noDefaultExport: the library has no other export that Node finds
export default xpath

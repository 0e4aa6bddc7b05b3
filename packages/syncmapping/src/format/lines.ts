/**
 * A module as lines: statements, declarations, heads and ends of blocks, each with the tokens of which it is made.
 *
 * @module
 */
import { type AstNode, type CstNode, CstUtils, type LeafCstNode } from 'langium'

export interface Line {
  /** How many blocks are around it. */
  readonly depth: number
  /** What it is of. */
  readonly node: AstNode
  /** Words and signs, and the comments among and behind them; or one comment alone. */
  readonly tokens: readonly LeafCstNode[]
  /** Whether something is left blank before it. */
  readonly isApart: boolean
}

/** Everything that begins a line of its own. What is inside of it is one step deeper. */
const ownLine: ReadonlySet<string> = new Set([
  ...['Header', 'Skipped', 'Metadata', 'MetadataEntry', 'Import', 'Table', 'TableRow'],
  ...['Configuration', 'Setting', 'Syncmapping', 'Overview', 'Tags', 'DataModels', 'Overrides'],
  ...['Constants', 'Constant', 'MappingBlock', 'Target', 'Traverse', 'Group', 'Expand', 'Body'],
  ...['Simple', 'If', 'ForEach', 'ForIn', 'GroupStatement', 'DataModelStatement', 'Jump'],
])

/** @param text That the tree was read from. */
export function linesOf(root: CstNode, text: string): readonly Line[] {
  const lines: Gathering[] = []
  let comments: LeafCstNode[] = []
  for (const token of leaves(root)) {
    const place = placeOf(token)
    const current = lines.at(-1)
    if (isComment(token)) comments.push(token)
    else if (current === undefined || place.node !== current.node || isTurn(token)) {
      addBetween(lines, comments, isTurn(token) ? place.depth + 1 : place.depth, text)
      lines.push({ ...place, tokens: [token], isApart: false })
      comments = []
    } else if (token.text === ';') current.tokens.push(token)
    else {
      current.tokens.push(...comments, token)
      comments = []
    }
  }
  addBetween(lines, comments, 0, text)
  return lines.map((line, index) => ({ ...line, isApart: isApart(lines[index - 1], line, text) }))
}

interface Gathering extends Line {
  readonly tokens: LeafCstNode[]
}

export function isComment(token: LeafCstNode): boolean {
  return token.tokenType.name === 'COMMENT'
}

/** In the order of the text, without what is inside of a block that is skipped, and semicolons that end nothing. */
function leaves(root: CstNode): readonly LeafCstNode[] {
  const found: LeafCstNode[] = []
  let end = 0
  for (const leaf of CstUtils.flattenCst(root)) {
    const isMeant = isComment(leaf) || (!leaf.hidden && leaf.astNode.$type !== 'Empty')
    if (leaf.length === 0 || leaf.offset < end || !isMeant) continue
    end = leaf.end
    found.push(leaf)
  }
  return found
}

/** A description is a line of its own, inside of what it describes. */
function placeOf({ astNode }: LeafCstNode): Pick<Line, 'node' | 'depth'> {
  const nodes = outwards(astNode).filter(({ $type }) => ownLine.has($type))
  const isDescription = astNode.$type === 'Text' && astNode.$containerProperty === 'description'
  if (isDescription) return { node: astNode, depth: nodes.length }
  return { node: nodes[0] ?? astNode, depth: Math.max(0, nodes.length - 1) }
}

function outwards(node: AstNode | undefined): readonly AstNode[] {
  return node === undefined ? [] : [node, ...outwards(node.$container)]
}

export function isOnlyComment({ tokens }: Line): boolean {
  return tokens.every(isComment)
}

/** A word that ends a part of a block. */
export function isTurn(token: LeafCstNode | undefined): boolean {
  return token !== undefined && token.tokenType.name === token.text && turns.has(token.text)
}

const turns: ReadonlySet<string> = new Set(['end', 'elif', 'else'])

/** A comment behind a line stays with it, others are lines. */
function addBetween(lines: Gathering[], comments: readonly LeafCstNode[], depth: number, text: string): void {
  for (const comment of comments) {
    const last = lines.at(-1)
    if (last !== undefined && isBehind(comment, last, text)) last.tokens.push(comment)
    else lines.push({ depth, node: comment.astNode, tokens: [comment], isApart: false })
  }
}

function isBehind(comment: LeafCstNode, line: Line, text: string): boolean {
  return !(line.tokens.slice(-1).every(isComment) || /[\r\n]/.test(gap(line, comment, text)))
}

/** What stands between a line and a token. A comment in front of a semicolon has come behind it. */
function gap({ tokens }: Line, token: LeafCstNode, text: string): string {
  const ends = tokens.slice(-2).map(({ end }) => end)
  return text.slice(Math.max(0, ...ends), token.offset)
}

function isApart(before: Line | undefined, line: Line, text: string): boolean {
  const [first] = line.tokens
  if (before === undefined || first === undefined) return false
  return (gap(before, first, text).match(/\r\n|\r|\n/g)?.length ?? 0) > 1
}

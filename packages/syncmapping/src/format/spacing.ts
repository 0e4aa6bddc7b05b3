/**
 * Whether there is a blank between two tokens that stand on one line.
 *
 * @module
 */
import type { LeafCstNode } from 'langium'
import { isComment } from './lines.ts'

const joinedBefore: ReadonlySet<string> = new Set([';', ',', '.', '.#', ')', ']'])
const joinedAfter: ReadonlySet<string> = new Set(['.', '.#', '(', '[', '#'])

export function isApartFrom(left: LeafCstNode, right: LeafCstNode): boolean {
  // A comment brings its own.
  if (isComment(left) || isComment(right)) return false
  if (isSign(right, joinedBefore) || isSign(left, joinedAfter)) return false
  // `role:relationship:role:kind` is one word.
  if (left.astNode === right.astNode && left.astNode.$type === 'Spec') return false
  if (right.text === '(') return right.astNode.$type !== 'Call'
  if (right.text === '[') return right.astNode.$type !== 'Index'
  return !(left.text === '-' && left.astNode.$type === 'Unary')
}

function isSign(token: LeafCstNode, signs: ReadonlySet<string>): boolean {
  return signs.has(token.text) && token.tokenType.name === token.text
}

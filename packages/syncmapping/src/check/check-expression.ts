/**
 * Expressions of a body.
 *
 * @module
 */

import type { Expression, TextExpression } from '../tree/tree.ts'
import { partsOf } from '../tree/walk.ts'
import { PatternError, regularExpression } from '../value/regular-expression.ts'
import { checkCall } from './check-calls.ts'
import { checkMember, checkName } from './check-names.ts'
import { checkLooseSync, checkRelationship } from './check-sync.ts'
import type { Checking, Here } from './checking.ts'

export function checkExpression(expression: Expression, here: Here, checking: Checking): void {
  checkAlone(expression, here, checking)
  for (const part of partsOf(expression)) checkExpression(part, here, checking)
}

/** What is in a sync call that is assigned; the call itself is looked at with its target. */
export function checkParts(expression: Expression, here: Here, checking: Checking): void {
  for (const part of partsOf(expression)) checkExpression(part, here, checking)
}

function checkAlone(expression: Expression, here: Here, checking: Checking): void {
  switch (expression.type) {
    case 'name':
      checkName(expression.name, here, checking)
      break
    case 'member':
      if (expression.object.type === 'name') {
        checkMember(expression.object.name, expression.member, here, checking)
      }
      break
    case 'text':
      checkText(expression, here, checking)
      break
    case 'binary':
      if (expression.operator === 'matches') checkPattern(expression.right, checking)
      break
    case 'call':
      checkCall(expression, here, checking)
      if (expression.path[0].text === 'regex') checkPattern(expression.arguments[1]?.value, checking)
      break
    case 'sync':
      checkLooseSync(expression, checking)
      break
    case 'relationship':
      checkRelationship(expression, checking)
      break
    case 'search':
      reportSearch(expression, checking)
      break
    default:
  }
}

export function reportSearch({ at }: Expression, { report }: Checking): void {
  const word = { ...at, length: 'search'.length }
  const remedy = 'Traverse from the source node instead.'
  report(
    'SEARCH_FORBIDDEN',
    word,
    'A syncmapping cannot search: nothing says how what is found is connected.',
    remedy,
  )
}

function checkText(text: TextExpression, here: Here, checking: Checking): void {
  if (text.qualifier === 'regex') checkPattern(text, checking)
  for (const part of text.parts) {
    if (typeof part === 'string') continue
    const [first, second] = part.path
    checkName(first, here, checking)
    if (second !== undefined) checkMember(first, second, here, checking)
  }
}

/** A regular expression that is a literal. One with names in `%…%` is a template. */
export function checkPattern(pattern: Expression | undefined, { report }: Checking): void {
  if (pattern?.type !== 'text') return
  const [source = '', other] = pattern.parts
  if (typeof source !== 'string' || other !== undefined || /%\w+%/.test(source)) return
  try {
    regularExpression(source)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    if (error.isUnserved) {
      const message = `This regular expression cannot be run: ${error.message}, whose time has no bound.`
      report('REGEX_UNSUPPORTED', pattern.at, message, unservedRemedy)
    } else report('REGEX_INVALID', pattern.at, `This regular expression cannot be read: ${error.message}.`)
  }
}

const unservedRemedy = 'Match what is wanted, and rule out the rest with "not … matches …".'

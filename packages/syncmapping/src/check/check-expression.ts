/**
 * Expressions of a body.
 *
 * @module
 */

import { kindOf } from '../link/node-kind.ts'
import type { Expression, FunctionCall, TextExpression } from '../tree/tree.ts'
import { partsOf } from '../tree/walk.ts'
import { PatternError, regularExpression } from '../value/regular-expression.ts'
import { parsedPath, XmlError } from '../value/xml-document.ts'
import { checkCall } from './check-calls.ts'
import { checkMember, checkName } from './check-names.ts'
import { checkSpec } from './check-source.ts'
import { checkLooseSync, checkRelationship } from './check-sync.ts'
import { type Checking, type Here, meaningOf } from './checking.ts'

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
    case 'keyPath':
      checkSpec(expression.spec, kindFrom(expression.object, here, checking), checking)
      break
    case 'call':
      checkCall(expression, here, checking)
      checkLiteral(expression, checking)
      break
    case 'sync':
      checkLooseSync(expression, checking)
      break
    case 'relationship':
      checkRelationship(expression, here, checking)
      break
    case 'search':
      reportSearch(expression, checking)
      break
    default:
  }
}

/** Of the node from which a key expression goes, where it is one of the mapping block. */
function kindFrom(object: Expression | undefined, here: Here, checking: Checking): string | undefined {
  if (object?.type !== 'name') return undefined
  const meaning = meaningOf(object.name.text, here, checking)
  const isNode = meaning.type === 'variable' && meaning.declared === meaning.scope.name
  return isNode ? kindOf(meaning.scope, checking.mapping) : undefined
}

export function reportSearch({ at }: Expression, { report }: Checking): void {
  const word = { ...at, length: 'search'.length }
  const remedy = 'Traverse from the source node instead.'
  report(
    'SEARCH_FORBIDDEN',
    word,
    'A syncmapping cannot search. It reads only what its traversals reach.',
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

/** What a function takes as a text of another language. */
function checkLiteral({ path: [space], arguments: given }: FunctionCall, checking: Checking): void {
  const second = given[1]?.value
  if (space.text === 'regex') checkPattern(second, checking)
  if (space.text === 'xpath') checkPath(second, checking)
}

function checkPath(path: Expression | undefined, { report }: Checking): void {
  const source = path?.type === 'text' ? literalIn(path) : undefined
  if (path === undefined || source === undefined) return
  try {
    parsedPath(source)
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    report('XPATH_INVALID', path.at, `This XPath cannot be read: ${error.message}.`)
  }
}

/** A text without names in it; one with names in `%…%` is a template. */
function literalIn({ parts }: TextExpression): string | undefined {
  const [source = '', other] = parts
  return typeof source !== 'string' || other !== undefined || /%\w+%/.test(source) ? undefined : source
}

/** A regular expression that is a literal. */
export function checkPattern(pattern: Expression | undefined, { report }: Checking): void {
  const source = pattern?.type === 'text' ? literalIn(pattern) : undefined
  if (pattern === undefined || source === undefined) return
  try {
    regularExpression(source)
  } catch (error) {
    if (!(error instanceof PatternError)) throw error
    if (error.isUnserved) {
      const message = `This regular expression cannot be run: ${error.message}, which may take for ever.`
      report('REGEX_UNSUPPORTED', pattern.at, message, unservedRemedy)
    } else report('REGEX_INVALID', pattern.at, `This regular expression cannot be read: ${error.message}.`)
  }
}

const unservedRemedy = 'Match what is wanted, and rule out the rest with "not … matches …".'

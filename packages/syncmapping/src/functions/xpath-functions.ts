/**
 * `xpath.*`.
 *
 * @module
 */
import { RootFailedError } from '../root-failed-error.ts'
import type { Value } from '../value/value.ts'
import { XmlDocument, XmlError } from '../value/xml-document.ts'
import { type BuiltIn, builtIn, type Given, textAt, valueAt, wrongType } from './built-in.ts'

export const xpathFunctions: Readonly<Record<string, BuiltIn>> = {
  'xpath.openDocument': builtIn([1, 1], (given) =>
    explained('This text cannot be opened as XML', () => new XmlDocument(textAt(given, 0))),
  ),
  'xpath.evaluate': builtIn([2, 2], evaluate),
  'xpath.closeDocument': builtIn([1, 1], (given) => {
    documentAt(given).close()
    return null
  }),
}

function evaluate(given: Given): Value {
  const path = textAt(given, 1)
  const found = explained(`${path} cannot be evaluated`, () => documentAt(given).evaluate(path))
  return typeof found === 'object' ? [...found] : found
}

function documentAt(given: Given): XmlDocument {
  const value = valueAt(given, 0)
  if (value instanceof XmlDocument) return value
  throw wrongType('document that xpath.openDocument gives', value)
}

function explained<T>(what: string, work: () => T): T {
  try {
    return work()
  } catch (error) {
    if (!(error instanceof XmlError)) throw error
    throw new RootFailedError('XML', `${what}: ${error.message}.`)
  }
}

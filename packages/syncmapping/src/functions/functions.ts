/**
 * All functions that a body may call, by name.
 *
 * @module
 */
import { binaryFunctions } from './binary-functions.ts'
import type { BuiltIn } from './built-in.ts'
import { collectionFunctions } from './collection-functions.ts'
import { contextFunctions } from './context-functions.ts'
import { expand } from './expand.ts'
import { textFunctions } from './text-functions.ts'
import { timeFunctions } from './time-functions.ts'
import { xpathFunctions } from './xpath-functions.ts'

export const functions: ReadonlyMap<string, BuiltIn> = new Map([
  ...Object.entries(textFunctions),
  ...Object.entries(collectionFunctions),
  ...Object.entries(timeFunctions),
  ...Object.entries(binaryFunctions),
  ...Object.entries(contextFunctions),
  ...Object.entries(xpathFunctions),
  ['expand', expand],
])

/**
 * Syncmappings that a test writes, as a configuration is given them.
 *
 * @module
 */
import type { Syncmappings } from '@sluice/model'
import { classModelOf, compile, hasErrors, outcomeOf } from '../../syncmapping/src/index.ts'

/** Every source has all of them, in the order in which they stand here. Such as have errors are a fault of the test. */
export function syncmappingsOf(texts: Readonly<Record<string, string>>): Syncmappings {
  const modules = Object.entries(texts).map(([file, text]) => ({ file, path: file, text }))
  return {
    find: () => modules,
    compile: (found, model, dataModel) => {
      const { program, diagnostics } = compile(found, classModelOf(model))
      if (hasErrors(diagnostics)) throw new Error(diagnostics.map(({ message }) => message).join('\n'))
      const { classes, relationships } = outcomeOf(program, dataModel)
      return {
        findings: [],
        classes: new Map([...classes].map(([name, { attributes }]) => [name, attributes])),
        relationships,
      }
    },
  }
}

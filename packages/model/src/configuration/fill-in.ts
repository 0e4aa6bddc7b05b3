/**
 * Puts environment variables into texts of a configuration, so that secrets stay out of its files.
 *
 * @module
 */
import type { Place } from '../errors.ts'
import { findingCodes } from './finding.ts'
import type { FindingOptions, Findings } from './findings.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const variable = /\$\{([^}]*)\}/g

/** Whether the text takes anything from the environment. */
export function hasVariables(text: string): boolean {
  return text.search(variable) !== -1
}

/** The names of the variables in the text. */
export function variablesIn(text: string): readonly string[] {
  return [...text.matchAll(variable)].map(([, name = '']) => name)
}

interface FillIn extends FindingOptions {
  readonly place: () => Place
  readonly environment: Environment
  readonly findings: Findings
  /** What is done to a value that becomes a part of the text; one that is the whole text goes in as it is. */
  readonly encode?: (value: string) => string
}

/** The text with the value of each `${NAME}`; `undefined`, and a finding, where one is not set. */
export function fillIn(text: string, options: FillIn): string | undefined {
  const { place, environment, findings, encode = (value) => value, severity } = options
  const { remedy = 'Set it, then start again.' } = options
  let complete = true
  const filled = text.replaceAll(variable, (written: string, name: string) => {
    const value = environment[name]
    if (value === undefined) {
      complete = false
      const message = `The environment variable "${name}" is not set.`
      findings.add(findingCodes.environment, place(), message, severity ? { remedy, severity } : { remedy })
      return ''
    }
    return written === text ? value : encode(value)
  })
  return complete ? filled : undefined
}

/**
 * A value as people type it behind a command: `name=value`.
 *
 * @module
 */
import { InvalidArgumentError } from 'commander'

export interface GivenValue {
  readonly name: string
  readonly value: string
}

/** For arguments that may be repeated, each with another name. */
export function collectValue(text: string, previous: readonly GivenValue[] = []): readonly GivenValue[] {
  const [, name, value = ''] = /^([A-Za-z]\w*)=(.*)$/s.exec(text) ?? []
  if (name === undefined) throw new InvalidArgumentError('It must be name=value.')
  if (previous.some((given) => given.name === name)) throw new InvalidArgumentError(`${name} is given twice.`)
  return [...previous, { name, value }]
}

/**
 * Who made a run happen, as people read it.
 *
 * @module
 */
import { printable, type RunBy, type RunByKind } from '@sluice/model'

const words: Readonly<Record<RunByKind, (name: string) => string>> = {
  token: (name) => `token ${name}`,
  person: (name) => name,
  schedule: (name) => `job ${name} at its time`,
  'command-line': (name) => `${name} at the command line`,
  program: (name) => `the program ${name}`,
}

export function describeBy({ kind, name }: RunBy): string {
  return words[kind](printable(name))
}

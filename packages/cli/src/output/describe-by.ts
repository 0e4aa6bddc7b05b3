/**
 * Who made a run happen, as people read it.
 *
 * @module
 */
import type { RunBy, RunByKind } from '@sluice/model'
import { printable } from './display-value.ts'

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

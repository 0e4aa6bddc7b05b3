/**
 * Giving something another name wherever it is named, in all modules.
 *
 * @module
 */

import type { Span } from '../diagnostic.ts'
import { readModule } from '../read/read-module.ts'
import { type Analysis, analyze } from './analysis.ts'
import { type Declaration, identityOf, type Occurrence } from './occurrence.ts'

export type Renamed =
  | { readonly type: 'renamed'; readonly places: readonly Place[] }
  | { readonly type: 'refused'; readonly reason: string }

export interface Place {
  readonly file: string
  readonly at: Span
}

/** Every place where this is named, that of its declaration included. */
export function placesOf(declaration: Declaration, analysis: Analysis): readonly Place[] {
  const identity = identityOf(declaration)
  return [...analysis.occurrences.values()].flat().flatMap((one) => {
    const isIt = one.declaration !== undefined && identityOf(one.declaration) === identity
    return isIt ? [{ file: one.file, at: one.name.at }] : []
  })
}

/** Why it cannot have another name; `undefined`: it can. */
export function fixedBecause({ what, declaration, name }: Occurrence): string | undefined {
  if (ofSource.has(what.type)) return `${name.text} is of the source graph, which is not changed here.`
  if (declaration !== undefined && what.type !== 'module') return undefined
  if (what.type === 'unavailable') return `${name.text} is declared in a module that is not here.`
  return what.type === 'module'
    ? 'The name of a module is not changed here: others may import it.'
    : `${name.text} is declared in no module, so that it cannot be renamed.`
}

const ofSource: ReadonlySet<string> = new Set(['kind', 'role', 'relationship'])

/** Refused where the new name would mean something else somewhere, or where it cannot be read. */
export function rename(occurrence: Occurrence, name: string, analysis: Analysis): Renamed {
  const { declaration } = occurrence
  const reason = fixedBecause(occurrence)
  if (declaration === undefined || reason !== undefined) return { type: 'refused', reason: reason ?? '' }
  if (!/^\$?[a-zA-Z_]\w*$/.test(name)) {
    return { type: 'refused', reason: `"${name}" is not a name: letters, digits and _, not a digit first.` }
  }
  const places = placesOf(declaration, analysis)
  const found = conflict({ declaration, places, name }, analysis)
  return found === undefined ? { type: 'renamed', places } : { type: 'refused', reason: found }
}

interface Renaming {
  readonly declaration: Declaration
  readonly places: readonly Place[]
  readonly name: string
}

/** What is wrong afterwards that was not before. The texts are changed and looked at anew, so no rule of names is told twice. */
function conflict(renaming: Renaming, analysis: Analysis): string | undefined {
  const { declaration, places, name } = renaming
  const after = changed(renaming, analysis)
  const errors = errorsIn(after)
  if (errors.length > errorsIn(analysis).length) {
    const first = errors.find(({ message }) => message.includes(name)) ?? errors[0]
    return `${name} cannot be used here: ${first?.message ?? ''}`
  }
  const moved = places
    .filter(({ file, at }) => file === declaration.file && at.offset < declaration.name.at.offset)
    .reduce((offset, { at }) => offset + name.length - at.length, declaration.name.at.offset)
  const there = after.occurrences
    .get(declaration.file)
    ?.find((one) => one.name.at.offset === moved)?.declaration
  const count = there === undefined ? 0 : placesOf(there, after).length
  return count === places.length ? undefined : `${name} means something else already where this is named.`
}

function errorsIn({ diagnostics }: Analysis) {
  return diagnostics.filter(({ severity }) => severity === 'error')
}

function changed({ places, name }: Renaming, { modules, rules }: Analysis): Analysis {
  const read = [...modules].map(([file, module]) => {
    const own = places.filter((place) => place.file === file)
    return own.length === 0 ? module : readModule(file, replaced(module.tree.text, own, name))
  })
  return analyze(read, rules)
}

function replaced(text: string, places: readonly Place[], name: string): string {
  return [...places]
    .sort((a, b) => b.at.offset - a.at.offset)
    .reduce((done, { at }) => done.slice(0, at.offset) + name + done.slice(at.offset + at.length), text)
}

/**
 * Modules as an editor looks at them: what is wrong, what stands where, what was seen of the source graph.
 *
 * @module
 */
import { compileRead } from '../compile.ts'
import type { Diagnostic } from '../diagnostic.ts'
import type { Program } from '../link/program.ts'
import type { ReadModule } from '../read/read-module.ts'
import type { Rules } from '../rules.ts'
import type { Declaration, Occurrence } from './occurrence.ts'
import { occurrencesIn } from './occurrences.ts'
import { type SeenNames, seenIn } from './seen-names.ts'

export interface Analysis {
  readonly rules: Rules
  readonly program: Program
  readonly diagnostics: readonly Diagnostic[]
  /** By file. */
  readonly modules: ReadonlyMap<string, ReadModule>
  /** By file, in the order of its text; none overlaps another. */
  readonly occurrences: ReadonlyMap<string, readonly Occurrence[]>
  readonly seen: SeenNames
}

export function analyze(read: readonly ReadModule[], rules: Rules): Analysis {
  const found: Occurrence[] = []
  const { program, diagnostics } = compileRead(read, rules, (sighting, mapping) => {
    for (const one of occurrencesIn.body(sighting, mapping)) found.push(one)
  })
  for (const module of program.modules) found.push(...occurrencesIn.declarations(module, program))
  const named = withFirstPlaces(found, program)
  const modules = new Map(read.map((one) => [one.tree.file, one]))
  const occurrences = byFile(modules.keys(), named)
  return { rules, program, diagnostics, modules, occurrences, seen: seenIn(found, rules.kinds?.ways) }
}

/**
 * No module declares a kind, a role or a relationship of the source graph; what stands for it is the mapping whose roots are of
 * the kind, or the first place that names it.
 */
function withFirstPlaces(found: readonly Occurrence[], { mappings }: Program): readonly Occurrence[] {
  const places = new Map<string, Declaration>()
  for (const { tree, module } of mappings) {
    const { source } = tree
    if (source.type !== 'on' || places.has(`kind ${source.kind.text}`)) continue
    places.set(`kind ${source.kind.text}`, { file: module.tree.file, name: source.kind })
  }
  return found.map((one) => {
    const { type } = one.what
    if (type !== 'kind' && type !== 'role' && type !== 'relationship') return one
    const key = `${type} ${one.name.text}`
    const declaration = places.get(key) ?? { file: one.file, name: one.name }
    places.set(key, declaration)
    return { ...one, declaration }
  })
}

/** Some places are come by more than once; a declaration says most of them. */
function byFile(files: Iterable<string>, found: readonly Occurrence[]): Analysis['occurrences'] {
  const byOffset = new Map([...files].map((file) => [file, new Map<number, Occurrence>()]))
  for (const one of found) byOffset.get(one.file)?.set(one.name.at.offset, one)
  return new Map(
    [...byOffset].map(([file, all]) => [
      file,
      [...all.values()].sort((a, b) => a.name.at.offset - b.name.at.offset),
    ]),
  )
}

/** What stands at an offset, or ends there. */
export function occurrenceAt(analysis: Analysis, file: string, offset: number): Occurrence | undefined {
  const all = analysis.occurrences.get(file) ?? []
  return (
    all.find(({ name: { at } }) => at.offset <= offset && offset < at.offset + at.length) ??
    all.find(({ name: { at } }) => at.offset + at.length === offset)
  )
}

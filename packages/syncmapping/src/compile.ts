/**
 * Texts of modules → a program that can be run, and everything that is wrong with them.
 *
 * @module
 */
import { checkProgram } from './check/check-program.ts'
import type { Observe } from './check/checking.ts'
import type { ClassModel } from './class-model.ts'
import { commonClassModel } from './common-classes.ts'
import { type Diagnostic, inOrder, type Span } from './diagnostic.ts'
import { link } from './link/link.ts'
import type { Program } from './link/program.ts'
import { type ReadModule, readModule } from './read/read-module.ts'
import type { Rules } from './rules.ts'
import type { ModuleTree } from './tree/tree.ts'
import { allStatements } from './tree/walk.ts'

export interface ModuleText {
  /** As diagnostics say it. */
  readonly file: string
  readonly text: string
}

export interface Compiled {
  /** Its use is only sound where no diagnostic is an error. */
  readonly program: Program
  /** Module by module as they were given, each in the order of its text. */
  readonly diagnostics: readonly Diagnostic[]
}

/** @param modules In the order of loading, which is the order of mappings that extend the same variable. */
export function compile(
  modules: readonly ModuleText[],
  classes: ClassModel = commonClassModel,
  rules: Partial<Omit<Rules, 'classes'>> = {},
): Compiled {
  return compileRead(
    modules.map(({ file, text }) => readModule(file, text)),
    { kinds: undefined, hasExtendedWhere: false, ...rules, classes },
  )
}

/** For who keeps what was read of texts that do not change, and wants to know what the checks come by. */
export function compileRead(read: readonly ReadModule[], rules: Rules, observe?: Observe): Compiled {
  const trees = read.map(({ tree }) => tree)
  const linked = link(trees)
  const checked = checkProgram(linked.program, trees, rules, observe)
  const broken = new Map(read.map(({ tree, diagnostics }) => [tree.file, brokenIn(tree, diagnostics)]))
  const sound = checked.filter(({ file, at }) => !broken.get(file)?.some((span) => isInside(at, span)))
  const all = [...read.flatMap(({ diagnostics }) => diagnostics), ...linked.diagnostics, ...sound]
  const diagnostics = trees.flatMap(({ file }) => inOrder(all.filter((one) => one.file === file)))
  return { program: linked.program, diagnostics }
}

/** Statements that could not be read as they are meant, so that nothing else that is said of them helps anybody. */
function brokenIn({ syncmappings }: ModuleTree, diagnostics: readonly Diagnostic[]): readonly Span[] {
  const errors = diagnostics.filter(({ severity }) => severity === 'error')
  return (
    syncmappings
      .flatMap(({ body }) => allStatements(body))
      .filter(({ type }) => type === 'assign' || type === 'call')
      .map(({ at }) => at)
      // What cannot stand at the beginning of one is the fault of the statement before it, which does not end.
      .filter((span) => errors.some(({ at }) => at.offset !== span.offset && isInside(at, span)))
  )
}

function isInside({ offset }: Span, outer: Span): boolean {
  return offset >= outer.offset && offset < outer.offset + outer.length
}

export function hasErrors(diagnostics: readonly Diagnostic[]): boolean {
  return diagnostics.some(({ severity }) => severity === 'error')
}

/**
 * All mappings of a program, and what they do to one another.
 *
 * @module
 */
import { type Diagnostic, type Report, reportInto } from '../diagnostic.ts'
import type { Program } from '../link/program.ts'
import type { Rules } from '../rules.ts'
import type { ModuleTree } from '../tree/tree.ts'
import { checkMapping } from './check-mapping.ts'
import type { Observe, Write } from './checking.ts'

export function checkProgram(
  program: Program,
  trees: readonly ModuleTree[],
  rules: Rules,
  observe: Observe = () => undefined,
): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = []
  const checked = program.mappings.map((mapping) => ({
    mapping,
    ...checkMapping(mapping, rules, reportInto(mapping.module.tree.file, diagnostics), observe),
  }))
  const active = checked.filter(({ mapping }) => mapping.overriddenBy === undefined)
  reportWrittenTwice(
    active.flatMap(({ writes }) => writes),
    diagnostics,
  )
  for (const tree of trees) {
    const own = checked.filter(({ mapping }) => mapping.module.tree === tree)
    reportUnusedImports(
      tree,
      new Set(own.flatMap(({ read }) => [...read])),
      reportInto(tree.file, diagnostics),
    )
  }
  return diagnostics
}

/** Who comes last wins, which is what people wonder about in a CMDB. */
function reportWrittenTwice(writes: readonly Write[], diagnostics: Diagnostic[]): void {
  const first = new Map<string, Write>()
  for (const write of writes) {
    const { handle, by, attribute } = write
    const name = `${handle.mapping.module.tree.name.text}/${handle.mapping.tree.name.text}/${handle.target}/${attribute.text}`
    const other = first.get(name)
    if (other === undefined) first.set(name, write)
    else if (other.by !== by) {
      const report = reportInto(by.module.tree.file, diagnostics)
      const message = `${other.by.tree.name.text} writes ${attribute.text} of ${handle.target}, too; the one that runs last wins.`
      report('ATTRIBUTE_WRITTEN_TWICE', attribute.at, message)
    }
  }
}

function reportUnusedImports(tree: ModuleTree, read: ReadonlySet<string>, report: Report): void {
  const named = new Set([
    ...read,
    ...tree.syncmappings.flatMap(({ overview, source }) => [
      ...overview.overrides.map(({ text }) => text),
      ...(source.type === 'from' ? source.extended.map(({ mapping }) => mapping.text) : []),
    ]),
  ])
  for (const { alias } of tree.imports) {
    if (!named.has(alias.text)) report('IMPORT_UNUSED', alias.at, `${alias.text} is imported and not used.`)
  }
}

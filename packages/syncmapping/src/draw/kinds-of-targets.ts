/**
 * What each target of a mapping is specified as: its own, shared, external or a cross reference.
 *
 * @module
 */
import type { Mapping } from '../link/program.ts'
import type { CiKind } from '../tree/tree.ts'
import { allStatements } from '../tree/walk.ts'

/** By the names of targets; several where the body decides. */
export function kindsOfTargets({ tree }: Mapping): ReadonlyMap<string, readonly CiKind[]> {
  const kinds = new Map<string, readonly CiKind[]>()
  for (const statement of allStatements(tree.body)) {
    if (statement.type !== 'assign') continue
    for (const [index, target] of statement.targets.entries()) {
      const value = statement.values[index]
      if (target.type !== 'name' || value?.type !== 'sync') continue
      const before = kinds.get(target.name.text) ?? []
      if (!before.includes(value.kind)) kinds.set(target.name.text, [...before, value.kind])
    }
  }
  return kinds
}

/**
 * Of what kind a source variable's nodes are, as far as the mapping block says it.
 *
 * @module
 */
import { allScopes, type Mapping, type Scope } from '../link/program.ts'
import type { Spec } from '../tree/tree.ts'

export function kindOf(scope: Scope, mapping: Mapping, depth = 0): string | undefined {
  if (scope.kind === 'traversal') return scope.spec?.kind
  if (scope.parent !== undefined) return kindOf(scope.parent, mapping, depth)
  if (mapping.tree.source.type === 'on') return mapping.tree.source.kind.text
  const [extended] = mapping.extends
  // Mappings that extend one another are reported elsewhere.
  if (extended === undefined || depth > 100) return undefined
  const other = allScopes(extended.mapping.scope).find(
    ({ name, kind }) => kind !== 'group' && name.text === extended.variable,
  )
  return other && kindOf(other, extended.mapping, depth + 1)
}

export function printSpec({ role, relationship, otherRole, kind }: Spec): string {
  return [role, relationship, otherRole, kind].map((part) => part ?? '').join(':')
}

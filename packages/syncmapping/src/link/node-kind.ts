/**
 * Of what kind a source variable's nodes are, as far as the mapping block says it.
 *
 * @module
 */
import { allScopes, type Mapping, type Scope } from './program.ts'

export function kindOf(scope: Scope, mapping: Mapping, depth = 0): string | undefined {
  if (scope.kind === 'traversal') return scope.spec?.kind
  if (scope.parent !== undefined) return kindOf(scope.parent, mapping, depth)
  if (mapping.tree.source.type === 'on') return mapping.tree.source.kind.text
  const kinds = new Set(mapping.extends.map((extended) => extendedKind(extended, depth)))
  // One that extends variables of several kinds has nodes of each.
  return kinds.size === 1 ? [...kinds][0] : undefined
}

function extendedKind({ mapping, variable }: Mapping['extends'][number], depth: number): string | undefined {
  // Mappings that extend one another are reported elsewhere.
  if (depth > 100) return undefined
  const other = allScopes(mapping.scope).find(({ name, kind }) => kind !== 'group' && name.text === variable)
  return other && kindOf(other, mapping, depth + 1)
}

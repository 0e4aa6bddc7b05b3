/**
 * Modules with everything that one says of another resolved: imports, overrides, extensions.
 *
 * @module
 */
import type {
  ConfigurationTree,
  Expression,
  ModuleTree,
  Name,
  PlacedSpec,
  SyncmappingTree,
  TableTree,
} from '../tree/tree.ts'

export interface Program {
  /** Both in the order of loading. */
  readonly modules: readonly LinkedModule[]
  readonly mappings: readonly Mapping[]
}

export interface Mapping {
  readonly tree: SyncmappingTree
  readonly module: LinkedModule
  /** What its mapping block declares. */
  readonly scope: Scope
  readonly extends: readonly ExtendedVariable[]
  /** The mappings that extend a variable of this one, by its name, in the order of loading. */
  readonly extensions: ReadonlyMap<string, readonly Extension[]>
  /** The mapping that takes the place of this one. */
  readonly overriddenBy: Mapping | undefined
  readonly overrides: readonly Mapping[]
}

export interface ExtendedVariable {
  readonly mapping: Mapping
  readonly variable: string
  readonly where: Expression | undefined
}

export interface Extension {
  readonly mapping: Mapping
  readonly where: Expression | undefined
}

export interface LinkedModule {
  readonly tree: ModuleTree
  /** Everything that can be named in bodies of this module: its own declarations and what it imports. */
  readonly names: ReadonlyMap<string, Named>
}

export type Named =
  | { readonly type: 'mapping'; readonly mapping: Mapping }
  | { readonly type: 'table'; readonly table: TableTree; readonly module: LinkedModule }
  | {
      readonly type: 'configuration'
      readonly configuration: ConfigurationTree
      readonly module: LinkedModule
    }
  /** A block that synchronization skips. */
  | { readonly type: 'skipped' }
  /** It is imported from a module that was not given. */
  | { readonly type: 'unavailable' }

/** The mapping block, a traversal, a group or its expansion: what is declared in it is known inside of it. */
export interface Scope {
  readonly kind: 'mapping' | 'traversal' | 'group' | 'expansion'
  /** Of the node; of a group, its own. */
  readonly name: Name
  readonly relationship: Name | undefined
  readonly spec: PlacedSpec | undefined
  readonly where: Expression | undefined
  readonly parent: Scope | undefined
  /** Where its own names stand: the node's, the relationship's, those of targets. */
  readonly declared: readonly Name[]
  /** Classes by target. */
  readonly targets: ReadonlyMap<string, Name>
  /** What `for each` can go through here: traversals, and of a group its expansion. */
  readonly loops: ReadonlyMap<string, Scope>
  readonly groups: ReadonlyMap<string, Scope>
  /** Every name that is declared here or further inside, but for that of the scope itself. */
  readonly inner: readonly string[]
}

/** The mapping that answers to its name: itself, or what overrides it. */
export function inForce(mapping: Mapping): Mapping {
  let found = mapping
  for (const seen = new Set<Mapping>(); found.overriddenBy !== undefined && !seen.has(found); ) {
    seen.add(found)
    found = found.overriddenBy
  }
  return found
}

/** Scopes from here outwards. */
export function outwards(scope: Scope): readonly Scope[] {
  return scope.parent === undefined ? [scope] : [scope, ...outwards(scope.parent)]
}

/** All scopes of a mapping. */
export function allScopes(scope: Scope): readonly Scope[] {
  return [scope, ...[...scope.loops.values(), ...scope.groups.values()].flatMap(allScopes)]
}

/** Source variables that others can extend: the mapping's own, those of traversals and of expansions. */
export function variablesOf(mapping: Mapping): readonly string[] {
  return allScopes(mapping.scope)
    .filter(({ kind }) => kind !== 'group')
    .map(({ name }) => name.text)
}

/** Everything of a mapping that another can read: variables, relationships, targets, constants. */
export function readableNames(mapping: Mapping): readonly string[] {
  const scopes = allScopes(mapping.scope)
  return [
    ...variablesOf(mapping),
    ...scopes.flatMap(({ relationship }) => (relationship === undefined ? [] : [relationship.text])),
    ...scopes.flatMap(({ targets }) => [...targets.keys()]),
    ...mapping.tree.constants.map(({ name }) => name.text),
  ]
}

/** Names of the targets that a mapping declares, wherever it does. */
export function targetsOf(mapping: Mapping): ReadonlySet<string> {
  return new Set(allScopes(mapping.scope).flatMap(({ targets }) => [...targets.keys()]))
}

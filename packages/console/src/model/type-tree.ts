/**
 * Types below those that they extend.
 *
 * @module
 */
interface Typed {
  readonly type: string
  readonly extends: string | null
}

export interface Branch<Type> {
  readonly type: Type
  /** So many types above it. */
  readonly depth: number
}

/** By name on each level, each followed by those that extend it. */
export function typeTree<Type extends Typed>(types: readonly Type[]): readonly Branch<Type>[] {
  const below = (parent: string | null, depth: number): Branch<Type>[] =>
    types
      .filter((one) => one.extends === parent)
      .toSorted((a, b) => a.type.localeCompare(b.type))
      .flatMap((type) => [{ type, depth }, ...below(type.type, depth + 1)])
  return below(null, 0)
}

/** The type and all that extend it. */
export function familyOf<Type extends Typed>(types: readonly Type[], name: string): readonly string[] {
  const own = types.filter((one) => one.extends === name).flatMap(({ type }) => familyOf(types, type))
  return [name, ...own]
}

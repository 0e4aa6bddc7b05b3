/**
 * Whether two JSON values say the same; the order of members says nothing.
 *
 * @module
 */
export function isSame(one: unknown, other: unknown): boolean {
  if (one === other) return true
  if (!isComposite(one) || !isComposite(other) || Array.isArray(one) !== Array.isArray(other)) return false
  const [entries, others] = [new Map(Object.entries(one)), new Map(Object.entries(other))]
  return (
    entries.size === others.size &&
    [...entries].every(([name, value]) => others.has(name) && isSame(value, others.get(name)))
  )
}

function isComposite(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

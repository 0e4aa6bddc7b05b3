/**
 * The newest of a list, and whether there are older ones.
 *
 * @module
 */

/** @param limit May be infinite. */
export async function newest<T>(
  limit: number,
  read: (most: number) => Promise<readonly T[]>,
): Promise<{ readonly shown: readonly T[]; readonly left: boolean }> {
  const all = !Number.isFinite(limit)
  const found = await read(all ? Number.MAX_SAFE_INTEGER : limit + 1)
  return { shown: all ? found : found.slice(0, limit), left: !all && found.length > limit }
}

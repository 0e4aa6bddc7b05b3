/**
 * Work on several things at once, and never on too many.
 *
 * @module
 */

/** Throws what the first one throws, when the others that were begun have ended. */
export async function inTurns<T>(
  all: readonly T[],
  atOnce: number,
  work: (one: T) => Promise<void>,
): Promise<void> {
  const waiting = all.values()
  let failed: { readonly error: unknown } | undefined
  const worker = async () => {
    for (const one of waiting) {
      if (failed !== undefined) return
      try {
        await work(one)
      } catch (error) {
        failed ??= { error }
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(atOnce, all.length) }, worker))
  if (failed !== undefined) throw failed.error
}

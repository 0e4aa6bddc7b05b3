/**
 * Work that somebody asks for from afar, one after the other: however many ask, no more than one of it is at work.
 *
 * @module
 */

/** Each begins when the one before has ended, however that ended. */
export function oneAtATime(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve()
  return (work) => {
    const result = last.then(work)
    last = result.catch(() => undefined)
    return result
  }
}

/**
 * Numbers that look random and are the same each time: mulberry32.
 *
 * @module
 */
export interface DemoRandom {
  /** From 0 on, below `end`. */
  below(end: number): number
  of<Item>(items: readonly Item[]): Item
}

export function demoRandom(seed: number): DemoRandom {
  let state = seed
  const next = () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (end: number) => Math.floor(next() * end)
  return {
    below,
    of(items) {
      const found = items[below(items.length)]
      if (found === undefined) throw new Error('There is nothing to choose from.')
      return found
    },
  }
}

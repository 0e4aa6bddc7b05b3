import fc from 'fast-check'
import { expect, test } from 'vitest'
import { greatestImpact, type Impacting } from './greatest-impact.ts'

const places = ['a', 'b', 'c', 'd', 'e'] as const
const graph = fc.array(
  fc.record({
    from: fc.constantFrom(...places),
    to: fc.constantFrom(...places),
    weight: fc.constantFrom(10, 25, 50, 80, 100),
  }),
  { maxLength: 14 },
)

/** By every way that comes to no place twice. */
function byEveryWay(links: readonly Impacting[], at: string, seen: readonly string[]): [string, number][] {
  return [
    [at, 100],
    ...links
      .filter(({ from, to }) => from === at && !seen.includes(to))
      .flatMap(({ to, weight }) =>
        byEveryWay(links, to, [...seen, to]).map(([end, rest]): [string, number] => [
          end,
          (weight * rest) / 100,
        ]),
      ),
  ]
}

test('of all ways the one with the most counts, whatever circles there are', () => {
  fc.assert(
    fc.property(graph, (links) => {
      const most = new Map<string, number>()
      for (const [end, weight] of byEveryWay(links, 'a', ['a']))
        most.set(end, Math.max(most.get(end) ?? 0, weight))
      const found = greatestImpact('a', links)
      expect([...found.keys()].sort()).toEqual([...most.keys()].sort())
      for (const [end, { weight }] of found) expect(weight).toBeCloseTo(most.get(end) ?? 0, 4)
    }),
  )
})

test('each way goes back to the first, and is as long as it says', () => {
  fc.assert(
    fc.property(graph, (links) => {
      const found = greatestImpact('a', links)
      for (const [end, { depth }] of found) {
        let steps = 0
        for (let at = found.get(end); at?.through != null; at = found.get(at.through)) steps += 1
        expect(steps).toBe(depth)
      }
    }),
  )
})

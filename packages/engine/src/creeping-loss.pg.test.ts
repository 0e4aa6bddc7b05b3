import { expect, test } from 'vitest'
import { describeWithEngine, type EngineHarness, servers } from '../test/engine-harness.ts'

const people = (thresholds: string) => `
entityTypes: { Person: { display: number, properties: { number: string } } }
sources:
  hr:
    folder: .
    ${thresholds}
    entities: { Person: { file: p.csv, key: number, properties: { number: n } } }
`
const firstOf = (count: number) => ({
  Person: `n\n${Array.from({ length: count }, (_, at) => at).join('\n')}`,
})

/** Nine percent less each time, until a run is held. */
async function shrink(harness: EngineHarness, from: number) {
  for (let count = from; count > 20; ) {
    count = Math.ceil(count * 0.91)
    const report = await harness.deliver('hr', firstOf(count))
    if (report.state === 'held') return report
  }
  return undefined
}

describeWithEngine(
  'a source that loses a little in each run',
  (harness) => {
    test('is held when a quarter is gone in a week, though no run exceeded its limit', async () => {
      await harness.begin(people(''))
      await harness.deliver('hr', firstOf(1000))
      const held = await shrink(harness, 1000)
      expect(held?.exceeded).toEqual([
        {
          level: 'Person',
          threshold: 'deleted',
          by: 'percent',
          limit: 25,
          found: 312,
          total: 1000,
          since: expect.stringMatching(/^\d{4}-/),
        },
      ])
    })

    test('goes on after a person has approved that, and is held anew when as much is gone again', async () => {
      await harness.begin(people(''))
      await harness.deliver('hr', firstOf(1000))
      const held = await shrink(harness, 1000)
      await harness.engine.approve(held?.run ?? 0, { by: 'ada' })
      expect((await harness.deliver('hr', firstOf(630))).state).toBe('applied')
      const again = await shrink(harness, 630)
      expect(again?.exceeded).toMatchObject([{ total: 688, threshold: 'deleted', by: 'percent' }])
    })

    test('is not held for what is older than the window, and not where it is off', async () => {
      await harness.begin(people(''))
      await harness.deliver('hr', firstOf(1000))
      await harness.deliver('hr', firstOf(905))
      await harness.deliver('hr', firstOf(820))
      await harness.execute(`update sluice_run set started_at = started_at - interval '8 days'`)
      expect((await harness.deliver('hr', firstOf(745))).state).toBe('applied')
      await harness.begin(people('thresholds: { window: off }'))
      await harness.deliver('hr', firstOf(100))
      expect(await shrink(harness, 100)).toBeUndefined()
    })

    test('may be counted in runs', async () => {
      await harness.begin(people('thresholds: { window: { runs: 2, deleted: 15% } }'))
      for (const count of [1000, 950, 900, 850, 800]) {
        expect((await harness.deliver('hr', firstOf(count))).state).toBe('applied')
      }
      await harness.deliver('hr', firstOf(730))
      expect((await harness.deliver('hr', firstOf(660))).exceeded).toMatchObject([{ found: 140, total: 800 }])
    })
  },
  servers,
)

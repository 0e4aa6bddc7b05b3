import { expect, test } from 'vitest'
import { twoSources } from '../test/companies.ts'
import { describeWithEngine, type EngineHarness, servers } from '../test/engine-harness.ts'

/** `hr` says nothing of thresholds, so it has the usual ones. */
const guarded = twoSources.replace('    thresholds: off\n', '')

const people = Array.from({ length: 40 }, (_, at) => at)
const units = Array.from({ length: 20 }, (_, at) => at)
const rows = (header: string, lines: readonly string[]) => `${header}\n${lines.join('\n')}`

/** Of twenty units two hold nearly everybody. */
const unitOf = (person: number) => (person < 36 ? person % 2 : person)
const hr = {
  Person: rows(
    'n,name,u',
    people.map((at) => `${at},p${at},u${unitOf(at)}`),
  ),
  Membership: rows(
    'p,u,since,share,main',
    people.map((at) => `${at},u${unitOf(at)},,,`),
  ),
}
const sites = (which: readonly number[]) => ({
  Unit: rows(
    'c,name,h',
    which.map((at) => `u${at},Unit ${at},`),
  ),
})

async function begin(harness: EngineHarness): Promise<void> {
  await harness.begin(guarded)
  expect((await harness.deliver('hr', hr)).state).toBe('applied')
}

describeWithEngine(
  'what a run takes from another source',
  (harness) => {
    test('holds it by the limits of that source, though its own has none', async () => {
      await begin(harness)
      await harness.deliver('sites', sites(units))
      const report = await harness.deliver('sites', sites(units.slice(2)))
      expect(report).toMatchObject({
        state: 'held',
        exceeded: [
          { level: 'Person', source: 'hr', threshold: 'updated', found: 36, total: 40 },
          { level: 'Membership', source: 'hr', threshold: 'deleted', found: 36, total: 36 },
        ],
      })
    })

    test('does not hold the arrival of what others waited for', async () => {
      await begin(harness)
      const report = await harness.deliver('sites', sites(units))
      expect(report).toMatchObject({ state: 'applied', exceeded: [] })
      expect(report.entities.find(({ mapping }) => mapping === 'Person')).toMatchObject({
        source: 'hr',
        changes: { updated: 36 },
        stored: 40,
      })
    })

    test('lets pass what takes little', async () => {
      await begin(harness)
      await harness.deliver('sites', sites(units))
      expect((await harness.deliver('sites', sites(units.slice(0, -5)))).state).toBe('applied')
    })
  },
  servers,
)

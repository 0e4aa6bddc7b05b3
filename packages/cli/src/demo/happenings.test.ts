import { describe, expect, test } from 'vitest'
import { demoData } from './demo-data.ts'
import { demoRandom } from './demo-random.ts'
import { rowsOf } from './demo-table.ts'
import { happenings } from './happenings.ts'

const data = demoData()
const files: Readonly<Record<string, string | undefined>> = {
  'people.csv': data.days.at(-2)?.get('people.csv'),
  'accounts.csv': data.directory.get('accounts.csv'),
  'servers.csv': data.servers.get('servers.csv'),
  'nodes.jsonl': data.discovered.at(-1)?.files.get('nodes.jsonl'),
}

describe('what happens in the demo', () => {
  test.each(happenings)(
    'in $source changes little each time, and makes $file no longer in a year',
    ({ file, next }) => {
      const random = demoRandom(1)
      const first = files[file] ?? ''
      let text = first
      for (let day = 0; day < 365; day += 1) {
        const before = new Set(text.split('\n'))
        const { delivered, afterwards } = next(text, random)
        const changed = delivered.split('\n').filter((line) => !before.has(line))
        expect(changed.length).toBeLessThanOrEqual(8)
        text = afterwards
      }
      expect(text).not.toBe(first)
      expect(text.length).toBeLessThan(first.length * 1.2)
    },
  )

  test('in hr sometimes stops one row, which is mended afterwards', () => {
    const random = demoRandom(2)
    const text = files['people.csv'] ?? ''
    const [hr] = happenings.filter(({ source }) => source === 'hr')
    const wrong = Array.from({ length: 40 }, () => hr?.next(text, random)).filter(
      (exported) => exported !== undefined && exported.delivered !== exported.afterwards,
    )
    expect(wrong.length).toBeGreaterThan(0)
    for (const exported of wrong) {
      const never = (table = '') => rowsOf(table).filter(({ hired }) => hired === '31.02.2026')
      expect(never(exported?.delivered)).toHaveLength(1)
      expect(never(exported?.afterwards)).toHaveLength(0)
    }
  })
})

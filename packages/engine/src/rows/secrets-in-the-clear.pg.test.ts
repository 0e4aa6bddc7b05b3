import { expect, test } from 'vitest'
import { describeWithEngine, servers } from '../../test/engine-harness.ts'

const yaml = `
entityTypes:
  Person: { display: name, properties: { name: string, grade: integer, pin: secret } }
sources:
  hr:
    entities:
      Person: { file: people.csv, key: name, properties: { name: name, grade: grade, pin: pin } }
`
const hidden = `$s2k$sha256$65536$${'0'.repeat(16)}$${'0'.repeat(64)}`

describeWithEngine(
  'a secret that somebody delivers in the clear',
  (harness) => {
    test('is rejected, and neither kept nor told; a row that is wrong for another reason is', async () => {
      await harness.begin(yaml)
      const report = await harness.deliver('hr', {
        Person: `name,grade,pin\nada,1,hunter2\nbob,x,hunter2\ncyd,x,${hidden}\ndan,4,${hidden}\n`,
      })
      expect(report.entities[0]?.rows).toMatchObject({ read: 4, inserted: 1, rejected: 3 })
      const rows = await harness.rows<{ row: unknown }>(
        'select key, column_name, value, reason, row is null as untold from sluice_rejected_row order by key, column_name',
      )
      const pin = { column_name: 'pin', value: null, reason: 'not a secret that is hidden', untold: true }
      const grade = { column_name: 'grade', value: 'x', reason: 'not a whole number' }
      expect(rows).toEqual([
        { key: 'ada', ...pin },
        { key: 'bob', ...grade, untold: true },
        { key: 'bob', ...pin },
        { key: 'cyd', ...grade, untold: false },
      ])
      expect(await harness.rows('select name, pin from person')).toEqual([{ name: 'dan', pin: hidden }])
    })
  },
  servers,
)

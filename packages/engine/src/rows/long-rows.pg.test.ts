import { expect, test } from 'vitest'
import { describeWithEngine } from '../../test/engine-harness.ts'

/** So many numbers of 8 bytes do not fit into a row, though they are short as texts. */
const names = Array.from({ length: 1_100 }, (_, index) => `p${index}`)
const wide = `
entityTypes:
  Sample: {properties: {id: string, ${names.map((name) => `${name}: integer`).join(', ')}}}
sources:
  lab:
    folder: .
    thresholds: off
    entities:
      Sample: {file: s.csv, key: id, properties: {id: id, ${names.map((name) => `${name}: ${name}`).join(', ')}}}
`
/** `few`: only some of the numbers are there. */
const table = (rows: Readonly<Record<string, 'few' | 'all'>>) =>
  [
    ['id', ...names],
    ...Object.entries(rows).map(([id, which]) => [
      id,
      ...names.map((_, index) => (which === 'all' || index < 9 ? '7' : '')),
    ]),
  ]
    .map((row) => row.join(','))
    .join('\n')

describeWithEngine('a row that is too long where it is stored', (harness) => {
  test('is rejected with its size, at first and later', async () => {
    await harness.begin(wide)
    await harness.deliver('lab', { Sample: table({ a: 'few', b: 'all' }) })
    await harness.deliver('lab', { Sample: table({ a: 'few', b: 'all', c: 'few' }) })
    const rejected = await harness.rows(
      'select key, column_name, left(reason, 24) as reason from sluice_run r join sluice_rejected_row x on x.run_id = coalesce(r.rejected_run, r.run_id) order by r.run_id',
    )
    const tooLong = {
      key: 'b',
      column_name: null,
      reason: expect.stringMatching(/^the row takes 8\d\d\d bytes$/),
    }
    expect(rejected).toEqual([tooLong, tooLong])
    expect(await harness.rows('select id from sample order by id')).toEqual([{ id: 'a' }, { id: 'c' }])
  })
})

import { randomUUID } from 'node:crypto'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { sumOfFile } from '@sluice/files'
import { longestRejection } from '@sluice/protocol'
import { expect, test } from 'vitest'
import { company } from '../../../engine/test/companies.ts'
import { describeWithEngine, type EngineHarness } from '../../../engine/test/engine-harness.ts'

const tables = { Person: 'n,name,m,u\n1,Ann,,\n2,Bob,1,' }
const row = {
  mapping: 'Person',
  file: 'p.csv',
  line: 2,
  column: 'name',
  text: '',
  reason: 'no',
  fields: ['9'],
}

const damages: readonly (readonly [string, () => string, number, RegExp])[] = [
  [
    'a line longer than it may be',
    () => `{"mapping":"${'x'.repeat(longestRejection)}"}\n`,
    1,
    /line 1 is longer than/,
  ],
  ['a line that is not valid JSON', () => `${JSON.stringify(row)}\n{"a\n`, 2, /line 2 is not a row/],
  ['a line of another shape', () => '{"mapping":"Person"}\n', 1, /line 1 is not a row/],
  [
    'fewer rows than its manifest says',
    () => `${JSON.stringify(row)}\n`,
    2,
    /holds 1 rows where its manifest says 2/,
  ],
]

/** Delivers the tables with this list of rows that could not be read; the delivery's id. */
async function send(harness: EngineHarness, text: string, rows = 1): Promise<string> {
  const { folder, manifest } = await harness.prepare('hr', tables, {
    unreadable: [{ ...row, fields: ['9'] }],
  })
  const name = 'rejected.jsonl' as const
  const path = join(folder, name)
  await writeFile(path, text)
  const rejections = { name, size: Buffer.byteLength(text), sha256: await sumOfFile(path), rows }
  const { inbox } = harness.engine
  const id = randomUUID()
  await inbox.announce({ id, source: 'hr', mode: 'complete' })
  for (const file of [...manifest.files, rejections]) {
    const { size, sha256 } = file
    await inbox.upload(id, { name: file.name, size, sha256, path: join(folder, file.name) })
  }
  // As many are counted as are listed: what contradicts itself is refused when it is sealed.
  const files = manifest.files.map((file) =>
    file.mapping === 'Person' ? { ...file, rejected: rows, read: file.read - file.rejected + rows } : file,
  )
  await inbox.seal(id, { ...manifest, files, rejections })
  return id
}

describeWithEngine('the list of rows that could not be read', (harness) => {
  test('may hold any text, and is shown', async () => {
    await harness.begin(company)
    const odd = {
      text: 'a\0b \ud83d \u2028 😀',
      reason: 'a NUL: \0',
      file: 'p\0.csv',
      fields: ['x\0', '\udc00', '9'],
    }
    const id = await send(harness, `${JSON.stringify({ ...row, ...odd })}\n`)
    await harness.engine.synchronize('hr', { force: true })
    expect(await harness.engine.inbox.status(id)).toMatchObject({ state: 'applied' })
    expect(await harness.rows('select file, value, reason from sluice_rejected_row')).toEqual([
      { file: 'p␀.csv', value: 'a␀b \ufffd \u2028 😀', reason: 'a NUL: ␀' },
    ])
  })

  test.each(damages)('fails its delivery for %s, and no other', async (_, text, rows, reason) => {
    await harness.begin(company)
    const id = await send(harness, text(), rows)
    await expect(harness.engine.synchronize('hr')).rejects.toMatchObject({
      code: 'SLUICE-RECEIVE-03',
      message: expect.stringMatching(reason),
    })
    expect(await harness.engine.inbox.status(id)).toMatchObject({ state: 'failed' })
    await harness.deliver('hr', tables)
    expect(await harness.rows('select count(*) from person')).toEqual([{ count: '2' }])
  })
})

/**
 * Between the seal of a delivery and its run its files lie on a disk: what is applied is what was sealed, or nothing.
 */
import { readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { someOf } from '../../../../test/thoroughness.ts'
import { company } from '../../../engine/test/companies.ts'
import { resourcesOf } from '../../../engine/test/contents.ts'
import { describeWithEngine } from '../../../engine/test/engine-harness.ts'

const before = {
  Person: 'n,name,m,u\n1,Ann,,X\n2,Bob,1,X',
  Unit: 'c,name,h\nX,Ideas,1',
  Membership: 'p,u,since',
  Seat: 'p,u',
}
const after = { ...before, Person: 'n,name,m,u\n1,Ann,,X\n2,Bob,1,X\n3,Cid,2,X' }
const unreadable = [
  { mapping: 'Person', file: 'people.csv', line: 9, column: null, text: '7', reason: 'x', fields: ['7'] },
]

/** Another content of the same size and form, as one flipped bit makes it. */
const flipped = (text: string) => text.replace(/Cid|"7"/, (found) => (found === 'Cid' ? 'Cyd' : '"8"'))

/** What happens to a file of the inbox. */
const meddling: readonly (readonly [string, (path: string) => Promise<void>])[] = [
  [
    'has another byte',
    async (path) => {
      const text = await readFile(path, 'utf8')
      await rm(path)
      await writeFile(path, flipped(text))
    },
  ],
  [
    'is a link to another file',
    async (path) => {
      await writeFile(`${path}.other`, flipped(await readFile(path, 'utf8')))
      await rm(path)
      await symlink(`${path}.other`, path)
    },
  ],
  [
    'is a link to what it was',
    async (path) => {
      await rename(path, `${path}.other`)
      await symlink(`${path}.other`, path)
    },
  ],
]

describeWithEngine('a delivery', (harness) => {
  const files = ['Person.sorted.csv', 'rejected.jsonl']
  const cases = meddling.flatMap(([what, meddle]) => files.map((file) => [file, what, meddle] as const))
  test.each(someOf(cases, 3))('of which %s %s is not applied', async (file, _what, meddle) => {
    await harness.begin(company)
    await harness.deliver('hr', before)
    const id = await harness.send('hr', after, { unreadable })
    await meddle(join(harness.configuration.workFolder, 'inbox', id, file))
    await expect(harness.engine.synchronize('hr')).rejects.toMatchObject({
      code: 'SLUICE-RECEIVE-03',
      message: expect.stringContaining(file),
    })
    expect(await harness.engine.inbox.status(id)).toMatchObject({ state: 'failed' })
    expect(await resourcesOf(harness, 'Person')).toHaveLength(2)
  })
})

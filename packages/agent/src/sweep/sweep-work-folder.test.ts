import { mkdir, readdir, symlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { outgoing } from '../../test/outgoing.ts'
import { outboxFolder, writeOutbox } from '../outbox/outbox.ts'
import { lineUp } from '../outbox/outbox-queue.ts'
import { alone } from '../send/send-source.ts'
import { type SweepOptions, sweepWorkFolder } from './sweep-work-folder.ts'

const day = 86_400_000
let work: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  work = await temporaryFolder()
})
afterEach(() => work[Symbol.asyncDispose]())

/** A file that was written so many days ago, in folders that were. */
async function file(path: string, daysAgo: number): Promise<void> {
  const whole = join(work.path, path)
  await mkdir(dirname(whole), { recursive: true })
  await writeFile(whole, 'text')
  const then = new Date(Date.now() - daysAgo * day)
  for (let one = whole; one !== work.path; one = dirname(one)) await utimes(one, then, then)
}

const sweep = async (options: Partial<SweepOptions> = {}) =>
  (
    await sweepWorkFolder({
      workFolder: work.path,
      sources: new Set(['hr']),
      keptFor: 30 * day,
      ...options,
    })
  ).map(({ path }) => path)
const left = async (folder: string) => (await readdir(join(work.path, folder))).sort()

test('a folder that a dead plan has left goes after a day, one of a plan at work stays', async () => {
  await file('plan-Ab12Cd/Person.sorted.csv', 2)
  await file('plan-Ef34Gh/Person.sorted.csv', 0)
  await file('plan-of-somebody/notes.txt', 900)
  expect(await sweep({ dryRun: true })).toEqual(['plan-Ab12Cd'])
  expect(await sweep()).toEqual(['plan-Ab12Cd'])
  expect(await left('.')).toEqual(['plan-Ef34Gh', 'plan-of-somebody'])
})

test('the state of a source that the configuration no longer names goes when its time is over', async () => {
  await file('state/hr/previous/reference.json', 900)
  await file('state/gone/previous/reference.json', 31)
  await file('state/renamed/previous/reference.json', 29)
  await file('state/executions/one.json', 900)
  expect(await sweep()).toEqual(['state/gone'])
  expect(await left('state')).toEqual(['executions', 'hr', 'locks', 'renamed'])
})

test('the side files of a delivery that is over go when their time is over', async () => {
  await file('outbox/hr/Person.duplicates.csv', 31)
  await file('prepared/hr/Person.nullpk.csv', 31)
  await file('outbox/other/Person.nullpk.csv', 29)
  expect(await sweep()).toEqual(['outbox/hr', 'prepared/hr'])
})

test('what is told of it are files and bytes', async () => {
  await file('state/gone/previous/reference.json', 31)
  await file('state/gone/previous/Person.sorted.csv', 31)
  const swept = await sweepWorkFolder({ workFolder: work.path, sources: new Set(), keptFor: 30 * day })
  expect(swept).toEqual([{ path: join('state', 'gone'), files: 2, bytes: 8 }])
})

test.each(['hr', 'gone'])(
  'a delivery of %s on its way keeps all of the source, whatever its age',
  async (source) => {
    await writeOutbox(outboxFolder(work.path, source), outgoing(1, { source }))
    await lineUp(work.path, source)
    await writeOutbox(outboxFolder(work.path, source), outgoing(2, { source }))
    await file(`outbox/${source}/Person.sorted.csv`, 900)
    await file(`outbox/${source}.waiting/000000001/Person.sorted.csv`, 900)
    await file(`state/${source}/previous/reference.json`, 900)
    expect(await sweep()).toEqual([])
  },
)

test('a note that cannot be read keeps it, too', async () => {
  await file('outbox/gone/delivery.json', 900)
  await file('state/gone/previous/reference.json', 900)
  expect(await sweep()).toEqual([])
})

test('a source on which somebody works is left alone', async () => {
  await file('state/gone/previous/reference.json', 900)
  await alone({ workFolder: work.path }, 'gone', async () => {
    expect(await sweep()).toEqual([])
  })
  expect(await sweep()).toEqual(['state/gone'])
})

test('nothing goes by its age where files are kept for ever', async () => {
  await file('state/gone/previous/reference.json', 9000)
  expect(await sweep({ keptFor: undefined })).toEqual([])
})

test('links are not followed: neither where something is looked for, nor where it is removed', async () => {
  await file('elsewhere/gone/precious.txt', 900)
  await file('state/removed/note.txt', 900)
  await symlink(join(work.path, 'elsewhere'), join(work.path, 'outbox'))
  await symlink(join(work.path, 'elsewhere'), join(work.path, 'state', 'removed', 'link'))
  await symlink(join(work.path, 'elsewhere', 'gone'), join(work.path, 'state', 'linked'))
  await file('state/removed/note.txt', 900)
  await sweep({ keptFor: 0 })
  expect(await left('elsewhere/gone')).toEqual(['precious.txt'])
  expect(await left('state')).toEqual(['linked', 'locks'])
})

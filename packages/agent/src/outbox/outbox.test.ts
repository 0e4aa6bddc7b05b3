import { mkdir, readdir, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { takeLock, withinLock } from '@sluice/files'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { id, outgoing } from '../../test/outgoing.ts'
import { clearOutbox, outboxFolder, readOutbox, writeOutbox } from './outbox.ts'

let work: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  work = await temporaryFolder()
})
afterEach(() => work[Symbol.asyncDispose]())

describe('the note of an outbox', () => {
  test('is read as it was written, and is none where none was', async () => {
    const folder = outboxFolder(work.path, 'hr')
    expect(await readOutbox(folder)).toBeUndefined()
    const flags = { byHand: true, sending: true, standsForChanges: true } as const
    for (const mode of ['initial', 'complete', 'incremental'] as const) {
      const note = outgoing(1, { ...flags, mode, replaces: id(2), ahead: [id(3)] })
      await writeOutbox(folder, note)
      expect(await readOutbox(folder)).toEqual(note)
    }
    expect((await readFile(join(folder, 'delivery.json'), 'utf8')).endsWith('}\n')).toBe(true)
  })

  test('is not written where it says what no version could read', async () => {
    const folder = outboxFolder(work.path, 'hr')
    await expect(writeOutbox(folder, outgoing(1, { base: 'the one before' }))).rejects.toThrow('base')
    expect(await readOutbox(folder)).toBeUndefined()
  })

  test.each([
    ['the outbox', 'hr', 'hr'],
    ['one that others were put behind', 'hr.waiting/000000001', 'hr'],
    ['a source whose name has a point', 'hr.de', 'hr.de'],
  ])('that is broken is told of with its file and the source, in %s', async (_, place, source) => {
    const folder = join(work.path, 'outbox', place)
    await writeOutbox(folder, outgoing(1))
    await writeFile(join(folder, 'delivery.json'), '{"version":1')
    await expect(readOutbox(folder)).rejects.toMatchObject({
      code: 'SLUICE-DELIVER-14',
      path: join(folder, 'delivery.json'),
      details: { source, file: join(folder, 'delivery.json') },
    })
  })

  test('that nobody should hold is broken, too', async () => {
    const folder = outboxFolder(work.path, 'hr')
    await writeOutbox(folder, outgoing(1))
    await truncate(join(folder, 'delivery.json'), 1 << 30)
    await expect(readOutbox(folder)).rejects.toMatchObject({ code: 'SLUICE-DELIVER-14' })
  })

  test('that cannot be looked at is another matter', async () => {
    const folder = outboxFolder(work.path, 'hr')
    await mkdir(join(folder, 'delivery.json'), { recursive: true })
    await expect(readOutbox(folder)).rejects.toMatchObject({ code: 'EISDIR' })
  })

  test('stays where the lock of the source was taken over by another process', async () => {
    const folder = outboxFolder(work.path, 'hr')
    await writeOutbox(folder, outgoing(1))
    await using lock = await takeLock(work.path, 'hr.lock', { beat: 60_000, expiry: 0 })
    if (lock.kind === 'busy') throw new Error('nobody has it')
    await rm(join(work.path, 'hr.lock.1'))
    await expect(withinLock(lock.held, () => clearOutbox(folder))).rejects.toMatchObject({
      code: 'SLUICE-LOCK-02',
    })
    expect(await readOutbox(folder)).toBeDefined()
  })

  test('goes when nothing is on its way; the files stay, and a second time does no harm', async () => {
    const folder = outboxFolder(work.path, 'hr')
    await writeOutbox(folder, outgoing(1))
    await writeFile(join(folder, 'Person.sorted.csv'), 'id\n')
    await clearOutbox(folder)
    await clearOutbox(folder)
    expect(await readdir(folder)).toEqual(['Person.sorted.csv'])
  })
})

import { readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
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
    const note = outgoing(1, { byHand: true, replaces: id(2), ahead: [id(3)] })
    await writeOutbox(folder, note)
    expect(await readOutbox(folder)).toEqual(note)
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

  test('goes when nothing is on its way; the files stay, and a second time does no harm', async () => {
    const folder = outboxFolder(work.path, 'hr')
    await writeOutbox(folder, outgoing(1))
    await writeFile(join(folder, 'Person.sorted.csv'), 'id\n')
    await clearOutbox(folder)
    await clearOutbox(folder)
    expect(await readdir(folder)).toEqual(['Person.sorted.csv'])
  })
})

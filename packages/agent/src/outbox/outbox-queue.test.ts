import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../../../prepare/test/prepare-text.ts'
import { id, outgoing } from '../../test/outgoing.ts'
import { type OutboxNote, outboxFolder, writeOutbox } from './outbox.ts'
import { isLinedUp, lineUp, placesFromTheEnd, readQueue, stepBack, sweepQueue } from './outbox-queue.ts'

let work: Awaited<ReturnType<typeof temporaryFolder>>
beforeEach(async () => {
  work = await temporaryFolder()
})
afterEach(() => work[Symbol.asyncDispose]())

const outbox = () => outboxFolder(work.path, 'hr')
const line = (place: string) => join(`${outbox()}.waiting`, place)

/** One behind the other; the last one is in the outbox itself. */
async function queued(...notes: readonly OutboxNote[]): Promise<void> {
  for (const [at, note] of notes.entries()) {
    if (at > 0) await lineUp(work.path, 'hr')
    await writeOutbox(outbox(), note)
  }
}

async function waiting() {
  const queue = await readQueue(work.path, 'hr')
  return queue.map(({ delivery }) => [delivery.id, delivery.base])
}

describe('what waits', () => {
  test('is nothing where nothing was prepared', async () => {
    expect(await waiting()).toEqual([])
    expect(await placesFromTheEnd(work.path, 'hr')).toEqual([outbox()])
  })

  test('stands in its order, each on the one before it, whatever that was called when it was prepared', async () => {
    await queued(outgoing(1, { base: id(9) }), outgoing(2, { base: id(8) }), outgoing(3))
    expect(await waiting()).toEqual([
      [id(1), id(9)],
      [id(2), id(1)],
      [id(3), id(2)],
    ])
    const queue = await readQueue(work.path, 'hr')
    expect(queue.map(({ folder }) => folder)).toEqual([line('000000001'), line('000000002'), outbox()])
    expect(queue.map(isLinedUp)).toEqual([true, true, false])
  })

  test('begins with the last complete: nothing before it is needed', async () => {
    await queued(outgoing(1), outgoing(2, { mode: 'complete' }), outgoing(3))
    expect(await waiting()).toEqual([
      [id(2), undefined],
      [id(3), id(2)],
    ])
  })

  test('is not what another one was prepared in the place of', async () => {
    await queued(outgoing(1), outgoing(2), outgoing(3, { replaces: id(2) }))
    expect(await waiting()).toEqual([
      [id(1), undefined],
      [id(3), id(1)],
    ])
  })

  test('is prepared, neither only announced nor delivered already', async () => {
    const { version, source, mode, at, abandoned } = outgoing(1)
    const announced = { version, source, mode, at, abandoned, id: id(1), stage: 'announced' as const }
    await queued(announced, { ...outgoing(2), stage: 'delivered' }, outgoing(3))
    expect(await waiting()).toEqual([[id(3), undefined]])
  })

  test('lies in folders with numbers; others are none of its own', async () => {
    await queued(outgoing(1), outgoing(2))
    await mkdir(line('000000001.old'))
    await mkdir(line('a000000001'))
    expect(await placesFromTheEnd(work.path, 'hr')).toEqual([outbox(), line('000000001')])
  })

  test('is not taken for nothing where it cannot be read', async () => {
    await mkdir(join(work.path, 'outbox'))
    await writeFile(`${outbox()}.waiting`, 'a file')
    await expect(waiting()).rejects.toMatchObject({ code: 'ENOTDIR' })
  })
})

describe('the line', () => {
  test('goes on behind its last number, though those before it are gone', async () => {
    await queued(...[1, 2, 3].map((number) => outgoing(number)))
    await rm(line('000000001'), { recursive: true })
    expect(await lineUp(work.path, 'hr')).toBe(line('000000003'))
    await writeOutbox(outbox(), outgoing(4))
    expect((await waiting()).map(([one]) => one)).toEqual([id(2), id(3), id(4)])
  })

  test('is in order past its ninth', async () => {
    const numbers = Array.from({ length: 12 }, (_, at) => at + 1)
    await queued(...numbers.map((number) => outgoing(number)))
    expect((await waiting()).map(([one]) => one)).toEqual(numbers.map(id))
  })

  test('is left again by a delivery behind which nothing came after all', async () => {
    await queued(outgoing(1), outgoing(2))
    await stepBack(work.path, 'hr', line('000000001'))
    expect(await waiting()).toEqual([[id(1), undefined]])
    expect(await readdir(`${outbox()}.waiting`)).toEqual([])
  })

  test('is left though nothing lies in the outbox', async () => {
    await queued(outgoing(1))
    const folder = await lineUp(work.path, 'hr')
    await stepBack(work.path, 'hr', folder)
    expect(await waiting()).toEqual([[id(1), undefined]])
  })

  test('is swept of all that waits no more; the last one stays in the outbox for whoever looks', async () => {
    await queued(outgoing(1), outgoing(2, { mode: 'complete' }), outgoing(3))
    await sweepQueue(work.path, 'hr', await readQueue(work.path, 'hr'))
    expect(await readdir(`${outbox()}.waiting`)).toEqual(['000000002'])
    await sweepQueue(work.path, 'hr', [])
    expect(await readdir(`${outbox()}.waiting`)).toEqual([])
    expect(await readdir(outbox())).toEqual(['delivery.json'])
  })
})

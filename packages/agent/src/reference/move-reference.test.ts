import { createHash } from 'node:crypto'
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { DeliveryState } from '@sluice/protocol'
import { describe, expect, test } from 'vitest'
import { entity } from '../../../prepare/test/prepare-text.ts'
import { SourceInTime } from '../../test/source-in-time.ts'
import { deliver } from '../deliver/deliver.ts'
import { commitReference, lastDelivered, stageReference } from './move-reference.ts'
import { readReferenceIn } from './reference.ts'

const people = { entities: [entity(['id'])] }
const file = (...ids: string[]) => ({ 'people.csv': `id,n\n${ids.map((id) => `${id},1\n`).join('')}` })

/** Delivered as d1, prepared once more as d2; the state as it is before d2 is delivered. */
async function twice() {
  const source = await SourceInTime.open(people)
  await source.complete(file('1'))
  const prepared = await source.prepare('initial', file('1', '2'))
  await source.announce()
  return { source, prepared, [Symbol.asyncDispose]: () => source[Symbol.asyncDispose]() }
}

/** Nothing lies about, and every file is the one noted. */
async function expectSettled(state: string, delivery: string): Promise<void> {
  const reference = await readReferenceIn(join(state, 'previous'))
  expect(reference?.delivery).toBe(delivery)
  for (const { name, sha256 } of reference?.files ?? []) {
    const bytes = await readFile(join(state, 'previous', name))
    expect(createHash('sha256').update(bytes).digest('hex')).toBe(sha256)
  }
  expect(await readdir(state)).toEqual(['previous'])
}

describe('the reference', () => {
  test('moves with the acknowledgement and not before', async () => {
    await using at = await twice()
    const { source, prepared } = at
    expect(await source.reference('Person')).toBe('id\n1\n')
    await deliver({ inbox: source.inbox, deliveryId: 'd2', prepared, state: source.state })
    expect(await source.reference('Person')).toBe('id\n1\n2\n')
    await expectSettled(source.state, 'd2')
  })

  test('does not move for a delivery that is over, however often it is sent', async () => {
    await using at = await twice()
    const { source, prepared } = at
    source.inbox.states.set('d2', 'cancelled')
    await deliver({ inbox: source.inbox, deliveryId: 'd2', prepared, state: source.state })
    await deliver({ inbox: source.inbox, deliveryId: 'd1', prepared, state: source.state })
    expect(source.inbox.files.has('d2')).toBe(false)
    await expectSettled(source.state, 'd1')
  })

  test('moves when the answer to the seal was lost but the seal was not', async () => {
    await using at = await twice()
    const { source, prepared } = at
    source.inbox.loseNextAnswer = true
    const again = () => deliver({ inbox: source.inbox, deliveryId: 'd2', prepared, state: source.state })
    await expect(again()).rejects.toThrow('connection')
    expect(await source.reference('Person')).toBe('id\n1\n')
    expect((await again()).state).toBe('ready')
    await expectSettled(source.state, 'd2')
  })

  test('is a file of its own: editing it leaves what was prepared as it was', async () => {
    await using source = await SourceInTime.open(people)
    await source.complete(file('1'))
    await writeFile(source.referencePath('Person'), 'id\n9\n')
    expect(await source.text('Person.sorted.csv')).toBe('id\n1\n')
  })
})

describe('a process killed while the reference moved', () => {
  const states: readonly [DeliveryState | 'unknown', 'd1' | 'd2'][] = [
    ['announced', 'd1'],
    ['ready', 'd2'],
    ['applied', 'd2'],
    ['held', 'd2'],
    ['failed', 'd2'],
    ['rejected', 'd2'],
    ['cancelled', 'd1'],
    ['refused', 'd1'],
    ['unknown', 'd1'],
  ]
  test.each(states)('before it knew of the seal, and the delivery is %s: %s', async (state, expected) => {
    await using at = await twice()
    const { source, prepared } = at
    await stageReference(source.state, 'd2', prepared)
    if (state === 'unknown') source.inbox.states.delete('d2')
    else source.inbox.states.set('d2', state)
    expect(await lastDelivered(source.state, source.inbox)).toBe(expected)
    await expectSettled(source.state, expected)
  })

  test('anywhere while the new one is built, keeps the old one', async () => {
    await using at = await twice()
    const { source, prepared } = at
    await stageReference(source.state, 'd2', prepared)
    source.inbox.states.set('d2', 'ready')
    const next = join(source.state, 'next')
    // Backwards through the steps of building: the head, its draft, the files, the folder.
    await rename(join(next, 'reference.json'), join(next, 'reference.json.new'))
    const whole = join(source.prepared, 'whole')
    await cp(next, whole, { recursive: true })
    for (const left of [['reference.json.new', 'Person.sorted.csv'], ['Person.sorted.csv'], []]) {
      await rm(next, { recursive: true, force: true })
      await mkdir(next)
      for (const name of left) await cp(join(whole, name), join(next, name))
      expect(await lastDelivered(source.state, source.inbox)).toBe('d1')
      await expectSettled(source.state, 'd1')
    }
  })

  test('between any two steps of putting the new one in its place, ends with the new one', async () => {
    const steps: readonly ((state: string) => Promise<void>)[] = [
      (state) => rename(join(state, 'previous'), join(state, 'former')),
      (state) => rename(join(state, 'next'), join(state, 'previous')),
      (state) => rm(join(state, 'former/reference.json')),
      (state) => rm(join(state, 'former'), { recursive: true }),
    ]
    for (const [done] of steps.entries()) {
      await using at = await twice()
      const { source, prepared } = at
      await stageReference(source.state, 'd2', prepared)
      source.inbox.states.set('d2', 'applied')
      for (const step of steps.slice(0, done + 1)) await step(source.state)
      expect(await lastDelivered(source.state, source.inbox)).toBe('d2')
      await expectSettled(source.state, 'd2')
    }
  })

  test('while it cleared up, does not stop the next move', async () => {
    await using at = await twice()
    const { source, prepared } = at
    await cp(join(source.state, 'previous'), join(source.state, 'former'), { recursive: true })
    await stageReference(source.state, 'd2', prepared)
    await commitReference(source.state)
    await expectSettled(source.state, 'd2')
  })
})

import { text } from 'node:stream/consumers'
import pLimit from 'p-limit'
import { expect, test } from 'vitest'
import { jsonLines } from './json-lines.ts'

const wide = 'x'.repeat(40_000)

/** Counts how many lists are being read at the same moment. */
function createLists() {
  const reading = { now: 0, most: 0 }
  async function* list(length: number) {
    for (let number = 0; number < length; number++) {
      reading.now += 1
      reading.most = Math.max(reading.most, reading.now)
      await new Promise((resolve) => setImmediate(resolve))
      reading.now -= 1
      yield { number, wide }
    }
  }
  return { list, reading }
}

test('long lists take turns, and each comes whole', async () => {
  const { list, reading } = createLists()
  const turns = pLimit(2)
  const lengths = [20, 30, 40, 50, 60]
  const answers: string[] = []
  const begun = await Promise.all(lengths.map((length) => jsonLines(list(length), (work) => turns(work))))
  reading.most = 0
  answers.push(...(await Promise.all(begun.map((stream) => text(stream)))))
  expect(answers.map((answer) => answer.split('\n').length - 1)).toEqual(lengths)
  expect(reading.most).toBe(2)
})

test('a short list waits for no long one', async () => {
  const { list } = createLists()
  const never = () => new Promise<never>(() => undefined)
  const long = await jsonLines(list(50), never)
  long.resume()
  expect(await text(await jsonLines(list(1), never))).toBe(`${JSON.stringify({ number: 0, wide })}\n`)
  long.destroy()
})

test('who leaves while a list waits for its turn is read for no more', async () => {
  const { list, reading } = createLists()
  const free = Promise.withResolvers<void>()
  const ended: number[] = []
  async function* watched() {
    try {
      yield* list(50)
    } finally {
      ended.push(reading.now)
    }
  }
  const stream = await jsonLines(watched(), async (work) => {
    await free.promise
    return await work()
  })
  stream.resume()
  await new Promise((resolve) => setImmediate(resolve))
  stream.destroy()
  free.resolve()
  await expect.poll(() => ended).toEqual([0])
})

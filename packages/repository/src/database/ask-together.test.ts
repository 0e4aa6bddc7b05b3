import { expect, test } from 'vitest'
import { askTogether } from './ask-together.ts'

test('what is asked in one moment is answered at once, each with its own answer', async () => {
  const statements: (readonly number[])[] = []
  const ask = askTogether(async (numbers: readonly number[]) => {
    statements.push(numbers)
    return numbers.map((number) => number * 2)
  })
  expect(await Promise.all([1, 2, 3].map(ask))).toEqual([2, 4, 6])
  expect(await ask(4)).toBe(8)
  expect(statements).toEqual([[1, 2, 3], [4]])
})

test('where the statement fails, everybody who asked hears of it, and the next is asked anew', async () => {
  let fails = true
  const ask = askTogether(async (names: readonly string[]) => {
    if (fails) throw new Error('no connection')
    return names
  })
  const answers = await Promise.allSettled(['a', 'b'].map(ask))
  expect(answers.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  fails = false
  expect(await ask('c')).toBe('c')
})

test('what is asked while others are being answered is answered together, after them', async () => {
  const statements: (readonly number[])[] = []
  const gates: (() => void)[] = []
  const ask = askTogether(async (numbers: readonly number[]) => {
    statements.push(numbers)
    await new Promise<void>((resolve) => gates.push(resolve))
    return numbers
  })
  const first = ask(1)
  await expect.poll(() => gates.length).toBe(1)
  const others = [2, 3].map(ask)
  gates.shift()?.()
  expect(await first).toBe(1)
  await expect.poll(() => gates.length).toBe(1)
  gates.shift()?.()
  expect(await Promise.all(others)).toEqual([2, 3])
  expect(statements).toEqual([[1], [2, 3]])
})

test('an answer that hangs holds up nobody who asks after it', async () => {
  const ask = askTogether(async (names: readonly string[]) =>
    names.includes('hangs') ? await new Promise<readonly string[]>(() => undefined) : names,
  )
  void ask('hangs')
  await new Promise((resolve) => setImmediate(resolve))
  expect(await Promise.all(['a', 'b'].map(ask))).toEqual(['a', 'b'])
})

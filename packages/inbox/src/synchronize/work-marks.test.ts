import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { WorkMarks } from './work-marks.ts'

let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-marks-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

const never = new AbortController().signal
const nothing = () => false
const marksIn = () => new WorkMarks(() => folder)

test('a run bears a mark from its turn on, and none when it is over, however it ends', async () => {
  const marks = marksIn()
  const work = async (fails: boolean) => {
    expect(await marks.isSet('a')).toBe(false)
    await marks.set('a')
    expect(await marks.isSet('a')).toBe(true)
    if (fails) throw new Error('the database is away')
  }
  await marks.during('a', never, () => work(false), nothing)
  await expect(marks.during('a', never, () => work(true), nothing)).rejects.toThrow('away')
  expect(await marks.isSet('a')).toBe(false)
})

test('a mark goes at once when the process is asked to stop, and is not set any more', async () => {
  const marks = marksIn()
  const stop = new AbortController()
  const work = async () => {
    await marks.set('a')
    stop.abort()
    await expect.poll(() => marks.isSet('a')).toBe(false)
    await marks.set('a')
    expect(await marks.isSet('a')).toBe(false)
  }
  await marks.during('a', stop.signal, work, nothing)
})

test('what dies without its process leaves its mark', async () => {
  const marks = marksIn()
  const work = async () => {
    await marks.set('a')
    throw new Error('the thread of PGlite ended')
  }
  await expect(marks.during('a', never, work, () => true)).rejects.toThrow('ended')
  expect(await marks.isSet('a')).toBe(true)
})

import type { JobState } from '@sluice/model'
import { expect, test } from 'vitest'
import { inOrder } from './in-order.ts'

const quiet = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} }

/** Runs `jobs` (`name: those before`); which began, and how each ended. */
async function run(jobs: Readonly<Record<string, string>>, ends: Readonly<Record<string, JobState>> = {}) {
  const begun: string[] = []
  const list = Object.entries(jobs).map(([name, after]) => ({
    name,
    after: after.split(' ').filter(Boolean),
  }))
  const ended = await inOrder(
    list,
    async ({ name }) => {
      begun.push(name)
      await new Promise((resolve) => setImmediate(resolve))
      return ends[name] ?? 'done'
    },
    quiet,
  )
  return { begun, ended: Object.fromEntries(ended) }
}

test('each job begins after those that it comes after, once, whatever the order they are written in', async () => {
  const { begun } = await run({ report: 'left right', left: 'load', right: 'load', load: '' })
  expect(begun).toEqual(['load', 'left', 'right', 'report'])
})

test.each(['failed', 'held', 'waiting', 'stopped'] as const)(
  'nothing begins after a job that ended as %s, nor after what was not begun for that',
  async (state) => {
    const { begun, ended } = await run({ load: '', other: '', next: 'load', last: 'next' }, { load: state })
    expect(begun).toEqual(['load', 'other'])
    expect(ended).toEqual({ load: state, other: 'done', next: state, last: state })
  },
)

test('a job that is asked for alone does not wait for one that is not', async () => {
  expect((await run({ next: 'load' })).begun).toEqual(['next'])
})

import { expect, test } from 'vitest'
import { keepAgeing } from './keep-ageing.ts'

test('every source is looked at again and again, and one that fails keeps no other from its time', async () => {
  const lines: string[] = []
  const stopping = new AbortController()
  const write = (data: object, message: string) =>
    void lines.push(`${'source' in data ? String(data.source) : ''}: ${message}`)
  const aged: string[] = []
  await keepAgeing({
    sources: ['lost', 'quiet'],
    every: 1,
    age: async (source) => {
      aged.push(source)
      if (aged.length === 4) stopping.abort()
      if (source === 'lost') throw new Error('The database is away.')
      return undefined
    },
    log: { debug: write, info: write, warn: write, error: write },
    stop: stopping.signal,
  })
  expect(aged).toEqual(['lost', 'quiet', 'lost', 'quiet'])
  expect(lines).toEqual(['lost: the ageing of the source failed', 'lost: the ageing of the source failed'])
})

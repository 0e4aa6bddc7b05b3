import { describe, expect, test } from 'vitest'
import { decisionsOf, healthWord, type SourceHealth, targetOf, trendOf } from './source-health.ts'

function source(name: string, ...kinds: SourceHealth['attention'][number]['kind'][]): SourceHealth {
  const attention = kinds.map((kind) => ({ kind, says: kind, command: '' }))
  return { name, heldRun: 12, lastRun: { run: 11 }, attention } as unknown as SourceHealth
}

describe('how a source is', () => {
  test('is the worst of what it needs', () => {
    expect(healthWord(source('hr'))).toBe('fine')
    expect(healthWord(source('hr', 'held', 'rejected'))).toBe('held')
    expect(healthWord(source('hr', 'orphans'))).toBe('attention')
  })

  test('what cannot wait comes first, whichever source it is of', () => {
    const found = decisionsOf([source('a', 'doubtful'), source('b', 'failed'), source('c', 'held')])
    expect(found.map(({ source: { name } }) => name)).toEqual(['c', 'b', 'a'])
  })

  test('leads to where one goes on', () => {
    expect(targetOf({ kind: 'held' }, source('hr'))).toEqual({ to: '/runs/12' })
    expect(targetOf({ kind: 'failed' }, source('hr'))).toEqual({ to: '/runs/11' })
    expect(targetOf({ kind: 'late' }, source('a/b'))).toEqual({ to: '/sources/a%2Fb' })
  })
})

describe('the trend of a source', () => {
  const run = (of: string, mode: string, ...read: number[]) =>
    ({ source: of, mode, entities: read.map((each) => ({ rows: { read: each } })) }) as never

  test('is what its complete runs have read, the oldest first', () => {
    const runs = [
      run('hr', 'complete', 3, 4),
      run('ad', 'complete', 9),
      run('hr', 'incremental', 1),
      run('hr', 'initial', 5),
    ]
    expect(trendOf('hr', runs)).toEqual([5, 7])
  })
})

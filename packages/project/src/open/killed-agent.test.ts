/**
 * An agent that dies at each step of a delivery in turn, and the one after it.
 */
import { readdir } from 'node:fs/promises'
import { expect, test } from 'vitest'
import { mortalAgent } from '../../test/mortal-agent.ts'
import { openTwoMachines } from '../../test/two-machines.ts'

test('whatever step an agent dies at, the next one brings everything, once, and the chain holds', {
  timeout: 600_000,
}, async () => {
  await using at = await openTwoMachines()
  await using agent = await mortalAgent(at.folder, at.url)
  const names = ['Ann']
  await at.export(...names)
  await at.project.sync('hr')

  const deaths: string[] = []
  for (let steps = 1; ; steps += 1) {
    names.push(`after ${steps}`)
    await at.export(...names)
    const dying = await at.reopen(agent.url)
    const { survived, last } = await agent.live(steps, () => dying.sync('hr'))
    const next = await at.reopen()
    const report = await next.sync('hr')
    expect({ last, mode: report.mode, state: report.state }).toMatchObject({
      mode: 'incremental',
      state: 'applied',
    })
    expect({ last, names: await at.names() }).toEqual({ last, names: [...names].sort() })
    if (survived) break
    deaths.push(last)
  }
  expect((await readdir(at.outbox)).filter((name) => name.startsWith('.'))).toEqual([])
  const runs = await at.project.repository.runs({ source: 'hr', limit: 1000 })
  const deliveries = runs.map(({ delivery }) => delivery)
  expect(new Set(deliveries).size).toBe(deliveries.length)
  const inserted = runs.map(({ entities }) => entities[0]?.changes.inserted ?? 0)
  expect(inserted.reduce((sum, count) => sum + count, 0)).toBe(names.length)
  // Every kind of step was the last one at some time.
  for (const step of ['delivery.json', '/manifest', '/files/', 'next', 'previous', 'former'])
    expect(deaths.some((last) => last.includes(step))).toBe(true)
})

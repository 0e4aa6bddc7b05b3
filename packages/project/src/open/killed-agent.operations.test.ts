/**
 * An agent that crashes at each step of a delivery in turn, and the one after it.
 */
import { appendFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { firstStep, stepsApart } from '../../../../test/thoroughness.ts'
import { crashingAgent } from '../../test/crashing-agent.ts'
import { openRemoteProjectHarness, type RemoteProjectHarness } from '../../test/remote-project-harness.ts'

test('whatever step an agent dies at, the next one brings everything, once, and the chain holds', async () => {
  await using at = await openRemoteProjectHarness()
  await using agent = await crashingAgent(at.folder, at.url)
  const names = ['Ann']
  await at.export(...names)
  await at.project.sync('hr')

  const deaths: string[] = []
  const single = stepsApart(4, 1)
  for (let steps = firstStep(single); ; steps += single) {
    names.push(`after ${steps}`)
    await at.export(...names)
    const dying = await at.reopen(agent.url)
    const { survived, last } = await agent.crashAfter(steps, () => dying.sync('hr'))
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
  const kinds = ['delivery.json', '/manifest', '/files/', 'next', 'previous', 'former']
  for (const step of single === 1 ? kinds : []) expect(deaths.some((last) => last.includes(step))).toBe(true)
})

/** Says what stands in its log behind the line that the cookie names; in a complete, everything. */
const program = `
at=$(cat "$SLUICE_COOKIE_FOLDER/at" 2>/dev/null || echo 0)
if [ "$SLUICE_MODE" = incremental ]; then
  { echo command,no,name; tail -n +$((at + 1)) log.csv; } > "$SLUICE_FOLDER/people.csv"
else
  { echo no,name; sed 's/^add,//' log.csv; } > "$SLUICE_FOLDER/people.csv"
fi
wc -l < log.csv | tr -d ' ' > "$SLUICE_NEW_COOKIE_FOLDER/at"
`

/** Each step takes a while with several deliveries: all of them, with `SLUICE_STEPS=1`, take minutes. */
const apart = stepsApart(18, 9)

const nowhere = 'http://127.0.0.1:9'

/** Each round something new is asserted, by a system that hands out what it asserts since it was asked last. */
class Rounds {
  readonly names: string[] = []
  readonly #at: RemoteProjectHarness

  constructor(at: RemoteProjectHarness) {
    this.#at = at
  }

  async says(name: string): Promise<void> {
    await appendFile(join(this.#at.folder, 'log.csv'), `add,${this.names.length},${name}\n`)
    this.names.push(name)
  }

  /** Puts a delivery behind what waits. */
  async queue(name: string): Promise<void> {
    await this.says(name)
    const away = await this.#at.reopen(nowhere)
    await expect(away.sync('hr')).rejects.toMatchObject({ code: 'SLUICE-DELIVER-03' })
  }

  async expectAllOnce(last: string): Promise<void> {
    expect({ last, names: await this.#at.names() }).toEqual({ last, names: [...this.names].sort() })
    const runs = await this.#at.project.repository.runs({ source: 'hr', limit: 1000 })
    const applied = runs.filter(({ state }) => state === 'applied').map(({ delivery }) => delivery)
    expect({ last, count: new Set(applied).size }).toEqual({ last, count: applied.length })
    expect({ last, failed: runs.filter(({ state }) => state === 'failed') }).toEqual({ last, failed: [] })
    // Nothing was lost on the way and made good by a complete.
    expect({ last, completes: runs.filter(({ mode }) => mode === 'complete').length }).toEqual({
      last,
      completes: 1,
    })
  }
}

async function openRounds() {
  const at = await openRemoteProjectHarness(program, '1ms')
  await writeFile(join(at.folder, 'log.csv'), '')
  const rounds = new Rounds(at)
  await rounds.says('Ann')
  await at.project.sync('hr')
  return { at, rounds, [Symbol.asyncDispose]: () => at[Symbol.asyncDispose]() }
}

describe('with deliveries under way, whatever step an agent dies at,', () => {
  test.each([1, 2])(
    'while it puts one behind the %s that wait for a server that is away, nothing is lost',
    async (waiting) => {
      await using opened = await openRounds()
      const { at, rounds } = opened
      await using agent = await crashingAgent(at.folder, nowhere)
      const deaths: string[] = []
      for (let steps = firstStep(apart); ; steps += apart) {
        for (let one = 0; one < waiting; one += 1) await rounds.queue(`${steps} waits ${one}`)
        await rounds.says(`after ${steps}`)
        const dying = await at.reopen(agent.url)
        const { survived, last } = await agent.crashAfter(steps, () =>
          dying.sync('hr').catch((error: unknown) => {
            // Of an agent that lives, the end is that it has to wait.
            expect(error).toMatchObject({ code: 'SLUICE-DELIVER-03' })
            return agent.crashed ? Promise.reject(error) : undefined
          }),
        )
        await rounds.queue(`behind ${steps}`)
        await (await at.reopen()).sync('hr')
        await rounds.expectAllOnce(last)
        if (survived) break
        deaths.push(last)
      }
      for (const step of apart === 1 ? ['delivery.json', 'hr.waiting', 'cookies'] : [])
        expect(deaths.some((last) => last.includes(step))).toBe(true)
    },
  )

  test('while it delivers three in order, nothing is lost or done twice', async () => {
    await using opened = await openRounds()
    const { at, rounds } = opened
    await using agent = await crashingAgent(at.folder, at.url)
    const deaths: string[] = []
    for (let steps = firstStep(apart); ; steps += apart) {
      await rounds.queue(`${steps} waits`)
      await rounds.queue(`${steps} waits too`)
      await rounds.says(`after ${steps}`)
      const dying = await at.reopen(agent.url)
      const { survived, last } = await agent.crashAfter(steps, () => dying.sync('hr'))
      await (await at.reopen()).sync('hr')
      await rounds.expectAllOnce(last)
      if (survived) break
      deaths.push(last)
    }
    const kinds = ['delivery.json', '/manifest', '/files/', 'next', 'previous', 'former', 'hr.waiting']
    for (const step of apart === 1 ? kinds : []) expect(deaths.some((last) => last.includes(step))).toBe(true)
  })
})

/**
 * Agent and server killed at every step of a delivery: before each request reaches the server, and after it was
 * carried out but before its answer came.
 *
 * The steps are enumerated, not drawn: a proxy between the two counts the requests of an undisturbed
 * incremental, and then one of the two is killed with SIGKILL at each of them in turn. Whatever is left, the
 * next call must find the repository like the source, with each delivery applied at most once.
 */
import { describe, expect, test } from 'vitest'
import { Installation } from './installation.ts'
import { firstStep, stepsApart } from './thoroughness.ts'

/** Enough for every step; requests of an incremental that goes well. */
const atMost = 14
const apart = stepsApart(3, 1)

describe.each(['agent', 'server'] as const)('the %s, killed at any request of a delivery,', (victim) => {
  test.each(['before', 'after'] as const)(
    '%s it is carried out, loses nothing and does nothing twice',
    async (phase) => {
      await using place = await Installation.start()
      await place.export('ada', 'grace', 'barbara')
      await place.sync()
      const requests = await place.requestsOf(() => exportAndSync(place, 'ada', 'grace', 'radia'))
      expect(requests.length).toBeLessThan(atMost)
      // Once it was answered, a question leaves no more behind than before.
      const all = [...requests.keys()].filter((step) => phase === 'before' || requests[step] !== 'GET')
      expect(all.length).toBeGreaterThan(3)
      const steps = all.filter((_, at) => (at + 1 - firstStep(apart)) % apart === 0)
      for (const [round, step] of steps.entries()) {
        const names = ['ada', 'grace', `number ${step}`]
        await place.export(...names)
        place.killAt(step, phase, victim)
        // An agent in this process outlives its server, and goes on when there is one again.
        await (victim === 'agent' ? place.spawnSync() : place.sync())
        expect(place.killed).toBe(round + 1)
        place.killNobody()
        const last = await place.sync()
        expect(await place.stored(), `step ${step}`).toEqual(names)
        // The chain held: nothing fell back to a complete.
        expect([last.mode, step]).toEqual(['incremental', step])
        await place.expectAppliedOnce()
      }
    },
    // Some twenty processes are started one after the other.
    240_000,
  )
})

async function exportAndSync(place: Installation, ...names: readonly string[]): Promise<void> {
  await place.export(...names)
  await place.sync()
}

/**
 * What every connector does that reaches its system over a network, whatever the system is.
 *
 * They belong to no test runner: each is a title, and what throws where the connector does not keep it.
 *
 * @module
 */
import assert from 'node:assert/strict'
import { CuttingProxy } from './cutting-proxy.ts'
import { type MappedSystem, Trial } from './trial.ts'

export interface ContractCase {
  readonly title: string
  /** Throws where it does not hold. `skipped`: it is nothing that this connector does. */
  readonly run: () => Promise<'skipped' | undefined>
}

type Case = (system: Trial) => Promise<'skipped' | undefined>

const cases: Readonly<Record<string, Case>> = {
  async 'writes every row of several pages, and says how many'(system) {
    const exported = await system.export()
    assert.equal(exported.rows[system.of.file], system.of.rows)
    assert.equal(await system.lines(), system.of.rows + 1)
    return undefined
  },

  async 'begins again when the connection breaks on the way, and loses and doubles nothing'(system) {
    const exported = await system.through({ after: [3000, 6000] })
    assert.equal(exported.rows[system.of.file], system.of.rows)
    assert.equal(await system.lines(), system.of.rows + 1)
    assert.equal(system.log.filter((line) => line.endsWith('It is tried again.')).length, 2)
    return undefined
  },

  async 'takes no part for all of it when the connection breaks each time'(system) {
    const failing = system.through({ after: [3000, 3000] }, { retries: 1 })
    await assert.rejects(failing, { code: 'SLUICE-CONNECT-03', retry: true })
    assert.equal(await system.state(), 'failed')
    return undefined
  },

  async 'does not wait for ever for a system that falls silent'(system) {
    const silent = { after: [3000], how: 'silent' as const }
    await assert.rejects(system.through(silent, { timeout: 1000, retries: 0 }), { code: 'SLUICE-CONNECT-04' })
    return undefined
  },

  async 'ends at once when it is interrupted'(system) {
    const stop = new AbortController()
    const exporting = system.through({ after: [3000], how: 'silent' }, { signal: stop.signal })
    setTimeout(() => stop.abort(new Error('stopped')), 200)
    await assert.rejects(exporting, { message: 'stopped' })
    return undefined
  },

  async 'names a system that cannot be reached'(system) {
    const proxy = await CuttingProxy.open(1, { after: [] })
    const { port } = proxy
    await proxy[Symbol.asyncDispose]()
    const failing = system.export({ options: system.of.options(port), retries: 0 })
    await assert.rejects(failing, (error: Error) => error.message.includes(`:${port}`))
    return undefined
  },

  async 'shows no secret, whether the system takes it or not'(system) {
    await system.export()
    const options = system.of.wrongPassword(system.of.port)
    const failed: unknown = await system.export({ options }).catch((error: unknown) => error)
    assert.ok(failed instanceof Error && 'code' in failed && 'retry' in failed)
    assert.deepEqual([failed.code, failed.retry], ['SLUICE-CONNECT-03', false])
    const shown = [JSON.stringify(failed, Object.getOwnPropertyNames(failed)), ...system.log].join('\n')
    for (const secret of system.of.secrets) assert.ok(!shown.includes(secret), `"${secret}" is shown`)
    return undefined
  },

  async 'finds what has changed since its cookie, and again when that export failed'(system) {
    if (system.of.change === undefined) return 'skipped'
    await system.export()
    await system.acknowledge()
    const expected = await system.of.change()
    const cut = system.through({ after: [100, 100] }, { retries: 0, mode: 'incremental' })
    await assert.rejects(cut, { retry: true })
    for (let again = 0; again < 2; again++) {
      await system.export({ mode: 'incremental' })
      assert.deepEqual(await system.commands(), expected)
    }
    await system.acknowledge()
    await system.export({ mode: 'incremental' })
    assert.deepEqual(await system.commands(), { merged: 0, deleted: 0 })
    return undefined
  },
}

export function contractCases(open: () => Promise<MappedSystem>): readonly ContractCase[] {
  return Object.entries(cases).map(([title, work]) => ({
    title,
    async run() {
      const trial = new Trial(await open())
      try {
        return await work(trial)
      } finally {
        await trial[Symbol.asyncDispose]()
      }
    },
  }))
}

/**
 * Jobs behind a server: what agents have told it.
 *
 * @module
 */
import type { ExecutionRecord, Preview, StartRecord, SystemCheck } from '@sluice/model'
import { type Client, isNothingThere, routes } from '@sluice/protocol'
import type { Jobs } from './jobs.ts'

/** Seconds for which a server may keep one question. */
const wait = 25
/** So many at once is what a server gives. */
const most = 1000

export function jobsThere(client: Client): Jobs {
  return {
    list: async () => ({ jobs: (await client.call(routes.jobs, { params: {} })).jobs }),
    results: async ({ job, limit = 20 } = {}) => {
      const query = { limit: Math.min(limit, most) }
      const answer =
        job === undefined
          ? await client.call(routes.allJobResults, { params: {}, query })
          : await client.call(routes.jobResults, { params: { job }, query })
      return answer.results
    },
    result: async (execution) => {
      try {
        return await client.call(routes.jobResult, { params: { execution }, query: {} })
      } catch (error) {
        if (isNothingThere(error)) return undefined
        throw error
      }
    },
    ended: async (execution, { signal } = {}) => {
      for (;;) {
        const call = { params: { execution }, query: { wait }, signal }
        const found: ExecutionRecord = await client.call(routes.jobResult, call)
        if (found.state !== 'running') return found
      }
    },
    stop: (job, { agent } = {}) => client.call(routes.stopJob, { params: { job }, body: { agent } }),
    start: (job, { agent } = {}) => client.call(routes.startJob, { params: { job }, body: { agent } }),
    startSource: (source, { agent, mode, hold } = {}) =>
      client.call(routes.startSource, { params: { source }, body: { agent, mode, hold } }),
    checkSource: async (source, { agent, signal } = {}) => {
      const asked = { params: { source }, body: { agent }, signal }
      let found: SystemCheck = await client.call(routes.askCheck, asked)
      const { check } = found
      while (found.state === 'waiting' || found.state === 'taken')
        found = await client.call(routes.check, { params: { check }, query: { wait }, signal })
      return found
    },
    previewSource: async (source, { agent, mapping, proposal, rows, signal }) => {
      const call = { params: { source }, signal }
      let found: Preview =
        proposal === undefined
          ? await client.call(routes.askPreview, { ...call, body: { agent, mapping, rows } })
          : await client.call(routes.proposePreview, { ...call, body: { agent, proposal, rows } })
      const { preview } = found
      while (found.state === 'waiting' || found.state === 'taken')
        found = await client.call(routes.preview, { params: { preview }, query: { wait }, signal })
      return found
    },
    decided: async (start, { signal } = {}) => {
      for (;;) {
        const call = { params: { start }, query: { wait }, signal }
        const found: StartRecord = await client.call(routes.jobStart, call)
        if (found.state !== 'waiting' && found.state !== 'taken') return found
      }
    },
  }
}

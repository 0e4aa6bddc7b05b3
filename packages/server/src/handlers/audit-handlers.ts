/**
 * The audit log, read.
 *
 * @module
 */
import { routes } from '@sluice/protocol'
import type { ServerContext } from '../server-context.ts'
import { handler } from './handler.ts'

const usualLimit = 100

export function auditHandlers({ audit }: ServerContext) {
  return {
    audit: handler(routes.audit, async ({ query }) => {
      const { limit = usualLimit } = query
      const found = await audit.read({ ...query, limit: limit + 1 })
      const entries = found.slice(0, limit)
      return { entries, next: found.length > limit ? (entries.at(-1)?.position ?? null) : null }
    }),
  }
}

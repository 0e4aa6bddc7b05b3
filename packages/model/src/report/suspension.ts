/**
 * Sources that are not run for a while: what they have said stays as it is, with its locks, and what comes of them waits.
 *
 * @module
 */
import { z } from 'zod'
import { AnsweredError } from '../errors.ts'
import { runByKinds } from './report.ts'

export const suspensionSchema = z.object({
  /** UTC. */
  since: z.string(),
  /** When it ends by itself; `null`: when somebody ends it. */
  until: z.string().nullable(),
  reason: z.string().nullable(),
  by: z.object({ kind: z.enum(runByKinds), name: z.string() }),
})
export type Suspension = Readonly<z.infer<typeof suspensionSchema>>

/** `since 2026-12-01 08:00 UTC until 2026-12-02 08:00 UTC, by olga: the export is mended` */
export function describeSuspension({ since, until, reason, by }: Suspension): string {
  const end = until === null ? '' : ` until ${minuteOf(until)}`
  return `since ${minuteOf(since)}${end}, by ${by.name}${reason === null ? '' : `: ${reason}`}`
}

/** `2026-12-01 08:00 UTC` */
function minuteOf(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`
}

/** What an error says whose source is suspended, wherever it was thrown. */
export const suspendedCode = 'SLUICE-SOURCE-09'

/**
 * SLUICE-SOURCE-09: the source is suspended, so no run of it begins.
 *
 * Somebody wanted that, for a reason that the message tells (`sluice source suspend`). All that the source has said stays as it is, with
 * its locks. Deliveries and rows that come wait, and nothing is exported; what is lost by waiting is nothing.
 */
export class SourceSuspendedError extends AnsweredError {
  readonly code = suspendedCode
  readonly blame = 'usage'
  readonly status = 409
  readonly retry = false

  constructor(source: string, suspension: Suspension) {
    super(`Source ${source} is suspended ${describeSuspension(suspension)}.`, {
      remedy: `sluice source resume ${source} lets it run again; what has come meanwhile is waiting.`,
      details: { source, ...suspension },
    })
  }
}

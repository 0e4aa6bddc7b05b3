/**
 * Sources that are not run for a while: what they have said stays as it is, with its locks, and what comes of them waits.
 *
 * @module
 */
import { z } from 'zod'
import { SluiceError } from '../errors.ts'
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
export function minuteOf(instant: string): string {
  return `${instant.slice(0, 16).replace('T', ' ')} UTC`
}

/** What an error says of it. */
export function suspensionFacts(source: string, suspension: Suspension) {
  return {
    message: `Source ${source} is suspended ${describeSuspension(suspension)}.`,
    remedy: `sluice source resume ${source} lets it run again; deliveries that arrived in the meantime are waiting.`,
    details: { source, ...suspension },
  }
}

/** `SourceSuspendedError` and `DeliverySuspendedError`, also as a server says them. */
const codes: ReadonlySet<string> = new Set(['SLUICE-SOURCE-09', 'SLUICE-DELIVER-16'])

/** Whether something was not done because its source is suspended. */
export function saysSuspended(error: unknown): boolean {
  return error instanceof SluiceError && codes.has(error.code)
}

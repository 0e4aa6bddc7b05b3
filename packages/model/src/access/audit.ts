/**
 * The audit log: who changed what at a server, or tried to.
 *
 * @module
 */
import { z } from 'zod'
import { runByKinds } from '../report/report.ts'

export const auditRecordSchema = z.object({
  /** The later, the greater. */
  position: z.number(),
  at: z.string(),
  /** `null`: nobody that is known, such as whoever guesses passwords. */
  by: z.object({ kind: z.enum(runByKinds), name: z.string() }).nullable(),
  /** From where; `null`: on the machine of the repository. */
  address: z.string().nullable(),
  /** The name of the request, such as `approve` or `signIn`. */
  action: z.string(),
  /** What it was about: its address below the API. */
  subject: z.string(),
  /** `done`; `refused`: not valid, not permitted, or not possible as things were; `failed`: the server could not. */
  result: z.enum(['done', 'refused', 'failed']),
  status: z.number(),
  /** Of the error. */
  code: z.string().nullable(),
})
export type AuditRecord = Readonly<z.infer<typeof auditRecordSchema>>

/** What is looked for in the audit log. Times in ISO 8601. */
export interface AuditQuery {
  /** Name of the account, the token or the user of the machine. */
  readonly who?: string | undefined
  readonly action?: string | undefined
  readonly from?: string | undefined
  /** Before it. */
  readonly to?: string | undefined
  /** Those before this position. */
  readonly before?: number | undefined
  readonly limit?: number | undefined
}

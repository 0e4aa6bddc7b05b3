/**
 * A notification as it is sent and as it is listed.
 *
 * @module
 */
import { z } from 'zod'
import { jobStages } from '../job/job.ts'
import { startCauses } from '../job/job-state.ts'
import { notificationStates } from '../life/notification-life.ts'
import { matchRecordSchema } from '../match/match.ts'
import { orderRecordSchema } from '../order/order.ts'
import { jobAgentSchema } from '../report/execution-record.ts'
import { runStates } from '../report/report.ts'
import { type NotificationKindName, notificationKinds } from './notification-kinds.ts'

const changeCounts = z.object({ inserted: z.number(), updated: z.number(), deleted: z.number() })

const runSchema = z
  .object({
    run: z.number().describe('Its number.'),
    mode: z.string().nullable().describe('initial, complete or incremental.'),
    state: z.enum(runStates),
    startedAt: z.string(),
    finishedAt: z.string().nullable(),
    by: z.string().describe('Who made it happen: a token, a person, a job, a program.'),
    delivery: z.string().nullable(),
    resources: changeCounts.describe('Of a held run: what it would change.'),
    links: changeCounts,
    rejected: z.number().describe('Rows that were left out.'),
    exceeded: z.array(z.string()).describe('The thresholds that hold it, a sentence each.'),
  })
  .describe('What the run says of itself.')

const errorSchema = z.object({
  code: z.string().describe('As in docs/errors.md.'),
  message: z.string(),
  remedy: z.string().nullable(),
})

const latenessSchema = z
  .object({
    expected: z.number().describe('Milliseconds within which a run of the source is expected.'),
    lastApplied: z.string().nullable().describe('When a run of it was last applied.'),
    late: z.string().describe('Since when it has been late.'),
  })
  .describe('Of a source that is or was late.')

const overdueOrderSchema = orderRecordSchema
  .pick({
    order: true,
    entityType: true,
    key: true,
    property: true,
    expected: true,
    asserted: true,
    dueAt: true,
  })
  .extend({
    // Those that waited to be sent when links could not be ordered yet are about rows.
    association: orderRecordSchema.shape.association.default(null),
    to: orderRecordSchema.shape.to.default(null),
    instead: orderRecordSchema.shape.instead.default(null),
  })

const doubtfulRowSchema = matchRecordSchema.pick({ entityType: true, key: true, count: true })

const failedSourceSchema = z.object({
  source: z.string(),
  reason: z.string().nullable(),
  error: errorSchema.nullable(),
  runs: z.array(z.number()).describe('Numbers of its runs in this step.'),
})

const jobSchema = z
  .object({
    job: z.string().describe('Its name.'),
    execution: z.string().describe('The id of this execution, for `sluice jobs show`.'),
    agent: jobAgentSchema.describe('Where it is executed.'),
    state: z.enum(['failed', 'interrupted']).describe('`interrupted`: it was cut off.'),
    cause: z.enum(startCauses),
    by: z.string().describe('Who made it happen.'),
    startedAt: z.string(),
    finishedAt: z.string().nullable().describe('`null` where nobody knows.'),
    heardAt: z.string().describe('When its agent was last heard of it.'),
    step: z.string().nullable().describe('The step that it had come to.'),
    failed: z
      .array(z.object({ step: z.string(), stage: z.enum(jobStages), sources: z.array(failedSourceSchema) }))
      .describe('The steps that failed, with the first sources that did.'),
  })
  .describe('Of a job that failed or was cut off.')

/** What happened, before it has an id. */
export const notifiedSchema = z.object({
  source: z.string().nullable().describe('`null` of a job, and of a run that is about no source.'),
  owner: z.string().nullable().describe('Who is responsible for the source, as configured.'),
  subject: z.string().describe('One line, as in the subject of an e-mail.'),
  run: runSchema.nullable(),
  error: errorSchema.nullable(),
  lateness: latenessSchema.nullable(),
  orders: z.array(overdueOrderSchema).optional().describe('The first of those that are overdue.'),
  doubtful: z
    .array(doubtfulRowSchema)
    .optional()
    .describe('The first of the rows that wait for a decision, and how many resources each matches.'),
  job: jobSchema.optional(),
  link: z
    .string()
    .nullable()
    .describe('Where the run or the job can be looked at, if `server.publicUrl` is configured.'),
})
export type Notified = Readonly<z.infer<typeof notifiedSchema>>
export type NotifiedRun = Readonly<z.infer<typeof runSchema>>
export type NotifiedJob = Readonly<z.infer<typeof jobSchema>>

const types = [
  ...Object.values(notificationKinds).map(({ type }) => type),
  // Asked for by a person: `sluice notifications test`.
  'test',
] as const

export const webhookDocumentSchema = z
  .object({
    type: z.enum(types),
    timestamp: z.string().describe('UTC: when it happened, not when it was sent.'),
    data: notifiedSchema.extend({
      format: z.literal(1),
      id: z.string().describe('The same in each repetition; also in the header `webhook-id`.'),
      repetitions: z
        .number()
        .describe('How often the same has happened since the last notification about it.'),
    }),
  })
  .meta({ title: 'Sluice notification' })
  .describe('What Sluice posts to a webhook.')
export type WebhookDocument = Readonly<z.infer<typeof webhookDocumentSchema>>

/** The JSON Schema that receivers check documents with. */
export function notificationJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(webhookDocumentSchema, { io: 'output', target: 'draft-2020-12' })
}

/** A notification in the outbox, as it is listed. */
export const notificationRecordSchema = z.object({
  id: z.string(),
  /** Name of the receiver. */
  receiver: z.string(),
  /** A kind that an older or a newer version knows is listed too. */
  kind: z.string(),
  source: z.string().nullable(),
  run: z.number().nullable(),
  subject: z.string(),
  state: z.enum(notificationStates),
  createdAt: z.string(),
  /** How often it was tried. */
  attempts: z.number(),
  /** Of one that waits: not before. */
  dueAt: z.string().nullable(),
  finishedAt: z.string().nullable(),
  /** What went wrong last. */
  error: z.string().nullable(),
  /** How often the same has happened since, without being told. */
  repetitions: z.number(),
})
export type NotificationRecord = Readonly<z.infer<typeof notificationRecordSchema>>

/** What came of a test. */
export const testedSchema = z.object({
  receiver: z.string(),
  /** `null`: the receiver took it. */
  error: z.string().nullable(),
})
export type Tested = Readonly<z.infer<typeof testedSchema>>

/** `type` of the document. */
export function typeOfKind(kind: NotificationKindName): WebhookDocument['type'] {
  return notificationKinds[kind].type
}

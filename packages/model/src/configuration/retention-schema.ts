/**
 * What is kept for how long, as people write it.
 *
 * @module
 */
import { z } from 'zod'
import { ageSchema, durationSchema, millisecondsOf } from './common-schema.ts'

const day = 86_400_000

const keptAge = z.union(
  [
    z.literal('forever'),
    // What is no duration is told once.
    ageSchema.refine((age) => !ageSchema.safeParse(age).success || millisecondsOf(age) >= day, {
      error: 'must be at least 1d',
    }),
  ],
  { error: 'must be a duration such as 90d, or forever' },
)

const keepSchema = z
  .union(
    [
      keptAge,
      z
        .strictObject({
          age: keptAge.optional().meta({ default: '365d' }).describe('What is older goes.'),
          count: z.int().min(1).optional().describe('What is beyond so many newest ones goes, too.'),
        })
        .meta({ id: 'KeepDetails', title: 'Keep' }),
    ],
    { error: 'must be a duration such as 90d, forever, or a map such as {age: 365d, count: 1000}' },
  )
  .meta({ id: 'Keep', title: 'Keep', default: '365d' })

const keep = (what: string) => keepSchema.optional().describe(what)

export const retentionSchema = z
  .strictObject({
    prune: z
      .union([z.literal('off'), durationSchema], { error: 'must be a duration such as 1h or 1d, or off' })
      .optional()
      .meta({ default: '1h' })
      .describe(
        'How often a server, or an agent without one, prunes by itself; `off` for never: then `sluice prune` does.',
      ),
    history: keep(
      'What runs changed: values before and after. A run of which it is gone can no longer be reverted, and `explain` does not name it. `count`: runs.',
    ),
    runs: keep('Runs with their reports, once their history is gone. `count`: of each source.'),
    rejectedRows: keep('Rows that runs set aside. `count`: runs of each source.'),
    deliveries: keep('Records of deliveries that are over. `count`: of each source.'),
    executions: keep(
      'Executions of jobs; of each job of an agent at most 200 are kept whatever stands here. `count`: of each job of an agent.',
    ),
    notifications: keep('Notifications that were sent or given up. `count`: of all.'),
    audit: keep('The audit log: who changed what, and who signed in. `count`: of all.'),
    files: keptAge
      .optional()
      .meta({ default: '365d' })
      .describe(
        'In the work folder: side files of deliveries that are over, and what sources have left that the configuration no longer names.',
      ),
  })
  .describe(
    'What is kept for how long. What is still open is never pruned, nor the last run and delivery of a source.',
  )
  .meta({ id: 'Retention', title: 'Retention' })

export type RetentionInput = z.infer<typeof retentionSchema>

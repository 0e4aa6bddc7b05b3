/**
 * Jobs, their steps and their schedules, as people write them.
 *
 * @module
 */
import { z } from 'zod'
import { modes } from '../source/source.ts'
import { descriptionSchema, durationSchema, textSchema } from './common-schema.ts'

/** As in names of sources, and dashes: a job is no table. */
export const jobNameSchema = z
  .string()
  .regex(
    /^[A-Za-z][A-Za-z0-9_-]{0,49}$/,
    'must be a letter, followed by at most 49 letters, digits, dashes and underscores',
  )

const sourcesSchema = z.union(
  [z.string().min(1, 'must not be empty'), z.array(z.string()).min(1, 'must name at least one source')],
  { error: 'must be the name of a source, or a list of them' },
)

const stepSchema = z
  .strictObject({
    name: jobNameSchema
      .optional()
      .describe('For `--from`, `--to` and `--only`; stage and sources when not given, such as sync-hr.'),
    sync: sourcesSchema
      .optional()
      .describe('All stages of these sources. They start together; the next step waits for all of them.'),
    export: sourcesSchema.optional().describe('Runs the export programs of these sources.'),
    prepare: sourcesSchema.optional().describe('Prepares what was exported.'),
    deliver: sourcesSchema.optional().describe('Delivers what was prepared.'),
    synchronize: sourcesSchema.optional().describe('Applies what was delivered.'),
    age: sourcesSchema
      .optional()
      .describe(
        'Applies what is due for rows that disappeared from these sources (`fullLoadInterval`, `retention`).',
      ),
    mode: z.enum(modes).optional().describe('Sync, export and prepare: instead of the mode of each source.'),
    force: z
      .boolean()
      .optional()
      .meta({ default: false })
      .describe('Sync, synchronize and age: applies even what exceeds a threshold.'),
    continueOnError: z
      .boolean()
      .optional()
      .meta({ default: false })
      .describe('A failure is a warning, and the next step runs.'),
  })
  .describe('One stage of one or several sources.')
  .meta({ id: 'JobStep', title: 'Step of a job' })

const cronSchema = textSchema.describe(
  'Minute, hour, day of the month, month, day of the week, such as 30 2 * * *; with seconds in front when there are six.',
)

const scheduleSchema = z
  .union(
    [
      textSchema,
      z
        .strictObject({
          cron: cronSchema,
          timeZone: z
            .string()
            .optional()
            .meta({ default: 'UTC' })
            .describe('Whose clock the times are of, such as Europe/Paris.'),
          jitter: durationSchema
            .optional()
            .meta({ default: '0s' })
            .describe(
              'Each start is put off by a random part of this, so that not all agents start at once.',
            ),
          missed: z
            .enum(['run', 'skip'])
            .optional()
            .meta({ default: 'run' })
            .describe(
              'Starts that were missed while the agent did not run: `run` makes up for them once, `skip` waits for the next.',
            ),
        })
        .meta({ id: 'ScheduleDetails', title: 'Schedule' }),
    ],
    { error: 'must be a cron expression such as "30 2 * * *", or a map such as {cron: …, timeZone: …}' },
  )
  .describe('When `sluice agent` starts the job: a cron expression, or a map with time zone and more.')
  .meta({ id: 'Schedule', title: 'Schedule' })

const afterSchema = z.union(
  [z.string().min(1, 'must not be empty'), z.array(z.string()).min(1, 'must name at least one job')],
  { error: 'must be the name of a job, or a list of them' },
)

const retrySchema = z
  .strictObject({
    times: z
      .int({ error: 'must be a whole number from 1 to 100' })
      .min(1)
      .max(100)
      .describe('How often, after the first try.'),
    wait: durationSchema.optional().meta({ default: '1m' }).describe('Before the second try.'),
    factor: z
      .number({ error: 'must be a number from 1 to 10' })
      .min(1)
      .max(10)
      .optional()
      .meta({ default: 2 })
      .describe('By which each wait is longer than the one before.'),
    atMost: durationSchema.optional().meta({ default: '15m' }).describe('No wait is longer.'),
  })
  .describe(
    'Tries a source again that failed for what may pass: a server or a database that is away, a lock, a full disk.',
  )
  .meta({ id: 'JobRetry', title: 'Retry of a job' })

export const jobSchema = z
  .strictObject({
    description: descriptionSchema.optional(),
    schedule: scheduleSchema.optional(),
    after: afterSchema
      .optional()
      .describe(
        'Jobs that have to end well before `sluice agent` begins it, each since it last began. Without a schedule it begins as soon as they have.',
      ),
    retry: retrySchema.optional(),
    steps: z.array(stepSchema).min(1, 'must hold at least one step').describe('One after the other.'),
  })
  .describe('Named steps over several sources.')
  .meta({ id: 'Job', title: 'Job' })

export type JobRetryInput = z.infer<typeof retrySchema>
export type JobInput = z.infer<typeof jobSchema>
export type JobStepInput = z.infer<typeof stepSchema>

/**
 * Jobs and what became of them, as agents hand it over, as it is kept, and as people are shown it.
 *
 * All times are UTC, ISO 8601.
 *
 * @module
 */
import { z } from 'zod'
import { jobStages } from '../job/job.ts'
import { executionStates, outcomeStates, startCauses, startStates } from '../job/job-state.ts'
import { modes } from '../source/source.ts'
import { uuidSchema } from '../uuid.ts'
import { runByKinds } from './report.ts'

/** Steps, sources of a step, tries: a job of more is none that anybody has written. */
const mostListed = 10_000

const by = z.object({ kind: z.enum(runByKinds), name: z.string() })
const error = z.object({ code: z.string(), message: z.string(), remedy: z.string().nullable() })
const count = z.int().nonnegative()

/** Where jobs are executed: a work folder, which outlives its processes. */
export const jobAgentSchema = z.object({
  agent: uuidSchema,
  /** Name of the machine. */
  host: z.string(),
  folder: z.string(),
})
export type JobAgent = Readonly<z.infer<typeof jobAgentSchema>>

/** A source in a step: how it ended, with its runs and what was tried again. */
const executedSourceSchema = z.object({
  source: z.string(),
  state: z.enum(outcomeStates),
  reason: z.string().nullable(),
  runs: z.array(z.int()).max(mostListed),
  changes: z.object({ inserted: count, updated: count, deleted: count }),
  rejected: count,
  /** Tries that failed and were followed by another one, the first one first. */
  failedTries: z.array(z.object({ at: z.string(), reason: z.string() })).max(mostListed),
  error: error.nullable(),
  milliseconds: count,
})
export type ExecutedSource = Readonly<z.infer<typeof executedSourceSchema>>

const executedStepSchema = z.object({
  step: z.string(),
  stage: z.enum(jobStages),
  /** `running`: it has begun and not ended. */
  state: z.enum(['running', ...outcomeStates]),
  /** It failed, and the job went on because the step says so. */
  warning: z.boolean(),
  /** Those that have ended. */
  sources: z.array(executedSourceSchema).max(mostListed),
  milliseconds: count.nullable(),
})
export type ExecutedStep = Readonly<z.infer<typeof executedStepSchema>>

const stopSchema = z.object({ by, at: z.string() })
/** Somebody asks for an execution to be stopped. */
export type StopRequest = Readonly<z.infer<typeof stopSchema>>

/** The source that is synchronized by itself (`source-job.ts`), where no job of the configuration is meant. */
const ofSource = z.string().nullable().default(null)

const executionHead = z.object({
  execution: uuidSchema,
  job: z.string(),
  source: ofSource,
  agent: jobAgentSchema,
  state: z.enum(executionStates),
  cause: z.enum(startCauses),
  by,
  startedAt: z.string(),
  /** `null`: it is at work, or nobody knows when it ended. */
  finishedAt: z.string().nullable(),
  /** Who asked for it to be stopped. */
  stop: stopSchema.nullable(),
})

/** One execution of a job, as its agent knows it. */
export const executionSchema = executionHead.extend({
  /** The request that it was begun by, where somebody asked a server for it. */
  start: uuidSchema.nullable(),
  /** What kept it from its first step: the project could not be opened. */
  error: error.nullable(),
  /** As far as they have begun. */
  steps: z.array(executedStepSchema).max(mostListed),
})
export type Execution = Readonly<z.infer<typeof executionSchema>>

/** When it was last heard of, by the clock of the repository. */
const heardAt = z.string()

export const executionRecordSchema = executionSchema.extend({ heardAt })
export type ExecutionRecord = Readonly<z.infer<typeof executionRecordSchema>>

/** What lists of jobs show of one. */
const executionHeadSchema = executionHead.omit({ agent: true, job: true, source: true }).extend({
  heardAt,
  /** The step that is at work, or at which it ended. */
  step: z.string().nullable(),
})
export type ExecutionHead = Readonly<z.infer<typeof executionHeadSchema>>

/** A job as its agent announces it. */
export const announcedJobSchema = z.object({
  job: z.string(),
  description: z.string().nullable(),
  steps: z.array(z.string()).max(mostListed),
  /** Cron expression and time zone; `null`: it has no times. */
  schedule: z.string().nullable(),
  after: z.array(z.string()).max(mostListed),
  /** Without its jitter. */
  nextStart: z.string().nullable(),
  /** Those of `after` that have yet to end well before it begins. */
  waitsFor: z.array(z.string()).max(mostListed),
})
export type AnnouncedJob = Readonly<z.infer<typeof announcedJobSchema>>

/** A source as its agent announces it: it exports and delivers it when somebody asks for that. */
export const announcedSourceSchema = z.object({
  source: z.string(),
  /** In which its rows can be brought, beside the mode that it is configured with. */
  modes: z.array(z.enum(['complete', 'incremental'])).max(2),
  /** What connects to its system, as its agent has it; `null`: a program, or files that lie there. */
  connector: z.string().nullable().default(null),
  /** Whether it checks that connection when somebody asks for it from afar. */
  checks: z.boolean().default(false),
  /** Whether it shows first rows of its files when somebody asks for it from afar. */
  previews: z.boolean().default(false),
  /** Whether it holds what it computes when somebody asks for that; agents of older versions do not know of it. */
  holds: z.boolean().default(false),
})
export type AnnouncedSource = Readonly<z.infer<typeof announcedSourceSchema>>

export const startRecordSchema = z.object({
  start: uuidSchema,
  job: z.string(),
  source: ofSource,
  /** Of a source; `null`: the one that it is configured with. */
  mode: z.enum(modes).nullable().default(null),
  /** Of a source: its run waits to be approved, whatever it would change. */
  hold: z.boolean().default(false),
  agent: jobAgentSchema,
  by,
  askedAt: z.string(),
  state: z.enum(startStates),
  /** Why it was refused. */
  reason: z.string().nullable(),
  /** The execution that it began. */
  execution: uuidSchema.nullable(),
})
export type StartRecord = Readonly<z.infer<typeof startRecordSchema>>

/** What is known of a job beside what its agent announces. */
const standing = z.object({
  agent: jobAgentSchema.extend({
    /** When it last asked whether anything is to be started; `null`: it has said that it ends, or never follows schedules. */
    askedAt: z.string().nullable(),
    /** It has asked lately. */
    there: z.boolean(),
  }),
  atWork: executionHeadSchema.nullable(),
  /** The one that ended last. */
  last: executionHeadSchema.nullable(),
  /** Somebody wants it to be started. */
  asked: startRecordSchema.pick({ start: true, by: true, askedAt: true, state: true }).nullable(),
})

export const jobRecordSchema = announcedJobSchema.extend(standing.shape)
export type JobRecord = Readonly<z.infer<typeof jobRecordSchema>>

/** A source that an agent delivers: whether it is there, and what it does with it. */
export const deliveredSourceSchema = announcedSourceSchema.extend(standing.shape)
export type DeliveredSource = Readonly<z.infer<typeof deliveredSourceSchema>>

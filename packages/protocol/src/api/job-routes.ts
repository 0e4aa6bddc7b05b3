/**
 * What a server is asked about jobs: agents say which they have and what became of them, and fetch what people want to be started or stopped.
 *
 * @module
 */
import {
  announcedJobSchema,
  announcedSourceSchema,
  deliveredSourceSchema,
  executionRecordSchema,
  executionSchema,
  jobAgentSchema,
  jobRecordSchema,
  modes,
  previewSchema,
  startRecordSchema,
  systemCheckSchema,
  uuidSchema,
} from '@sluice/model'
import { z } from 'zod'
import { json, noBody, none, route } from './route.ts'
import { sourceParams } from './words.ts'

const jobParams = z.strictObject({ job: z.string() })
const startParams = z.strictObject({ start: uuidSchema })
const limit = z.coerce.number().int().min(1).max(1000).optional().describe('20 when not given.')
const wait = z.coerce.number().int().min(0).max(60).optional()
const whichAgent = z.strictObject({
  agent: z
    .string()
    .optional()
    .describe(
      'Machine or id of the agent; needed where several know a job, or deliver a source, of this name.',
    ),
})
const results = json(z.object({ results: z.array(executionRecordSchema) }))
const { stop } = executionSchema.shape

export const jobRoutes = {
  jobs: route({
    method: 'GET',
    path: '/jobs',
    tag: 'jobs',
    summary:
      'The jobs that agents have announced: when each begins next, what is at work, how it ended last.',
    permission: 'follow',
    params: none,
    query: none,
    body: noBody,
    reply: json(z.object({ jobs: z.array(jobRecordSchema) })),
  }),
  jobResults: route({
    method: 'GET',
    path: '/jobs/:job/results',
    tag: 'jobs',
    summary: 'Executions of a job, newest first; of all agents that have a job of this name.',
    permission: 'follow',
    params: jobParams,
    query: z.strictObject({ limit }),
    body: noBody,
    reply: results,
  }),
  allJobResults: route({
    method: 'GET',
    path: '/job-results',
    tag: 'jobs',
    summary: 'Executions of all jobs, newest first.',
    permission: 'follow',
    params: none,
    query: z.strictObject({ limit }),
    body: noBody,
    reply: results,
  }),
  jobResult: route({
    method: 'GET',
    path: '/job-results/:execution',
    tag: 'jobs',
    summary:
      'One execution with its steps, by its id or the beginning of it; with `wait`, answers when it has ended, or after so many seconds.',
    permission: 'follow',
    params: z.strictObject({
      execution: z
        .string()
        .regex(/^[0-9A-Fa-f-]{4,36}$/, 'must be an id or its beginning')
        .toLowerCase(),
    }),
    query: z.strictObject({ wait }),
    body: noBody,
    reply: json(executionRecordSchema),
  }),
  startJob: route({
    method: 'POST',
    path: '/jobs/:job/start',
    tag: 'jobs',
    summary:
      'Have a job started by its agent, which fetches this within seconds. Refused where the agent is not there or the job is at work; who asks twice has asked once.',
    permission: 'decide',
    params: jobParams,
    query: none,
    body: json(whichAgent),
    reply: json(startRecordSchema),
  }),
  stopJob: route({
    method: 'POST',
    path: '/jobs/:job/stop',
    tag: 'jobs',
    summary:
      'Have a job stopped that is at work: its agent gives up what is not applied, and begins no other step. One that has not begun does not begin.',
    permission: 'decide',
    params: jobParams,
    query: none,
    body: json(whichAgent),
    reply: json(z.object({ execution: uuidSchema.nullable(), agent: jobAgentSchema })),
  }),
  sourceAgents: route({
    method: 'GET',
    path: '/sources/:source/agents',
    tag: 'jobs',
    summary:
      'The agents that deliver a source: whether each is there, and what it does with the source by itself, beside its jobs.',
    permission: 'follow',
    params: sourceParams,
    query: none,
    body: noBody,
    reply: json(z.object({ agents: z.array(deliveredSourceSchema) })),
  }),
  startSource: route({
    method: 'POST',
    path: '/sources/:source/start',
    tag: 'jobs',
    summary:
      'Have a source synchronized by its agent, which fetches this within seconds: an execution of its own, of one step. Refused where the agent is not there or this is at work; who asks twice has asked once.',
    permission: 'decide',
    params: sourceParams,
    query: none,
    body: json(
      whichAgent.extend({
        mode: z.enum(modes).optional().describe('The one that the source is configured with when not given.'),
        hold: z
          .boolean()
          .optional()
          .describe('Its run waits to be approved or rejected, whatever it would change.'),
      }),
    ),
    reply: json(startRecordSchema),
  }),
  stopSource: route({
    method: 'POST',
    path: '/sources/:source/stop',
    tag: 'jobs',
    summary:
      'Have the synchronization of a source stopped that somebody has asked for; jobs that work on the source are stopped by their own names.',
    permission: 'decide',
    params: sourceParams,
    query: none,
    body: json(whichAgent),
    reply: json(z.object({ execution: uuidSchema.nullable(), agent: jobAgentSchema })),
  }),
  jobStart: route({
    method: 'GET',
    path: '/job-starts/:start',
    tag: 'jobs',
    summary:
      'Get the state of a request to start a job or a source; with `wait`, answers when it is decided, or after so many seconds.',
    permission: 'follow',
    params: startParams,
    query: z.strictObject({ wait }),
    body: noBody,
    reply: json(startRecordSchema),
  }),
  checkIn: route({
    method: 'PUT',
    path: '/job-agents/:agent',
    tag: 'jobs',
    summary:
      'Say, as an agent that follows schedules, which jobs there are and which sources it delivers, and fetch what is to be started; with `wait`, answers when there is something, or after so many seconds.',
    often: true,
    permission: 'deliver',
    params: z.strictObject({ agent: uuidSchema }),
    query: z.strictObject({ wait }),
    body: json(
      jobAgentSchema.omit({ agent: true }).extend({
        known: z
          .array(uuidSchema)
          .max(1000)
          .describe('Requests that this process of the agent has fetched already.'),
        jobs: z.array(announcedJobSchema).max(10_000),
        sources: z
          .array(announcedSourceSchema)
          .max(10_000)
          .default([])
          .describe('Sources that it also starts by themselves.'),
        leaving: z.boolean().optional().describe('It will not ask again.'),
      }),
    ),
    reply: json(
      z.object({
        starts: z.array(startRecordSchema),
        checks: z.array(systemCheckSchema).default([]),
        previews: z.array(previewSchema).default([]),
      }),
    ),
  }),
  refuseStart: route({
    method: 'POST',
    path: '/job-starts/:start/refuse',
    tag: 'jobs',
    summary: 'Say, as its agent, why a job is not started.',
    permission: 'deliver',
    params: startParams,
    query: none,
    body: json(z.strictObject({ reason: z.string().max(10_000) })),
    reply: json(z.object({ refused: z.boolean() })),
  }),
  keepExecution: route({
    method: 'PUT',
    path: '/job-results/:execution',
    tag: 'jobs',
    summary:
      'Report an execution as it is now: when it begins, at each step, every few seconds while it is at work, and when it has ended. May be repeated; the answer says who asks for it to be stopped.',
    often: true,
    permission: 'deliver',
    params: z.strictObject({ execution: uuidSchema }),
    query: none,
    body: json(executionSchema.omit({ execution: true })),
    reply: json(z.object({ stop })),
  }),
} as const

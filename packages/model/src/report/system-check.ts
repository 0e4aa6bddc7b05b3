/**
 * A check of the connection to a managed system that somebody asks an agent for, and what the agent answers.
 *
 * @module
 */
import { z } from 'zod'
import { uuidSchema } from '../uuid.ts'
import { jobAgentSchema } from './execution-record.ts'
import { runByKinds } from './report.ts'

/** What becomes of it: its agent fetches it and answers; or nobody does in time. */
export const checkStates = ['waiting', 'taken', 'answered', 'expired'] as const

/** What an agent says of a system: more is cut off before it is sent. */
export const mostFacts = 200
export const longestFact = 2000

const text = z.string().max(2 * longestFact)

export const checkAnswerSchema = z.object({
  /** As the connector names them: server, version, user, how much there is. */
  facts: z.record(text, text).refine((facts) => Object.keys(facts).length <= mostFacts),
  warnings: z.array(text).max(mostFacts),
  /** Why it cannot be reached, or was not tried. */
  error: z.object({ code: z.string().max(100), message: text, remedy: text.nullable() }).nullable(),
})
export type CheckAnswer = Readonly<z.infer<typeof checkAnswerSchema>>

export const systemCheckSchema = z.object({
  check: uuidSchema,
  source: z.string(),
  agent: jobAgentSchema,
  by: z.object({ kind: z.enum(runByKinds), name: z.string() }),
  /** UTC, ISO 8601. */
  askedAt: z.string(),
  state: z.enum(checkStates),
  answeredAt: z.string().nullable(),
  answer: checkAnswerSchema.nullable(),
})
export type SystemCheck = Readonly<z.infer<typeof systemCheckSchema>>

/** What connects to the managed system of a source, as its definition names it. */
export const describedConnectorSchema = z.object({
  /** `ldap`, or a path or package of the project. */
  name: z.string(),
  title: z.string().nullable(),
  /** Its options, as JSON Schema, with descriptions, defaults, and `secret: true`; `null`: it cannot be loaded here. */
  schema: z.record(z.string(), z.unknown()).nullable(),
})
export type DescribedConnector = Readonly<z.infer<typeof describedConnectorSchema>>

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

/** `check`: whether the system can be reached, and as whom. `discover`: which tables and columns it has; no rows of them. */
export const checkKinds = ['check', 'discover'] as const
export type CheckKind = (typeof checkKinds)[number]

/** What an agent says of a system: more is cut off before it is sent. */
export const mostFacts = 200
export const longestFact = 2000

const text = z.string().max(2 * longestFact)

/** Tables of a system, columns of a table, characters of what is suggested. */
export const mostTables = 1000
export const mostColumns = 2000
export const longestSuggestion = 1_000_000

const discoveredColumnSchema = z.object({
  name: text,
  type: z.enum(['text', 'integer', 'decimal', 'boolean', 'date', 'datetime']),
  /** It identifies a row. */
  key: z.boolean(),
  /** Its values are values of this column, such as `people.csv: id`. */
  references: text.nullable(),
})

const discoveredTableSchema = z.object({
  /** As mappings name it. */
  file: text,
  name: text,
  kind: z.enum(['entities', 'links']),
  /** As far as the system tells without being read. */
  rows: z.int().nonnegative().nullable(),
  columns: z.array(discoveredColumnSchema).max(mostColumns),
})
export type DiscoveredTableRecord = Readonly<z.infer<typeof discoveredTableSchema>>

const discoveredSystemSchema = z.object({
  tables: z.array(discoveredTableSchema).max(mostTables),
  /** Whole sentences: what was left out, and what cannot be found out. */
  notes: z.array(text).max(mostFacts),
  /** Entity types, tables and mappings of all of it, as YAML. */
  suggestion: z.string().max(longestSuggestion),
})
export type DiscoveredSystem = Readonly<z.infer<typeof discoveredSystemSchema>>

export const checkAnswerSchema = z.object({
  /** As the connector names them: server, version, user, how much there is. */
  facts: z.record(text, text).refine((facts) => Object.keys(facts).length <= mostFacts),
  warnings: z.array(text).max(mostFacts),
  /** Why it cannot be reached, or was not tried. */
  /** What was discovered, where that was asked for. */
  discovered: discoveredSystemSchema.nullable().default(null),
  error: z.object({ code: z.string().max(100), message: text, remedy: text.nullable() }).nullable(),
})
export type CheckAnswer = Readonly<z.infer<typeof checkAnswerSchema>>

export const systemCheckSchema = z.object({
  check: uuidSchema,
  kind: z.enum(checkKinds).default('check'),
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

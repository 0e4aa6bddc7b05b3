/**
 * A preview of rows that somebody asks an agent for: the first rows of one file of a source, and what a mapping makes of them.
 *
 * Rows are nobody's yet: what is said of them here is forgotten as soon as it was read, or after a minute.
 *
 * @module
 */
import { z } from 'zod'
import { uuidSchema } from '../uuid.ts'
import { jobAgentSchema } from './execution-record.ts'
import { runByKinds } from './report.ts'
import { checkStates } from './system-check.ts'

/** Rows of the file. */
export const mostPreviewRows = 20
export const usualPreviewRows = 5
/** Characters of a proposed mapping. */
export const longestProposal = 65_536
/** Characters of a value; columns of a row; rows that come of one; bytes of all rows, as JSON: more is cut off before it is sent. */
export const longestPreviewValue = 500
export const mostPreviewColumns = 300
export const mostPreviewedOfRow = 20
export const longestPreview = 700_000
export const mostPreviewFindings = 50

const text = z.string().max(4000)
const values = z.array(z.object({ name: text, value: text })).max(mostPreviewColumns)

const previewedRowSchema = z.object({
  file: text,
  /** Its first physical line; of a connector, of what that has written for this. */
  line: z.int().nonnegative(),
  outcome: z.enum(['taken', 'filtered', 'rejected']),
  /** The property or column, and why it is rejected. */
  reason: text.nullable(),
  /** The texts of the columns that the mapping reads. Secrets and files are three stars. */
  before: values,
  /** The rows that come of it, by property; several where a column holds several values. */
  after: z.array(values).max(mostPreviewedOfRow),
})
export type PreviewedRow = Readonly<z.infer<typeof previewedRowSchema>>

const proposalFindingSchema = z.object({
  severity: z.enum(['error', 'warning', 'note']),
  code: z.string().max(100),
  file: text,
  line: z.int().optional(),
  column: z.int().optional(),
  message: text,
  remedy: text.optional(),
})

/** As `sluice check` says it of a file. */
export type ProposalFinding = Readonly<z.infer<typeof proposalFindingSchema>>

export const previewAnswerSchema = z.object({
  /** The name of the mapping; `null`: no row was looked at. */
  mapping: text.nullable(),
  rows: z.array(previewedRowSchema).max(mostPreviewRows),
  /** What is wrong with a proposed mapping, at its lines; with an error among them there are no rows. */
  findings: z.array(proposalFindingSchema).max(mostPreviewFindings),
  /** Why there are no rows. */
  error: z.object({ code: z.string().max(100), message: text, remedy: text.nullable() }).nullable(),
})
export type PreviewAnswer = Readonly<z.infer<typeof previewAnswerSchema>>

export const previewSchema = z.object({
  preview: uuidSchema,
  source: z.string(),
  /** The mapping that the agent has; `null`: its only one, or the one that is proposed. */
  mapping: z.string().nullable(),
  /** YAML. */
  proposal: z.string().nullable(),
  rows: z.int().min(1).max(mostPreviewRows),
  agent: jobAgentSchema,
  by: z.object({ kind: z.enum(runByKinds), name: z.string() }),
  /** UTC, ISO 8601. */
  askedAt: z.string(),
  state: z.enum(checkStates),
  answer: previewAnswerSchema.nullable(),
})
export type Preview = Readonly<z.infer<typeof previewSchema>>

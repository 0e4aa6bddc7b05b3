/**
 * What a graph source has made, explained: which roots give it, and which statement of which module wrote each attribute.
 *
 * @module
 */
import { z } from 'zod'
import { rootFailureSchema } from './root.ts'

/** A statement of a syncmapping. */
export const mappingStatementSchema = z.object({
  mapping: z.string(),
  file: z.string(),
  line: z.number(),
  column: z.number(),
})
export type MappingStatement = Readonly<z.infer<typeof mappingStatementSchema>>

const fields = z.record(z.string(), z.string())

export const madeByRootsSchema = z.object({
  /** How many roots give it. */
  owners: z.number(),
  /** The first of them. */
  roots: z.array(
    z.object({
      root: z.string(),
      /** `null`: its node is not in the graph any more. */
      kind: z.string().nullable(),
      /** Its last evaluation failed: what it gave before stays. */
      failure: rootFailureSchema.nullable(),
    }),
  ),
  attributes: z.array(
    z.object({
      property: z.string(),
      /** The root whose value counts. */
      root: z.string(),
      /** What the root gives when it is evaluated now; `null`: nothing. Absent: it cannot be evaluated, and what is stored stays. */
      now: z.string().nullable().optional(),
      /** What is stored of it; `null`: nothing. */
      stored: z.string().nullable(),
      /** What wrote it; `null`: nothing does now. */
      by: mappingStatementSchema.nullable(),
      /** What wrote it before, in the same evaluation. */
      overwritten: z.array(mappingStatementSchema.extend({ value: z.string() })),
    }),
  ),
  /** Of the roots that were evaluated. */
  links: z.array(
    z.object({
      association: z.string(),
      /** Class and key of both ends. */
      from: z.string(),
      to: z.string(),
      root: z.string(),
      now: fields.nullable().optional(),
      stored: fields.nullable(),
      by: mappingStatementSchema.nullable(),
    }),
  ),
  /** Roots that could not be evaluated, and what else is not as it was stored. */
  notes: z.array(z.string()),
})
export type MadeByRoots = Readonly<z.infer<typeof madeByRootsSchema>>

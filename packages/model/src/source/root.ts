/**
 * Roots of a graph source: what each gives, what stops it, and which of them people want evaluated anew.
 *
 * @module
 */
import { z } from 'zod'

/** How long what stops a root will: until its data changes, until the mapping or the model is mended; or the problem does not say. */
const problemNatures = ['transient', 'permanent', 'unknown'] as const
export type ProblemNature = (typeof problemNatures)[number]

/** What is not in the graph now and may be after the next scan. */
const transient = new Set(['CROSSREF_UNRESOLVED', 'KEY_MISSING', 'MISSING_ELEMENT', 'SURROUNDINGS'])
/** What no data of the root can mend. */
const permanent = new Set([
  'CLASS_ABSTRACT',
  'CLASS_MISMATCH',
  'END_MISMATCH',
  'KEY_TOO_LONG',
  'NOT_ASSIGNABLE',
  'REGEX',
  'UNAVAILABLE',
  'UNKNOWN_CLASS',
])

export function natureOf(problem: string): ProblemNature {
  if (transient.has(problem)) return 'transient'
  return permanent.has(problem) ? 'permanent' : 'unknown'
}

export const rootFailureSchema = z.object({
  problem: z.string(),
  nature: z.enum(problemNatures),
  message: z.string(),
  /** Of the module; `null`: no statement is to blame. */
  file: z.string().nullable(),
  line: z.number().nullable(),
  column: z.number().nullable(),
  /** The run that it failed in first. */
  sinceRun: z.number(),
})
export type RootFailure = Readonly<z.infer<typeof rootFailureSchema>>

/** A root that gives something, or failed. */
export const rootRecordSchema = z.object({
  /** The name of its node. */
  root: z.string(),
  kind: z.string(),
  /** Configuration items and relationships that it gave the last time that its evaluation succeeded. */
  cis: z.number(),
  links: z.number(),
  failure: rootFailureSchema.nullable(),
})
export type RootRecord = Readonly<z.infer<typeof rootRecordSchema>>

const attributesSchema = z.record(z.string(), z.unknown())

/** What a root reaches, in the form that mappings are tried out on. */
export const subgraphSchema = z.object({
  nodes: z.array(z.object({ id: z.string(), kind: z.string(), attrs: attributesSchema })),
  rels: z.array(
    z.object({
      kind: z.string(),
      from: z.string(),
      fromRole: z.string(),
      to: z.string(),
      toRole: z.string(),
      attrs: attributesSchema,
    }),
  ),
})
export type Subgraph = Readonly<z.infer<typeof subgraphSchema>>

export const shownRootSchema = rootRecordSchema.extend({
  /** The first of what it gives. */
  gives: z.array(
    z.object({
      /** The class: of a configuration item or of a relationship. */
      mapping: z.string(),
      /** Of a relationship both its ends. */
      key: z.string(),
      fields: z.record(z.string(), z.string()),
      /** How many other roots give it too, and the first of them. */
      others: z.number(),
      sharedWith: z.array(z.string()),
    }),
  ),
  /** Absent of a root whose node is not in the graph any more. */
  subgraph: subgraphSchema.optional(),
})
export type ShownRoot = Readonly<z.infer<typeof shownRootSchema>>

/** Which roots are to be evaluated anew: those that are named, those that failed, all of a kind, or all. */
export const wantedRootsSchema = z.union([
  z.strictObject({ roots: z.array(z.string()).min(1).max(10_000) }),
  z.strictObject({ failed: z.literal(true), kind: z.string().optional() }),
  z.strictObject({ kind: z.string() }),
  z.strictObject({ all: z.literal(true) }),
])
export type WantedRoots = Readonly<z.infer<typeof wantedRootsSchema>>

/** What a run that evaluates roots anew comes from, as it is kept with the run. */
export const evaluateRequestSchema = z.strictObject({
  evaluate: z.strictObject({ source: z.string(), wanted: wantedRootsSchema }),
})
export type EvaluateRequest = Readonly<z.infer<typeof evaluateRequestSchema>>

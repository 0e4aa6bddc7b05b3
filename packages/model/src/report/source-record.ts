/**
 * What is told of sources: where they are defined, what they hold, what became of their definitions.
 *
 * @module
 */
import { z } from 'zod'
import { runByKinds, runStates } from './report.ts'
import { lastErrorSchema } from './source-health.ts'
import { suspensionSchema } from './suspension.ts'

const by = z.object({ kind: z.enum(runByKinds), name: z.string() })
const count = z.int().nonnegative()

/**
 * `file`: in sluice.yaml or a file that it includes. `stored`: in the repository. `gone`: in none any more, and the repository still has
 * tables for it.
 */
const sourceOrigins = ['file', 'stored', 'gone'] as const
export type SourceOrigin = (typeof sourceOrigins)[number]

export const sourceRecordSchema = z.object({
  name: z.string(),
  definedIn: z.enum(sourceOrigins),
  /** Of a file: `sluice.yaml:12`. */
  place: z.string().nullable(),
  /** The repository holds a definition of this name, too, which counts for nothing. */
  shadowsStored: z.boolean(),
  /** `open`: its rows stand in tables; `delivered`: in files. Of one that is gone nobody knows. */
  kind: z.enum(['open', 'delivered']).nullable(),
  mode: z.string().nullable(),
  status: z.string().nullable(),
  owner: z.string().nullable(),
  description: z.string().nullable(),
  /** Templates: where people find a row of it, and a picture. */
  link: z.string().nullable(),
  icon: z.string().nullable(),
  entityTypes: z.array(z.string()),
  associations: z.array(z.string()),
  /** Modules of syncmappings; absent of a source that is no graph. */
  modules: count.optional(),
  /** Rows that it has in the repository, and resources that these stand for. */
  replicas: count,
  resources: count,
  links: count,
  lastRun: z.object({ run: count, state: z.enum(runStates), finishedAt: z.string().nullable() }).nullable(),
  /** Absent, or `null`: it may run. */
  suspension: suspensionSchema.nullable().optional(),
  /** Of a stored one: when, and by whom. */
  changedAt: z.string().nullable(),
  changedBy: by.nullable(),
})
export type SourceRecord = Readonly<z.infer<typeof sourceRecordSchema>>

export const describedSourceSchema = z.object({
  name: z.string(),
  definedIn: z.enum(sourceOrigins),
  place: z.string().nullable(),
  /** All of it, in the form in which files hold it; what was not said stands as what it means. */
  effective: z.record(z.string(), z.unknown()),
  suspension: suspensionSchema.nullable().optional(),
  /** What the newest of its last hundred runs that came to nothing said. */
  lastError: lastErrorSchema.nullable().optional(),
  /** The same as YAML, as a file would hold it. */
  yaml: z.string(),
  /** Of a stored one: as it was written. */
  text: z.string().nullable(),
})
export type DescribedSource = Readonly<z.infer<typeof describedSourceSchema>>

const sourceChangeEvents = ['created', 'changed', 'renamed', 'deleted', 'suspended', 'resumed'] as const
export type SourceChangeEvent = (typeof sourceChangeEvents)[number]

export const sourceChangeSchema = z.object({
  source: z.string(),
  event: z.enum(sourceChangeEvents),
  /** From then on. */
  definition: z.string().nullable(),
  /** Of a new name: the one before. Of a deletion: what became of the resources. Of a suspension: until when, and why. */
  detail: z.string().nullable(),
  changedAt: z.string(),
  by,
})
export type SourceChange = Readonly<z.infer<typeof sourceChangeSchema>>

/** What came of storing the definitions of a file. */
export const appliedDefinitionsSchema = z.object({
  sources: z.array(
    z.object({
      name: z.string(),
      outcome: z.enum(['created', 'changed', 'unchanged']),
      /** What differs from before, a line each: `owner: "ann" → "bob"`. */
      differences: z.array(z.string()),
    }),
  ),
  /** What was changed in the tables, a line each. */
  changes: z.array(z.string()),
  /** What is worth knowing of the definitions: warnings and notes. */
  findings: z.array(z.string()),
})
export type AppliedDefinitions = Readonly<z.infer<typeof appliedDefinitionsSchema>>

/**
 * What becomes of the resources of a source that is deleted. `keep`: they stay as they are, nobody's and free of locks. `hand-on`: sources
 * that hold them, too, take over; what nobody else holds stays, nobody's. `delete`: those that it has created and nobody else holds go;
 * others take over the rest.
 */
export const resourceFates = ['keep', 'hand-on', 'delete'] as const
export type ResourceFate = (typeof resourceFates)[number]

/** What hangs on a source: what each fate would mean. */
export const sourceHoldingsSchema = z.object({
  replicas: count,
  resources: count,
  links: count,
  /** Of these resources: those that other sources hold, too. */
  sharedResources: count,
  /** Those that nobody else holds and that it has created. */
  created: count,
  /** Deliveries that wait, and orders that stand: they are cancelled. */
  deliveries: count,
  orders: count,
})
export type SourceHoldings = Readonly<z.infer<typeof sourceHoldingsSchema>>

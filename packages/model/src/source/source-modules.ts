/**
 * The modules of a graph source with what they are checked against, and what one root gives by texts that somebody is writing.
 *
 * @module
 */
import { z } from 'zod'
import { mappingStatementSchema } from './made-by-roots.ts'

export const moduleTextSchema = z.strictObject({
  /** As diagnostics name it. */
  file: z.string(),
  text: z.string(),
})

const classesSchema = z.record(
  z.string(),
  z.object({
    super: z.string().nullish(),
    /** `null`: every attribute there may be. */
    attrs: z.array(z.string()).nullish(),
    abstract: z.boolean().optional(),
    ends: z.object({ source: z.string(), destination: z.string() }).optional(),
  }),
)

export const sourceModulesSchema = z.object({
  /** Of these texts: whoever stores others says which he has read. */
  version: z.string(),
  /** In the order of loading. */
  modules: z.array(moduleTextSchema),
  /** 0 to 6. */
  dataModel: z.number(),
  /** What modules may make: the entity types and associations of the model. */
  classes: z.object({ classes: classesSchema, relationships: classesSchema, open: z.boolean() }),
  /**
   * What the stored graph is made of; of one that is too large to be read for it, no more than the names of its kinds. `null`: nothing is stored
   * yet, so nobody knows.
   */
  kinds: z
    .object({
      kinds: z.record(z.string(), z.object({ attrs: z.array(z.string()).nullish() })),
      rels: z
        .array(
          z.object({
            kind: z.string(),
            from: z.string(),
            fromRole: z.string(),
            to: z.string(),
            toRole: z.string(),
          }),
        )
        .optional(),
    })
    .nullable(),
})
export type SourceModules = Readonly<z.infer<typeof sourceModulesSchema>>

const triedFieldSchema = z.object({
  /** `null`: it would have no value. */
  now: z.string().nullable(),
  /** As it is stored of this root; `null`: it has none. */
  stored: z.string().nullable(),
  by: mappingStatementSchema.nullable(),
})

const triedItemSchema = z.object({
  /** The class. */
  mapping: z.string(),
  /** One of a configuration item, two of a relationship. */
  names: z.array(z.string()),
  change: z.enum(['insert', 'update', 'delete', 'unchanged']),
  /** `shared`: other roots may give it too. `external`: it is only named, and nothing is made of it. */
  kind: z.enum(['shared', 'external']).nullable(),
  fields: z.record(z.string(), triedFieldSchema),
  by: mappingStatementSchema.nullable(),
})
export type TriedItem = Readonly<z.infer<typeof triedItemSchema>>

const place = {
  file: z.string().nullable(),
  line: z.number().nullable(),
  column: z.number().nullable(),
}

export const triedRootSchema = z.discriminatedUnion('state', [
  /** The texts are no program. */
  z.object({
    state: z.literal('refused'),
    errors: z.array(z.object({ message: z.string(), ...place })),
  }),
  /** Its node is not in the graph. */
  z.object({ state: z.literal('gone') }),
  z.object({ state: z.literal('failed'), problem: z.string(), message: z.string(), ...place }),
  z.object({
    /** `destroyed`: what it gave goes. */
    state: z.enum(['given', 'destroyed']),
    kind: z.string(),
    items: z.array(triedItemSchema),
    /** Not all of them are there. */
    truncated: z.boolean(),
    warnings: z.array(z.object({ code: z.string(), message: z.string(), ...place })),
    /** Level and text. */
    log: z.array(z.tuple([z.string(), z.string()])),
  }),
])
export type TriedRoot = Readonly<z.infer<typeof triedRootSchema>>

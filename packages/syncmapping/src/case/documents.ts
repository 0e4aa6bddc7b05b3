/**
 * The JSON documents in which graphs, class models, cases and results are written.
 *
 * @module
 */
import { z } from 'zod'

const attributeSchema = z.union([z.string(), z.number(), z.boolean(), z.null(), z.array(z.string())])
const attributesSchema = z.record(z.string(), attributeSchema)

/** `id` names a node in the document; its key is the attribute `key`. Relationships are walked in their order. */
export const graphDocument = z.object({
  nodes: z.array(z.object({ id: z.string(), kind: z.string(), attrs: attributesSchema.default({}) })),
  rels: z
    .array(
      z.object({
        kind: z.string(),
        from: z.string(),
        fromRole: z.string(),
        to: z.string(),
        toRole: z.string(),
        attrs: attributesSchema.default({}),
      }),
    )
    .default([]),
})
export type GraphDocument = z.infer<typeof graphDocument>

const classDocument = z.object({
  super: z.string().nullish(),
  /** `null`: every attribute there may be. */
  attrs: z.array(z.string()).nullish(),
  /** There are CIs of the classes that extend it, and none of its own. */
  abstract: z.boolean().optional(),
  /** Of a relationship: the classes of its ends. */
  ends: z.object({ source: z.string(), destination: z.string() }).optional(),
})
const classesDocument = z.record(z.string(), classDocument)

/** The classes alone, which then are all there are; or with relationships, and perhaps `open`. */
export const classModelDocument = z.union([
  z.object({
    classes: classesDocument,
    relationships: classesDocument.optional(),
    open: z.boolean().default(false),
  }),
  classesDocument,
])
export type ClassModelDocument = z.infer<typeof classModelDocument>

/** The source graph's kinds, and how they are related; without `rels`, every relationship is accepted. */
export const kindModelDocument = z.object({
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
export type KindModelDocument = z.infer<typeof kindModelDocument>

const ciDocument = z.object({
  class: z.string(),
  key: z.string(),
  namespace: z.string().optional(),
  kind: z.enum(['shared', 'external']).optional(),
  attrs: z.record(z.string(), z.unknown()).optional(),
})
const relationshipDocument = z.object({
  class: z.string(),
  namespace: z.string().optional(),
  source: z.string(),
  destination: z.string(),
  attrs: z.record(z.string(), z.unknown()).optional(),
})
const logDocument = z.array(z.tuple([z.string(), z.string()])).optional()

const resultDocument = z.union([
  z.object({ error: z.object({ code: z.string(), line: z.number(), column: z.number() }) }),
  z.object({
    delete: z.array(ciDocument).optional(),
    cis: z.array(ciDocument),
    rels: z.array(relationshipDocument),
    log: logDocument,
  }),
])
export type ResultDocument = z.infer<typeof resultDocument>

const title = z.string().default('')

/** What a root comes to, or what is wrong with a text. */
export const caseDocument = z.union([
  z.object({
    title,
    note: z.string().optional(),
    /** Texts; or files of modules and folders of them, as seen from the case. */
    modules: z.array(z.union([z.string(), z.strictObject({ file: z.string() })])),
    graph: graphDocument,
    root: z.string(),
    dm: z.number().int().default(6),
    cdm: classModelDocument.nullish(),
    external: z.array(z.string()).default([]),
    expect: resultDocument,
  }),
  z.object({ title, text: z.string(), code: z.string(), line: z.number(), column: z.number() }),
])
export type CaseDocument = z.infer<typeof caseDocument>

/**
 * A scenario of reconciliation as its file writes it, checked.
 *
 * @module
 */
import { parse } from 'yaml'
import { z } from 'zod'

const propertySchema = z.strictObject({
  type: z.enum([
    'string',
    'integer',
    'decimal',
    'boolean',
    'enum',
    'date',
    'datetime',
    'reference',
    'links',
    'file',
    'secret',
  ]),
  required: z.boolean().optional(),
  values: z.array(z.string()).optional(),
  to: z.string().optional(),
  as: z.string().optional(),
  linkProperties: z.record(z.string(), z.looseObject({ type: z.string() })).optional(),
})
export type ScenarioProperty = z.infer<typeof propertySchema>

const entityTypesSchema = z.record(
  z.string(),
  z.strictObject({ display: z.string(), properties: z.record(z.string(), propertySchema) }),
)
export type ScenarioTypes = z.infer<typeof entityTypesSchema>

const valuesSchema = z.record(z.string(), z.unknown())
export type ScenarioValues = z.infer<typeof valuesSchema>

const newResourceSchema = z.strictObject({
  type: z.string(),
  as: z.string().optional(),
  values: valuesSchema,
})
export type NewResource = z.infer<typeof newResourceSchema>

const attributeSchema = z.strictObject({
  reconcile: z.boolean().optional(),
  update: z.boolean().optional(),
  policy: z.enum(['master_locked', 'master_unlocked', 'write_if_empty']).optional(),
  referenceBy: z.string().optional(),
  separators: z
    .strictObject({
      entry: z.string().optional(),
      part: z.string().optional(),
      value: z.string().optional(),
      quote: z.string().optional(),
    })
    .optional(),
})

const definitionSchema = z.strictObject({
  entityType: z.string(),
  status: z.string().optional(),
  owner: z.string().optional(),
  precedence: z.int().optional(),
  reconciliation: z
    .strictObject({
      policy: z.enum(['attributes', 'primary_key']).optional(),
      onZero: z.string().optional(),
      onOne: z.string().optional(),
      onMultiple: z.string().optional(),
    })
    .optional(),
  fullLoadInterval: z.int().optional(),
  deletePolicy: z
    .strictObject({ action: z.string(), update: valuesSchema.optional(), retention: z.int().optional() })
    .optional(),
  userDeletePolicy: z.string().optional(),
  guard: z.strictObject({ everything: z.boolean().optional(), percent: z.int().optional() }).optional(),
  attributes: z.record(z.string(), attributeSchema.nullable()),
})
export type SourceDefinition = z.infer<typeof definitionSchema>

const bySchema = z.strictObject({ role: z.enum(['admin', 'user']), user: z.string().optional() })
export type By = z.infer<typeof bySchema>

const load = {
  source: z.string(),
  csv: z.string(),
  mode: z.enum(['stop', 'continue']).optional(),
  separator: z.string().optional(),
  dateFormat: z.enum(['Y-m-d', 'd/m/Y']).optional(),
}
const how = { by: bySchema.optional(), simulate: z.boolean().optional(), force: z.boolean().optional() }
const loadSchema = z.strictObject(load)
const runSchema = z.strictObject({ source: z.string(), ...how })
const syncSchema = z.strictObject({ ...load, ...how })
export type LoadStep = z.infer<typeof loadSchema>
export type RunStep = z.infer<typeof runSchema>
export type SyncStep = z.infer<typeof syncSchema>

const stagedRowSchema = z.record(z.string(), z.string().nullable())
export type StagedRow = z.infer<typeof stagedRowSchema>
const stagingSchema = z.strictObject({
  source: z.string(),
  insert: z.array(stagedRowSchema).optional(),
  update: z.array(stagedRowSchema).optional(),
  delete: z.array(z.string()).optional(),
})

const texts = z.union([z.string(), z.array(z.string())])
const outcome = { expect: z.enum(['ok', 'refused']).optional(), code: z.string().optional() }
const userSchema = z.strictObject({
  role: z.enum(['admin', 'user']).optional(),
  create: newResourceSchema.optional(),
  update: z.strictObject({ resource: z.string(), values: valuesSchema }).optional(),
  delete: z.string().optional(),
  message: texts.optional(),
  ...outcome,
})
export type UserStep = z.infer<typeof userSchema>

/** `step`: which run, by the step that made it: of those that run a source, act as a user, or take a run back, counted from 1. */
const revertSchema = z.strictObject({ step: z.int(), skipConflicts: z.boolean().optional(), ...outcome })
export type RevertStep = z.infer<typeof revertSchema>

const defineSchema = z.strictObject({ source: z.string(), definition: definitionSchema, ...outcome })
export type DefineStep = z.infer<typeof defineSchema>

const sourceStepSchema = z.union([
  z.strictObject({ delete: z.string() }),
  z.strictObject({ name: z.string(), set: definitionSchema.partial() }),
])
export type SourceStep = z.infer<typeof sourceStepSchema>

const expectedReplicaSchema = z.strictObject({
  key: z.string(),
  status: z.string().optional(),
  creator: z.boolean().optional(),
  attached: z.boolean().optional(),
  resource: z.string().optional(),
  error: z.string().nullable().optional(),
  text: texts.optional(),
  warning: z.union([z.null(), texts]).optional(),
  shadowed: z.array(z.string()).optional(),
})
export type ExpectedReplica = z.infer<typeof expectedReplicaSchema>

const expectSchema = z.strictObject({
  resources: z.record(z.string(), z.array(valuesSchema)).optional(),
  replicas: z.record(z.string(), z.array(expectedReplicaSchema)).optional(),
  report: z.record(z.string(), z.number()).optional(),
  load: z.record(z.string(), z.unknown()).optional(),
  run: z.strictObject({ status: z.string(), code: z.string().nullable().optional() }).optional(),
  locks: z.record(z.string(), z.record(z.string(), z.string())).optional(),
  history: z.record(z.string(), z.number()).optional(),
})
export type Expectations = z.infer<typeof expectSchema>

const stepSchema = z.union([
  z.strictObject({ clock: z.int() }),
  z.strictObject({ load: loadSchema }),
  z.strictObject({ run: runSchema }),
  z.strictObject({ sync: syncSchema }),
  z.strictObject({ concurrent: z.strictObject({ runs: z.array(z.string()) }) }),
  z.strictObject({ staging: stagingSchema }),
  z.strictObject({ user: userSchema }),
  z.strictObject({ behind: z.strictObject({ delete: z.array(z.string()) }) }),
  z.strictObject({ define: defineSchema }),
  z.strictObject({ revert: revertSchema }),
  z.strictObject({ source: sourceStepSchema }),
  z.strictObject({ expect: expectSchema }),
])
export type Step = z.infer<typeof stepSchema>

const scenarioSchema = z.strictObject({
  title: z.string(),
  why: z.string(),
  decision: z.boolean().optional(),
  settings: z.strictObject({ obsoleteReplicasLock: z.boolean().optional() }).optional(),
  model: z.strictObject({ entityTypes: entityTypesSchema }).optional(),
  given: z.array(newResourceSchema).optional(),
  sources: z.record(z.string(), definitionSchema).optional(),
  steps: z.array(stepSchema),
})
export type Scenario = z.infer<typeof scenarioSchema>

const modelSchema = z.strictObject({ entityTypes: entityTypesSchema, resources: z.array(newResourceSchema) })
export type ScenarioModel = z.infer<typeof modelSchema>

export function readScenario(text: string): Scenario {
  return scenarioSchema.parse(parse(text))
}

export function readScenarioModel(text: string): ScenarioModel {
  return modelSchema.parse(parse(text))
}

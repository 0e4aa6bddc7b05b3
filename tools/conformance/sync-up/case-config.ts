/**
 * The `config` block: connectors with their mappings, in the words of the cases.
 *
 * @module
 */
import { z } from 'zod'

const amount = z.number().nonnegative().default(0)

const limits = {
  MaximumInsertedLines: amount,
  MaximumDeletedLines: amount,
  MaxPercentageInsertedLines: amount,
  MaxPercentageDeletedLines: amount,
}

const linkThresholds = z.strictObject(limits).prefault({})

const typeLimits = { ...limits, MaximumUpdatedLines: amount, MaxPercentageUpdatedLines: amount }
const typeThresholds = z.strictObject(typeLimits).prefault({})

const connectorThresholds = z
  .strictObject({
    ...typeLimits,
    MaximumLinkInsertedLines: amount,
    MaximumLinkDeletedLines: amount,
    MaxLinkPercentageInsertedLines: amount,
    MaxLinkPercentageDeletedLines: amount,
  })
  .prefault({})

const typeSchema = z.strictObject({
  table: z.string(),
  pk: z.string(),
  columns: z.array(z.string()).min(1),
  thresholds: typeThresholds,
})

const associationSchema = z.strictObject({
  table: z.string(),
  mono: z.boolean().default(false),
  col1: z.string(),
  type1: z.string(),
  key1: z.string(),
  col2: z.string(),
  type2: z.string(),
  key2: z.string(),
  thresholds: linkThresholds,
})

const connectorSchema = z.strictObject({
  types: z.record(z.string(), typeSchema).default({}),
  assocs: z.record(z.string(), associationSchema).default({}),
  thresholds: connectorThresholds,
})

export const caseConfigSchema = z.record(z.string(), connectorSchema)

/** Thresholds that are 0 are off. */
export type CaseConfig = z.infer<typeof caseConfigSchema>
export type CaseType = z.infer<typeof typeSchema>
export type CaseAssociation = z.infer<typeof associationSchema>
export type CaseConnector = z.infer<typeof connectorSchema>

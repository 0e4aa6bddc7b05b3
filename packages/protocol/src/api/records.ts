/**
 * What a repository shows of itself, as it crosses the network.
 *
 * @module
 */
import {
  attributePolicies,
  madeByRootsSchema,
  matchDecisions,
  normalizers,
  orderRecordSchema,
  replicaStatuses,
  runByKinds,
  runCauses,
  suspensionSchema,
} from '@sluice/model'
import { z } from 'zod'
import { listed } from './words.ts'

const values = z.record(z.string(), z.unknown())
const byWhom = z.object({ kind: z.enum(runByKinds), name: z.string() })
const operation = z.enum(['insert', 'update', 'delete'])

const resourceRecordSchema = z.object({
  resourceId: z.string(),
  entityType: z.string(),
  values,
  /** Resource ids of references that point somewhere, by property. */
  references: z.record(z.string(), z.string()),
})

export const listedResourceSchema = resourceRecordSchema.extend({
  cursor: z
    .string()
    .describe('The list continues after it: `cursor` of the next request, with the same `sort`.'),
})

export const typeCountSchema = z.object({
  type: z.string(),
  extends: z.string().nullable(),
  abstract: z.boolean(),
  resources: z.int().nonnegative().describe('Of the type and of those that extend it.'),
  own: z.int().nonnegative().describe('Of exactly this type.'),
  sources: z.array(z.string()).describe('That fill it.'),
})

export const qualitySchema = z.object({
  type: z.string(),
  resources: z.int().nonnegative(),
  properties: z.array(
    z.object({
      property: z.string(),
      required: z.boolean(),
      filled: z.int().nonnegative().describe('Resources that have a value.'),
      orphans: z.int().nonnegative().describe('References whose target is not there.'),
      flapping: z
        .int()
        .nonnegative()
        .describe(
          'Resources whose value changed three times in thirty days, and came back to an earlier one.',
        ),
    }),
  ),
})

export const qualityDaySchema = z.object({
  day: z.string().describe('UTC, as `2026-11-30`.'),
  resources: z.int().nonnegative(),
  properties: z.array(
    z.object({
      property: z.string(),
      filled: z.int().nonnegative(),
      orphans: z.int().nonnegative(),
      flapping: z.int().nonnegative(),
    }),
  ),
})

export const flappingResourceSchema = z.object({
  resourceId: z.string(),
  display: z.string(),
  changes: z.int().nonnegative().describe('How often the value changed in thirty days.'),
  written: z
    .array(
      z.object({
        run: z.number(),
        at: z.string().nullable(),
        source: z.string().nullable(),
        by: byWhom.nullable(),
        value: z.string().nullable(),
      }),
    )
    .describe('The last changes of the value, newest first.'),
  ...listed,
})

export const versionedResourceSchema = resourceRecordSchema.extend({
  version: z.string().describe('Its `ETag`, without the quotes.'),
})

const linkRecordSchema = z.object({
  fromId: z.string(),
  from: z.string(),
  toId: z.string(),
  to: z.string(),
  source: z.string().nullable(),
  properties: values,
})

export const listedLinkSchema = linkRecordSchema.extend(listed)

const historyEntrySchema = z.object({
  resourceId: z.string(),
  run: z.number(),
  at: z.string().nullable(),
  cause: z.enum(runCauses).nullable(),
  by: byWhom.nullable(),
  comment: z.string().nullable(),
  approvedBy: z.string().nullable(),
  source: z.string().nullable(),
  entityType: z.string(),
  operation,
  key: z.string().nullable(),
  before: values.nullable(),
  after: values.nullable(),
})

const faultSchema = z.object({ code: z.string(), text: z.string() })

const explainedClaimSchema = z.object({
  source: z.string(),
  key: z.string(),
  policy: z.enum(attributePolicies),
  precedence: z.number(),
  says: z.string().nullable(),
  standing: z.enum(['wins', 'waits', 'agrees', 'shadowed', 'fills', 'silent']),
})

const decisionSchema = z.object({
  decision: z.enum(matchDecisions),
  by: z.string(),
  at: z.string(),
  comment: z.string().nullable(),
})

const explainedReplicaSchema = z.object({
  source: z.string(),
  key: z.string(),
  status: z.enum(replicaStatuses).optional(),
  creator: z.boolean().optional(),
  lastSeen: z.string().optional(),
  error: faultSchema.nullable().optional(),
  warnings: z.array(faultSchema).optional(),
  matched: z
    .object({
      rule: z.number(),
      values: z.record(z.string(), z.string()),
      normalized: z.record(z.string(), z.array(z.enum(normalizers))).optional(),
    })
    .nullable()
    .optional(),
  decided: decisionSchema.optional(),
  made: madeByRootsSchema.optional(),
})

export const explanationSchema = z.object({
  resourceId: z.string(),
  entityType: z.string(),
  display: z.string().nullable(),
  deleted: z.object({ run: z.number(), at: z.string().nullable(), into: z.string().optional() }).nullable(),
  values: z.array(
    z.object({
      property: z.string(),
      value: z.unknown(),
      referenceId: z.string().nullable(),
      orphan: z.string().nullable(),
      candidates: z.array(z.string()).optional(),
      padded: z.array(z.string()).optional(),
      source: z.string().nullable(),
      lockedBy: z.string().nullable(),
      claims: z.array(explainedClaimSchema),
      history: z
        .union([z.literal('none'), z.number()])
        .optional()
        .describe(
          'Which of its changes the history keeps: none, or those so many milliseconds apart; absent: all.',
        ),
      pruned: z
        .literal(true)
        .optional()
        .describe('It may have changed since it was created, and what told by which run was pruned.'),
      run: z.number(),
      at: z.string().nullable(),
      by: byWhom.nullable(),
    }),
  ),
  replicas: z.array(explainedReplicaSchema),
  links: z.array(
    z.object({
      association: z.string(),
      end: z.enum(['from', 'to']),
      count: z.number(),
      first: z.array(
        z.object({
          resourceId: z.string(),
          display: z.string(),
          source: z.string().nullable(),
          properties: values,
        }),
      ),
    }),
  ),
  orphanLinks: z
    .array(
      z.object({
        association: z.string(),
        end: z.enum(['from', 'to']),
        source: z.string(),
        name: z.string(),
        candidates: z.array(z.string()).optional(),
      }),
    )
    .optional()
    .describe(
      'Links that sources assert of it and that wait for what is named at their other end: nobody, or several.',
    ),
  history: z.array(historyEntrySchema),
  prunedThrough: z
    .number()
    .optional()
    .describe(
      'What this run and those before it changed was pruned; absent where the history may be all there is.',
    ),
  merged: z
    .array(
      z.object({
        resourceId: z.string(),
        display: z.string().nullable(),
        run: z.number(),
        at: z.string().nullable(),
      }),
    )
    .optional(),
  suspended: z.array(suspensionSchema.extend({ source: z.string() })).optional(),
  orders: z.array(orderRecordSchema).optional(),
  alsoMatching: z.array(z.string()),
})

export const replicaRecordSchema = z.object({
  entityType: z.string(),
  key: z.string(),
  status: z.enum(replicaStatuses),
  resourceId: z.string().nullable(),
  display: z.string().nullable(),
  creator: z.boolean(),
  error: faultSchema.nullable(),
  warnings: z.array(faultSchema),
  lastSeen: z.string(),
})

export const sharedTableSchema = z.object({
  entityType: z.string(),
  schema: z.string(),
  table: z.string(),
  replicas: z.string(),
  columns: z.array(
    z.object({
      name: z.string(),
      property: z.string().nullable(),
      type: z.string(),
      by: z.string().optional(),
    }),
  ),
})

const graphResourceSchema = z.object({
  resourceId: z.string(),
  entityType: z.string(),
  display: z.string().nullable(),
  replicas: z.array(z.object({ source: z.string(), key: z.string() })),
  depth: z.number().describe('So many links away.'),
})

const graphLinkSchema = z.object({
  kind: z.enum(['association', 'reference']),
  name: z.string().describe('Of the association; of a reference, such as `Person.manager`.'),
  from: z.string().describe('Id of a resource.'),
  to: z.string(),
  asserted: z.array(z.object({ source: z.string().nullable(), properties: values })),
})

const reached = {
  start: z.string().describe('Id of the resource that was asked for, which is the first.'),
  more: z.boolean().describe('There is more than is answered.'),
  alsoMatching: z.array(z.string()),
}

export const neighboursSchema = z.object({
  ...reached,
  resources: z.array(graphResourceSchema),
  links: z.array(graphLinkSchema),
})

const listOfLinks = {
  kind: z.enum(['association', 'reference']),
  name: z.string().describe('Of the association; of a reference, such as `Person.manager`.'),
  end: z.enum(['from', 'to']).describe('The end at which the resource stands.'),
}

export const linkedCountSchema = z.object({
  ...listOfLinks,
  count: z.int().positive().describe('Resources at the other end, each once.'),
})

export const linkedSchema = z.object({
  resource: graphResourceSchema.omit({ depth: true }).describe('At the other end.'),
  link: graphLinkSchema,
})

export const impactSchema = z.object({
  ...reached,
  resources: z.array(
    graphResourceSchema.extend({
      weight: z.number().describe('By how many percent, along the way on which it is the most.'),
      through: z.string().nullable().describe('Id of the resource before it on that way.'),
    }),
  ),
  links: z.array(
    graphLinkSchema.extend({
      impacted: z.enum(['from', 'to']),
      weight: z.number().describe('In percent.'),
    }),
  ),
})

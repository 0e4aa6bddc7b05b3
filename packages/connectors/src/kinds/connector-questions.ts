/**
 * What has to be known before a connector can be tried, as its schema says: for whoever asks a person.
 *
 * @module
 */
import { z } from 'zod'
import type { Connector } from '../contract/connector.ts'

export interface ConnectorQuestion {
  /** Of the option. */
  readonly name: string
  /** What it is: a sentence or more. */
  readonly says: string
  readonly required: boolean
  /** The answer is where the secret is to be found. */
  readonly secret: boolean
}

const propertySchema = z.looseObject({
  description: z.string().default(''),
  type: z.string().optional(),
  default: z.unknown().optional(),
  secret: z.boolean().default(false),
  anyOf: z.array(z.looseObject({ type: z.string().optional() })).default([]),
})
type Property = z.output<typeof propertySchema>

const objectSchema = z.object({
  properties: z.record(z.string(), propertySchema).default({}),
  required: z.array(z.string()).default([]),
})

/** What people see of a connector: its options as JSON Schema. */
export function describeConnector({ title, schema }: Pick<Connector, 'title' | 'schema'>) {
  const { $schema: _, ...options } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  return { title, schema: options }
}

/** Secrets, and texts that have no default; what is a map or a list is found out, or written by hand. */
export function questionsOf({ schema }: Pick<Connector, 'schema'>): readonly ConnectorQuestion[] {
  const json = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })
  const { properties, required } = objectSchema.parse(json)
  return Object.entries(properties)
    .filter(([, property]) => property.secret || isOpenText(property))
    .map(([name, { description, secret }]) => ({
      name,
      says: description,
      required: required.includes(name),
      secret,
    }))
}

function isOpenText({ type, anyOf, default: usual }: Property): boolean {
  if (usual !== undefined) return false
  return type === 'string' || anyOf.some((one) => one.type === 'string')
}

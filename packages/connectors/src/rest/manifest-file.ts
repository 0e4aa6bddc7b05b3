/**
 * A connector of the project that is a manifest: a YAML file that says what the system is like, and what people have to know to reach theirs.
 *
 * @module
 */
import { readFile } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { type ConnectorProblem, formatFinding, readDocument, secretSchema, textSchema } from '@sluice/model'
import { z } from 'zod'
import type { Connector } from '../contract/connector.ts'
import { defineRestConnector } from './define-rest-connector.ts'
import { refuseProblems, restOptions } from './options.ts'
import { filledAsFar } from './placeholders.ts'

const optionSchema = z
  .strictObject({
    description: z.string().min(1, 'must not be empty').describe('What it is: a sentence.'),
    secret: z.boolean().optional().meta({ default: false }).describe('Nobody may read it.'),
    default: textSchema.optional().describe('What it is when nobody says it.'),
    example: textSchema.optional().describe('What it could be: the manifest is checked with it.'),
  })
  .describe('Something that people have to say.')

const optionsSchema = z.record(
  z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, 'must be a name of letters and digits'),
  optionSchema,
  { error: 'must be a map of names, such as {address: {description: Where the system is.}}' },
)
type ManifestOptions = z.output<typeof optionsSchema>

const headShape = {
  title: z.string().optional().describe('Which systems it reads, in some words.'),
  options: optionsSchema
    .optional()
    .describe(
      'What people have to say of their system: `{name}` in texts, `{option: name}` for a whole value, such as a secret.',
    ),
}

/** The whole file, with its options filled in. */
const manifestSchema = z.strictObject({ ...restOptions.shape, ...headShape }).superRefine(refuseProblems)

/** @param name As people have written it. */
export async function readManifest(name: string, path: string): Promise<Connector | ConnectorProblem> {
  const file = { path, text: await readFile(path, 'utf8') }
  const { written, findings } = readDocument(file, manifestSchema, (value) =>
    filledWith(value, examplesOf(optionsOf(value))),
  )
  const [first] = findings
  if (first !== undefined) return { problem: `"${name}" cannot be read: ${formatFinding(first)}` }
  return connectorOf(written, path)
}

function connectorOf(written: unknown, path: string): Connector {
  const { title } = z.looseObject({ title: headShape.title }).parse(written)
  const kind =
    basename(path).replace(/\.ya?ml$/, '') === 'connector'
      ? basename(dirname(path))
      : basename(path).replace(/\.ya?ml$/, '')
  const named = optionsOf(written)
  return defineRestConnector({
    kind,
    title: title ?? kind,
    options: z.strictObject(shapeOf(named)),
    manifest: (given) => {
      const values = { ...defaultsOf(named), ...given }
      const { title: _, options: __, ...manifest } = manifestSchema.parse(filledWith(written, values))
      return manifest
    },
  })
}

function optionsOf(written: unknown): ManifestOptions {
  const found = z.looseObject({ options: optionsSchema }).safeParse(written)
  return found.success ? found.data.options : {}
}

function shapeOf(named: ManifestOptions): z.core.$ZodLooseShape {
  return Object.fromEntries(
    Object.entries(named).map(([name, { secret, description, default: usual }]) => {
      const schema = secret === true ? secretSchema : textSchema
      return [
        name,
        (usual === undefined ? schema : schema.optional().meta({ default: usual })).describe(description),
      ]
    }),
  )
}

type Values = Readonly<Record<string, unknown>>

function defaultsOf(named: ManifestOptions): Values {
  return Object.fromEntries(Object.entries(named).map(([name, { default: usual }]) => [name, usual]))
}

/** What stands for what nobody knows yet: fits wherever a text, an address or a secret may stand. */
function examplesOf(named: ManifestOptions): Values {
  return Object.fromEntries(
    Object.entries(named).map(([name, { example, default: usual, secret }]) => [
      name,
      secret === true ? { environment: 'SECRET' } : (example ?? usual ?? 'https://example.org'),
    ]),
  )
}

/** What is written, with options put in wherever they are named; what they are themselves stays. */
function filledWith(written: unknown, values: Values): unknown {
  if (typeof written !== 'object' || written === null || Array.isArray(written)) return written
  return Object.fromEntries(
    Object.entries(written).map(([key, part]) => [key, key === 'options' ? part : put(part, values)]),
  )
}

function put(part: unknown, values: Values): unknown {
  if (typeof part === 'string') return filledAsFar(part, (name) => textOf(values, name))
  if (Array.isArray(part)) return part.map((item) => put(item, values))
  if (typeof part !== 'object' || part === null) return part
  const [[key, name] = [], ...others] = Object.entries(part)
  if (key === 'option' && others.length === 0 && typeof name === 'string' && Object.hasOwn(values, name))
    return values[name]
  return Object.fromEntries(Object.entries(part).map(([one, value]) => [one, put(value, values)]))
}

function textOf(values: Values, name: string): string | undefined {
  const value = Object.hasOwn(values, name) ? values[name] : undefined
  return value === undefined || typeof value === 'object' ? undefined : String(value)
}

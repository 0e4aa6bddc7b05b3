/**
 * `sluice.yaml` and the files it includes, as people write them.
 *
 * From these schemas come the checks, the types, the JSON Schema for editors and the reference page.
 *
 * @module
 */
import { z } from 'zod'
import { durationSchema, languageSchema, nameSchema, pathSchema, sizeSchema } from './common-schema.ts'
import { associationSchema, entityTypeSchema } from './entity-model-schema.ts'
import { jobNameSchema, jobSchema } from './job-schema.ts'
import { notificationsSchema } from './notification-schema.ts'
import { retentionSchema } from './retention-schema.ts'
import { agentSchema, serverSchema } from './server-schema.ts'
import { worthlessValuesSchema } from './sharing-schema.ts'
import { sourceSchema } from './source-schema.ts'

const schemaNamePattern = /^(?!pg_)[a-z_][a-z0-9_]{0,62}$/

const repositorySchema = z
  .union(
    [
      pathSchema,
      z
        .strictObject({
          folder: pathSchema
            .optional()
            .describe('A folder for the embedded PostgreSQL, relative to this file.'),
          url: pathSchema
            .optional()
            // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what people write
            .describe('A PostgreSQL URL. `${NAME}` stands for an environment variable, in short form too.'),
          schema: z
            .string()
            .regex(
              schemaNamePattern,
              'must be lower-case letters, digits and underscores, and not begin with pg_',
            )
            .optional()
            .meta({ default: 'sluice' })
            .describe('The PostgreSQL schema that holds the repository; made when it is not there.'),
        })
        .meta({ id: 'RepositoryDetails', title: 'Repository' }),
    ],
    { error: 'must be a folder, a PostgreSQL URL, or a map such as {url: …, schema: sluice}' },
  )
  .describe('A folder (embedded PostgreSQL), a PostgreSQL URL, or a map with the URL and the schema.')
  .meta({ id: 'Repository', title: 'Repository', default: './repository' })

const prepareSchema = z
  .strictObject({
    memoryLimit: sizeSchema
      .optional()
      .meta({ default: '512MB' })
      .describe('What DuckDB may use for sorting; the process needs up to 2.5 times as much.'),
    tempFolder: pathSchema
      .optional()
      .describe('Where sorting puts what does not fit in memory; in the work folder when not given.'),
    maximumFieldSize: sizeSchema
      .optional()
      .meta({ default: '16MB' })
      .describe('A quoted field longer than this is taken for an unclosed quote.'),
  })
  .describe('How source files are prepared.')
  .meta({ id: 'Prepare', title: 'Prepare' })

const ageingSchema = z
  .union([z.literal('off'), durationSchema], { error: 'must be a duration such as 5m or 1d, or off' })
  .meta({ default: '5m' })
  .describe(
    'How often a server, or an agent without one, applies what is due for rows that disappeared (`fullLoadInterval`, `retention`); `off` for never.',
  )

const parts = {
  entityTypes: z
    .record(nameSchema, entityTypeSchema)
    .optional()
    .describe('The classes of resources, by name.'),
  associations: z.record(nameSchema, associationSchema).optional().describe('The kinds of links, by name.'),
  sources: z.record(nameSchema, sourceSchema).optional().describe('The managed systems, by name.'),
  jobs: z.record(jobNameSchema, jobSchema).optional().describe('Steps that belong together, by name.'),
}

/** A file that `sluice.yaml` includes. */
export const includedFileSchema = z.strictObject(parts)

/** A file of sources that are kept in the repository. */
export const storedFileSchema = z.strictObject({ sources: parts.sources })

export const projectSchema = z
  .strictObject({
    repository: repositorySchema.optional(),
    include: z
      .array(pathSchema, { error: 'must be a list of files' })
      .optional()
      .describe(
        'Files, relative to this one, that hold more entityTypes, associations, sources and jobs; `*` stands for any name.',
      ),
    language: languageSchema
      .optional()
      .meta({ default: 'en' })
      .describe(
        'The language of labels that are a text, and of whatever has no label in the language that somebody wants.',
      ),
    workFolder: pathSchema
      .optional()
      .meta({ default: '.sluice' })
      .describe('Where prepared files and deliveries are kept, relative to this file.'),
    prepare: prepareSchema.optional(),
    server: serverSchema.optional(),
    agent: agentSchema.optional(),
    notifications: notificationsSchema.optional(),
    ageing: ageingSchema.optional(),
    retention: retentionSchema.optional(),
    worthlessValues: worthlessValuesSchema.optional(),
    ...parts,
  })
  .meta({ title: 'Sluice project' })
  .describe('A Sluice project: `sluice.yaml`.')

export type ProjectInput = z.infer<typeof projectSchema>
export type IncludedFileInput = z.infer<typeof includedFileSchema>

/** The JSON Schema that editors complete and check `sluice.yaml` with. */
export function configurationJsonSchema(): z.core.JSONSchema.BaseSchema {
  return z.toJSONSchema(projectSchema, { io: 'input', target: 'draft-07' })
}

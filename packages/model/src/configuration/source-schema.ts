/**
 * Sources and their mappings as people write them.
 *
 * @module
 */
import { z } from 'zod'
import { nearMatch } from '../near-match.ts'
import { sourceStatuses } from '../source/federation.ts'
import { modes, userDeletePolicies } from '../source/source.ts'
import {
  absentSchema,
  ageSchema,
  descriptionSchema,
  durationSchema,
  intervalSchema,
  labelSchema,
  nameSchema,
  pathSchema,
  textSchema,
  timeZoneSchema,
} from './common-schema.ts'
import { fileChoiceSchema, folderSchema, markerSchema, maxAgeSchema } from './dropped-schema.ts'
import { formatSchema } from './format-schema.ts'
import { graphSchema } from './graph-schema.ts'
import { namePattern } from './names.ts'
import { receiverNameSchema } from './notification-schema.ts'
import { columnSchema, propertyMappingSchema, valueFormatSchema } from './property-mapping-schema.ts'
import { shapeSchema, splitSchema, whereSchema } from './shape-schema.ts'
import {
  deletePolicySchema,
  linkSetSchema,
  precedenceSchema,
  reconciliationSchema,
} from './sharing-schema.ts'
import {
  associationThresholdsSchema,
  entityThresholdsSchema,
  sourceThresholdsSchema,
} from './threshold-schema.ts'

const fileSchema = pathSchema.describe(
  "A file, or a folder of part files with the same columns, relative to the source's folder. `*` in its name stands for any characters and `?` for one, as in people-*.csv.",
)

const activeSchema = z
  .boolean()
  .optional()
  .meta({ default: true })
  .describe(
    '`false`: it is switched off. It is not read and not run; its resources and links stay as they are, and nobody may change what they lock.',
  )

const commandsSchema = z
  .union(
    [
      z.boolean(),
      z.strictObject({
        column: textSchema.describe('The column with the commands, as the header writes it.'),
      }),
    ],
    { error: 'must be true, false, or a map such as {column: Action}' },
  )
  .optional()
  .describe(
    'Whether the rows of a file with a column `command`, or with the one that `{column: Action}` names, are rows of this mapping, so that their commands act on it. `true`: an incremental without that column is refused. `false`: the commands never act on it, and where no mapping of the file is left, the column is data. When not given: detected, where the configuration tells it.',
  )

const entityMappingSchema = z
  .strictObject({
    file: fileSchema.optional(),
    ...fileChoiceSchema.shape,
    active: activeSchema,
    format: formatSchema
      .optional()
      .describe("How this file is written, where it differs from the source's format."),
    key: z
      .string({
        error: (issue) =>
          Array.isArray(issue.input)
            ? 'must be one property, which may be made of several columns: {columns: [company, number], join: "/"}'
            : undefined,
      })
      .regex(namePattern, 'must be a letter, followed by at most 49 letters, digits and underscores')
      .optional()
      .describe(
        'The mapped property that identifies a row of this source: unique, and never changing. It may be made of several columns.',
      ),
    where: whereSchema.optional(),
    properties: z
      .record(nameSchema, propertyMappingSchema)
      .optional()
      .transform((properties) => properties ?? {})
      .describe(
        'Where each property gets its value. Columns that are not mapped are left out. Of a graph source: what there is to say of properties that its syncmappings set.',
      ),
    absent: absentSchema,
    timeZone: timeZoneSchema,
    commands: commandsSchema,
    linkSets: z
      .record(nameSchema, linkSetSchema)
      .optional()
      .describe(
        'Of an open table: columns that hold the links of a row, which take the place of all it had.',
      ),
    reconciliation: reconciliationSchema.optional(),
    delete: deletePolicySchema.optional(),
    fullLoadInterval: ageSchema
      .optional()
      .describe(
        'How long a row may be missing, or untouched in an open table, before it counts as disappeared. When not given: a row that a complete misses has disappeared at once, and one of an open table never does.',
      ),
    thresholds: entityThresholdsSchema.optional(),
  })
  .describe('Columns of a source file to the properties of an entity type.')
  .meta({ id: 'EntityMapping', title: 'Entity mapping' })

const endMappingSchema = z
  .union(
    [
      textSchema,
      z
        .strictObject({
          column: columnSchema.optional(),
          columns: z
            .array(textSchema, { error: 'must be a list of columns' })
            .min(1, 'must name at least one column')
            .optional()
            .describe('In place of `column`: several, with `join`.'),
          ...shapeSchema.shape,
          split: splitSchema.optional(),
          by: nameSchema
            .optional()
            .describe(
              "The property of the end's entity type whose values the column holds; its key when not given. They are read as that property; where the column says nothing of their format, it is the one in which this source writes that property.",
            ),
          ...valueFormatSchema.shape,
          absent: absentSchema,
        })
        .meta({ id: 'EndMappingDetails', title: 'End mapping' }),
    ],
    { error: 'must be the name of a column, or a map such as {column: package, by: name}' },
  )
  .meta({ id: 'EndMapping', title: 'End mapping' })

const associationMappingSchema = z
  .strictObject({
    file: fileSchema.optional(),
    ...fileChoiceSchema.shape,
    active: activeSchema,
    format: formatSchema
      .optional()
      .describe("How this file is written, where it differs from the source's format."),
    from: endMappingSchema.optional().describe('The column that names the one end.'),
    to: endMappingSchema.optional().describe('The column that names the other end.'),
    where: whereSchema.optional(),
    properties: z
      .record(nameSchema, propertyMappingSchema)
      .optional()
      .describe('Where each link property gets its value.'),
    absent: absentSchema,
    timeZone: timeZoneSchema,
    commands: commandsSchema,
    thresholds: associationThresholdsSchema.optional(),
  })
  .describe('Two columns of a source file to the ends of an association.')
  .meta({ id: 'AssociationMapping', title: 'Association mapping' })

const programSchema = z
  .strictObject({
    command: z
      .union(
        [
          z.string().regex(/^\S+$/, 'with arguments must be a list such as [./export.sh, --all]'),
          z.array(textSchema).min(1, 'must name a program'),
        ],
        { error: 'must be a program, or a list of a program and its arguments' },
      )
      .describe('A program, or a list of a program and its arguments; no shell stands in between.'),
    environment: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'must be a name of letters, digits and underscores'),
        textSchema,
      )
      .optional()
      .describe(
        // biome-ignore lint/suspicious/noTemplateCurlyInString: this is what people write
        'Variables for the program, beside those of Sluice and of its own process. `${NAME}` stands for one of these.',
      ),
    timeout: durationSchema
      .optional()
      .meta({ default: '1h' })
      .describe('After so long the program is stopped and has failed.'),
    requireStatement: z
      .boolean()
      .optional()
      .meta({ default: false })
      .describe('Without its statement that the export was complete, the program has failed.'),
  })
  .describe('A program that writes the source files.')
  .meta({ id: 'ExportProgram', title: 'Export program' })

const connectorSchema = z
  .looseObject({
    connector: z
      .string({ error: 'must be the name of a connector, such as ldap' })
      .regex(/^\S+$/, 'must be the name of a connector, such as ldap')
      .describe(
        'The kind of managed system, as `sluice connectors` lists them; or a connector of the project (`./connectors/crm`), or an npm package. All other keys are its options: docs/connectors.md.',
      ),
    timeout: durationSchema
      .optional()
      .meta({ default: '1h' })
      .describe('After so long the export is stopped and has failed.'),
    retries: z
      .int()
      .min(0)
      .max(100)
      .optional()
      .meta({ default: 3 })
      .describe(
        'How often the export begins again, after ever longer pauses, when something went wrong that may pass: a refused or lost connection, a busy server.',
      ),
  })
  .describe('A connector that writes the source files, and its options.')
  .meta({ id: 'ConnectorExport', title: 'Connector' })

/** What is wrong with a program is told of the program: only who writes `connector`, or something like it, means one. */
function meansConnector(value: unknown): boolean {
  const keys = typeof value === 'object' && value !== null ? Object.keys(value) : []
  return keys.some((key) => nearMatch(key, ['connector']) !== undefined)
}

const exportSchema = z.union(
  [programSchema, z.preprocess((value) => (meansConnector(value) ? value : undefined), connectorSchema)],
  { error: 'must be a map such as {command: [./export.sh]} or {connector: ldap, url: "ldap://…"}' },
)

export const sourceSchema = z
  .strictObject({
    folder: folderSchema
      .optional()
      .meta({ default: '.' })
      .describe(
        'The folder that holds the source files, relative to the file this stands in; two of them where files of changes lie apart. With an export program: where it writes them, in the work folder when not given.',
      ),
    marker: markerSchema,
    maxAge: maxAgeSchema.describe(
      'How old files may be, such as 26h: one that was written longer ago is not what the system holds today, and nothing is run.',
    ),
    export: exportSchema.optional(),
    label: labelSchema.optional(),
    description: descriptionSchema.optional(),
    renamedFrom: nameSchema
      .optional()
      .describe(
        'The name the source had before: it keeps its replicas, rights, orders and histories. Without it, this is a new source without rows, and the old one counts as removed from the file.',
      ),
    table: z
      .literal(true)
      .optional()
      .describe(
        'The source has no files: its rows stand in a table for each entity type, `synchro_data_…`, which SQL clients and `sluice load` write.',
      ),
    graph: graphSchema.optional(),
    status: z
      .enum(sourceStatuses)
      .optional()
      .meta({ default: 'production' })
      .describe('`implementation` and `production` are run alike; `obsolete` is not run any more.'),
    precedence: precedenceSchema.optional(),
    obsoleteLocks: z
      .boolean()
      .optional()
      .meta({ default: true })
      .describe('Whether a row that has disappeared, and has only marked its resource, still locks it.'),
    link: z
      .string()
      .regex(/^https?:\/\/\S+$/, 'must be an address such as https://hr.example.com/people/{key}')
      .optional()
      .describe(
        'Where people find a row of this source: shown as the reason why an attribute is locked. `{key}` stands for the key of the row, `{property}` for the name of the property.',
      ),
    icon: z
      .string()
      .regex(/^https?:\/\/\S+$/, 'must be an address such as https://hr.example.com/icon.svg')
      .optional()
      .describe(
        'A picture of the source, for whoever shows its lists and its locks; with the placeholders of `link`.',
      ),
    userDelete: z
      .enum(userDeletePolicies)
      .optional()
      .meta({ default: 'nobody' })
      .describe('Who may delete resources that this source created.'),
    owner: textSchema
      .optional()
      .describe(
        'Who is responsible for it, such as a team or an e-mail address; shown in notifications. A token of that name may run it, as administrators may.',
      ),
    notify: z
      .array(receiverNameSchema, { error: 'must be a list of receivers' })
      .optional()
      .describe(
        'The receivers of `notifications` that are notified about this source, instead of all; an empty list for none.',
      ),
    expected: intervalSchema
      .optional()
      .describe(
        'The longest time between two applied runs, such as 26h. After it the source is late, and receivers are notified.',
      ),
    mode: z
      .enum(modes)
      .optional()
      .meta({ default: 'auto' })
      .describe(
        '`complete`: the files are all there is; `initial`: straight inserts into an empty repository; `incremental`: only changes; `auto` decides.',
      ),
    format: formatSchema.optional().describe("How the source's files are written."),
    absent: absentSchema,
    timeZone: timeZoneSchema,
    thresholds: sourceThresholdsSchema.optional(),
    entities: z
      .record(nameSchema, entityMappingSchema)
      .optional()
      .describe('Entity mappings, by entity type.'),
    associations: z
      .record(nameSchema, associationMappingSchema)
      .optional()
      .describe('Association mappings, by association.'),
  })
  .describe('One managed system and how it is synchronized.')
  .meta({ id: 'Source', title: 'Source' })

export type ConnectorInput = z.infer<typeof connectorSchema>
export type EndMappingInput = z.infer<typeof endMappingSchema>
export type EntityMappingInput = z.infer<typeof entityMappingSchema>
export type AssociationMappingInput = z.infer<typeof associationMappingSchema>
export type SourceInput = z.infer<typeof sourceSchema>

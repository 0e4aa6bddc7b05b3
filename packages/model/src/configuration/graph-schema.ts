/**
 * A source that is a graph, as people write it: its modules, its files, and what of them are nodes and relationships.
 *
 * @module
 */
import { z } from 'zod'
import { columnTypes, graphForms } from '../source/graph-input.ts'
import { pathSchema, textSchema } from './common-schema.ts'
import { fileChoiceSchema } from './dropped-schema.ts'
import { formatSchema } from './format-schema.ts'

const columnsSchema = z.union([textSchema, z.array(textSchema).min(1, 'must name at least one column')], {
  error: 'must be a column, or a list of columns',
})

const namedBySchema = z.union([textSchema, z.strictObject({ column: textSchema })], {
  error: 'must be a text, or a map such as {column: kind}',
})

const columnAttributeSchema = z.union(
  [
    textSchema,
    z
      .strictObject({
        column: textSchema.optional().describe('Name of the column; that of the attribute when not given.'),
        type: z
          .enum(columnTypes)
          .optional()
          .meta({ default: 'text' })
          .describe(
            '`number` and `boolean` (`true` or `false`), `list` (texts with a separator between them), `json` (a value as JSON writes it). An empty field is no attribute.',
          ),
        separator: textSchema
          .optional()
          .meta({ default: ';' })
          .describe('Of a `list`: what stands between two texts.'),
      })
      .meta({ id: 'GraphAttributeDetails', title: 'Attribute of a graph' }),
  ],
  { error: 'must be the name of a column, or a map such as {column: cpus, type: number}' },
)

const attributesSchema = z
  .union([z.array(textSchema), z.record(z.string(), columnAttributeSchema)], {
    error: 'must be a list of columns, or a map such as {cpus: {type: number}}',
  })
  .describe(
    'Columns that are attributes: a list, or attributes with their columns; all others when not given.',
  )

const tableFormatSchema = formatSchema
  .optional()
  .describe("How this file is written, where it differs from the source's format.")

const referenceSchema = z
  .strictObject({
    column: columnsSchema.describe('The column, or columns, that name the other node.'),
    to: textSchema.describe('Kind of the other node.'),
    relationship: textSchema.describe('Kind of the relationship.'),
    role: textSchema.optional().describe('Of the node of the row; none when not given.'),
    toRole: textSchema.optional().describe('Of the other node; none when not given.'),
  })
  .meta({ id: 'GraphReference', title: 'Reference of a graph' })

const endSchema = z.union(
  [
    textSchema,
    z.strictObject({
      column: columnsSchema,
      kind: textSchema
        .optional()
        .describe('Kind of the node, where it comes from a `table` and is known by its kind and its id.'),
    }),
  ],
  { error: 'must be a column, or a map such as {column: host, kind: Host}' },
)

const documentSchema = z
  .strictObject({
    file: pathSchema.describe(
      "A file, a pattern of files such as `graph-*.jsonl`, or a folder of part files, relative to the source's folder: JSON Lines, a JSON document, GraphML, or what a discovery tool has written.",
    ),
    form: z
      .enum(graphForms)
      .optional()
      .describe(
        'By the name of each file when not given: .jsonl and .ndjson, .json, .graphml and .xml. Documents of discovery tools are named here: `kubernetes` (objects of its API), `netbox` (a list of its API), `inventory` (of OCS, FusionInventory, GLPI), `facts` (of Ansible, Facter), `dpkg` (its file of status).',
      ),
    ...fileChoiceSchema.shape,
  })
  .meta({ id: 'GraphDocument', title: 'File of a graph' })

const nodesSchema = z
  .strictObject({
    nodes: pathSchema.describe(
      'A file, a pattern of files, or a folder of part files, with a row for each node.',
    ),
    id: textSchema.optional().meta({ default: 'id' }).describe('The column of its id.'),
    kind: namedBySchema
      .optional()
      .meta({ default: '{column: kind}' })
      .describe('Its kind, the same for all rows, or the column that holds it.'),
    destroyed: textSchema
      .optional()
      .meta({ default: 'destroyed' })
      .describe('The column that says `true` of a node that is gone from the managed system.'),
    attributes: attributesSchema.optional(),
    format: tableFormatSchema,
    ...fileChoiceSchema.shape,
  })
  .meta({ id: 'GraphNodes', title: 'Table of nodes' })

const relationshipsSchema = z
  .strictObject({
    relationships: pathSchema.describe(
      'A file, a pattern of files, or a folder of part files, with a row for each relationship.',
    ),
    from: endSchema.optional().meta({ default: 'from' }).describe('The column of the id of the one node.'),
    to: endSchema.optional().meta({ default: 'to' }).describe('The column of the id of the other node.'),
    kind: namedBySchema
      .optional()
      .meta({ default: '{column: kind}' })
      .describe('Its kind, the same for all rows, or the column that holds it.'),
    fromRole: namedBySchema
      .optional()
      .describe('Role of the one node; the column `fromRole`, where there is one, when not given.'),
    toRole: namedBySchema
      .optional()
      .describe('Role of the other node; the column `toRole`, where there is one, when not given.'),
    attributes: attributesSchema.optional(),
    format: tableFormatSchema,
    ...fileChoiceSchema.shape,
  })
  .meta({ id: 'GraphRelationships', title: 'Table of relationships' })

const tableSchema = z
  .strictObject({
    table: pathSchema.describe(
      'A file, a pattern of files, or a folder of part files: each row is a node of the kind.',
    ),
    kind: textSchema.describe('Kind of its nodes. They are known by it and by their id: `Host/web1`.'),
    id: columnsSchema.optional().meta({ default: 'id' }).describe('The column, or columns, that name a row.'),
    references: z
      .array(referenceSchema)
      .optional()
      .describe('Columns that name other nodes, to which the node has a relationship.'),
    destroyed: textSchema
      .optional()
      .meta({ default: 'destroyed' })
      .describe('The column that says `true` of a node that is gone from the managed system.'),
    attributes: attributesSchema.optional(),
    format: tableFormatSchema,
    ...fileChoiceSchema.shape,
  })
  .meta({ id: 'GraphTable', title: 'Table of a graph' })

const inputSchema = z
  .union([pathSchema, documentSchema, nodesSchema, relationshipsSchema, tableSchema], {
    error: 'must be a file, or a map with one of file, nodes, relationships and table',
  })
  .meta({ id: 'GraphInput', title: 'Input of a graph' })

const moduleTextSchema = z
  .strictObject({
    file: pathSchema.describe('What it is called where something is wrong with it.'),
    text: z.string().describe('The module itself.'),
  })
  .meta({ id: 'GraphModuleText', title: 'Module of syncmappings' })

const moduleSchema = z.union([pathSchema, moduleTextSchema], {
  error: 'must be a file, a folder, or a map with file and text',
})

export const modulesSchema = z.union(
  [pathSchema, z.array(moduleSchema).min(1, 'must name at least one module')],
  {
    error: 'must be a file, a folder, or a list of them',
  },
)

export const graphSchema = z
  .strictObject({
    modules: modulesSchema.describe(
      'Modules of syncmappings: a file, a folder (its `.tpl` files and those of its folders), or a list of files, folders and patterns, relative to the file this stands in; or the texts themselves, as a source that is stored in the repository has them. They are loaded in that order, in a folder by name.',
    ),
    files: z
      .union([pathSchema, z.array(inputSchema).min(1, 'must name at least one file')], {
        error: 'must be a file, or a list of files and tables',
      })
      .describe('Where nodes and relationships come from.'),
    dataModel: z
      .int()
      .min(0)
      .max(6, 'must be 6 or less')
      .optional()
      .meta({ default: 6 })
      .describe('The data model of the target, 0 to 6, which decides how impact is written.'),
    key: z
      .string()
      .optional()
      .meta({ default: 'SyncKey' })
      .describe(
        'The property that holds `<class>/<key>` of what a syncmapping makes: each of its entity types has it, as a string.',
      ),
    options: z
      .record(z.string(), textSchema)
      .optional()
      .describe('What `system.getOption` answers to a syncmapping.'),
  })
  .describe(
    'The source is a graph of nodes and relationships, of which syncmappings make resources and links.',
  )
  .meta({ id: 'GraphSource', title: 'Graph source' })

export type GraphSourceInput = z.infer<typeof graphSchema>
export type ModuleInput = z.infer<typeof moduleSchema>
export type NamedByInput = z.infer<typeof namedBySchema>
export type AttributesInput = z.infer<typeof attributesSchema>

/** One that is named, or several; a text is a file, a folder or a pattern. */
export function moduleInputs(written: GraphSourceInput['modules']): readonly ModuleInput[] {
  return typeof written === 'string' ? [written] : written
}

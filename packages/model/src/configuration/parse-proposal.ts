/**
 * A mapping that somebody proposes for a source, to see what it would make of some rows: read by the parser of configurations, as one more file.
 *
 * It comes from elsewhere. So it says how columns become properties, and nothing else: no program, no connection, no folder, no other file
 * than those that the source has; and what the source reads as a secret stays one.
 *
 * @module
 */
import { z } from 'zod'
import type { EntityModel } from '../entity/entity-model.ts'
import { comparableColumn, hiddenColumns, isHiddenProperty } from '../source/hidden-columns.ts'
import { columnsOfProperty } from '../source/mapped-columns.ts'
import { plainPath } from '../source/mapped-tables.ts'
import type { EntityMapping, Source } from '../source/source.ts'
import { checkMappingShapes } from './check-mapping-shapes.ts'
import { checkSchema } from './check-schema.ts'
import { collectDefinitions, type Definition, placeIn } from './definition.ts'
import type { CompileDisplay } from './displays.ts'
import { entityTypeSchema } from './entity-model-schema.ts'
import { type Finding, findingCodes } from './finding.ts'
import { Findings } from './findings.ts'
import { usualFormat } from './format-schema.ts'
import { suggestion } from './names.ts'
import { type ProjectInput, projectSchema } from './project-schema.ts'
import { resolveModel } from './resolve-model.ts'
import { resolveSources } from './resolve-source.ts'
import type { Shaping } from './shaping.ts'
import type { SourceInput } from './source-schema.ts'
import { tableFilesIn } from './stored-definitions.ts'
import { type ConfigurationFile, readYaml, type YamlFile, type YamlPath } from './yaml-file.ts'

export interface ProposalContext {
  /** `sluice.yaml` and what it includes; nothing is wrong with them. */
  readonly files: readonly ConfigurationFile[]
  /** The source as it is configured. */
  readonly source: Source
  readonly model: EntityModel
  /** The files that may be read: those of its mappings, and those that its connector writes. */
  readonly readable: readonly string[]
  readonly shaping: Pick<Shaping, 'expression' | 'pattern'>
  readonly compileDisplay?: CompileDisplay | undefined
}

export interface ParsedProposal {
  /** Absent when a finding is an error. The source has this mapping and no other. */
  readonly proposed?: {
    readonly source: Source
    readonly model: EntityModel
    readonly mapping: EntityMapping
  }
  readonly findings: readonly Finding[]
}

/** As findings name its text. */
const proposalPath = 'proposal'

const mappingKeys = ['file', 'format', 'key', 'where', 'properties', 'absent', 'timeZone'] as const

const proposalSchema = z.strictObject({
  entityTypes: z.record(z.string(), entityTypeSchema).optional(),
  sources: projectSchema.shape.sources.unwrap(),
})

/** @param text YAML: `sources:` with the one source and one entity mapping, and `entityTypes:` where the model has none for it. */
export function parseProposal(text: string, context: ProposalContext): ParsedProposal {
  const findings = new Findings()
  const file = readYaml({ path: proposalPath, text }, findings)
  const done = () => ({ findings: findings.sorted([proposalPath]) })
  if (file.value !== undefined) checkParts(file, context.source.name, findings)
  if (!findings.clean) return done()
  const value = checkSchema(file, proposalSchema, findings)
  checkMappingShapes(file, findings)
  const input = value?.sources[context.source.name]
  if (value === undefined || input === undefined || !findings.clean) return done()
  const definition = { name: context.source.name, value: input, file, path: ['sources', context.source.name] }
  for (const path of tableFilesIn(input))
    refuse(
      findings,
      definition,
      path,
      'A proposed mapping reads no file of values.',
      'Write the values under "values".',
    )
  const files = context.files.map((one) => ownPart(one))
  const own = collectDefinitions(
    'sources',
    files.map((one) => ({ file: one.file, entries: one.value.sources })),
    findings,
  )
  const model = modelOf(context, { files, file, entityTypes: value.entityTypes }, findings)
  if (!findings.clean) return done()
  const resolved = resolveSources(
    new Map([[definition.name, withGiven(definition, own.get(definition.name))]]),
    model,
    {
      graphs: new Map(),
      others: new Map([...own].map(([name, one]) => [`${name} as it is`, one])),
      resolvePath: (_file, relative) => relative,
      environment: {},
      connectors: undefined,
      workFolder: '',
      worthlessValues: [],
      shaping: {
        ...context.shaping,
        table: () => ({ problem: 'A proposed mapping reads no file of values.' }),
      },
      findings,
    },
  ).get(definition.name)
  const mapping = resolved?.entities[0]
  if (mapping === undefined || !findings.clean) return done()
  checkReadable(definition, mapping, context, findings)
  checkHidden(definition, mapping, { ...context, proposed: model }, findings)
  if (!findings.clean) return done()
  const source = { ...context.source, entities: [mapping], associations: [] }
  return { ...done(), proposed: { source, model, mapping } }
}

function refuse(
  findings: Findings,
  definition: Definition<unknown>,
  path: readonly PropertyKey[],
  message: string,
  remedy: string,
  part: 'key' | 'value' = 'key',
): void {
  findings.add(findingCodes.notProposable, placeIn(definition, path, part), message, { remedy })
}

/** What a proposal consists of, said before anybody looks at what it says. */
function checkParts(file: YamlFile, source: string, findings: Findings): void {
  const refuseKey = (path: readonly string[], message: string, remedy: string) =>
    findings.add(findingCodes.notProposable, file.placeOf(path, 'key'), message, { remedy })
  const only = (path: readonly string[], allowed: readonly string[]) => {
    const part = partAt(file.value, path)
    for (const key of Object.keys(part).filter((one) => !allowed.includes(one)))
      refuseKey(
        [...path, key],
        `"${key}" cannot be proposed: a proposed mapping says only how columns become properties.`,
        `Remove it here; the agent uses what its own files say.`,
      )
    return Object.keys(part)
  }
  only([], ['entityTypes', 'sources'])
  const sources = only(['sources'], [source])
  if (sources.length === 0)
    refuseKey(
      ['sources'],
      `The mapping of "${source}" is missing.`,
      `Write sources: {${source}: {entities: …}}.`,
    )
  only(['sources', source], ['entities'])
  const mappings = Object.keys(partAt(file.value, ['sources', source, 'entities']))
  for (const mapping of mappings) only(['sources', source, 'entities', mapping], mappingKeys)
  if (mappings.length !== 1 && sources.length > 0)
    refuseKey(
      ['sources', source, 'entities', mappings[1] ?? ''],
      mappings.length === 0 ? 'There is no mapping of an entity type.' : 'There are several mappings.',
      'Propose one mapping at a time.',
    )
}

function partAt(value: unknown, path: readonly string[]): object {
  let part = value
  for (const key of path)
    part =
      typeof part === 'object' && part !== null && Object.hasOwn(part, key)
        ? Reflect.get(part, key)
        : undefined
  return typeof part === 'object' && part !== null && !Array.isArray(part) ? part : {}
}

interface OwnPart {
  readonly file: YamlFile
  readonly value: Partial<Pick<ProjectInput, 'language' | 'entityTypes' | 'associations' | 'sources'>>
}

const ownSchema = projectSchema
  .pick({ language: true, entityTypes: true, associations: true, sources: true })
  .loose()

/** Nothing is wrong with it: whoever has the source has read it. */
function ownPart(one: ConfigurationFile): OwnPart {
  const file = readYaml(one, new Findings())
  const parsed = ownSchema.safeParse(file.value)
  return { file, value: parsed.success ? parsed.data : {} }
}

/** The model, with the proposed types in the place of those of the same names. */
function modelOf(
  { compileDisplay }: ProposalContext,
  of: {
    readonly files: readonly OwnPart[]
    readonly file: YamlFile
    readonly entityTypes: ProjectInput['entityTypes']
  },
  findings: Findings,
): EntityModel {
  const proposed = of.entityTypes ?? {}
  const ownTypes = of.files.map(({ file, value }) => ({
    file,
    entries: Object.fromEntries(
      Object.entries(value.entityTypes ?? {}).filter(([name]) => !Object.hasOwn(proposed, name)),
    ),
  }))
  return resolveModel(
    collectDefinitions('entityTypes', [...ownTypes, { file: of.file, entries: proposed }], findings),
    collectDefinitions(
      'associations',
      of.files.map(({ file, value }) => ({ file, entries: value.associations })),
      findings,
    ),
    { findings, compileDisplay, language: of.files[0]?.value.language },
  )
}

/** How its files are written is not proposed with each mapping; what stands in the source's own file is read there. */
function withGiven(
  definition: Definition<SourceInput>,
  own: Definition<SourceInput> | undefined,
): Definition<SourceInput> {
  if (own === undefined) return definition
  const { format, absent, timeZone } = own.value
  const given = { format: { ...usualFormat(own.value), ...format }, absent, timeZone }
  const isGiven = (path: YamlPath) => path.length > 2 && Object.hasOwn(given, String(path[2]))
  const textAt = (path: YamlPath) => (isGiven(path) ? own.file.textAt(path) : definition.file.textAt(path))
  return {
    ...definition,
    file: { ...definition.file, textAt },
    value: { ...definition.value, ...given },
  }
}

function checkReadable(
  definition: Definition<SourceInput>,
  { name, file }: EntityMapping,
  { source, readable }: ProposalContext,
  findings: Findings,
): void {
  const files = readable.map(plainPath)
  if (files.includes(plainPath(file))) return
  const message = `The source "${source.name}" has no file "${file}".`
  const remedy = suggestion(file, files) ?? `Its files are ${files.join(', ')}.`
  refuse(findings, definition, ['entities', name, 'file'], message, remedy, 'value')
}

/** What is a secret in a mapping of the source is read as one, or not at all. */
function checkHidden(
  definition: Definition<SourceInput>,
  { name, entityType, file, properties, where }: EntityMapping,
  { source, model, proposed }: ProposalContext & { readonly proposed: EntityModel },
  findings: Findings,
): void {
  const hidden = hiddenColumns(source, model, file)
  const hides = (columns: readonly string[]) => columns.find((column) => hidden.has(comparableColumn(column)))
  const types = new Map(proposed.entityTypes.get(entityType)?.properties.map((one) => [one.name, one]))
  const refuseColumn = (path: readonly string[], column: string) =>
    refuse(
      findings,
      definition,
      ['entities', name, ...path],
      `A mapping of the source reads the column "${column}" as a secret or a file, which nobody is shown.`,
      'Remove it here, or give the property the type secret.',
    )
  for (const mapping of properties) {
    const property = types.get(mapping.property)
    const column = hides(columnsOfProperty(mapping))
    if (column !== undefined && !(property !== undefined && isHiddenProperty(property)))
      refuseColumn(['properties', mapping.property], column)
  }
  const filtered = hides(where?.columns ?? [])
  if (filtered !== undefined) refuseColumn(['where'], filtered)
}

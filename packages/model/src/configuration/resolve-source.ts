/**
 * Makes sources of their definitions: fills in what was left out and checks every mapping against
 * the model.
 *
 * @module
 */
import { canName, type EntityModel, type EntityType } from '../entity/entity-model.ts'
import { primaryKeyColumn } from '../source/federation.ts'
import type { GraphSource } from '../source/graph.ts'
import type { EntityMapping, Source } from '../source/source.ts'
import { checkCommands } from './check-commands.ts'
import { checkFormats } from './check-formats.ts'
import { checkSecrets } from './check-secrets.ts'
import { millisecondsOf } from './common-schema.ts'
import type { Connectors } from './connectors.ts'
import { type Definition, placeIn, textIn } from './definition.ts'
import type { Environment } from './fill-in.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { resolveFormat, usualFormat } from './format-schema.ts'
import { withFormatsOfKeys } from './formats-of-keys.ts'
import { withLookedUp } from './looked-up.ts'
import type { MappingContext } from './mapping-context.ts'
import { suggestion } from './names.ts'
import { resolveActive } from './resolve-active.ts'
import { resolveAssociationMapping } from './resolve-association-mapping.ts'
import { createResolveBy } from './resolve-by.ts'
import { resolveCleansing } from './resolve-cleansing.ts'
import { resolveCommands } from './resolve-commands.ts'
import { resolveFileChoice, resolveFolders, withFileChoices } from './resolve-dropped.ts'
import { resolveExport } from './resolve-export.ts'
import { resolveFederation } from './resolve-federation.ts'
import { labelsOf } from './resolve-label.ts'
import { resolveLinkSets } from './resolve-link-sets.ts'
import { resolveProperties } from './resolve-properties.ts'
import { checkScopes, resolveScope } from './resolve-scope.ts'
import { resolveWhere } from './resolve-shape.ts'
import {
  type Defaults,
  resolveEntityThresholds,
  resolveSharedThresholds,
  resolveSourceThresholds,
} from './resolve-thresholds.ts'
import type { Shaping } from './shaping.ts'
import { withSharedTypes } from './share-types.ts'
import type { EntityMappingInput, SourceInput } from './source-schema.ts'

export type ResolvePath = (file: string, relative: string) => string

interface Surroundings {
  /** Of the sources that are graphs. */
  readonly graphs: ReadonlyMap<string, GraphSource>
  /** Definitions that tell keys of entity types, and are not resolved. */
  readonly others?: ReadonlyMap<string, Definition<SourceInput>> | undefined
  readonly resolvePath: ResolvePath
  readonly environment: Environment
  readonly connectors: Connectors | undefined
  /** Absolute path. */
  readonly workFolder: string
  readonly worthlessValues: readonly string[]
  readonly shaping: Shaping | undefined
  readonly findings: Findings
}

export function resolveSources(
  sources: ReadonlyMap<string, Definition<SourceInput>>,
  model: EntityModel,
  {
    graphs,
    others = new Map(),
    resolvePath,
    environment,
    connectors,
    workFolder,
    worthlessValues,
    shaping,
    findings,
  }: Surroundings,
): ReadonlyMap<string, Source> {
  const resolved = [...sources.values()].map((source) => {
    const resolveBy = createResolveBy(source, new Map([...sources, ...others]), model, findings)
    const defaults: Defaults = source.value.thresholds === 'off' ? 'none' : 'usual'
    const cleansing = resolveCleansing({ source, path: [], findings }, source.value)
    const result = resolveSource(
      { source, model, findings, resolveBy, defaults, worthlessValues, shaping, cleansing },
      { graphs, resolvePath, environment, connectors, workFolder },
    )
    checkScopes(source, result, findings)
    if (source.value.table !== true) {
      checkFormats(source, result, findings)
      checkCommands(source, result, findings)
    }
    return withFileChoices(source, result, findings)
  })
  const shared = withSharedTypes(withLookedUp(resolved, model), sources, findings)
  return new Map(shared.map((source) => [source.name, source]))
}

function resolveSource(
  context: MappingContext,
  {
    graphs,
    resolvePath,
    environment,
    connectors,
    workFolder,
  }: Pick<Surroundings, 'graphs' | 'resolvePath' | 'environment' | 'connectors' | 'workFolder'>,
): Source {
  const { source, model, findings } = context
  const { value } = source
  const entities = Object.entries(value.entities ?? {})
  const associations = Object.entries(value.associations ?? {})
  if (value.table === true) checkTable(context)
  const graph = graphs.get(source.name)
  if (entities.length + associations.length === 0 && value.graph === undefined) {
    const message = `Source "${source.name}" has no mappings.`
    findings.add(findingCodes.mapping, placeIn(source, [], 'key'), message, {
      severity: 'warning',
      remedy: 'Add entities or associations.',
    })
  }
  return withFormatsOfKeys(model, {
    name: source.name,
    ...labelsOf(value.label, model.language),
    description: value.description,
    link: value.link,
    icon: value.icon,
    userDelete: value.userDelete ?? 'nobody',
    table: value.table,
    graph: graph && withoutPaths(graph),
    status: value.status,
    owner: value.owner === undefined ? undefined : textIn(source, ['owner']),
    notify: value.notify,
    expected: value.expected === undefined ? undefined : millisecondsOf(value.expected),
    precedence: value.precedence,
    obsoleteLocks: value.obsoleteLocks === false ? false : undefined,
    ...resolveFolders(source, {
      resolvePath: (relative) => resolvePath(source.file.path, relative),
      written: `${workFolder}/export/${source.name}`,
      findings,
    }),
    export: resolveExport(source, {
      workingFolder: resolvePath(source.file.path, '.'),
      environment,
      connectors,
      findings,
    }),
    mode: value.mode ?? 'auto',
    entities: entities.flatMap(([name, input]) => resolveEntityMapping(context, name, input)),
    associations: associations.flatMap(([name, input]) => resolveAssociationMapping(context, name, input)),
    thresholds: resolveSourceThresholds(value.thresholds),
  })
}

/** Its modules by the names that are the same on every machine. */
function withoutPaths({ modules, ...graph }: GraphSource): GraphSource {
  return { ...graph, modules: modules.map(({ file, text }) => ({ file, text })) }
}

/** An open table has no files, and nothing that is said of files. */
function checkTable({ source, findings }: MappingContext): void {
  const refuse = (path: readonly string[], message: string) =>
    findings.add(findingCodes.federation, placeIn(source, path, 'key'), message, {
      remedy: `Remove "${path.at(-1)}", or remove "table: true".`,
    })
  for (const name of [
    'folder',
    'marker',
    'maxAge',
    'export',
    'mode',
    'format',
    'absent',
    'timeZone',
    'graph',
    'associations',
  ] as const) {
    if (source.value[name] !== undefined) refuse([name], `The source is an open table, which has no ${name}.`)
  }
  for (const [type, mapping] of Object.entries(source.value.entities ?? {})) {
    for (const name of [
      'file',
      'several',
      'maxAge',
      'key',
      'format',
      'absent',
      'timeZone',
      'commands',
    ] as const) {
      if (mapping[name] === undefined) continue
      const instead = name === 'key' ? `; its rows are told apart by "${primaryKeyColumn}"` : ''
      refuse(['entities', type, name], `The source is an open table, which has no ${name}${instead}.`)
    }
  }
}

function resolveEntityMapping(
  context: MappingContext,
  name: string,
  input: EntityMappingInput,
): EntityMapping[] {
  const { source, model, findings, worthlessValues } = context
  const path = ['entities', name]
  const type = model.entityTypes.get(name)
  if (type === undefined) {
    const message = `There is no entity type "${name}".`
    findings.add(findingCodes.unknownName, placeIn(source, path, 'key'), message, {
      remedy: suggestion(name, model.entityTypes.keys()),
    })
    return []
  }
  const table = source.value.table === true
  if (!table) checkFile(context, type, input)
  const federation = resolveFederation({ source, findings, path, type, worthlessValues }, input)
  const scope = resolveScope({ source, model, findings, path }, type, federation)
  const thresholds = federation === undefined ? resolveEntityThresholds : resolveSharedThresholds
  const cleansing = resolveCleansing({ source, path, findings }, input, context.cleansing)
  const properties = resolveProperties({ ...context, cleansing }, path, type, input.properties)
  const where = resolveWhere({ source, findings, path, shaping: context.shaping }, input.where, cleansing)
  if (!table) checkSecrets({ source, findings, path, type }, properties, where)
  return [
    {
      name,
      entityType: name,
      scope,
      file: input.file ?? '',
      ...resolveFileChoice(context, path, input),
      ...resolveActive(context, path, input.active),
      format: resolveFormat(source.value.format, input.format, usualFormat(source.value)),
      key: table ? primaryKeyColumn : (input.key ?? ''),
      ...resolveCommands(source, path, input.commands),
      where,
      properties,
      thresholds: thresholds(input.thresholds, context.defaults),
      federation,
      linkSets: resolveLinkSets({ source, model, findings, path, type }, input),
    },
  ]
}

function checkFile(context: MappingContext, type: EntityType, input: EntityMappingInput): void {
  const { source, findings } = context
  const missing = (name: 'file' | 'key', remedy: string) =>
    findings.add(
      findingCodes.wrongValue,
      placeIn(source, ['entities', type.name], 'key'),
      `"${name}" is missing in "${type.name}".`,
      { remedy },
    )
  if (input.file === undefined) missing('file', 'Name the file that holds its rows.')
  if (input.key === undefined) missing('key', 'Name the mapped property that identifies a row.')
  else checkKey(context, type, { key: input.key, properties: input.properties })
}

function checkKey(
  { source, findings }: MappingContext,
  type: EntityType,
  { key, properties }: { readonly key: string; readonly properties: EntityMappingInput['properties'] },
): void {
  const place = placeIn(source, ['entities', type.name, 'key'])
  const mapped = Object.keys(properties)
  if (!mapped.includes(key)) {
    const message = `The key "${key}" is not among the mapped properties.`
    findings.add(findingCodes.mapping, place, message, { remedy: suggestion(key, mapped) })
    return
  }
  const written = properties[key]
  if (typeof written === 'object' && written.columns !== undefined && written.join === '') {
    const message = `The key "${key}" joins columns with nothing between them, so two different rows could get the same key.`
    findings.add(
      findingCodes.mapping,
      placeIn(source, ['entities', type.name, 'properties', key, 'join']),
      message,
      {
        remedy: 'Write a text that occurs in none of them, such as "/".',
      },
    )
  }
  const property = type.properties.find(({ name }) => name === key)
  if (property === undefined || canName(property)) return
  findings.add(
    findingCodes.mapping,
    place,
    `The key "${key}" is a ${property.type} and cannot identify a row.`,
    {
      remedy: 'Use a property with a plain value as the key.',
    },
  )
}

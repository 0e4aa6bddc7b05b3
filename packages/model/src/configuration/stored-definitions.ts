/**
 * Sources that are defined in the repository and in no file: the text of each, in the form in which a file holds it.
 *
 * @module
 */
import { isAlias, isMap, isNode, isScalar, isSeq, parseDocument, stringify, visit } from 'yaml'
import { isComposed, namesIn, partName } from '../source/lookup-by.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { moduleInputs } from './graph-schema.ts'
import type { SourceInput } from './source-schema.ts'
import type { StoredSource } from './stored-model.ts'
import type { ConfigurationFile, YamlPath } from './yaml-file.ts'

export interface StoredDefinition {
  readonly name: string
  /** YAML: `sources:` with this one source below it. */
  readonly text: string
}

/** As findings name the text of a stored definition. */
export function fileOfStored({ name, text }: StoredDefinition): ConfigurationFile {
  return { path: `stored source ${name}`, text }
}

/** One text for each source of a file, comments included; what aliases stand for is written out, so that each stands alone. */
export function definitionsIn(text: string): readonly StoredDefinition[] {
  const document = parseDocument(text)
  visit(document, {
    Alias: (_key, node) => {
      const copy = node.resolve(document)?.clone()
      return isMap(copy) || isSeq(copy) || isScalar(copy) ? copy : undefined
    },
  })
  visit(document, {
    Node: (_key, node) => {
      if (!isAlias(node)) delete node.anchor
      // As it was written: the column 007 is not the column 7.
      if (isScalar(node) && typeof node.value === 'number' && node.source !== String(node.value))
        node.value = node.source
    },
  })
  const sources = document.get('sources')
  if (!isMap(sources)) return []
  return sources.items.map(({ key, value }) => {
    const name = String(isScalar(key) ? key.value : key)
    return { name, text: textOf(name, isNode(value) ? value : undefined) }
  })
}

function textOf(name: string, value: unknown): string {
  const document = parseDocument('sources: {}\n')
  const sources = document.get('sources')
  if (isMap(sources)) sources.flow = false
  document.setIn(['sources', name], value)
  return document.toString({ lineWidth: 0 })
}

/** What is written of the source, as a value to be compared. */
export function valueOfDefinition({ name, text }: StoredDefinition): unknown {
  return parseDocument(text, { merge: true }).toJS()?.sources?.[name] ?? {}
}

/** A definition as a file would hold it. */
export function definitionText(name: string, value: unknown): string {
  return stringify({ sources: { [name]: value } }, { lineWidth: 0, aliasDuplicateObjects: false })
}

/** The same definition under another name. */
export function renamedDefinition({ name, text }: StoredDefinition, to: string): StoredDefinition {
  const document = parseDocument(text)
  return { name: to, text: textOf(to, document.getIn(['sources', name], true)) }
}

/**
 * What the repository knows of a source that no file defines any more, as a definition: enough to let go of it, and not to run it.
 */
export function definitionOfGone({ name, entities, associations }: StoredSource): StoredDefinition {
  // Where the source owns a type whole, what its values weigh is said for all of it: said of a property, it would share the type.
  const owned = entities.filter(({ federation }) => federation === undefined)
  const precedence = owned[0]?.properties[0]?.precedence ?? 0
  const definition = {
    description: 'No longer in the file; its tables are kept until the source is deleted.',
    status: 'obsolete',
    precedence,
    ...(entities.some(({ obsoleteLocks }) => obsoleteLocks === false) ? { obsoleteLocks: false } : {}),
    entities: Object.fromEntries(
      entities.map(({ entityType, scope, key, federation, properties }) => [
        entityType,
        {
          file: `${entityType}.csv`,
          key: properties.some((property) => property.name === key) ? key : properties[0]?.name,
          ...(federation === undefined ? {} : { reconciliation: searchingNothing(scope) }),
          properties: Object.fromEntries(
            properties.map(({ name: property, by, ...sharing }) => [
              property,
              {
                ...namedAs(property, by),
                ...(federation === undefined ? {} : { precedence: 0, ...sharing }),
              },
            ]),
          ),
        },
      ]),
    ),
    associations: Object.fromEntries(
      associations.map(({ association, fromBy, toBy }) => [
        association,
        {
          file: `${association}.csv`,
          from: { column: 'from', by: fromBy },
          to: { column: 'to', by: toBy },
        },
      ]),
    ),
  }
  return { name, text: definitionText(name, definition) }
}

/** It is not run any more; but what it holds of other types than its own is in its scope as long as it is there. */
function searchingNothing(scope: readonly string[] | undefined) {
  return scope === undefined ? { policy: 'key' } : { policy: 'resource_id', onZero: 'error' }
}

function namedAs(property: string, by: string | undefined) {
  if (!isComposed(by)) return { column: property, ...(by === undefined ? {} : { by }) }
  const names = namesIn(by)
  return { columns: names.map((name) => partName(property, name)), by: names }
}

type Refuse = (path: YamlPath, message: string, remedy: string, part?: 'key') => void
const belowFolder = 'Name a file below the folder that the agent is given.'

/**
 * What is kept in the repository is read by every machine that works with it. So it names no program to be run, and no place on a
 * machine from which files would be read and sent away.
 */
export function checkStorable(definition: Definition<SourceInput>, findings: Findings): void {
  const { value, name } = definition
  const refuse: Refuse = (path, message, remedy, part) =>
    findings.add(findingCodes.notStorable, placeIn(definition, path, part), message, { remedy })
  const there = `Define ${name} in a file where the files are, or take it out here`
  if (value.export !== undefined)
    refuse(['export'], 'A stored source cannot have an export: any machine would run it.', `${there}.`, 'key')
  if (value.folder !== undefined)
    refuse(
      ['folder'],
      'A stored source cannot name a folder: it would be on some machine.',
      `${there}, and say --folder.`,
      'key',
    )
  if (value.marker !== undefined && leaves(value.marker)) {
    refuse(['marker'], `"${value.marker}" would leave the folder of the source.`, belowFolder)
  }
  if (value.graph !== undefined) refuseFilesOf(value.graph, refuse)
  if (value.renamedFrom !== undefined) {
    const remedy = `sluice source rename ${value.renamedFrom} ${name}`
    refuse(['renamedFrom'], 'A stored source is renamed with a command.', remedy, 'key')
  }
  for (const path of tableFilesIn(value)) {
    const message = 'A stored source cannot name a file for a table of values.'
    refuse(path, message, 'Write the values under "values".')
  }
  for (const section of ['entities', 'associations'] as const) {
    for (const [mapping, { file }] of Object.entries(value[section] ?? {})) {
      if (file === undefined || !leaves(file)) continue
      refuse([section, mapping, 'file'], `"${file}" would leave the folder of the source.`, belowFolder)
    }
  }
}

/** Modules have no place beside a definition that is stored: their texts are stored with it. */
function refuseFilesOf({ modules, files }: NonNullable<SourceInput['graph']>, refuse: Refuse): void {
  if (moduleInputs(modules).some((module) => typeof module === 'string')) {
    const message = 'A stored source cannot name files of modules: they would be on some machine.'
    const remedy =
      'Write each as {file: hosts.tpl, text: …}; "sluice source apply" does so with those it finds.'
    refuse(['graph', 'modules'], message, remedy)
  }
  for (const [index, input] of (typeof files === 'string' ? [files] : files).entries()) {
    const file = fileOfInput(input)
    if (!leaves(file)) continue
    const path = typeof files === 'string' ? ['graph', 'files'] : ['graph', 'files', index]
    refuse(path, `"${file}" would leave the folder of the source.`, belowFolder)
  }
}

type FileInput = Exclude<NonNullable<SourceInput['graph']>['files'], string>[number]

function fileOfInput(input: FileInput): string {
  if (typeof input === 'string') return input
  if ('file' in input) return input.file
  if ('nodes' in input) return input.nodes
  return 'relationships' in input ? input.relationships : input.table
}

/** Whether a path names another place than one below its folder. */
function leaves(path: string): boolean {
  return /^(?:[/\\]|[A-Za-z]:)/.test(path) || path.split(/[/\\]/).includes('..')
}

/** Where tables of values are files. */
export function tableFilesIn({
  entities = {},
  associations = {},
}: SourceInput): readonly (readonly string[])[] {
  const shaped = [
    ...Object.entries(entities).flatMap(([mapping, { properties }]) =>
      Object.entries(properties).map(([name, input]) => ({
        at: ['entities', mapping, 'properties', name],
        input,
      })),
    ),
    ...Object.entries(associations).flatMap(([mapping, { from, to }]) =>
      Object.entries({ from, to }).map(([end, input]) => ({ at: ['associations', mapping, end], input })),
    ),
  ]
  return shaped.flatMap(({ at, input }) =>
    typeof input === 'object' && input.table?.file !== undefined ? [[...at, 'table', 'file']] : [],
  )
}

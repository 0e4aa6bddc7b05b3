/**
 * Modules → a program.
 *
 * @module
 */
import { suggestion } from '@sluice/model'
import { type Diagnostic, type Report, reportInto, severityOf } from '../diagnostic.ts'
import type { Extended, Import, ModuleTree, SyncmappingTree, Version } from '../tree/tree.ts'
import {
  type ExtendedVariable,
  type Extension,
  inForce,
  type LinkedModule,
  type Mapping,
  type Named,
  type Program,
  variablesOf,
} from './program.ts'
import { scopeOf } from './scopes.ts'

export interface Linked {
  readonly program: Program
  readonly diagnostics: readonly Diagnostic[]
}

/** @param trees In the order of loading. */
export function link(trees: readonly ModuleTree[]): Linked {
  const diagnostics: Diagnostic[] = []
  const modules = trees.map((tree) => declare(tree, reportInto(tree.file, diagnostics)))
  reportRepeated(modules)
  for (const module of modules) importNames(module, modules)
  for (const module of modules) for (const mapping of module.mappings) override(mapping, module)
  for (const module of modules) for (const mapping of module.mappings) extend(mapping, module)
  const mappings = modules.flatMap((module) => module.mappings)
  for (const module of modules) for (const mapping of module.mappings) reportCycle(mapping, module)
  diagnostics.push(...mappings.flatMap(overriddenNote))
  return { program: { modules, mappings }, diagnostics }
}

/** What is filled in while linking. */
interface Making extends LinkedModule {
  readonly names: Map<string, Named>
  readonly mappings: readonly MappingMade[]
  readonly report: Report
}

interface MappingMade extends Mapping {
  readonly extends: ExtendedVariable[]
  readonly extensions: Map<string, Extension[]>
  readonly overrides: MappingMade[]
  overriddenBy: Mapping | undefined
}

function declare(tree: ModuleTree, report: Report): Making {
  const names = new Map<string, Named>()
  const mappings: MappingMade[] = []
  const module: Making = { tree, names, mappings, report }
  for (const name of tree.skipped) names.set(name, { type: 'skipped' })
  for (const table of tree.tables) names.set(table.name.text, { type: 'table', table, module })
  for (const configuration of tree.configurations) {
    names.set(configuration.name.text, { type: 'configuration', configuration, module })
  }
  for (const syncmapping of tree.syncmappings) {
    const mapping = emptyMapping(syncmapping, module, report)
    if (names.has(mapping.tree.name.text)) {
      report('NAME_REPEATED', mapping.tree.name.at, `This module declares ${mapping.tree.name.text} already.`)
    } else names.set(mapping.tree.name.text, { type: 'mapping', mapping })
    mappings.push(mapping)
  }
  return module
}

function emptyMapping(tree: SyncmappingTree, module: LinkedModule, report: Report): MappingMade {
  return {
    tree,
    module,
    scope: scopeOf(tree, report),
    extends: [],
    extensions: new Map(),
    overriddenBy: undefined,
    overrides: [],
  }
}

function reportRepeated(modules: readonly Making[]): void {
  const seen = new Map<string, string>()
  for (const { tree, report } of modules) {
    const other = seen.get(tree.name.text)
    if (other !== undefined && tree.name.text !== '') {
      report('MODULE_REPEATED', tree.name.at, `${other} is a module of this name, too.`)
    }
    seen.set(tree.name.text, tree.file)
  }
}

function importNames(module: Making, modules: readonly Making[]): void {
  for (const imported of module.tree.imports) {
    const from = modules.find(({ tree }) => tree.name.text === imported.module.text)
    const named = from === undefined ? undefined : lookUp(from, imported, module.report)
    if (from === undefined) {
      module.report(
        'IMPORT_MISSING',
        imported.module.at,
        `Module ${imported.module.text} is not among the given files, so uses of ${imported.name.text} are not checked.`,
        'Give its file, too.',
      )
    }
    module.names.set(imported.alias.text, named ?? { type: 'unavailable' })
  }
}

function lookUp(from: Making, imported: Import, report: Report): Named | undefined {
  const declared = declarationsOf(from.tree)
  const version = declared.get(imported.name.text)
  if (version === undefined && !from.tree.skipped.includes(imported.name.text)) {
    report(
      'IMPORT_UNKNOWN',
      imported.name.at,
      `Module ${from.tree.name.text} declares no ${imported.name.text}.`,
      suggestion(imported.name.text, declared.keys()),
    )
    return undefined
  }
  if (version !== undefined && !satisfies(version, imported.version)) {
    const wanted = `${imported.version.major}.${imported.version.minor}`
    const there = `${version.major}.${version.minor}`
    report(
      'IMPORT_VERSION',
      imported.version.at,
      `${imported.name.text} is ${there} there, which does not serve who asks for ${wanted}.`,
      'The first number has to be the same, the second at least as high.',
    )
  }
  return from.names.get(imported.name.text)
}

function declarationsOf(tree: ModuleTree): ReadonlyMap<string, Version> {
  const all = [...tree.syncmappings, ...tree.tables, ...tree.configurations]
  return new Map(all.map(({ name, version }) => [name.text, version]))
}

function satisfies(there: Version, wanted: Version): boolean {
  return there.major === wanted.major && there.minor >= wanted.minor
}

function override(mapping: MappingMade, module: Making): void {
  for (const name of mapping.tree.overview.overrides) {
    const isImported = module.tree.imports.some(({ alias }) => alias.text === name.text)
    const named = module.names.get(name.text)
    if (!isImported || (named?.type !== 'mapping' && named?.type !== 'unavailable')) {
      const remedy = `Write "from MODULE import ${name.text} VERSION;" before the syncmapping.`
      module.report(
        'OVERRIDES_NOT_IMPORTED',
        name.at,
        `${name.text} is overridden, but not imported.`,
        remedy,
      )
    } else if (named.type === 'mapping') takePlace(mapping, made(named.mapping), module, name)
  }
}

/** Every mapping of a program that is being linked was made here. */
function made(mapping: Mapping): MappingMade {
  if (!isMade(mapping)) throw new TypeError('the mapping belongs to another program')
  return mapping
}

function isMade(mapping: Mapping): mapping is MappingMade {
  return Array.isArray(mapping.extends)
}

function takePlace(
  mapping: MappingMade,
  overridden: MappingMade,
  module: Making,
  name: SyncmappingTree['name'],
): void {
  if (overridden.overriddenBy !== undefined) {
    const other = overridden.overriddenBy.tree.name.text
    module.report(
      'OVERRIDDEN_TWICE',
      name.at,
      `${other} overrides ${name.text}, too; the one that is loaded last counts.`,
    )
  }
  if (inForce(mapping) === overridden) {
    module.report('SOURCE_CYCLE', name.at, `${name.text} overrides this mapping in its turn.`)
    return
  }
  overridden.overriddenBy = mapping
  mapping.overrides.push(overridden)
}

function overriddenNote({ tree, module, overriddenBy }: Mapping): readonly Diagnostic[] {
  if (overriddenBy === undefined) return []
  const code = 'MAPPING_OVERRIDDEN'
  const { file, name } = overriddenBy.module.tree
  const { at } = overriddenBy.tree.name
  const message = `${tree.name.text} is overridden by ${overriddenBy.tree.name.text} of ${name.text} (${file}:${at.line}).`
  const place = { file: module.tree.file, at: tree.name.at, related: { file, at } }
  return [{ code, severity: severityOf(code), message, remedy: undefined, ...place }]
}

function extend(mapping: MappingMade, module: Making): void {
  if (mapping.tree.source.type === 'on') return
  for (const extended of mapping.tree.source.extended) {
    const named = module.names.get(extended.mapping.text)
    if (named === undefined || (named.type !== 'mapping' && named.type !== 'unavailable')) {
      module.report(
        'SOURCE_NOT_IMPORTED',
        extended.mapping.at,
        `${extended.mapping.text} is not a syncmapping of this module, and none is imported under this name.`,
        suggestion(extended.mapping.text, mappingNames(module)) ??
          `Write "from MODULE import ${extended.mapping.text} VERSION;".`,
      )
    } else if (named.type === 'mapping')
      attach(mapping, made(inForce(named.mapping)), extended, module.report)
  }
}

function mappingNames({ names }: Making): readonly string[] {
  return [...names].filter(([, { type }]) => type === 'mapping').map(([name]) => name)
}

function attach(
  mapping: MappingMade,
  extended: MappingMade,
  { variable, where }: Extended,
  report: Report,
): void {
  const known = variablesOf(extended)
  if (!known.includes(variable.text)) {
    report(
      'SOURCE_UNKNOWN',
      variable.at,
      `${extended.tree.name.text} declares no source variable ${variable.text}.`,
      suggestion(variable.text, known),
    )
    return
  }
  mapping.extends.push({ mapping: extended, variable: variable.text, where })
  const extensions = extended.extensions.get(variable.text) ?? []
  extended.extensions.set(variable.text, [...extensions, { mapping, where }])
}

function reportCycle(mapping: MappingMade, { report }: Making): void {
  if (!reaches(mapping, mapping, new Set())) return
  const { name } = mapping.tree
  report('SOURCE_CYCLE', name.at, `${name.text} extends itself, so that it never begins.`)
}

function reaches(from: Mapping, to: Mapping, seen: Set<Mapping>): boolean {
  if (seen.has(from)) return false
  seen.add(from)
  return from.extends.some(({ mapping }) => mapping === to || reaches(mapping, to, seen))
}

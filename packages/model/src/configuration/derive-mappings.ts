/**
 * The mappings of a graph source, of what its syncmappings can make: a class is an entity type of the same name, an attribute a
 * property, a class of relationships an association. What people say of them, of other sources above all, is theirs.
 *
 * @module
 */
import type { Association, EntityModel, EntityType, Property } from '../entity/entity-model.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { CompiledModules, Syncmappings } from './graph-modules.ts'
import { suggestion } from './names.ts'
import { keyProperties, type ResolvedGraph, resolveGraph } from './resolve-graph.ts'
import type { AssociationMappingInput, EntityMappingInput, SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

type Definitions = ReadonlyMap<string, Definition<SourceInput>>

export interface DerivedSources {
  /** With the mappings of graph sources, as somebody could have written them. */
  readonly definitions: Definitions
  /** Of the sources that are graphs. */
  readonly graphs: ReadonlyMap<string, ResolvedGraph>
}

export function deriveMappings(
  sources: Definitions,
  model: EntityModel,
  of: { readonly syncmappings: Syncmappings | undefined; readonly findings: Findings },
): DerivedSources {
  const graphs = new Map<string, ResolvedGraph>()
  const definitions = new Map(sources)
  for (const [name, source] of sources) {
    const { graph: input } = source.value
    if (input === undefined || source.value.table === true) continue
    const graph = resolveGraph({ source, ...of }, input)
    graphs.set(name, graph)
    const deriving = new Deriving({ source, model, graph, ...of })
    definitions.set(name, { ...source, value: deriving.derive() })
  }
  return { definitions, graphs }
}

interface Context {
  readonly source: Definition<SourceInput>
  readonly model: EntityModel
  readonly graph: ResolvedGraph
  readonly syncmappings: Syncmappings | undefined
  readonly findings: Findings
}

const nothingMade: CompiledModules = { findings: [], classes: new Map(), relationships: new Map() }

class Deriving {
  readonly #context: Context
  readonly #made: CompiledModules

  constructor(context: Context) {
    const { graph, syncmappings, model } = context
    this.#context = context
    const sound = graph.modules.length > 0 && syncmappings !== undefined
    this.#made = sound ? syncmappings.compile(graph.modules, model, graph.dataModel) : nothingMade
  }

  derive(): SourceInput {
    const { source, findings } = this.#context
    for (const { severity, message, remedy, ...place } of this.#made.findings)
      findings.add(findingCodes.module, place, message, { severity, remedy })
    this.#refuseFiles()
    const { value } = source
    // Of what does not compile nothing is known for sure, and what would be said of it here would mislead.
    if (this.#made.findings.some(({ severity }) => severity === 'error'))
      return { ...value, entities: {}, associations: {} }
    this.#refuseUnmade()
    const { classes, relationships } = this.#made
    return {
      ...value,
      entities: Object.fromEntries([...classes].flatMap((made) => this.#entity(...made))),
      associations: Object.fromEntries([...relationships].flatMap((made) => this.#association(...made))),
    }
  }

  #entity(name: string, made: ReadonlySet<string>): readonly (readonly [string, EntityMappingInput])[] {
    const { source, model, graph } = this.#context
    const type = model.entityTypes.get(name)
    if (type === undefined) {
      this.#add(
        `A syncmapping makes "${name}", which is not an entity type.`,
        suggestion(name, model.entityTypes.keys()),
      )
      return []
    }
    const written = source.value.entities?.[name]
    if (!this.#hasKey(type)) return []
    const known = new Set(type.properties.filter(isAttribute).map(({ name: property }) => property))
    const mapped = [...keyProperties(graph.key, known), ...[...made].filter((one) => known.has(one))]
    this.#refuseUnset(['entities', name], written?.properties, mapped)
    const properties = Object.fromEntries(mapped.map((one) => [one, written?.properties[one] ?? {}]))
    return [[name, { ...written, ...sharing(written), file: name, key: graph.key, properties }]]
  }

  #association(
    name: string,
    made: ReadonlySet<string>,
  ): readonly (readonly [string, AssociationMappingInput])[] {
    const { source, model, graph } = this.#context
    const association = model.associations.get(name)
    if (association === undefined) {
      const message = `A syncmapping makes relationships of "${name}", which is not an association.`
      this.#add(message, suggestion(name, model.associations.keys()))
      return []
    }
    const written = source.value.associations?.[name]
    if (!this.#endsHaveKey(association)) return []
    const known = new Set(association.properties.map(({ name: property }) => property))
    const mapped = [...made].filter((one) => known.has(one))
    this.#refuseUnset(['associations', name], written?.properties, mapped)
    const properties = Object.fromEntries(mapped.map((one) => [one, written?.properties?.[one] ?? {}]))
    const end = (column: string) => ({ column, by: graph.key })
    return [[name, { ...written, file: name, from: end('from'), to: end('to'), properties }]]
  }

  #hasKey(type: EntityType): boolean {
    const { key } = this.#context.graph
    const property = type.properties.find(({ name }) => name === key)
    if (property?.type === 'string' || property?.type === 'text') return true
    const what = property === undefined ? `has no property "${key}"` : `has "${key}" as ${property.type}`
    const message = `A syncmapping makes "${type.name}", which ${what}: that property has to hold the class and the key of each resource it makes.`
    this.#add(
      message,
      `Add "${key}: string" to "${type.name}" or to a type that it extends, or name another property as key.`,
    )
    return false
  }

  /** An end is looked up in a whole family by the one property. */
  #endsHaveKey({ name, from, to }: Association): boolean {
    const { model, graph } = this.#context
    const lacking = [from, to].filter(
      (end) =>
        model.entityTypes.get(end)?.properties.every((property) => property.name !== graph.key) ?? true,
    )
    for (const end of new Set(lacking)) {
      const message = `"${name}" ends at "${end}", which has no property "${graph.key}", by which a syncmapping names it.`
      this.#add(message, `Add "${graph.key}: string" to "${end}".`)
    }
    return lacking.length === 0
  }

  /** What is said of a property that nothing sets would be said in vain. */
  #refuseUnset(
    path: YamlPath,
    written: Readonly<Record<string, unknown>> | undefined,
    mapped: readonly string[],
  ): void {
    const { source, findings } = this.#context
    for (const [name, details] of Object.entries(written ?? {})) {
      this.#refuseColumns([...path, 'properties', name], details)
      if (mapped.includes(name)) continue
      const message = `No syncmapping sets "${name}" of "${String(path.at(-1))}".`
      findings.add(findingCodes.mapping, placeIn(source, [...path, 'properties', name], 'key'), message, {
        remedy: suggestion(name, mapped),
      })
    }
  }

  /** What a body sets is a value; there is no column that it stands in, and nothing to say of how it is written there. */
  #refuseColumns(path: YamlPath, written: unknown): void {
    const { source, findings } = this.#context
    const keys = typeof written === 'object' && written !== null ? Object.keys(written) : ['column']
    const key = keys.find((one) => !shared.has(one))
    if (key === undefined) return
    const message = `"${String(path.at(-1))}" is set by a syncmapping, so "${key}" is not allowed here.`
    findings.add(findingCodes.mapping, placeIn(source, [...path, key], 'key'), message, {
      remedy: `Allowed here are only: ${[...shared].join(', ')}.`,
    })
  }

  #refuseUnmade(): void {
    const { source, findings } = this.#context
    const made = { entities: this.#made.classes, associations: this.#made.relationships }
    for (const section of ['entities', 'associations'] as const) {
      for (const name of Object.keys(source.value[section] ?? {})) {
        if (made[section].has(name)) continue
        const message = `No syncmapping makes "${name}".`
        findings.add(findingCodes.mapping, placeIn(source, [section, name], 'key'), message, {
          remedy: suggestion(name, made[section].keys()),
        })
      }
    }
  }

  /** A mapping of a graph source has no file: its rows are what syncmappings make. */
  #refuseFiles(): void {
    const { source, findings } = this.#context
    const refuse = (path: readonly string[], message: string) =>
      findings.add(findingCodes.mapping, placeIn(source, path, 'key'), message, {
        remedy: `Remove "${path.at(-1)}".`,
      })
    for (const [name, mapping] of Object.entries(source.value.entities ?? {})) {
      for (const key of ['file', 'key', 'format', 'commands', 'where', 'linkSets'] as const)
        if (mapping[key] !== undefined) refuse(['entities', name, key], fromSyncmappings(key))
    }
    for (const [name, mapping] of Object.entries(source.value.associations ?? {})) {
      for (const key of ['file', 'from', 'to', 'format', 'commands', 'where'] as const)
        if (mapping[key] !== undefined) refuse(['associations', name, key], fromSyncmappings(key))
    }
  }

  #add(message: string, remedy: string | undefined): void {
    const { source, findings } = this.#context
    findings.add(findingCodes.module, placeIn(source, ['graph', 'modules'], 'key'), message, { remedy })
  }
}

/** A body says one text for an attribute; a file needs three, and what a reference names is a matter of relationships. */
function isAttribute({ type }: Property): boolean {
  return type !== 'file' && type !== 'reference'
}

const shared: ReadonlySet<string> = new Set(['policy', 'precedence', 'update', 'reconcile'])

function fromSyncmappings(key: string): string {
  return `The rows of a graph source come from its syncmappings, so "${key}" is not allowed.`
}

/** The key of a CI is made of what its host says: where rules tell that it is the same, another key is no other thing. */
function sharing(written: EntityMappingInput | undefined): Pick<EntityMappingInput, 'reconciliation'> {
  const reconciliation = written?.reconciliation
  if (reconciliation === undefined) return {}
  return { reconciliation: { ...reconciliation, onRekey: reconciliation.onRekey ?? 'update' } }
}

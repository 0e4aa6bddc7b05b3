/**
 * A source that is a graph: nodes and relationships, of which syncmappings make resources and links.
 *
 * On its way from the agent to the server it is a source of two tables, `nodes` and `relationships`, so that it is sorted, compared,
 * delivered and counted like any other. Only the server makes resources of them.
 *
 * @module
 */
import type { EntityModel, EntityType } from '../entity/entity-model.ts'
import { type GraphInput, nodesMapping, relationshipsMapping } from './graph-input.ts'
import type { EntityMapping, FileFormat, Source } from './source.ts'

export interface GraphSource {
  /** Where nodes and relationships come from. */
  readonly inputs: readonly GraphInput[]
  /** In the order of loading. */
  readonly modules: readonly GraphModule[]
  /** 0 to 6: how the target says that one resource impacts another. */
  readonly dataModel: number
  /** The property that holds `<class>/<key>`, by which a replica and the ends of a link are known. */
  readonly key: string
  /** What `system.getOption` answers. */
  readonly options: Readonly<Record<string, string>>
}

export interface GraphModule {
  /** Relative to the file that defines the source, with forward slashes. */
  readonly file: string
  readonly text: string
}

/** Of the target's class, where an entity type has it: the key alone. */
export const bareKeyProperty = 'ADDMIntegrationId'

/** Columns of `nodes`: `attributes` is a JSON object, `destroyed` is `true` or empty. */
export const nodeColumns = ['id', 'kind', 'attributes', 'destroyed'] as const
/** Columns of `relationships`; `id` is what `relationshipId` makes of the others. */
export const relationshipColumns = ['id', 'from', 'fromRole', 'kind', 'toRole', 'to', 'attributes'] as const

/** A relationship is known by its ends, their roles and its kind. */
export function relationshipId(of: {
  readonly from: string
  readonly fromRole: string
  readonly kind: string
  readonly toRole: string
  readonly to: string
}): string {
  return JSON.stringify([of.from, of.fromRole, of.kind, of.toRole, of.to])
}

/** A source as agent and inbox see it, with the types of what it delivers. */
export interface Delivered {
  readonly source: Source
  readonly model: EntityModel
}

/** Of a source that is no graph: itself. */
export function deliveredAs(source: Source, model: EntityModel): Delivered {
  if (source.graph === undefined) return { source, model }
  const entities = [tableOf(nodesMapping, nodeColumns), tableOf(relationshipsMapping, relationshipColumns)]
  return { source: { ...source, entities, associations: [] }, model: graphModel }
}

const plainFormat: FileFormat = {
  separator: ',',
  encoding: 'utf-8',
  skipLines: 0,
  quotedLineBreaks: 'trust',
  shortRows: 'reject',
}

function tableOf(name: string, columns: readonly string[]): EntityMapping {
  return {
    name,
    entityType: name,
    file: `${name}.csv`,
    format: plainFormat,
    key: 'id',
    commands: false,
    properties: columns.map((column) => ({ property: column, column })),
    thresholds: {},
  }
}

function typeOf(name: string, columns: readonly string[]): readonly [string, EntityType] {
  const properties = columns.map((column) => ({ name: column, type: 'text' as const, required: false }))
  return [name, { name, abstract: false, properties }]
}

const graphModel: EntityModel = {
  entityTypes: new Map([
    typeOf(nodesMapping, nodeColumns),
    typeOf(relationshipsMapping, relationshipColumns),
  ]),
  associations: new Map(),
}

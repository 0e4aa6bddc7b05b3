/**
 * What a configuration is given of syncmappings: their modules, as they were read, and what they can make.
 *
 * The language is another package, which knows this one; so it is handed in, and only where there is a graph source.
 *
 * @module
 */
import type { EntityModel } from '../entity/entity-model.ts'
import type { GraphModule } from '../source/graph.ts'
import type { Finding } from './finding.ts'

export interface FoundModule extends GraphModule {
  /** As findings name it. */
  readonly path: string
}

/** What the modules of a source can make. */
export interface CompiledModules {
  /** What is wrong with their texts, by `path` of each. */
  readonly findings: readonly Omit<Finding, 'code'>[]
  /** Attributes that are set anywhere, by class. */
  readonly classes: ReadonlyMap<string, ReadonlySet<string>>
  /** The same of classes of relationships. */
  readonly relationships: ReadonlyMap<string, ReadonlySet<string>>
}

export interface Syncmappings {
  /** What a file names under `modules`, in the order of loading; a text that says why where nothing is found. */
  find(file: string, pattern: string): readonly FoundModule[] | string
  compile(modules: readonly FoundModule[], model: EntityModel, dataModel: number): CompiledModules
}

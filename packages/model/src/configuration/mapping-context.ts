/**
 * What the mappings of one source are resolved with.
 *
 * @module
 */
import type { EntityModel } from '../entity/entity-model.ts'
import type { Definition } from './definition.ts'
import type { Findings } from './findings.ts'
import type { ResolveBy } from './resolve-by.ts'
import type { Cleansing } from './resolve-cleansing.ts'
import type { Defaults } from './resolve-thresholds.ts'
import type { Shaping } from './shaping.ts'
import type { SourceInput } from './source-schema.ts'

export interface MappingContext {
  readonly source: Definition<SourceInput>
  readonly model: EntityModel
  readonly findings: Findings
  readonly resolveBy: ResolveBy
  readonly defaults: Defaults
  readonly worthlessValues: readonly string[]
  readonly shaping: Shaping | undefined
  /** What the source says for all of its columns. */
  readonly cleansing: Cleansing
}

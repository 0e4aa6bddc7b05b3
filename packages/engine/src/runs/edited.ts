import type { EditedResource, RunReport } from '@sluice/model'

/** What became of an edit. */
export interface Edited {
  readonly report: RunReport
  /** What the edits of resources were about, in their order. */
  readonly resources: readonly EditedResource[]
}

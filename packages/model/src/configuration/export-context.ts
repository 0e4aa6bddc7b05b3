/**
 * What surrounds the export of a source while it is resolved.
 *
 * @module
 */
import type { Connectors } from './connectors.ts'
import type { Environment } from './fill-in.ts'
import type { Findings } from './findings.ts'

export interface ExportContext {
  /** Absolute path of the folder of the file that the source is defined in. */
  readonly workingFolder: string
  readonly environment: Environment
  /** Without it, options of connectors are taken as they stand. */
  readonly connectors: Connectors | undefined
  readonly findings: Findings
}

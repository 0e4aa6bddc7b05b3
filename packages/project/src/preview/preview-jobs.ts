/**
 * What is done for a preview in a process of its own: what somebody else has written is read there, and carried out.
 *
 * @module
 */
import {
  type ConfigurationFile,
  type EntityModel,
  type ParsedProposal,
  parseProposal,
  type Source,
} from '@sluice/model'
import { loadShapingChecks, type TriedRow, type TryRequest, tryMapping } from '@sluice/prepare'
import { loadDisplays } from '../display/load-displays.ts'

export interface ParseJob {
  readonly kind: 'parse'
  readonly text: string
  /** Of the project. */
  readonly files: readonly ConfigurationFile[]
  readonly source: Source
  readonly model: EntityModel
  readonly readable: readonly string[]
}

export interface TryJob {
  readonly kind: 'try'
  readonly request: TryRequest
}

export interface PreviewJob {
  readonly job: ParseJob | TryJob
  /** Milliseconds, after which the process ends itself. */
  readonly time: number
}

export async function parse({ text, files, ...of }: ParseJob): Promise<ParsedProposal> {
  const compileDisplay = await loadDisplays([...files, { path: 'proposal', text }])
  return parseProposal(text, { ...of, files, compileDisplay, shaping: await loadShapingChecks() })
}

export async function tryRows({ request }: TryJob): Promise<readonly TriedRow[]> {
  return (await tryMapping(request)) ?? []
}

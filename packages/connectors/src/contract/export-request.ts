/**
 * What is asked of an export, whatever kind of managed system it reads.
 *
 * @module
 */
import type { DeliveryMode, OnProgress, Source } from '@sluice/model'

/** A line that an export program writes to one of its outputs. */
export interface ProgramLine {
  readonly stream: 'stdout' | 'stderr'
  readonly text: string
}
export type OnProgramLine = (line: ProgramLine) => void

/** What exported files can be delivered as. */
export interface Answer {
  readonly mode: DeliveryMode
  /** Why it is not the mode asked for. */
  readonly note?: string | undefined
}

/**
 * Says of files that were exported what they can be delivered as. Asked before they take the place of those before;
 * throws when they fit nothing. `stated` is the mode that the export says they are of.
 */
export type AnswerOf = (written: {
  readonly folder: string
  readonly stated: DeliveryMode | undefined
}) => Promise<Answer>

/** Of an export that has been: which files, and what shall be made of them. */
export interface ExportedFilesRequest {
  readonly source: Source
  readonly mode: DeliveryMode
  readonly answerOf: AnswerOf
  /** Take the files of this folder instead of the source's, whoever wrote them. */
  readonly folder?: string | undefined
}

export interface ExportRequest extends ExportedFilesRequest {
  /** What is asked of the program. When the chain is broken, that is `complete`, and it is given no cookies. */
  readonly mode: DeliveryMode
  /** Folder of the cookies that came with the last acknowledged delivery. */
  readonly cookies?: string | undefined
  /** What the program inherits, without Sluice's own variables; that of this process when absent. */
  readonly environment?: Readonly<Record<string, string | undefined>> | undefined
  /** Called with each line that the program writes; the same lines are the subject of the progress. */
  readonly log?: OnProgramLine | undefined
  readonly onProgress?: OnProgress | undefined
  readonly signal?: AbortSignal | undefined
}

/**
 * The list that the steps of reading a configuration write their findings to.
 *
 * @module
 */
import type { Place } from '../errors.ts'
import { type Finding, type FindingCode, type FindingSeverity, isClean } from './finding.ts'

export interface FindingOptions {
  readonly remedy?: string | undefined
  readonly severity?: FindingSeverity
}

export class Findings {
  readonly #list: Finding[] = []

  add(code: FindingCode, place: Place, message: string, options: FindingOptions = {}): void {
    this.#list.push({
      severity: options.severity ?? 'error',
      code,
      message,
      file: place.file,
      line: place.line,
      column: place.column,
      ...(options.remedy === undefined ? {} : { remedy: options.remedy }),
    })
  }

  get clean(): boolean {
    return isClean(this.#list)
  }

  /** In the order of the text: file by file as they were read, then by line and column. */
  sorted(files: readonly string[]): readonly Finding[] {
    const position = (finding: Finding) => files.indexOf(finding.file)
    return [...this.#list].sort(
      (a, b) =>
        position(a) - position(b) || (a.line ?? 0) - (b.line ?? 0) || (a.column ?? 0) - (b.column ?? 0),
    )
  }
}

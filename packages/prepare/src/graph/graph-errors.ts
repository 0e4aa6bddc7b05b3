/**
 * Why a file of nodes and relationships cannot be read at all.
 *
 * @module
 */
import { SluiceError } from '@sluice/model'

/**
 * SLUICE-PREPARE-35: a file of nodes and relationships is damaged, so nothing of it can be trusted.
 *
 * It is empty, no UTF-8, or ends in the middle of its document; the message says which. What is missing would look like deletions, so
 * nothing is delivered. A graph without anything is a document with empty lists, or JSON Lines of one empty line.
 */
export class DamagedGraphFileError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-35'
  readonly blame = 'source'
  readonly retry = false

  constructor(file: string, line: number | undefined, reason: string) {
    super(`${file}${line === undefined ? '' : `, line ${line},`} ${reason}.`, {
      remedy: 'Run the export again and wait for its end.',
      place: { file, line },
      details: { file, line },
    })
  }
}

/**
 * SLUICE-PREPARE-36: the format of a file of nodes and relationships is not known.
 *
 * It is known from names that end in `.jsonl` or `.ndjson`, `.json`, `.graphml` or `.xml`, compressed or not; for any other file set `form`.
 */
export class GraphFormError extends SluiceError {
  readonly code = 'SLUICE-PREPARE-36'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(file: string) {
    super(`The name of ${file} does not tell how it is written.`, {
      remedy: `Write {file: ${file}, form: jsonLines} under graph.files, or json, or graphml.`,
      place: { file },
      details: { file },
    })
  }
}

/**
 * What can be wrong with the files of a managed system before a byte of them is read.
 *
 * @module
 */
import { SluiceError, visibleText } from '@sluice/model'

/**
 * SLUICE-EXPORT-01: a mapped source file is not there.
 *
 * A missing file is not an empty system, so nothing is delivered. Let the export run, or correct
 * `file` in the mapping; the message names a file that looks alike when there is one.
 */
export class MissingSourceFileError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-01'
  readonly blame = 'source'
  readonly retry = false

  constructor(name: string, folder: string, near: string | undefined) {
    super(`The source file "${name}" does not exist in ${folder}.`, {
      remedy:
        near === undefined
          ? 'Run the export that writes it, or correct `file` in the mapping.'
          : `Did you mean "${near}"? Else run the export that writes it, or correct \`file\` in the mapping.`,
      place: { file: name },
      details: { file: name, folder, near },
    })
  }
}

/**
 * SLUICE-EXPORT-02: the folder that should hold the part files of a table is empty.
 *
 * An empty folder is not an empty table: an empty table is a part file with only its header. Let
 * the export run again.
 */
export class EmptySourceFolderError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-02'
  readonly blame = 'source'
  readonly retry = false

  constructor(name: string, path: string) {
    super(`The folder "${name}" of part files is empty (${path}).`, {
      remedy: 'Run the export that fills it; an empty table is a file with only its header.',
      place: { file: name },
      details: { folder: name },
    })
  }
}

/**
 * SLUICE-EXPORT-03: a source file is there but cannot be read.
 *
 * The operating system's reason is in the message: usually missing rights of the account Sluice
 * runs under, or a network drive that went away.
 */
export class UnreadableSourceFileError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-03'
  readonly blame = 'source'
  readonly retry = false

  constructor(path: string, cause: unknown) {
    super(
      `The source file ${path} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      {
        cause,
        remedy: 'Give the account that runs Sluice the right to read it.',
        details: { file: path },
      },
    )
  }
}

/**
 * SLUICE-EXPORT-16: no file fits the pattern of a mapping.
 *
 * `file` of a mapping may hold `*` and `?`, such as `people-*.csv`. None of the files in the folder has such a name; the message
 * lists what lies there.
 */
export class NoFileFitsError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-16'
  readonly blame = 'source'
  readonly retry = false

  constructor(pattern: string, folder: string, names: readonly string[]) {
    super(`No file in ${folder} fits "${pattern}"; ${inWords(names)}.`, {
      remedy: 'Run the export that writes it, or correct `file` in the mapping.',
      place: { file: pattern },
      details: { pattern, folder, names: names.slice(0, mostNamed) },
    })
  }
}

/**
 * SLUICE-EXPORT-17: several files fit the pattern of a mapping, and nothing says which of them is taken.
 *
 * The wrong one would be yesterday's system, so none is. `several` in the mapping says which: the `last` by name, the `newest`, or
 * `all` of them as part files of one table.
 */
export class AmbiguousFilesError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-17'
  readonly blame = 'configuration'
  readonly retry = false

  constructor(pattern: string, folder: string, names: readonly string[]) {
    super(`${names.length} files in ${folder} fit "${pattern}": ${listed(names)}.`, {
      remedy:
        'Write `several: last` in its mapping, or beside the file of a graph, for the last by name, `several: newest` for the one written last, or `several: all` where they are parts of one table.',
      place: { file: pattern },
      details: { pattern, folder, names: names.slice(0, mostNamed) },
    })
  }
}

/**
 * SLUICE-EXPORT-18: a source file is older than its `maxAge`.
 *
 * What a system wrote then is not what it holds today, and an export that has stopped looks like a system in which nothing happens.
 * So nothing is run. Let the export write it again; a job with `retry` tries again by itself.
 */
export class OutdatedFileError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-18'
  readonly blame = 'source'
  readonly retry = true

  constructor(
    source: string,
    { name, path, modified }: { readonly name: string; readonly path: string; readonly modified: number },
    { now, maxAge, folder }: { readonly now: number; readonly maxAge: number; readonly folder: string },
  ) {
    const written = new Date(modified).toISOString()
    super(
      `${name} was written at ${written}, ${age(now - modified)} ago, and may be at most ${age(maxAge)} old.`,
      {
        remedy: `Find out why the system has not written it since. To take it all the same: sluice sync ${source} --folder ${folder}`,
        place: { file: name },
        details: { source, file: path, written, maxAge },
      },
    )
  }
}

/**
 * SLUICE-EXPORT-19: the files of a source are not all there yet.
 *
 * A system that drops several files writes the `marker` of the source when the last of them is there. It is missing, or a file has
 * been written since, so that a delivery is under way. A job with `retry` tries again by itself.
 */
export class DeliveryNotReadyError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-19'
  readonly blame = 'source'
  readonly retry = true

  constructor(source: string, reason: string) {
    super(`The files of "${source}" are not all there yet: ${reason}.`, {
      remedy: 'Run it again when the system has written all of them, and then its marker.',
      details: { source },
    })
  }
}

/** `45 min`, `26 h 20 min`, `3 d 2 h`. */
function age(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000)
  if (minutes < 1) return `${Math.floor(milliseconds / 1000)} s`
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  const [large, small] =
    hours < 48 ? [`${hours} h`, minutes % 60] : [`${Math.floor(hours / 24)} d`, hours % 24]
  if (small === 0) return large
  return `${large} ${small} ${hours < 48 ? 'min' : 'h'}`
}

const mostNamed = 10

function inWords(names: readonly string[]): string {
  return names.length === 0 ? 'there are none' : `there are ${listed(names)}`
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostNamed).map((name) => `"${visibleText(name)}"`)
  const more = names.length - shown.length
  return more <= 0 ? shown.join(', ') : `${shown.join(', ')} and ${more} more`
}

/** Whether it says that there is no file, and nothing else. */
export function isAbsence(error: unknown): boolean {
  return (
    error instanceof MissingSourceFileError ||
    error instanceof NoFileFitsError ||
    error instanceof EmptySourceFolderError
  )
}

/**
 * SLUICE-EXPORT-20: what a mapping names as its file is a pipe or a device.
 *
 * A source file is read more than once, and of a pipe nobody knows whether it ever ends. Have the export write a file.
 */
export class NotASourceFileError extends SluiceError {
  readonly code = 'SLUICE-EXPORT-20'
  readonly blame = 'source'
  readonly retry = false

  constructor(path: string) {
    super(`The source file ${path} is not a file but a pipe or a device.`, {
      remedy: 'Have the export write a file, and name it in the mapping.',
      place: { file: path },
      details: { file: path },
    })
  }
}

/**
 * What is wrong, or worth knowing, about a configuration, and where it stands.
 *
 * Findings are values: a check collects all it sees, so that a person mends a file in one go. Only a
 * caller who cannot go on without a configuration turns them into an `InvalidConfigurationError`.
 *
 * @module
 */
import { type Place, SluiceError } from '../errors.ts'

export const findingCodes = {
  /** A file cannot be read, or an include finds none. */
  unreadable: 'SLUICE-CONFIGURATION-02',
  /** The text is not YAML. */
  syntax: 'SLUICE-CONFIGURATION-03',
  /** A key the schema does not know. */
  unknownKey: 'SLUICE-CONFIGURATION-04',
  /** A value is missing or of the wrong kind. */
  wrongValue: 'SLUICE-CONFIGURATION-05',
  /** A name is not legal, or two names mean the same table or column. */
  name: 'SLUICE-CONFIGURATION-06',
  /** A type, property or association is named that does not exist. */
  unknownName: 'SLUICE-CONFIGURATION-07',
  /** The same name is defined in two files. */
  definedTwice: 'SLUICE-CONFIGURATION-08',
  /** `extends` names an unknown type, forms a circle, or changes an inherited property. */
  inheritance: 'SLUICE-CONFIGURATION-09',
  /** A mapping does not fit what it maps to. */
  mapping: 'SLUICE-CONFIGURATION-10',
  /** An environment variable is not set. */
  environment: 'SLUICE-CONFIGURATION-11',
  /** A mapped file does not exist or has no readable header. */
  sourceFile: 'SLUICE-CONFIGURATION-12',
  /** A mapped column is not in the file. */
  sourceColumn: 'SLUICE-CONFIGURATION-13',
  /** A column of the file is not mapped: a note. */
  unmappedColumn: 'SLUICE-CONFIGURATION-14',
  /** A job or one of its steps cannot work as it is written, or something that it needs is missing. */
  job: 'SLUICE-CONFIGURATION-15',
  /** A schedule is not a cron expression, has no next time, or names an unknown time zone. */
  schedule: 'SLUICE-CONFIGURATION-16',
  /** A token or data would be stored or sent without encryption, or a token is missing: a warning. */
  exposed: 'SLUICE-CONFIGURATION-17',
  /** A file holds commands: a note says on which mapping they act, or an error that this is not clear. */
  commands: 'SLUICE-CONFIGURATION-18',
  /** The options of a shared type cannot work together: reconciliation, delete policy, open tables. */
  federation: 'SLUICE-CONFIGURATION-19',
  /** A module of a graph source does not compile, or makes something for which the model has no type, property or association. */
  module: 'SLUICE-CONFIGURATION-20',
  /** A row of a mapped file would be rejected: a warning. */
  rejectedRow: 'SLUICE-CONFIGURATION-21',
  /** The repository, or the server, cannot be reached. */
  unreachable: 'SLUICE-CONFIGURATION-22',
  /** A source that is to be stored names a program, or a place on a machine: define it in a file there. */
  notStorable: 'SLUICE-SOURCE-01',
  /** A mapping that is proposed for a preview says more than how columns become properties, or reads what it may not. */
  notProposable: 'SLUICE-SOURCE-12',
} as const
export type FindingCode = (typeof findingCodes)[keyof typeof findingCodes]

/** `error` stops everything, `warning` is probably a mistake, `note` is worth knowing. */
export type FindingSeverity = 'error' | 'warning' | 'note'

export interface Finding extends Place {
  readonly severity: FindingSeverity
  readonly code: FindingCode
  /** One sentence with the facts. */
  readonly message: string
  /** What to do about it. */
  readonly remedy?: string | undefined
}

/** `sluice.yaml:12:5: error: …`, the form that editors and terminals make clickable. */
export function formatFinding(finding: Finding): string {
  const place = [finding.file, finding.line, finding.column].filter((part) => part !== undefined).join(':')
  const remedy = finding.remedy === undefined ? '' : ` ${finding.remedy}`
  return `${place}: ${finding.severity}: ${finding.message}${remedy}`
}

/** Whether nothing among them stops the run. */
export function isClean(findings: readonly Finding[]): boolean {
  return findings.every((finding) => finding.severity !== 'error')
}

/**
 * SLUICE-CONFIGURATION-01: the configuration holds errors, so nothing was started.
 *
 * Every error is listed with its file, line and column. Correct them, then check again with `sluice check`.
 */
export class InvalidConfigurationError extends SluiceError {
  readonly code = 'SLUICE-CONFIGURATION-01'
  readonly blame = 'configuration'
  readonly retry = false
  readonly findings: readonly Finding[]

  constructor(findings: readonly Finding[]) {
    const errors = findings.filter((finding) => finding.severity === 'error')
    const [first] = errors
    const count = errors.length === 1 ? 'an error' : `${errors.length} errors`
    super(`The configuration holds ${count}:\n${errors.map(formatFinding).join('\n')}`, {
      remedy: 'Correct it, then check again: sluice check',
      place: first && { file: first.file, line: first.line, column: first.column },
      details: { findings },
    })
    this.findings = findings
  }
}

/**
 * Errors for people and for scripts: the place, the code, one sentence, what to do.
 *
 * What Sluice did not throw on purpose is a defect of ours: it is shown with its stack and a
 * request to report it.
 *
 * @module
 */
import { InvalidConfigurationError, type Place, printable, SluiceError } from '@sluice/model'
import { asItIs, formatFinding, type Hint } from './finding.ts'
import type { Colors } from './outlet.ts'
import { formatPlace } from './place.ts'

export interface ErrorDocument {
  readonly error: {
    readonly code: string
    readonly message: string
    readonly remedy: string | null
    readonly place: Place | null
    readonly details?: Readonly<Record<string, unknown>> | undefined
  }
}

const defectCode = 'SLUICE-DEFECT'

/** Lines for standard error. `hint`: how commands in what is to be done are written. */
export function formatError(error: unknown, colors: Colors, hint: Hint = asItIs): readonly string[] {
  if (!(error instanceof SluiceError)) return formatDefect(error, colors)
  if (error instanceof InvalidConfigurationError) return formatFindings(error, colors, hint)
  const place = formatPlace(error.place)
  const [first = '', ...more] = error.message.split('\n').map(printable)
  return [
    `${place === '' ? '' : `${place}: `}${colors.red(colors.bold(`error ${error.code}:`))} ${first}`,
    ...more.map((line) => `  ${line}`),
    ...(error.remedy === undefined ? [] : [`${colors.cyan('→')} ${printable(hint(error.remedy))}`]),
  ]
}

// Each finding has a place of its own, so the error itself shows none.
function formatFindings(error: InvalidConfigurationError, colors: Colors, hint: Hint): readonly string[] {
  const findings = error.findings.filter(({ severity }) => severity === 'error')
  const lines = findings.map((finding) => formatFinding(finding, colors, hint))
  // What a single finding asks for is all there is to do.
  if (findings.length === 1 && findings[0]?.remedy !== undefined) return lines
  const [sentence = ''] = error.message.split('\n')
  return [
    ...lines,
    `${colors.red(colors.bold(`error ${error.code}:`))} ${sentence.replace(/:$/, '.')}`,
    `${colors.cyan('→')} ${hint(error.remedy ?? 'sluice check')}`,
  ]
}

function formatDefect(error: unknown, colors: Colors): readonly string[] {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const cause =
    error instanceof Error && error.cause instanceof Error ? [`Caused by: ${error.cause.stack}`] : []
  return [
    `${colors.red(colors.bold(`error ${defectCode}:`))} ${text}`,
    ...cause,
    `${colors.cyan('→')} This is a defect of Sluice, not of your data. Please report it with the lines above.`,
  ]
}

/** The one document that `--json` prints when nothing else can be reported. */
export function errorDocument(error: unknown): ErrorDocument {
  if (error instanceof SluiceError) {
    const { code, message, remedy = null, place = null, details } = error
    return { error: { code, message, remedy, place, ...(details === undefined ? {} : { details }) } }
  }
  const message = error instanceof Error ? (error.stack ?? error.message) : String(error)
  const remedy = 'This is a defect of Sluice. Please report it with this message.'
  return { error: { code: defectCode, message, remedy, place: null } }
}

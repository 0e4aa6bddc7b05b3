/**
 * What is found wrong with the files that a source maps, without reading more of them than their headers.
 *
 * @module
 */
import {
  type Configuration,
  type Finding,
  type FindingCode,
  type FindingOptions,
  findingCodes,
  type Place,
  type Source,
  suggestion,
} from '@sluice/model'

/** Why a file may be missing without anything being wrong. */
export function excuseOf(
  { name, export: program }: Source,
  { server, agent }: Configuration,
): FindingOptions {
  if (server.configured && agent.server === undefined) {
    const remedy = `Nothing, where agents deliver ${name} to this server; they have the files.`
    return { severity: 'note', remedy }
  }
  return program === undefined ? {} : { severity: 'warning', remedy: `sluice export ${name} writes it.` }
}

export function checkColumn(
  file: string,
  header: readonly string[],
  column: string,
  place: Place,
): readonly Finding[] {
  const found = header.filter((name) => columnName(name) === columnName(column)).length
  if (found === 1) return []
  if (found > 1) {
    const message = `${file} has the column "${column}" ${found} times.`
    return [
      finding(findingCodes.sourceColumn, place, message, { remedy: 'Rename one of them in the export.' }),
    ]
  }
  const message = `${file} has no column "${column}".`
  return [finding(findingCodes.sourceColumn, place, message, { remedy: suggestion(column, header) })]
}

/** Names are compared as the agent compares them: export tools add blanks, and write accents in two ways. */
export function columnName(text: string): string {
  return text.trim().normalize('NFC')
}

export function finding(code: FindingCode, place: Place, message: string, options: FindingOptions): Finding {
  return { severity: 'error', code, message, ...place, ...options }
}

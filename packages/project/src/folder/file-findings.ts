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
  visibleText,
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
  const message = `${file} has no column "${visibleText(column)}".`
  const alike = header.find((name) => lookOf(name) === lookOf(column))
  const remedy =
    alike === undefined
      ? suggestion(column, header)
      : `Did you mean "${visibleText(alike)}"? The two differ in characters that cannot be seen; in YAML they are written so, in double quotes.`
  return [finding(findingCodes.sourceColumn, place, message, { remedy })]
}

/** What people see of a name: every blank is one, and what has no width is nothing. */
function lookOf(name: string): string {
  return [...columnName(name)]
    .filter((character) => visibleText(character) === character || character.trim() === '')
    .map((character) => (character.trim() === '' ? ' ' : character))
    .join('')
}

/** Names are compared as the agent compares them: export tools add blanks, and write accents in two ways. */
export function columnName(text: string): string {
  return text.trim().normalize('NFC')
}

export function finding(code: FindingCode, place: Place, message: string, options: FindingOptions): Finding {
  return { severity: 'error', code, message, ...place, ...options }
}

/**
 * Reads a side file of a preparation: rows that are beside what is delivered, for people.
 *
 * @module
 */
import { existsSync } from 'node:fs'
import { SortedWindow } from './compare/sorted-window.ts'
import { UnfitPreparedFileError } from './prepare-errors.ts'
import { fieldText } from './read/field-text.ts'
import { preparedPath } from './write/prepared-mapping.ts'

/** Rows whose key another row of the file has, and rows without one. */
type SideFileKind = 'duplicates' | 'nullpk'

/** Each row by column; none where there is no such file. Throws `UnfitPreparedFileError` where somebody has broken it. */
export async function* readSideFile(
  folder: string,
  mapping: string,
  kind: SideFileKind,
): AsyncGenerator<Readonly<Record<string, string>>> {
  const path = preparedPath(folder, mapping, kind)
  if (!existsSync(path)) return
  await using window = new SortedWindow(path, [])
  let columns: readonly string[] | undefined
  for (let row = 1; ; row += 1) {
    while (window.left === 0 && !window.ended) await window.more()
    if (window.done) return
    if (!(await window.look())) throw new UnfitPreparedFileError(path, row, 'it is not a row')
    const { record, bytes } = window
    const texts = Array.from({ length: record.count }, (_, field) => fieldText(bytes, record, field))
    if (columns === undefined) columns = texts
    else yield Object.fromEntries(columns.map((name, at) => [name, texts[at] ?? '']))
    window.at = window.next
  }
}

/**
 * Takes a CSV apart: section 4.1, in the plainest way.
 *
 * @module
 */

/** Cells in quotes as they are, others without the blanks around them; blank lines are none. */
export function recordsOf(csv: string, separator: string): readonly (readonly string[])[] {
  const text = csv.replace(/^\uFEFF/, '').replaceAll('\r\n', '\n')
  const records: (readonly string[])[] = []
  let cells: string[] = []
  for (let at = 0; at < text.length; ) {
    const { cell, quoted, end } = cellAt(text, at, separator)
    cells.push(cell)
    at = end + 1
    if (text[end] === separator && end < text.length) continue
    if (cells.length > 1 || quoted || cell !== '') records.push(cells)
    cells = []
  }
  return records
}

interface Cell {
  readonly cell: string
  readonly quoted: boolean
  /** Of the separator or line end behind it. */
  readonly end: number
}

function cellAt(text: string, from: number, separator: string): Cell {
  let at = from
  while (text[at] === ' ' || text[at] === '\t') at++
  if (text[at] !== '"') {
    const end = endOf(text, from, separator)
    return { cell: text.slice(from, end).trim(), quoted: false, end }
  }
  let cell = ''
  for (at++; at < text.length; at++) {
    if (text[at] !== '"') cell += text[at]
    else if (text[at + 1] === '"') cell += text[at++]
    else break
  }
  return { cell, quoted: true, end: endOf(text, at, separator) }
}

function endOf(text: string, from: number, separator: string): number {
  let end = from
  while (end < text.length && text[end] !== separator && text[end] !== '\n') end++
  return end
}

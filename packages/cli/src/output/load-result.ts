/**
 * What a load did, as people read it.
 *
 * @module
 */
import { printable } from '@sluice/model'
import type { LoadNote, LoadResult } from '@sluice/project'
import type { Colors } from './outlet.ts'
import { formatCount, formatNumberOf } from './quantities.ts'

/** `would`: before what was done, of a load of which nothing is kept. */
export function formatLoad(load: LoadResult, colors: Colors, would: string): readonly string[] {
  const { source, entityType, rows, inserted, changed, identical, duplicates, issues, warnings } = load
  const figures = [
    [inserted, `${would}inserted`],
    [changed, `${would}changed`],
    [identical, 'as they were'],
    [duplicates, 'with a key that an earlier row has'],
    [issues, 'bad, left out'],
  ] as const
  const parts = figures.filter(([count]) => count > 0).map(([count, what]) => `${formatCount(count)} ${what}`)
  const all = parts.length === 0 ? '' : `: ${parts.join(', ')}`
  const title = `${would === '' ? 'Loaded' : 'Read'} ${formatNumberOf(rows, 'row')} of ${entityType} into ${source}${all}`
  const left = warnings === 0 ? [] : [`${formatNumberOf(warnings, 'cell')} left out`]
  const shown = load.notes.length
  const more = issues + warnings - shown
  return [
    colors.bold(title),
    ...left,
    ...load.notes.map((note) => `  ${colors.yellow('!')} ${printable(describeNote(note))}`),
    ...(more > 0 ? [`  … and ${formatCount(more)} more`] : []),
  ]
}

function describeNote({ line, column, key, text }: LoadNote): string {
  const of = [key === null ? [] : [`row ${key}`], column === null ? [] : [`column ${column}`]].flat()
  return `${[`line ${line}`, ...of].join(', ')}: ${text}`
}

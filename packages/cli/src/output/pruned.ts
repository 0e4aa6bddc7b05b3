/**
 * What pruning removed, or would remove, as people read it.
 *
 * @module
 */
import type { Pruned, PruneReport } from '@sluice/model'
import { printable } from '@sluice/model'
import type { Colors } from './outlet.ts'
import { formatBytes, formatCount, formatNumberOf } from './quantities.ts'
import { formatTable } from './table.ts'

const words: Readonly<Record<Pruned['kind'], string>> = {
  history: 'history',
  runs: 'runs',
  rejectedRows: 'rejected rows',
  deliveries: 'deliveries',
  executions: 'executions of jobs',
  notifications: 'notifications',
  audit: 'entries of the audit log',
  sessions: 'sessions that are over',
  files: 'files in the work folder',
}

const columns = [
  { title: 'what' },
  { title: 'removed', align: 'right' },
  { title: 'takes', align: 'right' },
] as const
const pathsShown = 10

export function formatPruned(
  { dryRun, kinds, paths }: PruneReport,
  colors: Colors,
  width: number,
): readonly string[] {
  const gone = kinds.filter(({ removed }) => removed > 0)
  if (gone.length === 0) return [dryRun ? 'There is nothing to remove.' : 'There was nothing to remove.']
  const titles = columns.map((column) =>
    column.title === 'removed' && dryRun ? { ...column, title: 'would be removed' } : column,
  )
  const rows = gone.map(({ kind, removed, bytes }) => [words[kind], formatCount(removed), formatBytes(bytes)])
  const more = paths.length - pathsShown
  return [
    ...formatTable(titles, rows, { width, title: colors.dim }),
    ...paths.slice(0, pathsShown).map((path) => `  ${printable(path)}`),
    ...(more > 0 ? [`  … and ${formatNumberOf(more, 'more folder')}: --json`] : []),
  ]
}

/**
 * A root of a source graph, as people read it.
 *
 * @module
 */
import { printable, type RootFailure, type ShownRoot } from '@sluice/model'
import { cut } from './display-value.ts'
import type { Colors } from './outlet.ts'
import { formatCount, formatNumberOf } from './quantities.ts'
import { formatTable } from './table.ts'

export function formatRoot(
  source: string,
  { root, kind, cis, links, failure, gives, subgraph }: ShownRoot,
  colors: Colors,
  width: number,
): readonly string[] {
  const name = printable(root)
  const reaches =
    subgraph === undefined
      ? 'Its node is not in the graph any more'
      : `Reaches ${formatNumberOf(subgraph.nodes.length, 'node')}: sluice roots show ${source} ${name} --graph`
  return [
    `${colors.bold(`${printable(kind)} ${name}`)}  root of ${source}`,
    `Gives ${formatNumberOf(cis, 'configuration item')} and ${formatNumberOf(links, 'link')}`,
    reaches,
    ...(failure === null
      ? []
      : [
          cut(
            `${colors.red('Failed')} since run ${failure.sinceRun} (${failure.nature}): ${describeFailure(failure)}`,
            width,
          ),
        ]),
    ...formatGiven(gives, colors, width),
    ...(gives.length < cis + links ? [`  … and ${formatCount(cis + links - gives.length)} more`] : []),
  ]
}

/** `maps/host.tpl:20:7: KEY_MISSING: The key of this …` */
export function describeFailure({ file, line, column, problem, message }: RootFailure): string {
  const where = file === null ? '' : `${printable(file)}:${line ?? 1}:${column ?? 1}: `
  return `${where}${problem}: ${printable(message)}`
}

function formatGiven(gives: ShownRoot['gives'], colors: Colors, width: number): readonly string[] {
  if (gives.length === 0) return []
  const columns = ['class', 'key', 'shared with'].map((title) => ({ title }))
  const rows = gives.map(({ mapping, key, others, sharedWith }) => [
    mapping,
    printable(describeKey(key)),
    others === 0
      ? ''
      : `${sharedWith.map(printable).join(', ')}${others > sharedWith.length ? `, … (${formatCount(others)})` : ''}`,
  ])
  return ['', ...formatTable(columns, rows, { width, title: colors.dim, indent: 2 })]
}

/** Of a link its ends: `a → b`. */
function describeKey(key: string): string {
  if (!key.startsWith('["')) return key
  const ends: unknown = JSON.parse(key)
  return Array.isArray(ends) ? ends.join(' → ') : key
}

/**
 * What roots of a graph have made of a resource, and by which statements, as people read it.
 *
 * @module
 */
import { type MadeByRoots, type MappingStatement, printable } from '@sluice/model'
import type { ExplainedReplica } from '@sluice/project'
import { cut, quoteValue } from './display-value.ts'
import type { Colors } from './outlet.ts'
import { formatCount } from './quantities.ts'
import { describeFailure } from './root.ts'
import { formatTable } from './table.ts'

export function formatMade(
  replicas: readonly ExplainedReplica[],
  colors: Colors,
  width: number,
): readonly string[] {
  return replicas.flatMap(({ source, made }) =>
    made === undefined ? [] : formatOne(source, made, colors, width),
  )
}

function formatOne(source: string, made: MadeByRoots, colors: Colors, width: number): readonly string[] {
  return [
    '',
    cut(colors.bold(`Made by ${describeOwners(made)} of ${source}:`), width),
    ...formatAttributes(made, colors, width),
    ...formatLinks(made, colors, width),
    ...made.roots.flatMap(({ root, failure }) =>
      failure === null
        ? []
        : [
            cut(
              `  ${colors.red('failed')} since run ${failure.sinceRun}, so that it is as it was before: ${printable(root)}: ${describeFailure(failure)}`,
              width,
            ),
          ],
    ),
    ...made.notes.map((note) => cut(colors.yellow(`  ${printable(note)}`), width)),
  ]
}

const ownersNamed = 5

/** `Host h1`; of a shared one `2 roots: Host h1, Host h2`. */
function describeOwners({ owners, roots }: MadeByRoots): string {
  const named = roots
    .slice(0, ownersNamed)
    .map(({ root, kind }) => `${kind === null ? '' : `${printable(kind)} `}${printable(root)}`)
  if (owners === 1) return `root ${named.join('')}`
  const more = owners > named.length ? ', …' : ''
  return `${formatCount(owners)} roots (${named.join(', ')}${more})`
}

function formatAttributes(
  { attributes, owners }: MadeByRoots,
  colors: Colors,
  width: number,
): readonly string[] {
  if (attributes.length === 0) return []
  const columns = ['property', 'value', 'mapping', 'at', ...(owners > 1 ? ['root'] : [])]
  const rows = attributes.map(({ property, now, stored, by, overwritten, root }) => [
    property,
    describeValue(now, stored),
    by === null ? '' : by.mapping,
    by === null ? '' : `${placeOf(by)}${describeOverwritten(overwritten)}`,
    ...(owners > 1 ? [printable(root)] : []),
  ])
  return formatTable(
    columns.map((title) => ({ title })),
    rows,
    { width, title: colors.dim, indent: 2 },
  )
}

/** ` over maps/a.tpl:17:5 (Other_Mapping)`: what was written before, and does not count. */
function describeOverwritten(overwritten: MadeByRoots['attributes'][number]['overwritten']): string {
  const last = overwritten.at(-1)
  return last === undefined ? '' : ` over ${placeOf(last)} (${last.mapping})`
}

/** What is stored; and, where that is another one, what is given now. */
function describeValue(now: string | null | undefined, stored: string | null): string {
  if (now === undefined || now === stored) return quoteValue(stored)
  return `${quoteValue(stored)}, now ${quoteValue(now)}`
}

function formatLinks({ links, owners }: MadeByRoots, colors: Colors, width: number): readonly string[] {
  if (links.length === 0) return []
  const columns = ['link', 'mapping', 'at', ...(owners > 1 ? ['root'] : [])]
  const rows = links.map(({ association, from, to, root, now, stored, by }) => [
    `${association} ${printable(from)} → ${printable(to)}${describeDifference(now, stored)}`,
    by === null ? '' : by.mapping,
    by === null ? '' : placeOf(by),
    ...(owners > 1 ? [printable(root)] : []),
  ])
  return formatTable(
    columns.map((title) => ({ title })),
    rows,
    { width, title: colors.dim, indent: 2 },
  )
}

function describeDifference(
  now: Readonly<Record<string, string>> | null | undefined,
  stored: Readonly<Record<string, string>> | null,
): string {
  if (now === undefined) return ''
  if (stored === null) return ', not stored yet'
  if (now === null) return ', which is not given now'
  const names = [...new Set([...Object.keys(now), ...Object.keys(stored)])]
  const other = names.filter((name) => now[name] !== stored[name])
  return other.length === 0 ? '' : `, stored otherwise: ${other.join(', ')}`
}

function placeOf({ file, line, column }: MappingStatement): string {
  return `${printable(file)}:${line}:${column}`
}

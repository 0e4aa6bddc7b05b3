/**
 * What a report says of a run that was taken back, takes one back, or tries again what one rejected.
 *
 * @module
 */
import type { ComesAgain, RunReport } from '@sluice/model'
import { formatCount, formatNumberOf } from './quantities.ts'

export function formatReverted({
  run,
  reverts,
  reverted,
  revertedBy,
  retries,
}: RunReport): readonly string[] {
  const lines = [
    ...(typeof retries === 'number' ? [`Tries the rows again that run ${retries} rejected.`] : []),
    ...(typeof reverts === 'number' ? [tells(run, reverts, reverted?.skipped ?? 0)] : []),
    ...(reverted?.comesAgain ?? []).map(describeComesAgain),
    ...(typeof revertedBy === 'number' ? [`Taken back by run ${revertedBy}.`] : []),
  ]
  return lines.length === 0 ? [] : [...lines, '']
}

function tells(run: number | null, reverts: number, skipped: number): string {
  const verb = run === null ? 'Would take' : 'Takes'
  const left =
    skipped === 0 ? 'all its changes' : `all but ${formatNumberOf(skipped, 'change')}, which stay as they are`
  return `${verb} back run ${reverts}: ${left}.`
}

/** `hr still has other values: its next complete run brings 7 values and 1 resource again, and takes 2 resources away again.` */
function describeComesAgain({ source, at, values, resources, deletions, links }: ComesAgain): string {
  const brought = [
    ...(values === 0 ? [] : [formatNumberOf(values, 'value')]),
    ...(resources === 0 ? [] : [formatNumberOf(resources, 'resource')]),
    ...(links === 0 ? [] : [formatNumberOf(links, 'link')]),
  ]
  const brings = brought.length === 0 ? [] : [`brings ${listed(brought)} again`]
  const takes = deletions === 0 ? [] : [`deletes ${formatCount(deletions)} again`]
  return `${source} still has other values: its next ${at === 'run' ? '' : 'complete '}run ${[...brings, ...takes].join(', and ')}.`
}

function listed(parts: readonly string[]): string {
  return parts.length < 2 ? parts.join('') : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
}

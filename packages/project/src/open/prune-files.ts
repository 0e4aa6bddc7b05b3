/**
 * Pruning of a work folder, as pruning of a repository reports it.
 *
 * @module
 */
import { sweepWorkFolder } from '@sluice/agent'
import type { Configuration, PruneReport } from '@sluice/model'
import type { PruneOptions } from './options.ts'

const pathsShown = 100

export async function pruneFiles(
  { workFolder, sources, retention }: Pick<Configuration, 'workFolder' | 'sources' | 'retention'>,
  { dryRun = false, signal }: PruneOptions,
): Promise<PruneReport> {
  const swept = await sweepWorkFolder({
    workFolder,
    sources: new Set(sources.keys()),
    keptFor: retention.files,
    dryRun,
    signal,
  })
  const removed = swept.reduce((sum, { files }) => sum + files, 0)
  const bytes = swept.reduce((sum, one) => sum + one.bytes, 0)
  const paths = swept.slice(0, pathsShown).map(({ path }) => path)
  return { dryRun, done: true, kinds: [{ kind: 'files', removed, bytes }], paths }
}

/** What both of them say. */
export function together(repository: PruneReport, files: PruneReport): PruneReport {
  return { ...repository, kinds: [...repository.kinds, ...files.kinds], paths: files.paths }
}

/** What two requests have removed, one after the other. */
export function summed(before: PruneReport | undefined, next: PruneReport): PruneReport {
  if (before === undefined) return next
  const kinds = next.kinds.map(({ kind, removed, bytes }) => {
    const same = before.kinds.find((one) => one.kind === kind)
    return { kind, removed: removed + (same?.removed ?? 0), bytes: bytes + (same?.bytes ?? 0) }
  })
  return { ...next, kinds }
}

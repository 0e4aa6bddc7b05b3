/**
 * Sources as their agent announces them: those that it can synchronize by themselves when somebody asks for it.
 *
 * @module
 */
import type { AnnouncedSource, Source } from '@sluice/model'

/** Rows of open tables stand at the server, which needs no agent for them. */
export function isDelivered({ table }: Pick<Source, 'table'>): boolean {
  return table !== true
}

/** @param takes Whether the agent checks connections, and shows rows, when somebody asks for it from afar. */
export function announcedSources(
  sources: Iterable<Pick<Source, 'name' | 'export' | 'graph'>>,
  takes: { readonly checks: boolean; readonly previews: boolean },
): readonly AnnouncedSource[] {
  return [...sources].map(({ name, export: by, graph }) => {
    const connector = by !== undefined && 'connector' in by ? by.connector : null
    return {
      source: name,
      modes: ['complete', 'incremental'],
      connector,
      checks: takes.checks && connector !== null,
      previews: takes.previews && graph === undefined,
      holds: true,
    }
  })
}

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

/** @param checks Whether the agent checks connections when somebody asks for it from afar. */
export function announcedSources(
  sources: Iterable<Pick<Source, 'name' | 'export'>>,
  checks: boolean,
): readonly AnnouncedSource[] {
  return [...sources].map(({ name, export: by }) => {
    const connector = by !== undefined && 'connector' in by ? by.connector : null
    return {
      source: name,
      modes: ['complete', 'incremental'],
      connector,
      checks: checks && connector !== null,
    }
  })
}

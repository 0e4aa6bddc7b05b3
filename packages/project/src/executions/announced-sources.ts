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

export function announcedSources(sources: Iterable<Pick<Source, 'name'>>): readonly AnnouncedSource[] {
  return [...sources].map(({ name }) => ({ source: name, modes: ['complete', 'incremental'] }))
}

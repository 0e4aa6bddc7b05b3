/**
 * Prepares the generated people as a source of one mapping would be.
 *
 * @module
 */
import { join } from 'node:path'
import { prepareSource } from '@sluice/agent'
import type { EntityModel, PrepareSettings, PropertyMapping, Source } from '@sluice/model'

export async function preparePeople(
  { folder, file }: { readonly folder: string; readonly file: string },
  properties: readonly PropertyMapping[],
  settings: PrepareSettings,
): Promise<void> {
  const none = {}
  const source: Source = {
    name: 'bench',
    folder,
    mode: 'complete',
    thresholds: none,
    associations: [],
    entities: [
      {
        name: 'Person',
        entityType: 'Person',
        file,
        format: { skipLines: 0, quotedLineBreaks: 'check', shortRows: 'reject' },
        key: 'id',
        properties,
        thresholds: none,
      },
    ],
  }
  const model: EntityModel = { entityTypes: new Map(), associations: new Map() }
  await prepareSource({ source, model, mode: 'complete', folder: join(folder, 'prepared'), settings })
}

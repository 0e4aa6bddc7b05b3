/**
 * What the engine is asked to do with a delivery.
 *
 * @module
 */
import { produceFromSource, type RunRequest } from '@sluice/engine'
import {
  type Configuration,
  type DeliveryMode,
  longestPreparedRecord,
  type OnProgress,
  type RunBy,
} from '@sluice/model'
import type { Manifest } from '@sluice/protocol'
import { graphIntakeOf } from '../intake/graph.ts'
import { intakeOf } from '../intake/prepared-files.ts'
import { UnknownDeliverySourceError } from '../queue/delivery-errors.ts'
import { checkColumns } from './check-columns.ts'

export interface DeliveryRun {
  /** `null` of a plan, whose files are not in the queue. */
  readonly delivery: string | null
  readonly source: string
  readonly mode: DeliveryMode
  readonly by: RunBy
  readonly folder: string
  readonly manifest: Manifest
  /** Milliseconds that checking its files took. */
  readonly receiveMilliseconds: number
}

export function runOf(
  configuration: Pick<Configuration, 'sources' | 'model' | 'prepare'>,
  { delivery, source: name, mode, by, folder, manifest, receiveMilliseconds }: DeliveryRun,
  onProgress: OnProgress | undefined,
): RunRequest {
  const source = configuration.sources.get(name)
  if (source === undefined) throw new UnknownDeliverySourceError(name)
  const { timings, files } = manifest
  const longestRecord = longestPreparedRecord(configuration.prepare.maximumFieldSize)
  const prepared = { delivery: delivery ?? folder, folder, manifest, longestRecord, onProgress }
  const { graph } = source
  const intake =
    graph === undefined ? intakeOf(prepared) : graphIntakeOf(prepared, { graph, model: configuration.model })
  const produce = produceFromSource({ source: name, mode, delivery: delivery ?? '', intake, onProgress })
  return {
    origin: { cause: 'delivery', by, delivery, source: name, mode },
    produce: async (run, straight) => {
      checkColumns(source, configuration.model, manifest)
      return await produce(run, straight)
    },
    rows: files.reduce((sum, { rows }) => sum + rows, 0),
    terms: manifest.terms,
    before: [
      { stage: 'export', milliseconds: timings.export },
      { stage: 'prepare', milliseconds: timings.prepare },
      { stage: 'receive', milliseconds: receiveMilliseconds },
    ],
    onProgress,
  }
}

/**
 * What `sluice check` says of files that a system drops: whether they would be taken now.
 *
 * @module
 */
import { DeliveryNotReadyError, findFiles, OutdatedFileError, whyNoChanges } from '@sluice/connectors'
import { type Configuration, type Finding, findingCodes, SluiceError, type Source } from '@sluice/model'
import { excuseOf, finding } from './file-findings.ts'
import type { LoadedConfiguration } from './load-configuration.ts'

/** That their marker is missing, or one is too old; files that are not there are told of where they are mapped. */
export async function checkDropped(
  source: Source,
  configuration: Configuration,
  placeOf: LoadedConfiguration['placeOf'],
): Promise<readonly Finding[]> {
  const errors = [await whyNotTaken(source, 'complete')]
  const changes = source.changesFolder !== undefined && (await whyNoChanges(source)) === undefined
  if (changes) errors.push(await whyNotTaken(source, 'incremental'))
  return errors.flatMap((error) => {
    if (error === undefined) return []
    const place = placeOf(['sources', source.name, keyOf(error, source)])
    const options = { severity: 'warning' as const, remedy: error.remedy, ...excuseOf(source, configuration) }
    return [finding(findingCodes.sourceFile, place, error.message, options)]
  })
}

async function whyNotTaken(
  source: Source,
  mode: 'complete' | 'incremental',
): Promise<DeliveryNotReadyError | OutdatedFileError | undefined> {
  try {
    await findFiles({ source, mode })
    return undefined
  } catch (error) {
    if (error instanceof DeliveryNotReadyError || error instanceof OutdatedFileError) return error
    if (error instanceof SluiceError) return undefined
    throw error
  }
}

/** Where it is said; the age of one file alone stands in its mapping, behind which the source is the nearest place. */
function keyOf(error: DeliveryNotReadyError | OutdatedFileError, { maxAge }: Source): string {
  if (error instanceof DeliveryNotReadyError) return 'marker'
  return maxAge === undefined ? 'entities' : 'maxAge'
}

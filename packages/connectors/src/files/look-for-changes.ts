/**
 * Whether the folder of changes holds something to take, of a source whose changes lie apart.
 *
 * @module
 */
import { mappedTables, SluiceError, type Source } from '@sluice/model'
import { locateSourceFiles } from './locate-source-files.ts'
import { isAbsence } from './source-file-errors.ts'

/**
 * `undefined`: it does; else why everything is taken in place of changes, in a sentence. Some of its files and not all are half of a
 * delivery, and left to be refused; and what is older than what says everything would undo what that says.
 */
export async function whyNoChanges(source: Source): Promise<string | undefined> {
  const { folder, changesFolder = folder } = source
  const changes = await newestIn(source, changesFolder)
  if (changes === undefined) return `There are no files of changes in ${changesFolder}.`
  const all = (await newestIn(source, folder)) ?? changes
  if (changes >= all) return undefined
  const [older, newer] = [changes, all].map((time) => new Date(time).toISOString())
  return `The files of changes in ${changesFolder} are older than those in ${folder}, which say everything: ${older}, and ${newer}.`
}

/** When the newest of the source's files there was written; `undefined`: there are none. */
async function newestIn(source: Source, folder: string): Promise<number | undefined> {
  const times: number[] = []
  for (const { file, several } of mappedTables(source)) {
    try {
      const found = await locateSourceFiles(folder, { file, several })
      times.push(...found.map(({ modified }) => modified))
    } catch (error) {
      if (!(error instanceof SluiceError)) throw error
      // Whatever else is wrong is told when they are taken.
      if (!isAbsence(error)) return Number.POSITIVE_INFINITY
    }
  }
  return times.length === 0 ? undefined : Math.max(...times)
}

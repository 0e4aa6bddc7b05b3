/**
 * Which files of a place a path means, that may hold `*` and `?` in its name.
 *
 * @module
 */
import { fitsPattern, isPattern, naturalOrder, type Several, splitPath, suggestion } from '@sluice/model'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { Place, PlacedFile } from './place.ts'

/** At least one. */
export async function chooseFiles(
  place: Place,
  path: string,
  several: Several = 'refuse',
): Promise<readonly PlacedFile[]> {
  if (!isPattern(path)) return [await oneFile(place, path)]
  const { fitting, others } = await fittingFiles(place, path)
  const [first] = fitting
  if (first === undefined)
    throw new ManagedSystemError(`No file of ${place.name} fits ${path}.`, {
      remedy: others.length === 0 ? 'There is no file at all.' : `There are ${some(others)}.`,
    })
  if (fitting.length === 1 || several === 'all') return fitting
  if (several === 'last') return fitting.slice(-1)
  if (several === 'newest')
    return [fitting.reduce((one, other) => ((other.modified ?? 0) >= (one.modified ?? 0) ? other : one))]
  throw new ManagedSystemError(
    `${fitting.length} files of ${place.name} fit ${path}: ${some(fitting.map(({ name }) => name))}.`,
    { remedy: 'Say which are meant, with several: all, last or newest.' },
  )
}

async function oneFile(place: Place, path: string): Promise<PlacedFile> {
  const found = await place.find(path)
  if (found !== undefined) return found
  const { folders } = splitPath(path)
  const names = ((await place.list(folders)) ?? []).map(({ name }) => name)
  throw new ManagedSystemError(`There is no file ${path} in ${place.name}.`, {
    remedy:
      suggestion(path, names) ??
      (names.length === 0 ? 'Look at from and path.' : `There are ${some(names)}.`),
  })
}

/** In the order that people see in their names; none where none fits. */
export async function fittingFiles(
  place: Place,
  path: string,
): Promise<{ readonly fitting: readonly PlacedFile[]; readonly others: readonly string[] }> {
  const { folders, name: pattern } = splitPath(path)
  const listed = await place.list(folders)
  if (listed === undefined)
    throw new ManagedSystemError(`${place.name} does not tell which files it has, so nothing fits ${path}.`, {
      remedy: 'Name each file: * and ? are for folders, SFTP and S3.',
    })
  const order = naturalOrder(pattern)
  const nameOf = ({ name }: PlacedFile) => splitPath(name).name
  const fitting = listed
    .filter((file) => fitsPattern(pattern, nameOf(file)))
    .sort((one, other) => order(nameOf(one), nameOf(other)))
  return { fitting, others: listed.map(({ name }) => name) }
}

function some(names: readonly string[]): string {
  const shown = names.slice(0, 5).join(', ')
  return names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
}

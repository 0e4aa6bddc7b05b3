/**
 * Packages that only some files need: loaded when they do, and named where they are missing.
 *
 * @module
 */
import { ManagedSystemError } from '../contract/managed-system-error.ts'

/** @param what Needs it: `Parquet`. */
export async function optionalPackage<T>(
  what: string,
  packages: Readonly<Record<string, string>>,
  load: () => Promise<T>,
): Promise<T> {
  try {
    return await load()
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ERR_MODULE_NOT_FOUND')) throw cause
    const names = Object.entries(packages).map(([name, version]) => `${name}@${version}`)
    throw new ManagedSystemError(`${what} needs ${names.join(' and ')}, which is not installed.`, {
      remedy: `Install it where Sluice is installed: npm install ${names.join(' ')}`,
      cause,
    })
  }
}

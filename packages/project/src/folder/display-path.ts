/**
 * How findings name a file.
 *
 * @module
 */
import { relative } from 'node:path'

/** Short where the file is near, as compilers write it. */
export function display(path: string): string {
  const near = relative('.', path)
  return near.startsWith('..') ? path : near
}

/**
 * By what nodes of a picture of mappings are known.
 *
 * @module
 */
import type { Mapping } from '../link/program.ts'

/** A name is unique inside of its mapping, and that has its place in a file. */
export function nodeId({ module, tree }: Mapping, name: string): string {
  return [module.tree.file, tree.at.offset, name].join('\n')
}

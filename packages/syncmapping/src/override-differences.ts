/**
 * Mappings that others take the place of, and what these say otherwise.
 *
 * @module
 */
import { FILE_HEADERS_ONLY, formatPatch, structuredPatch } from 'diff'
import type { Mapping, Program } from './link/program.ts'

export interface OverrideDifference {
  readonly overridden: MappingPlace
  readonly overriding: MappingPlace
  /** Lines of the two texts, counted as in their files; each begins with a blank, `-` or `+`. */
  readonly hunks: readonly Hunk[]
  /** The same as a unified diff; empty where the two say the same. */
  readonly text: string
}

interface MappingPlace {
  readonly module: string
  readonly mapping: string
  /** As it is written, `2.4`. */
  readonly version: string
  readonly file: string
  readonly line: number
}

interface Hunk {
  readonly oldStart: number
  readonly oldLines: number
  readonly newStart: number
  readonly newLines: number
  readonly lines: readonly string[]
}

/** In the order of loading of those that are overridden. */
export function overrideDifferences({ mappings }: Program): readonly OverrideDifference[] {
  return mappings.flatMap((mapping) =>
    mapping.overriddenBy === undefined ? [] : [differenceOf(mapping, mapping.overriddenBy)],
  )
}

function differenceOf(overridden: Mapping, overriding: Mapping): OverrideDifference {
  const [old, other] = [placeOf(overridden), placeOf(overriding)]
  const names = [nameOf(old), nameOf(other)] as const
  const patch = structuredPatch(...names, textOf(overridden), textOf(overriding), undefined, undefined, {
    stripTrailingCr: true,
    context: 3,
  })
  const hunks = patch.hunks.map((hunk) => ({
    ...hunk,
    oldStart: hunk.oldStart + overridden.tree.at.line - 1,
    newStart: hunk.newStart + overriding.tree.at.line - 1,
  }))
  const text = hunks.length === 0 ? '' : formatPatch({ ...patch, hunks }, FILE_HEADERS_ONLY)
  return { overridden: old, overriding: other, hunks, text }
}

function nameOf({ module, mapping, version, file }: MappingPlace): string {
  return `${module}.${mapping} ${version} (${file})`
}

function placeOf({ tree, module }: Mapping): MappingPlace {
  const { major, minor } = tree.version
  const { file, name } = module.tree
  return {
    module: name.text,
    mapping: tree.name.text,
    version: `${major}.${minor}`,
    file,
    line: tree.at.line,
  }
}

function textOf({ tree, module }: Mapping): string {
  const { offset, length } = tree.at
  return `${module.tree.text.slice(offset, offset + length)}\n`
}

/**
 * Tables of values, written in the configuration or in a file beside it.
 *
 * @module
 */
import type { ValueTable } from '../source/shape.ts'
import { type Definition, placeIn, textIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { suggestion } from './names.ts'
import type { TableInput } from './shape-schema.ts'
import type { Shaping, TableFile } from './shaping.ts'
import type { SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

interface TableContext {
  readonly source: Definition<SourceInput>
  /** From the source to the map that the table stands in. */
  readonly path: YamlPath
  readonly findings: Findings
  readonly shaping: Shaping | undefined
}

/** `undefined` where a finding says why there is none. */
export function resolveTable(context: TableContext, input: TableInput): ValueTable | undefined {
  const otherwise = input.otherwise ?? 'reject'
  if (input.values !== undefined && input.file !== undefined)
    return refuse(context, ['file'], 'A table has "values" or a "file".', 'Remove one of the two.')
  if (input.file !== undefined) return fromFile(context, input, input.file, otherwise)
  if (input.values === undefined)
    return refuse(context, [], 'A table has "values" or a "file".', 'Write for example {values: {M: male}}.')
  for (const key of ['from', 'to'] as const)
    if (input[key] !== undefined)
      refuse(context, [key], `"${key}" is a column of a file.`, `Remove "${key}".`)
  const { source, path } = context
  const entries = Object.keys(input.values).map((key): readonly [string, string] => {
    const at = [...path, 'table', 'values', key]
    // A key as it was written, so that 01 stays 01.
    return [source.file.keyAt([...source.path, ...at]) ?? key, textIn(source, at)]
  })
  return { name: 'the table', entries, otherwise }
}

function fromFile(
  context: TableContext,
  { from, to }: TableInput,
  file: string,
  otherwise: ValueTable['otherwise'],
): ValueTable | undefined {
  const { source, shaping } = context
  if (from === undefined || to === undefined)
    return refuse(context, [], 'A table of a file has the columns "from" and "to".', 'Name both columns.')
  const found = shaping?.table(source.file.path, file)
  if (found === undefined) return { name: file, entries: [], otherwise }
  if ('problem' in found) return refuse(context, ['file'], found.problem, found.remedy)
  const at = columnIn(context, file, found, 'from')
  const target = columnIn(context, file, found, 'to')
  if (at === -1 || target === -1) return undefined
  const entries = found.rows.map((row): readonly [string, string] => [row[at] ?? '', row[target] ?? ''])
  const twice = ambiguous(entries)
  if (twice !== undefined)
    return refuse(
      context,
      ['file'],
      `${file} has two different rows for "${twice}".`,
      'Keep one of the rows.',
    )
  return { name: file, entries, otherwise }
}

function columnIn(context: TableContext, file: string, { columns }: TableFile, key: 'from' | 'to'): number {
  const { source, path } = context
  const name = textIn(source, [...path, 'table', key])
  const at = columns.indexOf(name.trim().normalize('NFC'))
  if (at === -1) refuse(context, [key], `${file} has no column "${name}".`, suggestion(name, columns))
  return at
}

/** The first text of which there are two translations. */
function ambiguous(entries: ValueTable['entries']): string | undefined {
  const known = new Map<string, string>()
  for (const [from, to] of entries) {
    const other = known.get(from)
    if (other !== undefined && other !== to) return from
    known.set(from, to)
  }
  return undefined
}

function refuse(
  { source, path, findings }: TableContext,
  at: YamlPath,
  message: string,
  remedy: string | undefined,
): undefined {
  findings.add(findingCodes.mapping, placeIn(source, [...path, 'table', ...at]), message, { remedy })
}

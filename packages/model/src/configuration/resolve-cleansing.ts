/**
 * What holds for all columns of a source or a mapping: which texts are no values, and of which zone times are.
 *
 * @module
 */
import type { Property } from '../entity/entity-model.ts'
import { nearMatch } from '../near-match.ts'
import type { Absence, ValueFormat } from '../source/source.ts'
import { isTimeZone } from '../source/time-zone.ts'
import { type Definition, placeIn, textIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

/** Of a source or a mapping; what a property says itself comes before it. */
export type Cleansing = Absence & Pick<ValueFormat, 'timeZone'>

interface CleansingContext {
  readonly source: Definition<SourceInput>
  /** From the source to the map that says it. */
  readonly path: YamlPath
  readonly findings: Findings
}

interface CleansingInput {
  readonly absent?: readonly unknown[] | undefined
  readonly timeZone?: string | undefined
}

/** What a source or a mapping says for all of its columns, in place of `outer`. */
export function resolveCleansing(
  context: CleansingContext,
  input: CleansingInput,
  outer: Cleansing = {},
): Cleansing {
  const { source, path, findings } = context
  if (input.timeZone !== undefined && !isTimeZone(input.timeZone)) {
    const near = nearMatch(input.timeZone, Intl.supportedValuesOf('timeZone'))
    const message = `"${input.timeZone}" is not a time zone.`
    findings.add(findingCodes.wrongValue, placeIn(source, [...path, 'timeZone']), message, {
      remedy:
        near === undefined
          ? 'Write its name in the IANA database, for example Europe/Berlin.'
          : `Did you mean "${near}"?`,
    })
    return { absent: resolveAbsent(context, input) ?? outer.absent, timeZone: undefined }
  }
  return {
    absent: resolveAbsent(context, input) ?? outer.absent,
    timeZone: input.timeZone ?? outer.timeZone,
  }
}

/** The texts in their order, each once; `undefined` where nothing is said. */
function resolveAbsent(
  { source, path }: CleansingContext,
  { absent }: CleansingInput,
): readonly string[] | undefined {
  if (absent === undefined) return undefined
  return [...new Set(absent.map((_, index) => textIn(source, [...path, 'absent', index])))]
}

/** What of it counts for a column of values of the property; nothing is said where there is nothing to say. */
export function cleansingOf(cleansing: Cleansing, valuesOf: Property | undefined): Cleansing {
  const { absent = [], timeZone } = cleansing
  return {
    ...(absent.length === 0 ? {} : { absent }),
    ...(valuesOf?.type === 'datetime' && timeZone !== undefined ? { timeZone } : {}),
  }
}

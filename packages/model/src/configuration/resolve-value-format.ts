/**
 * How the values of a column are written, checked against what they are values of.
 *
 * @module
 */
import type { Property } from '../entity/entity-model.ts'
import { parseDateFormat } from '../source/date-format.ts'
import type { Absence, ValueFormat } from '../source/source.ts'
import { type Definition, placeIn, textIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { ValueFormatInput } from './property-mapping-schema.ts'
import { type Cleansing, cleansingOf, resolveCleansing } from './resolve-cleansing.ts'
import type { SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

/** What each option is for. */
const optionTypes: Readonly<Record<keyof ValueFormatInput, readonly Property['type'][]>> = {
  format: ['date', 'datetime'],
  decimalSeparator: ['decimal', 'integer'],
  thousandsSeparator: ['decimal', 'integer'],
  exponents: ['decimal', 'integer'],
  trailingMinus: ['decimal', 'integer'],
  percent: ['decimal', 'integer'],
  timeZone: ['datetime'],
  words: ['boolean'],
}

export const valueFormatOptions = Object.keys(optionTypes)

interface FormatContext {
  readonly source: Definition<SourceInput>
  /** From the source to the map that the options stand in. */
  readonly path: YamlPath
  readonly findings: Findings
  /** Of the mapping that the column is of. */
  readonly cleansing: Cleansing
}

/** `valuesOf`: the property whose values the column holds; absent where a finding says that there is none. */
export function resolveValueFormat(
  context: FormatContext,
  valuesOf: Property | undefined,
  input: ValueFormatInput & { readonly absent?: readonly unknown[] | undefined },
): ValueFormat & Absence {
  const { source, path } = context
  if (valuesOf !== undefined) {
    checkOptions(context, valuesOf, input)
    checkDateFormat(context, valuesOf, input)
  }
  checkSeparators(context, input)
  checkPercent(context, valuesOf, input)
  checkWords(context, input)
  const words = (key: 'true' | 'false') =>
    (input.words?.[key] ?? []).map((_, index) => textIn(source, [...path, 'words', key, index]))
  return {
    format: input.format,
    decimalSeparator: input.decimalSeparator,
    thousandsSeparator: input.thousandsSeparator,
    exponents: input.exponents,
    trailingMinus: input.trailingMinus === false ? false : undefined,
    percent: input.percent,
    ...cleansingOf(resolveCleansing(context, input, context.cleansing), valuesOf),
    words: input.words && { true: words('true'), false: words('false') },
  }
}

function checkOptions(
  { source, path, findings }: FormatContext,
  property: Property,
  input: ValueFormatInput,
): void {
  for (const [option, types] of Object.entries(optionTypes)) {
    if (!(option in input) || types.includes(property.type)) continue
    const message = `"${option}" is for ${types.join(' and ')} properties; "${property.name}" is ${property.type}.`
    findings.add(findingCodes.mapping, placeIn(source, [...path, option], 'key'), message, {
      remedy: `Remove "${option}".`,
    })
  }
}

function checkDateFormat(
  { source, path, findings }: FormatContext,
  property: Property,
  input: ValueFormatInput,
): void {
  if (input.format === undefined || (property.type !== 'date' && property.type !== 'datetime')) return
  const format = parseDateFormat(input.format, property.type)
  if (!('problem' in format)) return
  const message = `"${input.format}" is not a valid ${property.type} format: ${format.problem}.`
  findings.add(findingCodes.wrongValue, placeIn(source, [...path, 'format']), message, {
    remedy:
      property.type === 'date' ? 'Write for example dd/MM/yyyy.' : 'Write for example dd/MM/yyyy HH:mm.',
  })
}

function checkSeparators({ source, path, findings }: FormatContext, input: ValueFormatInput): void {
  if (input.thousandsSeparator === undefined) return
  if (input.thousandsSeparator !== (input.decimalSeparator ?? '.')) return
  const message = `"${input.thousandsSeparator}" is the separator of both thousands and decimals.`
  findings.add(findingCodes.mapping, placeIn(source, [...path, 'thousandsSeparator']), message, {
    remedy:
      input.decimalSeparator === undefined ? 'Give the decimalSeparator too.' : 'Give two different ones.',
  })
}

function checkPercent(
  { source, path, findings }: FormatContext,
  property: Property | undefined,
  input: ValueFormatInput,
): void {
  if (property?.type !== 'integer' || input.percent !== 'fraction') return
  const message = `"${property.name}" is an integer and cannot hold the fraction of a percent value.`
  findings.add(findingCodes.mapping, placeIn(source, [...path, 'percent']), message, {
    remedy: 'Write "percent: number", or make the property a decimal.',
  })
}

function checkWords({ source, path, findings }: FormatContext, input: ValueFormatInput): void {
  const words = input.words
  if (words === undefined) return
  const truths = words.true.map((_, index) => textIn(source, [...path, 'words', 'true', index]))
  for (const index of words.false.keys()) {
    const wordPath = [...path, 'words', 'false', index]
    const word = textIn(source, wordPath)
    if (!truths.includes(word)) continue
    findings.add(findingCodes.mapping, placeIn(source, wordPath), `"${word}" means both true and false.`)
  }
}

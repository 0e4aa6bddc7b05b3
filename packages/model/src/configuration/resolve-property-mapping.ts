/**
 * Where one property gets its value, checked against what the property is.
 *
 * @module
 */
import type { Property } from '../entity/entity-model.ts'
import { parseDateFormat } from '../source/date-format.ts'
import type { PropertyMapping } from '../source/source.ts'
import { type Definition, placeIn, textIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import type { PropertyMappingInput, SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

type Details = Exclude<PropertyMappingInput, string | number | boolean>

/** What each option is for. */
const optionTypes: Readonly<Record<Exclude<keyof Details, 'column'>, readonly Property['type'][]>> = {
  format: ['date', 'datetime'],
  decimalSeparator: ['decimal', 'integer'],
  thousandsSeparator: ['decimal', 'integer'],
  words: ['boolean'],
  by: ['reference'],
  encoding: ['file'],
  fileNameColumn: ['file'],
  mediaTypeColumn: ['file'],
}

export interface PropertyMappingContext {
  readonly source: Definition<SourceInput>
  /** From the source to the mapping of this property. */
  readonly path: YamlPath
  readonly findings: Findings
  /** The property of `to` that a column of references holds; adds a finding when there is none. */
  readonly resolveBy: (to: string, by: string | undefined, path: YamlPath) => string
}

export function resolvePropertyMapping(
  context: PropertyMappingContext,
  property: Property,
  input: PropertyMappingInput,
): PropertyMapping {
  const { source, path } = context
  if (typeof input !== 'object') {
    const by = property.type === 'reference' ? context.resolveBy(property.to, undefined, path) : undefined
    return { property: property.name, column: textIn(source, path), by }
  }
  checkOptions(context, property, input)
  const textOf = (key: string) => textIn(source, [...path, key])
  const words = (key: 'true' | 'false') =>
    (input.words?.[key] ?? []).map((_, index) => textIn(source, [...path, 'words', key, index]))
  return {
    property: property.name,
    column: textOf('column'),
    format: input.format,
    decimalSeparator: input.decimalSeparator,
    thousandsSeparator: input.thousandsSeparator,
    words: input.words && { true: words('true'), false: words('false') },
    by: property.type === 'reference' ? context.resolveBy(property.to, input.by, [...path, 'by']) : undefined,
    encoding: property.type === 'file' ? (input.encoding ?? 'base64') : undefined,
    fileNameColumn: input.fileNameColumn === undefined ? undefined : textOf('fileNameColumn'),
    mediaTypeColumn: input.mediaTypeColumn === undefined ? undefined : textOf('mediaTypeColumn'),
  }
}

function checkOptions(context: PropertyMappingContext, property: Property, input: Details): void {
  const { source, path, findings } = context
  for (const [option, types] of Object.entries(optionTypes)) {
    if (!(option in input) || types.includes(property.type)) continue
    const message = `"${option}" is for ${types.join(' and ')} properties; "${property.name}" is ${property.type}.`
    findings.add(findingCodes.mapping, placeIn(source, [...path, option], 'key'), message, {
      remedy: `Take "${option}" out.`,
    })
  }
  checkDateFormat(context, property, input)
  checkSeparators(context, input)
  checkWords(context, input)
}

function checkDateFormat(
  { source, path, findings }: PropertyMappingContext,
  property: Property,
  input: Details,
): void {
  if (input.format === undefined || (property.type !== 'date' && property.type !== 'datetime')) return
  const format = parseDateFormat(input.format, property.type)
  if (!('problem' in format)) return
  const message = `"${input.format}" is no format of a ${property.type}: ${format.problem}.`
  findings.add(findingCodes.wrongValue, placeIn(source, [...path, 'format']), message, {
    remedy:
      property.type === 'date' ? 'Write for example dd/MM/yyyy.' : 'Write for example dd/MM/yyyy HH:mm.',
  })
}

function checkSeparators({ source, path, findings }: PropertyMappingContext, input: Details): void {
  if (input.thousandsSeparator === undefined) return
  if (input.thousandsSeparator !== (input.decimalSeparator ?? '.')) return
  const message = `"${input.thousandsSeparator}" separates both thousands and decimals.`
  findings.add(findingCodes.mapping, placeIn(source, [...path, 'thousandsSeparator']), message, {
    remedy:
      input.decimalSeparator === undefined ? 'Give the decimalSeparator too.' : 'Give two different ones.',
  })
}

function checkWords({ source, path, findings }: PropertyMappingContext, input: Details): void {
  const words = input.words
  if (words === undefined) return
  const truths = words.true.map((_, index) => textIn(source, [...path, 'words', 'true', index]))
  for (const index of words.false.keys()) {
    const wordPath = [...path, 'words', 'false', index]
    const word = textIn(source, wordPath)
    if (!truths.includes(word)) continue
    findings.add(findingCodes.mapping, placeIn(source, wordPath), `"${word}" stands for both true and false.`)
  }
}

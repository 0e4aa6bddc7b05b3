/**
 * How a value is made of columns, checked against what it is a value of.
 *
 * @module
 */
import type { Property } from '../entity/entity-model.ts'
import { legalValue } from '../source/legal-value.ts'
import type { Expression, ExpressionKind, RowFilter, Shape, ShapeOrigin } from '../source/shape.ts'
import type { Absence, ValueFormat } from '../source/source.ts'
import { type Definition, placeIn, textIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { resolveTable } from './resolve-table.ts'
import { kindAfter, resolveTransforms } from './resolve-transforms.ts'
import type { ShapeInput } from './shape-schema.ts'
import type { Shaping } from './shaping.ts'
import type { SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

export interface ShapeContext {
  readonly source: Definition<SourceInput>
  /** From the source to the map of this property or end. */
  readonly path: YamlPath
  readonly findings: Findings
  readonly shaping: Shaping | undefined
}

type Text = string | number | boolean

export interface ShapedInput extends ShapeInput {
  readonly column?: Text | undefined
  readonly columns?: readonly Text[] | undefined
  readonly value?: Text | undefined
  readonly split?: string | undefined
}

const keys = ['join', 'expression', 'value', 'split', 'transforms', 'table', 'default'] as const

export function isShaped(input: ShapedInput): boolean {
  return keys.some((key) => input[key] !== undefined)
}

/** `of`: the name of the property or end, whose column it is where none is named. */
export function resolveShape(context: ShapeContext, of: string, input: ShapedInput): ResolvedShape {
  const { source, path, findings } = context
  const refuse = refusing(context)
  for (const foreign of ['table', 'graph'] as const) {
    if (source.value[foreign] === undefined) continue
    const key = keys.find((one) => input[one] !== undefined) ?? 'join'
    const message = `The values of "${of}" cannot be transformed: the source has no files.`
    refuse([key], message, `Remove "${key}".`)
  }
  const origin = originOf(context, of, input)
  const transforms = resolveTransforms(context, input.transforms)
  const table = input.table === undefined ? undefined : resolveTable(context, input.table)
  const first = input.split === undefined ? origin.kind : 'text'
  if (input.split !== undefined && origin.kind !== 'text')
    refuse(['split'], 'Only a text can be split, and the expression does not give a text.', 'Remove "split".')
  const shape: Shape = {
    columns: origin.columns,
    origin: origin.origin,
    split: input.split,
    transforms,
    table,
    fallback: input.default === undefined ? undefined : textIn(source, [...path, 'default']),
  }
  const kind = kindAfter(first, transforms)
  if (origin.kind === 'list' && input.split === undefined) return { shape, kind: 'list', findings }
  return { shape, kind: table === undefined ? kind : 'text', findings }
}

interface ResolvedShape {
  readonly shape: Shape
  /** What kind of text comes of it. */
  readonly kind: ExpressionKind
  readonly findings: Findings
}

interface Origin {
  readonly origin: ShapeOrigin
  readonly columns: readonly string[]
  readonly kind: ExpressionKind
}

function originOf(context: ShapeContext, of: string, input: ShapedInput): Origin {
  const { source, path } = context
  const refuse = refusing(context)
  const given = (['column', 'columns', 'value', 'expression'] as const).filter(
    (key) => input[key] !== undefined,
  )
  const [, other] = given
  if (other !== undefined)
    refuse(
      [other],
      `"${of}" has both "${given.join('" and "')}".`,
      'Keep one: each of them defines the value.',
    )
  if (input.join !== undefined && input.columns === undefined)
    refuse(['join'], `"join" joins several columns, but "${of}" has no "columns".`, 'Name them in "columns".')
  if (input.columns !== undefined) {
    if (input.join === undefined)
      refuse(
        ['columns'],
        `"${of}" has several columns, but nothing says how to join them.`,
        'Add for example join: " ".',
      )
    const columns = input.columns.map((_, index) => textIn(source, [...path, 'columns', index]))
    return { origin: { kind: 'join', between: input.join ?? '' }, columns, kind: 'text' }
  }
  if (input.value !== undefined)
    return { origin: { kind: 'value', value: textIn(source, [...path, 'value']) }, columns: [], kind: 'text' }
  if (input.expression !== undefined) {
    const { text, columns, kind } = expressionOf(context, [...path, 'expression'], input.expression)
    return { origin: { kind: 'expression', expression: text }, columns, kind }
  }
  const column = input.column === undefined ? of : textIn(source, [...path, 'column'])
  return { origin: { kind: 'column' }, columns: [column], kind: 'text' }
}

function expressionOf(
  { source, findings, shaping }: Omit<ShapeContext, 'path'>,
  at: YamlPath,
  text: string,
): Expression {
  const found = shaping?.expression(text) ?? { text, columns: [], kind: 'any' as const }
  if (!('problem' in found)) return found
  findings.add(findingCodes.wrongValue, placeIn(source, at), found.problem, { remedy: found.remedy })
  return { text, columns: [], kind: 'any' }
}

/** The filter of a mapping, which says of all its columns what is no value; `path` leads to the mapping. */
export function resolveWhere(
  context: ShapeContext,
  text: string | undefined,
  { absent = [] }: Absence,
): RowFilter | undefined {
  if (text === undefined) return undefined
  const { path } = context
  const refuse = refusing(context)
  const found = expressionOf(context, [...path, 'where'], text)
  if (context.source.value.table !== undefined || context.source.value.graph !== undefined)
    refuse(['where'], '"where" is only for files, and this source has no files.', 'Remove "where".')
  else if (found.kind !== 'boolean' && found.kind !== 'any')
    refuse(
      ['where'],
      `"where" has to be true or false, but this is ${named[found.kind]}.`,
      'Compare it with something, such as row.status != "left".',
    )
  return absent.length === 0 ? found : { ...found, absent }
}

/** Whether what is made can be a value of the property; `format` is what the mapping says of how it is written. */
export function checkShape(
  context: ShapeContext,
  { shape, kind }: Pick<ResolvedShape, 'shape' | 'kind'>,
  property: Property,
  format: ValueFormat,
): void {
  const { source, path } = context
  const refuse = refusing(context)
  if (property.type === 'secret' || property.type === 'file') {
    const key = keys.filter((one) => source.file.keyAt([...source.path, ...path, one]) !== undefined)
    const message = `"${property.name}" is a ${property.type} and cannot be transformed.`
    refuse(key.slice(0, 1), message, 'Write only its column.')
  } else if (kind === 'list' && shape.split === undefined) {
    const message = `"${property.name}" has one value, but this expression gives a list.`
    refuse(['expression'], message, 'Use one element of it, or join it with join().')
  } else {
    const fitting = fits[kind]
    if (property.type !== 'reference' && fitting !== undefined && !fitting.includes(property.type))
      refuse(
        [],
        `"${property.name}" is ${property.type}, but the expression gives ${named[kind]}.`,
        undefined,
      )
    if (kind === 'boolean' && format.words !== undefined)
      refuse(['words'], 'The value is made as true and false.', 'Remove "words".')
    if (kind === 'datetime' && format.format !== undefined)
      refuse(['format'], 'The value is made in ISO 8601.', 'Remove "format".')
    checkWritten(context, shape, property, format)
  }
}

/** What stands in the configuration itself is known to be a value before any row comes. */
function checkWritten(context: ShapeContext, shape: Shape, property: Property, format: ValueFormat): void {
  const { isLegal, expected } = legalValue(property, format)
  const refuse = refusing(context)
  const check = (at: YamlPath, text: string) => {
    if (text !== '' && !isLegal(text))
      refuse(at, `"${text}" is not a legal value of "${property.name}", which is ${expected}.`, undefined)
  }
  const { origin, transforms, table, fallback } = shape
  if (origin.kind === 'value' && transforms.length === 0 && table === undefined)
    check(['value'], origin.value)
  if (fallback !== undefined) check(['default'], fallback)
  for (const [from, to] of table?.name === 'the table' ? table.entries : [])
    check(['table', 'values', from], to)
}

const named: Readonly<Record<ExpressionKind, string>> = {
  text: 'a text',
  boolean: 'true or false',
  integer: 'a whole number',
  decimal: 'a number',
  datetime: 'a time',
  list: 'a list',
  any: 'a value',
}

/** Absent of what may be a value of anything. */
const fits: Readonly<Partial<Record<ExpressionKind, readonly Property['type'][]>>> = {
  boolean: ['boolean', 'string', 'text', 'enum'],
  integer: ['integer', 'decimal', 'string', 'text', 'enum'],
  decimal: ['decimal', 'string', 'text'],
  datetime: ['datetime', 'string', 'text'],
}

function refusing({ source, path, findings }: ShapeContext) {
  return (at: YamlPath, message: string, remedy: string | undefined): void =>
    findings.add(
      findingCodes.mapping,
      placeIn(source, [...path, ...at], at.length === 0 ? 'key' : undefined),
      message,
      { remedy },
    )
}

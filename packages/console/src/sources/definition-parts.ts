/**
 * The definition of a source in the parts in which people look at it.
 *
 * A definition is shown as the server gives it, whatever a newer one has in it: what no part takes is among the other settings.
 *
 * @module
 */
type Values = Readonly<Record<string, unknown>>

/** The way to a value and what it is: `deleted.percent`, `10`. */
export type Setting = readonly [name: string, value: string]

export interface AttributeRow {
  readonly property: string
  readonly column: string
  readonly policy: string
  /** Whether it follows the source after its first value. */
  readonly update: boolean | undefined
  readonly by: string
  readonly more: string
}

export interface MappingPart {
  readonly name: string
  readonly kind: 'entity' | 'link'
  readonly general: readonly Setting[]
  readonly reconciliation: readonly Setting[]
  readonly deletion: readonly Setting[]
  readonly thresholds: readonly Setting[]
  readonly attributes: readonly AttributeRow[]
}

export interface DefinitionParts {
  readonly general: readonly Setting[]
  readonly schedule: readonly Setting[]
  readonly thresholds: readonly Setting[]
  readonly mappings: readonly MappingPart[]
}

const ofSchedule = ['mode', 'schedule', 'expected', 'every', 'export', 'folder', 'complete', 'retry', 'pause']
const ofDeletion = ['delete', 'deletion', 'obsolete', 'retention', 'userDelete']

export function partsOf(effective: Values): DefinitionParts {
  const { entities, associations, thresholds, ...rest } = effective
  return {
    general: settingsOf(without(rest, ofSchedule)),
    schedule: settingsOf(only(rest, ofSchedule)),
    thresholds: thresholdsOf(thresholds),
    mappings: [
      ...Object.entries(valuesIn(entities)).map(([name, one]) => mappingOf(name, 'entity', valuesIn(one))),
      ...Object.entries(valuesIn(associations)).map(([name, one]) => mappingOf(name, 'link', valuesIn(one))),
    ],
  }
}

function mappingOf(name: string, kind: MappingPart['kind'], values: Values): MappingPart {
  const { properties, reconciliation, thresholds, ...rest } = values
  return {
    name,
    kind,
    general: settingsOf(without(rest, ofDeletion)),
    reconciliation: settingsOf(valuesIn(reconciliation)),
    deletion: settingsOf(only(rest, ofDeletion)),
    thresholds: thresholdsOf(thresholds),
    attributes: Object.entries(valuesIn(properties)).map(([property, one]) => attributeOf(property, one)),
  }
}

/** `deleted`: `10 %, from 10 rows`. */
function thresholdsOf(thresholds: unknown): readonly Setting[] {
  if (typeof thresholds === 'string') return [['thresholds', thresholds]]
  return Object.entries(valuesIn(thresholds)).map(([name, value]): Setting => {
    if (typeof value !== 'object') return [name, textOf(value)]
    const { count, percent, atLeast, ...more } = valuesIn(value)
    const limits = [
      ...(count === undefined ? [] : [`${textOf(count)} rows`]),
      ...(percent === undefined ? [] : [`${textOf(percent)} %`]),
      ...(atLeast === undefined ? [] : [`from ${textOf(atLeast)} rows`]),
      ...settingsOf(more).map(([inner, text]) => `${inner}: ${text}`),
    ]
    return [name, limits.join(', ')]
  })
}

function attributeOf(property: string, value: unknown): AttributeRow {
  if (typeof value === 'string')
    return { property, column: value, policy: '', update: undefined, by: '', more: '' }
  const { column, policy, update, by, ...more } = valuesIn(value)
  return {
    property,
    column: textOf(column ?? ''),
    policy: textOf(policy ?? ''),
    update: typeof update === 'boolean' ? update : undefined,
    by: textOf(by ?? ''),
    more: settingsOf(more)
      .map(([name, one]) => `${name}: ${one}`)
      .join(', '),
  }
}

/** Values of values, each by the way to it; lists as they are written. */
function settingsOf(values: Values): readonly Setting[] {
  return Object.entries(values).flatMap(([name, value]): readonly Setting[] => {
    if (value === undefined || value === null) return []
    if (typeof value !== 'object' || Array.isArray(value)) return [[name, textOf(value)]]
    return settingsOf(valuesIn(value)).map(([inner, text]) => [`${name}.${inner}`, text])
  })
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
}

function valuesIn(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function only(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => names.includes(name)))
}

function without(values: Values, names: readonly string[]): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !names.includes(name)))
}

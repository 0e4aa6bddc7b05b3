/**
 * Filters of a list: as they stand in the address and as the server is asked by them (`name~grace`, `mail is null`).
 *
 * @module
 */
import type { EntityType, Property } from '@sluice/model'

const comparisons = ['=', '!=', '<', '<=', '>', '>=', '~'] as const
const nullTests = ['is null', 'is not null'] as const
export type Operator = (typeof comparisons)[number] | (typeof nullTests)[number]

export interface Filter {
  readonly property: string
  readonly operator: Operator
  /** Empty of tests whether there is a value. */
  readonly value: string
}

const written =
  /^\s*(?<property>[A-Za-z][A-Za-z0-9_]*)\s*(?:(?<operator>!=|<=|>=|=|<|>|~)(?<value>[\s\S]*)|\s(?<test>is(?:\s+not)?\s+null)\s*)$/i

/** `undefined`: nobody can read it. */
export function parseFilter(text: string): Filter | undefined {
  const { property, operator, value = '', test } = written.exec(text)?.groups ?? {}
  if (property === undefined) return undefined
  if (test !== undefined)
    return { property, operator: /not/i.test(test) ? 'is not null' : 'is null', value: '' }
  const known = comparisons.find((one) => one === operator)
  return known && { property, operator: known, value }
}

export function writeFilter({ property, operator, value }: Filter): string {
  return isNullTest(operator) ? `${property} ${operator}` : `${property}${operator}${value}`
}

export function isNullTest(operator: Operator): boolean {
  return operator === 'is null' || operator === 'is not null'
}

/** Those that mean something for its values, the usual one first. */
export function operatorsOf({ type }: Pick<Property, 'type'>): readonly Operator[] {
  switch (type) {
    case 'string':
    case 'text':
    case 'reference':
      return ['~', '=', '!=', ...nullTests]
    case 'enum':
    case 'boolean':
    case 'uuid':
      return ['=', '!=', ...nullTests]
    case 'file':
    case 'secret':
      return nullTests
    default:
      return ['=', '!=', '<', '<=', '>', '>=', ...nullTests]
  }
}

/** What one field searches: each of its words has to stand in one of the texts of a resource. `anyOf` of the request. */
export function searchConditions({ properties }: Pick<EntityType, 'properties'>, words: string): string[] {
  const texts = properties.filter(({ type }) => type === 'string' || type === 'text' || type === 'enum')
  if (texts.length === 0) return []
  return words
    .split(/\s+/)
    .filter((word) => word !== '')
    .map((word) => JSON.stringify(texts.map(({ name }) => `${name}~${word}`)))
}

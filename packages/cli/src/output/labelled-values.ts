/**
 * Values of enums as people call them.
 *
 * @module
 */
import type { Labeller, Property } from '@sluice/model'

export function labelledValue(property: Property | undefined, value: unknown, labels: Labeller): unknown {
  if (property?.type !== 'enum' || typeof value !== 'string') return value
  return labels.among(property.valueLabels?.[value], value)
}

export function labelledValues(
  values: Readonly<Record<string, unknown>>,
  properties: ReadonlyMap<string, Property>,
  labels: Labeller,
): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [name, labelledValue(properties.get(name), value, labels)]),
  )
}

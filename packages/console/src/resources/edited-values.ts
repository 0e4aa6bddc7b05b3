/**
 * What somebody has typed into the attributes of a resource, and what of it is sent.
 *
 * @module
 */
import type { EditedValue, Property } from '@sluice/model'
import { valueText } from './value-text.ts'

/** What stands in a field. */
export interface Entered {
  readonly text: string
  /** Of a reference: the id of the resource that was chosen. */
  readonly id?: string
  /** Of a file: what is in it, in base64. */
  readonly content?: string
  readonly mediaType?: string
}

export type EnteredValues = Readonly<Record<string, Entered>>

/** As it stands in the field before anybody types. */
export function enteredOf(value: unknown, referenceId: string | null): Entered {
  return { text: valueText(value), ...(referenceId === null ? {} : { id: referenceId }) }
}

/** Empty texts empty. Numbers are sent as they are written, so that no digit is lost. */
export function sentValue({ type }: Pick<Property, 'type'>, entered: Entered): EditedValue {
  const { text, id, content, mediaType } = entered
  if (type === 'file') {
    if (content === undefined) return null
    return { content, name: text, ...(mediaType === undefined || mediaType === '' ? {} : { mediaType }) }
  }
  if (text === '') return null
  if (type === 'boolean') return text === 'true'
  return type === 'reference' && id !== undefined ? { id } : text
}

/** Those that are not as they were. */
export function changedValues(
  properties: readonly Property[],
  before: EnteredValues,
  entered: EnteredValues,
): Record<string, EditedValue> {
  const changed = properties.flatMap((property) => {
    const now = entered[property.name]
    return now === undefined || isSame(before[property.name], now)
      ? []
      : [[property.name, sentValue(property, now)] as const]
  })
  return Object.fromEntries(changed)
}

function isSame(before: Entered = { text: '' }, now: Entered): boolean {
  return before.text === now.text && before.id === now.id && now.content === undefined
}

/**
 * What nodes and relationships say of themselves, as one text: JSON with its names in order, so that what is the same is written the same.
 *
 * @module
 */
import { isMap, isNumber, isStorableNumber, numberText } from '../json/exact-json.ts'

/** Why a value is no attribute. */
export class AttributeTrouble {
  readonly attribute: string
  readonly reason: string

  constructor(attribute: string, reason: string) {
    this.attribute = attribute
    this.reason = reason
  }
}

/** Nothing is the same as an attribute that is not there. */
export function attributesText(
  attributes: Readonly<Record<string, unknown>> | ReadonlyMap<string, unknown>,
): string | AttributeTrouble {
  const entries = attributes instanceof Map ? [...attributes] : Object.entries(attributes)
  const written: string[] = []
  for (const [name, value] of entries.sort(([one], [other]) => (one < other ? -1 : 1))) {
    if (value === null || value === undefined) continue
    const text = isStorable(name) ? valueText(value) : new Reason(unstorable)
    if (text instanceof Reason) return new AttributeTrouble(name, text.text)
    written.push(`${JSON.stringify(name)}:${text}`)
  }
  return `{${written.join(',')}}`
}

class Reason {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

const unstorable = 'it holds a character that no database stores: NUL, or half of one'

/** No NUL, no half of a pair. */
export function isStorable(text: string): boolean {
  return !text.includes('\0') && text.isWellFormed()
}

function valueText(value: unknown): string | Reason {
  if (!Array.isArray(value)) return scalarText(value)
  const written: string[] = []
  for (const one of value) {
    const text = one === null ? 'null' : scalarText(one)
    if (text instanceof Reason) return text
    written.push(text)
  }
  return `[${written.join(',')}]`
}

function scalarText(value: unknown): string | Reason {
  if (typeof value === 'string') return isStorable(value) ? JSON.stringify(value) : new Reason(unstorable)
  if (typeof value === 'boolean') return String(value)
  if (isNumber(value)) {
    return isStorableNumber(value) ? numberText(value) : new Reason('it is a number of more than 1000 digits')
  }
  const what = isMap(value) ? 'a map' : 'a list in a list'
  return new Reason(`it is ${what}; an attribute is a text, a number, true, false, or a list of them`)
}

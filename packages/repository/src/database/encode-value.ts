import { storableJson, storableText } from '@sluice/model'

/**
 * Text of a parameter. An array is a PostgreSQL array, any other object is JSON; a JSON array goes
 * as the text it is, through `storableJson`. What no text of PostgreSQL can hold is replaced, wherever it
 * came from: a message may quote a file that is none.
 */
export function encodeValue(value: unknown): string | null {
  if (value === null || value === undefined) return null
  if (typeof value === 'string') return storableText(value)
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value).toString('hex')}`
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return encodeArray(value)
  if (typeof value === 'object') return storableJson(value)
  return String(value)
}

function encodeArray(values: readonly unknown[]): string {
  const elements = values.map((value) => {
    if (Array.isArray(value)) return encodeArray(value)
    const text = encodeValue(value)
    return text === null ? 'NULL' : `"${text.replace(/["\\]/g, '\\$&')}"`
  })
  return `{${elements.join(',')}}`
}

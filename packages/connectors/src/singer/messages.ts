/**
 * The messages of taps, as the Singer specification has them.
 *
 * @module
 */
import { z } from 'zod'
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import { isMap, type SourceRecord } from '../formats/record.ts'
import { parsedJson } from '../json/exact-json.ts'
import type { TapLine } from './run-tap.ts'

export type TapMessage =
  | { readonly type: 'SCHEMA'; readonly stream: string; readonly properties: readonly string[] | undefined }
  | { readonly type: 'RECORD'; readonly stream: string; readonly record: SourceRecord }
  /** As JSON. */
  | { readonly type: 'STATE'; readonly state: string }
  | { readonly type: 'ACTIVATE_VERSION'; readonly stream: string; readonly version: string }
  | { readonly type: 'other'; readonly name: string }

const schemaSchema = z.looseObject({
  stream: z.string(),
  schema: z.looseObject({ properties: z.record(z.string(), z.unknown()).optional() }),
})

/** Throws where a line is none: what it was to say is lost. */
export function messageIn(tap: string, { text, line }: TapLine): TapMessage | undefined {
  if (text.trim() === '') return undefined
  const value = parsed(tap, text, line)
  const { type } = value
  switch (type) {
    case 'SCHEMA': {
      const { stream, schema } = schemaSchema.parse(JSON.parse(text))
      return { type, stream, properties: schema.properties && Object.keys(schema.properties) }
    }
    case 'RECORD':
      if (typeof value['stream'] === 'string' && isMap(value['record']))
        return { type, stream: value['stream'], record: value['record'] }
      throw noMessage(tap, text, line)
    case 'STATE':
      return { type, state: stateIn(text) }
    case 'ACTIVATE_VERSION':
      return { type, stream: String(value['stream']), version: String(value['version']) }
    case 'BATCH':
      throw new ManagedSystemError(`${tap} writes its records into files (BATCH), which are not read.`, {
        remedy: 'Take batch_config out of config.',
      })
    default:
      if (typeof type === 'string') return { type: 'other', name: type }
      throw noMessage(tap, text, line)
  }
}

function parsed(tap: string, text: string, line: number): SourceRecord & { readonly type?: unknown } {
  try {
    const value = parsedJson(text)
    if (isMap(value)) return value
  } catch {
    // It is told below.
  }
  throw noMessage(tap, text, line)
}

function noMessage(tap: string, text: string, line: number): ManagedSystemError {
  return new ManagedSystemError(
    `${tap} writes a line that is no message (line ${line}): ${text.slice(0, 100)}`,
    {
      remedy: 'A tap writes messages to its standard output, and everything else to standard error.',
    },
  )
}

/** Its value with numbers as they are written. */
function stateIn(text: string): string {
  const value: unknown = JSON.parse(text)
  return JSON.stringify(typeof value === 'object' && value !== null && 'value' in value ? value.value : {})
}

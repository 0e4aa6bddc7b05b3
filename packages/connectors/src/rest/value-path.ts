/**
 * Where a value is within a record: `profile.city`, `emails.value`, `emails[type=work].value`.
 *
 * Names with dots need nothing, and a colon parts names as a dot does (SCIM): of `@odata.type` and of `urn:example:2.0:User.department` the longest name that is there counts.
 *
 * @module
 */
import { isLosslessNumber, stringify } from 'lossless-json'

/** The value; of a list, those of all its parts. `undefined` where there is none. */
export function valueAt(value: unknown, path: string): unknown {
  if (path === '') return value
  if (Array.isArray(value)) {
    const parts = value.flatMap((item): readonly unknown[] => {
      const part = valueAt(item, path)
      if (part === undefined || part === null) return []
      return Array.isArray(part) ? part : [part]
    })
    return parts.length === 0 ? undefined : parts
  }
  if (!isRecord(value)) return undefined
  const whole = stepInto(value, path)
  if (whole !== undefined) return whole
  for (let end = path.length - 1; end > 0; end--) {
    if (path[end] !== '.' && path[end] !== ':') continue
    const part = stepInto(value, path.slice(0, end))
    if (part !== undefined) return valueAt(part, path.slice(end + 1))
  }
  return undefined
}

const filter = /^(.+)\[([^[\]=]+)=([^[\]]*)\]$/

/** One name, or a name with a condition on the parts of its list. */
function stepInto(record: Readonly<Record<string, unknown>>, step: string): unknown {
  if (Object.hasOwn(record, step)) return record[step]
  const [, name = '', key = '', wanted] = filter.exec(step) ?? []
  const list = name !== '' && Object.hasOwn(record, name) ? record[name] : undefined
  if (!Array.isArray(list)) return undefined
  return list.filter((item) => textOf(valueAt(item, key), ',') === wanted)
}

/** The first name of a path, without a condition: what a system is asked for. */
export function firstName(path: string): string {
  return path.split(/[.[]/)[0] ?? path
}

/** As a cell has it: values of a list are joined, and what has parts is JSON. `undefined` is no value. */
export function textOf(value: unknown, separator: string): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value.startsWith('/Date(') ? dateOf(value) : value
  if (isLosslessNumber(value)) return value.value
  if (Array.isArray(value)) {
    const texts = value.map((item) => textOf(item, separator)).filter((text) => text !== undefined)
    return texts.length === 0 ? undefined : texts.join(separator)
  }
  return isRecord(value) ? stringify(value) : String(value)
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !isLosslessNumber(value)
}

/** What a record holds that says no. */
const noes: ReadonlySet<string> = new Set(['', '0', 'false', 'f', 'no', 'n'])

/** Whether there is something that says yes. */
export function saysYes(value: unknown): boolean {
  const text = textOf(value, ',')
  return text !== undefined && !noes.has(text.trim().toLowerCase())
}

/** Whether a record has what `path`, or `path=text`, says. */
export function isMarked(record: unknown, mark: string): boolean {
  const [, path = mark, wanted] = /^([^=]+)=(.*)$/.exec(mark) ?? []
  return wanted === undefined ? saysYes(valueAt(record, path)) : textOf(valueAt(record, path), ',') === wanted
}

/** `/Date(1764489600000)/`, as OData 2 and Microsoft's older services write times; with a zone, where it says one. */
function dateOf(text: string): string {
  const [, instant, zone] = /^\/Date\((-?\d+)([+-]\d+)?\)\/$/.exec(text) ?? []
  const date = new Date(Number(instant ?? Number.NaN))
  if (Number.isNaN(date.getTime())) return text
  const [whole = ''] = date.toISOString().replace('.000Z', 'Z').split(/Z$/)
  return `${whole}${zone === undefined ? '' : 'Z'}`
}

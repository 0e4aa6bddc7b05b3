/**
 * A line of the log as a person reads it: time, level, what happened, the facts.
 *
 * @module
 */
import { printable } from '@sluice/model'
import { z } from 'zod'

const errorSchema = z.looseObject({
  code: z.string().optional(),
  message: z.string(),
  stack: z.string().optional(),
})

const lineSchema = z.looseObject({
  time: z.string(),
  level: z.string(),
  msg: z.string().default(''),
  err: errorSchema.optional(),
})

/** From a line of JSON; whatever is none stays as it is. */
export function readableLine(json: string): string {
  const { data } = lineSchema.safeParse(parsed(json))
  if (data === undefined) return json
  const { time, level, msg, err, ...facts } = data
  const shown = Object.entries(facts)
    .filter(([name]) => name !== 'reqId')
    .map(
      ([name, value]) =>
        ` ${printable(name)}=${typeof value === 'string' ? fact(value) : printable(JSON.stringify(value))}`,
    )
  return `${time.slice(11, 23)} ${level.padEnd(5)} ${printable(msg)}${shown.join('')}${errorText(err)}\n`
}

/** In quotes where it could be taken for several facts. */
function fact(value: string): string {
  const text = printable(value)
  return /[\s"=]/.test(text) ? `"${text.replaceAll('"', '\\"')}"` : text
}

/** Lines behind the first are indented, so that none is taken for another line of the log. */
function indented(text: string): string {
  return text.split('\n').map(printable).join('\n    ')
}

function errorText(error: z.infer<typeof errorSchema> | undefined): string {
  if (error === undefined) return ''
  const known = error.code?.startsWith('SLUICE-') === true
  return known
    ? `\n  ${error.code}: ${indented(error.message)}`
    : `\n  ${indented(error.stack ?? error.message)}`
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

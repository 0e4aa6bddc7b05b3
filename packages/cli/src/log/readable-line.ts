/**
 * A line of the log as a person reads it: time, level, what happened, the facts.
 *
 * @module
 */
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
    .map(([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`)
  return `${time.slice(11, 23)} ${level.padEnd(5)} ${msg}${shown.join('')}${errorText(err)}\n`
}

function errorText(error: z.infer<typeof errorSchema> | undefined): string {
  if (error === undefined) return ''
  const known = error.code?.startsWith('SLUICE-') === true
  return known
    ? `\n  ${error.code}: ${error.message}`
    : `\n  ${(error.stack ?? error.message).replaceAll('\n', '\n  ')}`
}

function parsed(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

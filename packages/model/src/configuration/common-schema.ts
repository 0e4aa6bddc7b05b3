/**
 * The small pieces the schemas of a configuration share.
 *
 * @module
 */
import { z } from 'zod'
import { namePattern } from './names.ts'

/** Names of entity types, properties, associations and sources. */
export const nameSchema = z
  .string()
  .regex(namePattern, 'must be a letter, followed by at most 49 letters, digits and underscores')

/** Text a person may have written as a number or as true and false; read it with `textAt`. */
export const textSchema = z.union([z.string().min(1, 'must not be empty'), z.number(), z.boolean()], {
  error: 'must be text',
})

/** Texts of which any may look like another thing to YAML, `NULL` above all; read each with `textIn`. */
export const absentSchema = z
  .array(z.union([textSchema, z.null()], { error: 'must be text' }), {
    error: 'must be a list of texts such as [NULL, n/a]',
  })
  .optional()
  .describe(
    'Texts that are written where there is no value, such as `[NULL, \\N, "0000-00-00", n/a]`: compared exactly with the whole field, and read as an empty one. The list that stands nearest to a column counts, of the property, the mapping or the source; `[]` is none.',
  )

export const timeZoneSchema = z
  .string()
  .min(1, 'must not be empty')
  .optional()
  .describe(
    'Datetime: the zone of times that say none, such as Europe/Berlin; UTC when not given. When clocks are put back, a time that comes twice is the first of the two; one that they leave out rejects its row.',
  )

export const descriptionSchema = z.string().describe('What it is, for people.')

/** `en`, `de-AT`, `zh-Hant-TW`. */
const languagePattern = /^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$/

export const languageSchema = z.string().regex(languagePattern, 'must be a language such as en, de or pt-BR')

const oneLabelSchema = z.string().min(1, 'must not be empty')

export const labelSchema = z
  .union([oneLabelSchema, z.record(languageSchema, oneLabelSchema)], {
    error: 'must be a text, or a map of languages such as {en: Number, de: Nummer}',
  })
  .describe('What people call it: a text in the language of the project, or one by language.')
  .meta({ id: 'Label', title: 'Label' })

export const pathSchema = z.string().min(1, 'must not be empty')

/** As DuckDB writes sizes: `512MB` is 512 × 1000², `512MiB` is 512 × 1024². */
const sizePattern = /^(\d+(?:\.\d+)?)\s*([KMGTkmgt]i?)?[Bb]$/

export const sizeSchema = z.string({ error: 'must be a size such as 512MB' }).regex(sizePattern, {
  error: 'must be a size such as 512MB, 2GB or 16MiB',
})

/** Reads what `sizeSchema` let through. */
export function bytesOf(size: string): number {
  const [, number = '0', unit = ''] = sizePattern.exec(size) ?? []
  const base = unit.toLowerCase().endsWith('i') ? 1024 : 1000
  const power = ['', 'k', 'm', 'g', 't'].indexOf(unit.slice(0, 1).toLowerCase())
  return Math.round(Number(number) * base ** power)
}

/** `90s`, `5m`, `1h`, `2d`, `500ms`. */
const durationPattern = /^(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)$/
const unitMilliseconds: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
}
/** Longer than this a timer of the runtime cannot wait. */
const longestDuration = 24 * 86_400_000
/** A year and a month. */
const longestInterval = 400 * 86_400_000

export const durationSchema = z
  .string({ error: 'must be a duration such as 90s, 5m, 1h or 2d' })
  .regex(durationPattern, { error: 'must be a duration such as 90s, 5m, 1h or 2d' })
  .refine((duration) => millisecondsOf(duration) <= longestDuration, { error: 'must be at most 24d' })

/** A time that nobody waits out: of any length. */
export const ageSchema = z
  .string({ error: 'must be a duration such as 12h or 30d' })
  .regex(durationPattern, { error: 'must be a duration such as 12h or 30d' })

/** What a history keeps of a property, as it is written. */
export const precisionSchema = z
  .string({ error: 'must be full, none, or a duration such as 1d' })
  .regex(/^(?:full|none|[1-9]\d{0,4}\s*[smhd])$/, 'must be full, none, or a duration such as 1d')

/** Of what no timer waits for: looked at now and then. */
export const intervalSchema = z
  .string({ error: 'must be a duration such as 26h or 8d' })
  .regex(durationPattern, { error: 'must be a duration such as 26h or 8d' })
  .refine((duration) => millisecondsOf(duration) > 0, { error: 'must be longer than nothing' })
  .refine((duration) => millisecondsOf(duration) <= longestInterval, { error: 'must be at most 400d' })

/** Reads what `durationSchema`, `ageSchema` or `intervalSchema` let through. */
export function millisecondsOf(duration: string): number {
  const [, number = '0', unit = 's'] = durationPattern.exec(duration) ?? []
  return Math.round(Number(number) * (unitMilliseconds[unit] ?? 1000))
}

/**
 * How a source file is written, as people say it.
 *
 * @module
 */
import { z } from 'zod'
import { fileEncodings } from '../source/file-encoding.ts'
import type { FileFormat } from '../source/source.ts'

export const formatSchema = z
  .strictObject({
    separator: z
      .enum([',', ';', '\t', '|', 'tab'])
      .optional()
      .describe('What stands between two fields; detected when not given.'),
    encoding: z
      .enum(fileEncodings)
      .optional()
      .describe(
        'How characters are written. When not given, UTF-8, UTF-16 and UTF-32 are detected, and what is none of these is read as windows-1252, or as windows-1250 or iso-8859-2 where that clearly makes the better words; the report says so.',
      ),
    skipLines: z.int().min(0).optional().meta({ default: 0 }).describe('Lines to skip before the header.'),
    quotedLineBreaks: z
      .enum(['check', 'trust'])
      .optional()
      .meta({ default: 'check' })
      .describe(
        '`check` takes a quoted field whose lines look like rows of the file for an unclosed quote; `trust` accepts it.',
      ),
    shortRows: z
      .enum(['reject', 'fill'])
      .optional()
      .meta({ default: 'reject' })
      .describe(
        'A row with fewer fields than the header: `reject` leaves it out, `fill` takes the rest for empty.',
      ),
  })
  .describe('How a source file is written.')
  .meta({ id: 'FileFormat', title: 'File format' })

export type FormatInput = z.infer<typeof formatSchema>

/** Nothing has to be found out of files that connectors write, and a line break in quotes is one of a value. */
const formatOfConnectors: FormatInput = { separator: ',', encoding: 'utf-8', quotedLineBreaks: 'trust' }

export function usualFormat({ export: by }: { readonly export?: object | undefined }): FormatInput {
  return by !== undefined && 'connector' in by ? formatOfConnectors : {}
}

/** What a file says of itself comes before what its source says, and that before what is `usual`. */
export function resolveFormat(
  source: FormatInput | undefined,
  own: FormatInput | undefined,
  usual: FormatInput = {},
): FileFormat {
  const { separator, encoding, skipLines, quotedLineBreaks, shortRows } = { ...usual, ...source, ...own }
  return {
    separator: separator === 'tab' ? '\t' : separator,
    encoding,
    skipLines: skipLines ?? 0,
    quotedLineBreaks: quotedLineBreaks ?? 'check',
    shortRows: shortRows ?? 'reject',
  }
}

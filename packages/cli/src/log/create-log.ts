/**
 * The log of a server or an agent: JSON for machines, lines for people.
 *
 * @module
 */
import pino, { type Logger } from 'pino'
import { readableLine } from './readable-line.ts'

export type LogLevel = 'error' | 'warn' | 'info' | 'debug' | 'silent'
export type LogFormat = 'json' | 'text'

export interface LogOptions {
  readonly level: LogLevel
  readonly format: LogFormat
  /** Takes whole lines, each with its line break. */
  readonly write: (text: string) => void
}

export function createLog({ level, format, write }: LogOptions): Logger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // Nothing logs them on purpose; an error of a library might carry its request.
      redact: ['authorization', '*.authorization', 'headers.authorization', '*.headers.authorization'],
    },
    { write: (line) => write(format === 'json' ? line : readableLine(line)) },
  )
}

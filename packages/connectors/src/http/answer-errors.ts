/**
 * What a refusal of a system means: whether it may pass, and what to do about it.
 *
 * @module
 */
import { ManagedSystemError } from '../contract/managed-system-error.ts'
import type { Answer } from './answer.ts'
import { retryAfterOf } from './retry-after.ts'

/** Too early, too often, or not at the moment. */
const passing = new Set([408, 425, 429, 500, 502, 503, 504, 507, 509, 529])

const remedies: Readonly<Record<number, string>> = {
  400: 'The system does not understand the request: look at the parameters and columns that are asked for.',
  401: 'The system does not accept who asks: look at the secrets of the source, and whether they are expired.',
  403: 'Whoever asks may not read this: look at the rights and scopes it was given.',
  404: 'Look at the address and the path. Some systems answer so where rights are missing.',
  429: 'The system is asked too often: set limits.requestsPerSecond.',
}

/** A refusal by its number. */
export class RefusedRequestError extends ManagedSystemError {
  readonly status: number
  /** What the system says of it, as it was sent. */
  readonly text: string

  constructor({ status, headers, text, place }: Answer, hide: (text: string) => string) {
    const reason = hide(reasonOf(text))
    super(`${place} answers with ${status}${reason === '' ? '.' : `: ${sentence(reason)}`}`, {
      remedy: remedies[status],
      passing: passing.has(status),
      retryAfter: waitOf(status, headers),
    })
    this.status = status
    this.text = text
  }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** Milliseconds; some systems only say when they will answer again, in seconds since 1970. */
function waitOf(status: number, headers: Answer['headers']): number | undefined {
  const asked = retryAfterOf(headers.get('retry-after'), Date.now())
  const reset = headers.get('x-rate-limit-reset')
  if (asked !== undefined || status !== 429 || reset === undefined || !/^\d{10}$/.test(reset)) return asked
  return Math.max(0, Number(reset) * 1000 - Date.now())
}

/** Characters of what a system says that are shown. */
const longestReason = 300

/** The sentence for people within an answer that says what is wrong, wherever systems put it. */
function reasonOf(text: string): string {
  const found = sentenceIn(parsed(text)) ?? (/^\s*[<{[]/.test(text) ? '' : text)
  return found.replaceAll(/\s+/g, ' ').trim().slice(0, longestReason)
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** In the order in which they are looked for. */
const usualKeys = [
  'error_description',
  'errorSummary',
  'message',
  'detail',
  'value',
  'title',
  'error',
  'errors',
  'fault',
]

function sentenceIn(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  if (typeof value !== 'object' || value === null) return undefined
  if (Array.isArray(value)) return sentenceIn(value[0])
  const parts = new Map<string, unknown>(Object.entries(value))
  return usualKeys.map((key) => sentenceIn(parts.get(key))).find((sentence) => sentence !== undefined)
}

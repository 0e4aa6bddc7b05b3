/** @module */
import type { Tone } from '../design/theme.ts'
import { texts } from '../texts/texts.ts'
import type { Check } from './agent-queries.ts'

const words = texts.connection

/** How a check that is over ended, in some words. */
export function checkResult({ answer }: Pick<Check, 'answer'>): {
  readonly word: string
  readonly tone: Tone
} {
  if (answer === null) return { word: words.noAnswer, tone: 'quiet' }
  if (answer.error !== null) return { word: words.failed, tone: 'bad' }
  return answer.warnings.length > 0
    ? { word: words.warned, tone: 'wait' }
    : { word: words.connected, tone: 'good' }
}

/** In one line. */
export function saidIn({ answer }: Pick<Check, 'answer'>): string {
  if (answer === null) return ''
  if (answer.error !== null) return answer.error.message
  const facts = Object.entries(answer.facts).map(([name, value]) => `${name}: ${value}`)
  return [...facts, ...answer.warnings].join(' · ')
}

/**
 * A state in its word and colour; the word says it, the colour only helps.
 *
 * @module
 */
import { Badge } from '@mantine/core'
import type { ReactNode } from 'react'
import { type Tone, tones } from './theme.ts'

const toneOfState: Readonly<Record<string, Tone>> = {
  applied: 'good',
  done: 'good',
  succeeded: 'good',
  unchanged: 'good',
  synchronized: 'good',
  executed: 'good',
  healthy: 'good',
  held: 'wait',
  suspended: 'wait',
  obsolete: 'wait',
  waiting: 'wait',
  ready: 'wait',
  announced: 'wait',
  late: 'wait',
  failed: 'bad',
  interrupted: 'bad',
  refused: 'bad',
  put_aside: 'bad',
  'put-aside': 'bad',
  error: 'bad',
  contradicted: 'bad',
  running: 'busy',
  computing: 'busy',
  applying: 'busy',
}

export function StateBadge({ state }: { readonly state: string }): ReactNode {
  return <Badge color={tones[toneOfState[state] ?? 'quiet']}>{state.replaceAll('_', ' ')}</Badge>
}

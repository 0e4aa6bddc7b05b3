/**
 * How a source is, in one word, and where to go for what it needs.
 *
 * @module
 */
import type { Reply } from '../api/ask.ts'
import type { Tone } from '../design/theme.ts'

export type SourceHealth = Reply<'GET /status'>['sources'][number]
type Attention = SourceHealth['attention'][number]
type Run = Reply<'GET /runs'>['runs'][number]

/** What the badge of a source says, and its tone. */
export type HealthWord = 'fine' | 'held' | 'failed' | 'late' | 'suspended' | 'attention' | 'never'

const wordOfKind: Readonly<Record<Attention['kind'], HealthWord>> = {
  held: 'held',
  'put aside': 'failed',
  failed: 'failed',
  late: 'late',
  doubtful: 'attention',
  'failed roots': 'attention',
  rejected: 'attention',
  'with errors': 'attention',
  orphans: 'attention',
  suspended: 'suspended',
  'switched off': 'attention',
  'never ran': 'never',
}

export const toneOfWord: Readonly<Record<HealthWord, Tone>> = {
  fine: 'good',
  held: 'wait',
  failed: 'bad',
  late: 'bad',
  suspended: 'quiet',
  attention: 'wait',
  never: 'quiet',
}

/** Its attention is sorted, the worst first. */
export function healthWord({ attention }: Pick<SourceHealth, 'attention'>): HealthWord {
  const [worst] = attention
  return worst === undefined ? 'fine' : wordOfKind[worst.kind]
}

export interface Target {
  readonly to: string
  readonly search?: Readonly<Record<string, string | boolean>>
}

/** The page on which somebody goes on. */
export function targetOf({ kind }: Pick<Attention, 'kind'>, source: SourceHealth): Target {
  const page = `/sources/${encodeURIComponent(source.name)}`
  switch (kind) {
    case 'held':
      return { to: `/runs/${source.heldRun}` }
    case 'failed':
      return { to: `/runs/${source.lastRun?.run ?? 0}` }
    case 'put aside':
      return { to: page, search: { tab: 'deliveries' } }
    case 'doubtful':
      return { to: '/matches', search: { source: source.name } }
    case 'with errors':
      return { to: page, search: { tab: 'replicas', errors: true } }
    case 'rejected':
    case 'orphans':
      return { to: page, search: { tab: 'left-out' } }
    default:
      return { to: page }
  }
}

const urgency: readonly HealthWord[] = ['held', 'failed', 'late', 'attention', 'suspended', 'never']

export interface Decision {
  readonly source: SourceHealth
  readonly attention: Attention
  readonly word: HealthWord
}

/** Of all sources, what cannot wait first. */
export function decisionsOf(sources: readonly SourceHealth[]): readonly Decision[] {
  return sources
    .flatMap((source) =>
      source.attention.map((attention) => ({ source, attention, word: wordOfKind[attention.kind] })),
    )
    .toSorted((one, other) => urgency.indexOf(one.word) - urgency.indexOf(other.word))
}

/** Rows that a source had in its last runs, the oldest first: what was read of all it maps. */
export function trendOf(source: string, runs: readonly Run[]): readonly number[] {
  return runs
    .filter((run) => run.source === source && run.mode !== 'incremental')
    .map(({ entities }) =>
      entities.reduce((sum, { rows, replicas }) => sum + (rows?.read ?? replicas?.total ?? 0), 0),
    )
    .slice(0, 20)
    .toReversed()
}

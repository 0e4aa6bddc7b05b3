/**
 * Limits in their short and long spellings, and the ones that apply when none are given.
 *
 * The safeguard is on by default: a broken export must not empty a repository of somebody who never
 * heard of thresholds.
 *
 * @module
 */
import type { AssociationThresholds, EntityThresholds, Limit, SourceThresholds } from '../source/source.ts'
import type {
  AssociationThresholdsInput,
  EntityThresholdsInput,
  LimitInput,
  SourceThresholdsInput,
  WindowInput,
} from './threshold-schema.ts'

/** Small repositories change by large percentages; below ten rows people look themselves. */
const atLeast = 10
const defaultEntityThresholds: EntityThresholds = {
  updated: { percent: 30, atLeast },
  deleted: { percent: 10, atLeast },
  rejected: { percent: 10, atLeast },
}
const defaultAssociationThresholds: AssociationThresholds = {
  deleted: { percent: 10, atLeast },
  rejected: { percent: 10, atLeast },
}

/** Those that apply where nobody has set any. */
export const usualThresholds = { entity: defaultEntityThresholds, association: defaultAssociationThresholds }

const defaultWindow = { days: 7, deleted: { percent: 25, atLeast } }

/** `none`: the source has switched the defaults off. */
export type Defaults = 'usual' | 'none'

export function resolveEntityThresholds(
  input: EntityThresholdsInput | undefined,
  defaults: Defaults,
): EntityThresholds {
  if (input === 'off') return {}
  const standard: EntityThresholds = defaults === 'usual' ? defaultEntityThresholds : {}
  return {
    inserted: resolveLimit(input?.inserted, standard.inserted),
    updated: resolveLimit(input?.updated, standard.updated),
    deleted: resolveLimit(input?.deleted, standard.deleted),
    rejected: resolveLimit(input?.rejected, standard.rejected),
    ...(input?.disappeared === undefined ? {} : { disappeared: resolveLimit(input.disappeared) }),
  }
}

/** Whose rows may disappear and leave their resources is guarded against losing them, too. */
export function resolveSharedThresholds(
  input: EntityThresholdsInput | undefined,
  defaults: Defaults,
): EntityThresholds {
  const resolved = resolveEntityThresholds(input, defaults)
  if (input === 'off') return resolved
  const standard = defaults === 'usual' ? defaultEntityThresholds.deleted : undefined
  return { ...resolved, disappeared: resolveLimit(input?.disappeared, standard), everything: true }
}

export function resolveAssociationThresholds(
  input: AssociationThresholdsInput | undefined,
  defaults: Defaults,
): AssociationThresholds {
  if (input === 'off') return {}
  const standard: AssociationThresholds = defaults === 'usual' ? defaultAssociationThresholds : {}
  return {
    inserted: resolveLimit(input?.inserted, standard.inserted),
    deleted: resolveLimit(input?.deleted, standard.deleted),
    rejected: resolveLimit(input?.rejected, standard.rejected),
  }
}

export function resolveSourceThresholds(input: SourceThresholdsInput | undefined): SourceThresholds {
  if (input === 'off') return {}
  return {
    ...resolveWindow(input?.window),
    ...(input === undefined ? {} : resolveSums(input)),
  }
}

function resolveSums(input: Exclude<SourceThresholdsInput, 'off'>): SourceThresholds {
  return {
    inserted: resolveLimit(input.inserted),
    updated: resolveLimit(input.updated),
    deleted: resolveLimit(input.deleted),
    rejected: resolveLimit(input.rejected),
    linksInserted: resolveLimit(input.linksInserted),
    linksDeleted: resolveLimit(input.linksDeleted),
  }
}

function resolveWindow(input: WindowInput | undefined): Pick<SourceThresholds, 'window'> {
  if (input === 'off') return {}
  const deleted = resolveLimit(input?.deleted, defaultWindow.deleted)
  if (deleted === undefined) return {}
  const { runs, days = defaultWindow.days } = input ?? {}
  return { window: runs === undefined ? { days, deleted } : { runs, deleted } }
}

function resolveLimit(input: LimitInput | undefined, standard?: Limit): Limit | undefined {
  if (input === undefined) return standard
  if (input === 'off') return undefined
  if (typeof input === 'number') return { count: input }
  if (typeof input === 'string') return { percent: Number(input.slice(0, -1)) }
  return input
}

/**
 * A conflict in words.
 *
 * @module
 */
import type { ConflictReason, RevertConflict } from './revert.ts'

const words: Readonly<Record<ConflictReason, (since: string) => string>> = {
  changed: (since) => `was changed ${since}`,
  gone: (since) => `was deleted ${since}`,
  again: (since) => `was created again under another id ${since}`,
  in_use: (since) => `is in use ${since}`,
  target_gone: () => 'referred to a resource that no longer exists',
  taken: (since) => `needs an end that got another link ${since}`,
  unfitting: () => 'had a value that the model no longer allows',
  unkept: () =>
    'was changed since; by whom is not known, because the history does not keep every change of it',
  not_recorded: () => 'had a value that is not in the history',
  secret: () => 'was another secret, and the history holds no secrets',
}

/** `name of Person Ada was changed since, by run 7 (hr)`. */
export function describeConflict(conflict: RevertConflict): string {
  const { of, name, property, reason, run, source, by } = conflict
  const what = property === null ? `${of} ${name}` : `${property} of ${of} ${name}`
  const who = [source, by].filter((one) => one !== null && one !== '').join(', by ')
  if (reason === 'in_use' && run === null) return `${what} is used by resources that stay`
  const since =
    run === null ? 'since, outside of Sluice' : `since, by run ${run}${who === '' ? '' : ` (${who})`}`
  return `${what} ${words[reason](since)}`
}

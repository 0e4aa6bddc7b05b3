/**
 * A conflict in words.
 *
 * @module
 */
import type { ConflictReason, RevertConflict } from './revert.ts'

const words: Readonly<Record<ConflictReason, (since: string) => string>> = {
  changed: (since) => `was changed ${since}`,
  gone: (since) => `was deleted ${since}`,
  again: (since) => `was brought again under another id ${since}`,
  in_use: (since) => `is in use ${since}`,
  target_gone: () => 'pointed to what is not there any more',
  taken: (since) => `would need an end that has had another link ${since}`,
  unfitting: () => 'had a value that the model does not take any more',
  unkept: () =>
    'was changed since, and the history, which does not keep every change of it, does not say by whom',
  not_recorded: () => 'had a value that the history does not hold',
  secret: () => 'was another secret, and histories hold none',
}

/** `name of Person Ada was changed since, by run 7 (hr)`. */
export function describeConflict(conflict: RevertConflict): string {
  const { of, name, property, reason, run, source, by } = conflict
  const what = property === null ? `${of} ${name}` : `${property} of ${of} ${name}`
  const who = [source, by].filter((one) => one !== null && one !== '').join(', by ')
  if (reason === 'in_use' && run === null) return `${what} is in use by what stays`
  const since =
    run === null ? 'since, outside of Sluice' : `since, by run ${run}${who === '' ? '' : ` (${who})`}`
  return `${what} ${words[reason](since)}`
}

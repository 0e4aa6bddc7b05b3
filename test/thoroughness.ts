/**
 * How thorough a run of the tests is.
 *
 * `SLUICE_TESTS=thorough`, as `.ci/run` has it, tries every step at which a process may die, more scenarios, the oldest
 * server everywhere and the installed package. A run in between tries a part of each, spread over all of it, and is over in
 * half the time; another `SLUICE_SEED` tries another part.
 *
 * @module
 */
import process from 'node:process'
import fc from 'fast-check'

export const thorough = process.env['SLUICE_TESTS'] === 'thorough'

/** Of what is tried at many steps: each of them, or those that are so many apart. `SLUICE_STEPS` says otherwise. */
export function stepsApart(everyday: number, thoroughly: number): number {
  return Number(process.env['SLUICE_STEPS'] ?? (thorough ? thoroughly : everyday))
}

/** The first step to be tried, from 1 on. */
export function firstStep(apart: number): number {
  return 1 + ((seed() - 1) % apart)
}

/** So many examples or scenarios. `SLUICE_RUNS` says otherwise. */
export function runsOf(everyday: number, thoroughly: number): number {
  return Number(process.env['SLUICE_RUNS'] ?? (thorough ? thoroughly : everyday))
}

/**
 * Of tests that are the same on every kind of database, those that are tried on the kind of this index: everyday each of them on one kind, by
 * turns, so that all kinds are seen.
 */
export function inTurn(kind: number, kinds: number, index: number): boolean {
  return thorough || (index + seed()) % kinds === kind
}

/** A part of what is alike: on an everyday run one of so many, another with another seed. */
export function someOf<T>(all: readonly T[], apart: number): readonly T[] {
  return thorough ? all : all.filter((_, index) => (index + seed()) % apart === 0)
}

/** The kinds on which a block of tests runs: all, or on an everyday run one, which its name draws. */
export function kindsOf<T>(name: string, kinds: readonly T[]): readonly T[] {
  if (thorough) return kinds
  let sum = seed()
  for (const letter of name) sum = (sum * 31 + (letter.codePointAt(0) ?? 0)) % 1_000_003
  return kinds.filter((_, index) => index === sum % kinds.length)
}

function seed(): number {
  return fc.readConfigureGlobal().seed ?? 1
}

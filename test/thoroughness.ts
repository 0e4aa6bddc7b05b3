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
  const { seed = 1 } = fc.readConfigureGlobal()
  return 1 + ((seed - 1) % apart)
}

/** So many examples or scenarios. `SLUICE_RUNS` says otherwise. */
export function runsOf(everyday: number, thoroughly: number): number {
  return Number(process.env['SLUICE_RUNS'] ?? (thorough ? thoroughly : everyday))
}

/** Of tests that are the same on every kind of database, those that are tried on the others beside the first: every third on an everyday run, never the same. */
export function amongThirds(kind: number, index: number): boolean {
  return thorough || kind === 0 || index % 3 === kind % 3
}

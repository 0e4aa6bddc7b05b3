/**
 * How thorough a run of the tests is.
 *
 * `SLUICE_TESTS=thorough`, as `.ci/run` has it, tries every step at which a process may die, more scenarios, all kinds of
 * database everywhere and the installed package. A run in between tries a part of each, spread over all of it, and is over
 * sooner; another `SLUICE_SEED` tries another part.
 *
 * @module
 */
import { createHash } from 'node:crypto'
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

/**
 * The kinds on which a block of tests runs: all, or on an everyday run one, which its name draws. The last is drawn most often: PostgreSQL
 * from npm, which takes half the time of the embedded one.
 */
export function kindsOf<T>(name: string, kinds: readonly T[]): readonly T[] {
  if (thorough) return kinds
  const drawn = createHash('sha256').update(`${seed()} ${name}`).digest().readUInt8() % 5
  return kinds
    .slice(0, -1)
    .filter((_, index) => index === drawn)
    .concat(drawn < kinds.length - 1 ? [] : kinds.slice(-1))
}

function seed(): number {
  return fc.readConfigureGlobal().seed ?? 1
}

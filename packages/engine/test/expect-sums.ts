/**
 * Principle 3: every row read ends in exactly one place, and no count is below zero.
 *
 * @module
 */
import type { RunReport } from '@sluice/model'
import { expect } from 'vitest'

export function expectSums(report: RunReport): void {
  for (const { mapping, rows } of [...report.entities, ...report.associations]) {
    if (rows === null) continue
    const { read, ...places } = rows
    const counts: readonly number[] = Object.values(places).map((count = 0) => count)
    const sum = counts.reduce((total, count) => total + count, 0)
    const broken = sum !== read || counts.some((count) => count < 0) ? rows : undefined
    expect({ mapping, broken }).toEqual({ mapping, broken: undefined })
  }
}

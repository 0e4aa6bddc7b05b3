/**
 * How long ago, as an address says it: `12h`, `30d`.
 *
 * @module
 */
const written = /^([1-9]\d{0,4})([hd])$/
const milliseconds = { h: 3_600_000, d: 86_400_000 } as const

/** Those that are offered. */
export const ages = ['1d', '7d', '30d', '90d', '365d'] as const

/** What is not an age is passed over. */
export function ageIn(value: unknown): string | undefined {
  return typeof value === 'string' && written.test(value) ? value : undefined
}

/** The instant (UTC) so long before `now`. */
export function instantBefore(age: string, now = Date.now()): string | undefined {
  const [, number, unit] = written.exec(age) ?? []
  if (unit !== 'h' && unit !== 'd') return undefined
  return new Date(now - Number(number) * milliseconds[unit]).toISOString()
}

/** Its number of days or hours. */
export function lengthOf(age: string): { readonly count: number; readonly unit: 'hour' | 'day' } {
  const [, number, unit] = written.exec(age) ?? []
  return { count: Number(number ?? 0), unit: unit === 'h' ? 'hour' : 'day' }
}

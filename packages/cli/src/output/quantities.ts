/**
 * Numbers as people read them: counts with thousands separators, durations and rates with a unit
 * that fits their size. Always in English, so that output can be compared between machines.
 *
 * @module
 */

const counts = new Intl.NumberFormat('en-US')
const oneDecimal = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** `1234567` → `1,234,567`. */
export function formatCount(count: number): string {
  return counts.format(count)
}

/** `1 row`, `2 rows`; the plural is the singular with an `s` unless given. */
export function formatNumberOf(count: number, singular: string, plural = `${singular}s`): string {
  return `${formatCount(count)} ${count === 1 ? singular : plural}`
}

/** `84 ms`, `1.2 s`, `3 min 20 s`, `2 h 5 min`. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  // Rounded before the unit is chosen, so that 59.97 s is a minute and not "60.0 s".
  const tenths = Math.round(milliseconds / 100)
  if (tenths < 600) return `${(tenths / 10).toFixed(1)} s`
  const seconds = Math.round(milliseconds / 1000)
  if (seconds < 3600) return joined(Math.floor(seconds / 60), 'min', seconds % 60, 's')
  const minutes = Math.round(seconds / 60)
  return joined(Math.floor(minutes / 60), 'h', minutes % 60, 'min')
}

/** `less than 1 min`, `12 min`, `3 h`, `5 d`: of what was a while ago. */
export function formatAge(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000)
  if (minutes < 1) return 'less than 1 min'
  if (minutes < 120) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h` : `${counts.format(Math.floor(hours / 24))} d`
}

function joined(large: number, largeUnit: string, small: number, smallUnit: string): string {
  return small === 0 ? `${large} ${largeUnit}` : `${large} ${largeUnit} ${small} ${smallUnit}`
}

/** Rounded to three digits, because the fourth changes with every look. */
export function formatRate(rows: number, milliseconds: number): string {
  const perSecond = (rows * 1000) / Math.max(milliseconds, 1)
  return `${counts.format(Number(perSecond.toPrecision(3)))} rows/s`
}

/** `512 B`, `1.5 KB`, `130 MB`; decimal, as files are listed. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'] as const
  let size = bytes
  let unit: string = units[0]
  for (const next of units) {
    unit = next
    if (size < 1000 || next === 'TB') break
    size /= 1000
  }
  return `${size < 10 ? oneDecimal.format(size) : counts.format(Math.round(size))} ${unit}`
}

/** `3.4 %` */
export function formatPercent(part: number, whole: number): string {
  if (whole === 0) return part === 0 ? '0 %' : 'all'
  const percent = (part * 100) / whole
  // Near a limit the rounded figure must not look as if it were on the other side.
  return `${new Intl.NumberFormat('en-US', { maximumFractionDigits: percent < 10 ? 2 : 1 }).format(percent)} %`
}

/** `2026-07-01 14:03:09` in UTC, from ISO 8601. */
export function formatInstant(instant: string): string {
  return instant.replace('T', ' ').replace(/(\.\d+)?Z$/, '')
}

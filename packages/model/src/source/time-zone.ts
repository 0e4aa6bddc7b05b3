/**
 * Local times of a time zone as instants.
 *
 * Twice a year clocks are moved. A time that they show twice is the first of the two, as in java.time and in JavaScript's Temporal; one that
 * they never show is none, because whoever wrote it meant another zone or another time.
 *
 * @module
 */

/** Milliseconds since 1970, of a date and time as if they were of UTC. */
type LocalTime = number

/** Seconds that local time is ahead of UTC. `undefined`: the zone never shows this time. */
type OffsetOf = (local: LocalTime) => number | undefined

const day = 86_400_000
/** Offsets change at most this often. */
const quarter = 900_000
const mostKnown = 10_000

/** `zone`: a name such as `Europe/Berlin`. */
export function offsetsOf(zone: string): OffsetOf {
  const offsetAt = remembered(zone)
  return (local) => {
    // No zone has moved its clocks twice within two days.
    const around = [offsetAt(local - day), offsetAt(local + day)]
    const fitting = around.filter((offset) => offsetAt(local - offset * 1000) === offset)
    return fitting.length === 0 ? undefined : Math.max(...fitting)
  }
}

/** The first instant of a local day, where clocks may be moved at midnight. */
export function startOfDay(offsetOf: OffsetOf, local: LocalTime): number {
  for (let later = 0; later <= day / quarter; later++) {
    const offset = offsetOf(local + later * quarter)
    if (offset !== undefined) return offset - (later * quarter) / 1000
  }
  return 0
}

export function isTimeZone(zone: string): boolean {
  if (!/^[A-Za-z]/.test(zone)) return false
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}

/** Seconds ahead of UTC at an instant. Asking the calendar costs microseconds, and rows have their times close together. */
function remembered(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    era: 'short',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const known = new Map<number, number>()
  return (instant) => {
    const start = Math.floor(instant / quarter) * quarter
    const found = known.get(start)
    if (found !== undefined) return found
    const offset = (localTimeOf(format, start) - start) / 1000
    if (known.size >= mostKnown) known.clear()
    known.set(start, offset)
    return offset
  }
}

function localTimeOf(format: Intl.DateTimeFormat, instant: number): LocalTime {
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, value]))
  const number = (type: Intl.DateTimeFormatPartTypes) => Number(parts.get(type) ?? 0)
  const year = parts.get('era') === 'BC' ? 1 - number('year') : number('year')
  const time = new Date(0)
  time.setUTCFullYear(year, number('month') - 1, number('day'))
  return time.setUTCHours(number('hour'), number('minute'), number('second'))
}

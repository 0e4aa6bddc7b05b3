/**
 * Times and numbers in the reader's language and zone; the exact value when pointed at.
 *
 * @module
 */
import { Text, Tooltip } from '@mantine/core'
import { type ReactNode, useEffect, useState } from 'react'

const exact = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'long' })
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto', style: 'short' })
const units = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
] as const

/** `3 min. ago`. */
export function relativeTo(now: number, time: string): string {
  const seconds = (Date.parse(time) - now) / 1000
  const [unit, size] = units.find(([, each]) => Math.abs(seconds) >= each) ?? (['second', 1] as const)
  return relative.format(Math.trunc(seconds / size), unit)
}

export function exactTime(time: string): string {
  return exact.format(new Date(time))
}

/** ISO 8601. */
export function Moment({ at }: { readonly at: string | null | undefined }): ReactNode {
  useNow()
  if (at === null || at === undefined)
    return (
      <Text span c="dimmed" inherit>
        –
      </Text>
    )
  return (
    <Tooltip label={`${exactTime(at)} · ${at}`}>
      <time dateTime={at}>{relativeTo(Date.now(), at)}</time>
    </Tooltip>
  )
}

const listeners = new Set<() => void>()
setInterval(() => {
  for (const listener of listeners) listener()
}, 15_000)

/** Looked at with every rendering, so that what has just come is not in the future. */
function useNow(): number {
  const [, setRenderings] = useState(0)
  useEffect(() => {
    const listener = () => setRenderings((before) => before + 1)
    listeners.add(listener)
    return () => void listeners.delete(listener)
  }, [])
  return Date.now()
}

const compact = new Intl.NumberFormat(undefined, { notation: 'compact', maximumFractionDigits: 1 })
const whole = new Intl.NumberFormat()

export function wholeNumber(value: number): string {
  return whole.format(value)
}

/** A million is `1M`, with all its digits when pointed at. */
export function Amount({ value }: { readonly value: number | null | undefined }): ReactNode {
  if (value === null || value === undefined)
    return (
      <Text span c="dimmed" inherit>
        –
      </Text>
    )
  if (Math.abs(value) < 100_000) return whole.format(value)
  return (
    <Tooltip label={whole.format(value)}>
      <span>{compact.format(value)}</span>
    </Tooltip>
  )
}

/** Of milliseconds: `820 ms`, `4.2 s`, `3 min 5 s`. */
export function durationText(milliseconds: number): string {
  if (milliseconds < 1000) return `${Math.round(milliseconds)} ms`
  const seconds = milliseconds / 1000
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 60) return `${minutes} min ${Math.round(seconds % 60)} s`
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}

/**
 * Steps on plain texts.
 *
 * @module
 */
import type { Transform } from '@sluice/model'
import { RE2JS } from 're2js'
import { type Step, Unfit } from './unfit.ts'

const blanks = /[\s\u00a0]+/gu

export const trim: Step = (text) => text.trim()

export const collapse: Step = (text) => text.trim().replace(blanks, ' ')

export const upper: Step = (text) => text.toUpperCase()

export const lower: Step = (text) => text.toLowerCase()

export const not: Step = (text) => {
  if (text === 'true') return 'false'
  return text === 'false' ? 'true' : Unfit.not(text, 'true or false')
}

type Of<Kind extends Transform['kind']> = Extract<Transform, { kind: Kind }>

export function unicode({ form }: Of<'unicode'>): Step {
  return (text) => text.normalize(form)
}

export function replace({ pattern, replacement }: Of<'replace'>): Step {
  const compiled = RE2JS.compile(pattern)
  return (text) => compiled.matcher(text).replaceAll(replacement)
}

export function extract({ pattern }: Of<'extract'>): Step {
  const compiled = RE2JS.compile(pattern)
  return (text) => {
    const matcher = compiled.matcher(text)
    if (!matcher.find()) return ''
    return (matcher.groupCount() > 0 ? matcher.group(1) : matcher.group()) ?? ''
  }
}

export function take({ nth, by }: Of<'take'>): Step {
  if (nth < 0) return (text) => text.split(by).at(nth) ?? ''
  return (text) => {
    let start = 0
    for (let part = 1; part < nth; part++) {
      const end = text.indexOf(by, start)
      if (end === -1) return ''
      start = end + by.length
    }
    const end = text.indexOf(by, start)
    return end === -1 ? text.slice(start) : text.slice(start, end)
  }
}

export function pad({ length, fill }: Of<'pad'>): Step {
  return (text) => text.padStart(length, fill)
}

/**
 * Transforms as functions.
 *
 * @module
 */
import type { PlainTransform, Transform, ValueTable } from '@sluice/model'
import { generalizedTime, parentDn, rdn } from './directory-steps.ts'
import { collapse, extract, lower, not, pad, replace, take, trim, unicode, upper } from './text-steps.ts'
import { type Step, Unfit } from './unfit.ts'
import { filetime, flag, guid, sid } from './windows-steps.ts'

const plain: Readonly<Record<PlainTransform, Step>> = {
  trim,
  collapse,
  upper,
  lower,
  not,
  filetime,
  generalizedTime,
  guid,
  sid,
  rdn,
  parentDn,
}

export function compileStep(transform: Transform): Step {
  switch (transform.kind) {
    case 'unicode':
      return unicode(transform)
    case 'replace':
      return replace(transform)
    case 'extract':
      return extract(transform)
    case 'take':
      return take(transform)
    case 'pad':
      return pad(transform)
    case 'flag':
      return flag(transform)
    default:
      return plain[transform.kind]
  }
}

export function compileTable({ name, entries, otherwise }: ValueTable): Step {
  const known = new Map(entries)
  return (text) => {
    const found = known.get(text)
    if (found !== undefined) return found
    if (otherwise === 'reject') return Unfit.not(text, `in ${name}`)
    return otherwise === 'keep' ? text : ''
  }
}

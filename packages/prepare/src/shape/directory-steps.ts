/**
 * What LDAP directories write: distinguished names (RFC 4514) and times (RFC 4517).
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { legalValue } from '@sluice/model'
import { type Step, Unfit } from './unfit.ts'

/** The value of the first part of a distinguished name: `Ann, Ole` of `CN=Ann\, Ole,OU=…`. */
export const rdn: Step = (text) => {
  const { first } = splitName(text)
  const [, value] = /^[^=]*=\s*([\s\S]*?)\s*$/.exec(first) ?? []
  return value === undefined
    ? Unfit.not(text, 'a distinguished name, such as CN=Ann,OU=People')
    : unescaped(value)
}

/** What comes behind the first part; empty where there is but one. */
export const parentDn: Step = (text) => {
  const { first, rest } = splitName(text)
  return first.includes('=') ? rest : Unfit.not(text, 'a distinguished name, such as CN=Ann,OU=People')
}

function splitName(text: string): { readonly first: string; readonly rest: string } {
  let quoted = false
  for (let at = 0; at < text.length; at++) {
    const sign = text[at]
    if (sign === '\\') at++
    else if (sign === '"') quoted = !quoted
    else if (!quoted && (sign === ',' || sign === ';' || sign === '+')) {
      const rest = sign === '+' ? splitName(text.slice(at + 1)).rest : text.slice(at + 1)
      return { first: text.slice(0, at), rest: rest.trimStart() }
    }
  }
  return { first: text, rest: '' }
}

/** `\,` is a comma, `\C3\A9` an é. */
function unescaped(value: string): string {
  const plain = /^"(.*)"$/s.exec(value)?.[1] ?? value
  return plain.replace(/(?:\\[0-9a-f]{2})+|\\(.)/gis, (found, sign: string | undefined) =>
    sign === undefined ? Buffer.from(found.replaceAll('\\', ''), 'hex').toString('utf8') : sign,
  )
}

const datetime = legalValue({ name: 'time', type: 'datetime', required: false }, {})

const generalizedForm = /^(\d{4})(\d\d)(\d\d)(\d\d)(?:(\d\d)(?:(\d\d))?)?(?:[.,](\d+))?(Z|[+-]\d\d(?:\d\d)?)$/

/** `20260131093000.0Z` as a datetime. */
export const generalizedTime: Step = (text) => {
  const [, year, month, day, hour, minute = '00', second = '00', digits = '', zone = ''] =
    generalizedForm.exec(text) ?? []
  const unfit = () => Unfit.not(text, 'a time such as 20260131093000.0Z')
  if (year === undefined || (digits !== '' && !/^\d{14}/.test(text))) return unfit()
  const fraction = digits.replace(/0+$/, '')
  const offset = zone === 'Z' ? zone : `${zone.slice(0, 3)}:${zone.slice(3) || '00'}`
  const iso = `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction === '' ? '' : `.${fraction}`}${offset}`
  return datetime.isLegal(iso) ? iso : unfit()
}

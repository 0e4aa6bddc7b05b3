/**
 * How a mapping says that dates are written: tokens, and everything else as it stands.
 *
 * @module
 */

export const dateTokens = ['yyyy', 'MM', 'dd', 'HH', 'mm', 'ss', 'SSS', 'M', 'd', 'H'] as const
/** What a token of one or two digits stands for. */
const padded: Readonly<Partial<Record<DateToken, DateToken>>> = { M: 'MM', d: 'dd', H: 'HH' }
export type DateToken = (typeof dateTokens)[number]

export type DateFormatPart =
  | { readonly kind: 'token'; readonly token: DateToken }
  | { readonly kind: 'literal'; readonly text: string }

export type DateFormat = { readonly parts: readonly DateFormatPart[] } | { readonly problem: string }

/**
 * Takes a format apart, or says in words why it is none.
 *
 * Letters are tokens, but for `T` and `Z`, which stand for themselves as in ISO 8601: a typing error
 * such as `YYYY` must not become text that no value ever matches.
 */
export function parseDateFormat(format: string, type: 'date' | 'datetime'): DateFormat {
  const parts: DateFormatPart[] = []
  for (const [text] of format.matchAll(/([A-Za-z])\1*|[^A-Za-z]+/g)) {
    const token = dateTokens.find((known) => known === text)
    if (token !== undefined) parts.push({ kind: 'token', token })
    else if (/^[A-Za-z]/.test(text) && text !== 'T' && text !== 'Z')
      return { problem: `"${text}" is not one of ${dateTokens.join(', ')}` }
    else parts.push({ kind: 'literal', text })
  }
  const problem = findProblem(parts, type)
  return problem === undefined ? { parts } : { problem }
}

function findProblem(parts: readonly DateFormatPart[], type: 'date' | 'datetime'): string | undefined {
  const loose = parts.find(
    (part, index) => part.kind === 'token' && part.token in padded && parts[index + 1]?.kind === 'token',
  )
  if (loose?.kind === 'token') return `${loose.token} must be followed by something that is not a digit`
  const tokens = parts.flatMap((part) => (part.kind === 'token' ? [padded[part.token] ?? part.token] : []))
  const twice = tokens.find((token, index) => tokens.indexOf(token) !== index)
  if (twice !== undefined) return `${twice} occurs twice`
  const missing = (['yyyy', 'MM', 'dd'] as const).find((token) => !tokens.includes(token))
  if (missing !== undefined) return `${missing} is missing`
  const time = (['HH', 'mm', 'ss', 'SSS'] as const).filter((token) => tokens.includes(token))
  if (type === 'date') return time[0] && `${time[0]} does not belong in a date`
  const wanted = (['HH', 'mm', 'ss', 'SSS'] as const).slice(0, time.length)
  const gap = wanted.find((token) => !time.includes(token))
  return gap && `${gap} is missing`
}

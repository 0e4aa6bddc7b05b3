/**
 * In which languages whoever asks reads labels: as the query says, or else the request, as browsers do.
 *
 * @module
 */
import type { WantedLanguages } from '@sluice/model'
import Negotiator from 'negotiator'

interface AskedIn {
  readonly query: { readonly language?: string | undefined }
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>
}

/** The best first; `undefined`: nothing is said of it, or any will do. */
export function wantedLanguages({ query: { language }, headers }: AskedIn): WantedLanguages {
  if (language !== undefined) return language
  const accepted = headers['accept-language']
  if (typeof accepted !== 'string') return undefined
  const languages = new Negotiator({ headers: { 'accept-language': accepted } }).languages()
  const named = languages.filter((each) => each !== '*')
  return named.length === 0 ? undefined : named
}

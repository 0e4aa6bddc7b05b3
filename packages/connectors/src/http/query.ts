/**
 * Parameters of an address, as every system reads them.
 *
 * A space is `%20`: the `+` of forms stays a plus for systems that follow RFC 3986 and nothing else.
 *
 * @module
 */

/** The address with further parameters; those that it has stay as they are written. */
export function withQuery(url: URL, query: ReadonlyMap<string, string>): URL {
  if (query.size === 0) return url
  const added = [...query].map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
  const extended = new URL(url)
  extended.search = [...(url.search.length > 1 ? [url.search.slice(1)] : []), ...added].join('&')
  return extended
}

/** With the `$` of OData as people write it. */
function encoded(text: string): string {
  return encodeURIComponent(text).replaceAll('%24', '$')
}

/**
 * Where a browser goes on in the console after a provider has sent it back: here and nowhere else.
 *
 * @module
 */

const here = new URL('http://here/console/')

/** The address below the console, `runs/12?tab=changes`; that of its first page where it leads elsewhere. */
export function safeReturn(asked: string): string {
  if (asked.length > 2000 || !URL.canParse(asked, here.href)) return ''
  const url = new URL(asked, here)
  if (url.origin !== here.origin || !url.pathname.startsWith(here.pathname)) return ''
  return `${url.pathname.slice(here.pathname.length)}${url.search}`
}

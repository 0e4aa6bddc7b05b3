/**
 * Where somebody goes on who signs in through a provider elsewhere.
 *
 * @module
 */

/** The address in the console, below its base: `runs/12?tab=changes`. */
export function whereWeAre(base: string, here: string): string {
  const [from, to] = [new URL('.', base), new URL(here)]
  to.searchParams.delete('signInProblem')
  if (to.origin !== from.origin || !to.pathname.startsWith(from.pathname)) return ''
  return `${to.pathname.slice(from.pathname.length)}${to.search}`
}

/** The code of what a provider could not do, as the server has put it into the address. */
export function signInProblem(here: string): string | undefined {
  const code = new URL(here).searchParams.get('signInProblem')
  return code !== null && /^SLUICE-[A-Z]+-\d{2}$/.test(code) ? code : undefined
}

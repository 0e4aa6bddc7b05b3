/**
 * A page and what is in its address behind the question mark, as links and `navigate` take it.
 *
 * Areas bring their own routes, and address those of others by their text: the types of the router could follow that only if every area
 * knew all others.
 *
 * @module
 */
type Search = Readonly<Record<string, string | number | boolean | readonly string[] | undefined>>

export function linkTo(to: string, search: Search = {}): { readonly to: string; readonly search: never } {
  return { to, search: (() => search) as never }
}

/**
 * Writes what a person may want to page through.
 *
 * @module
 */
import type { Context } from '../context.ts'
import type { Outlet } from '../output/outlet.ts'

/** `work` writes to the outlet it is given; nobody waits for pages who reads CSV or JSON (`shape`), or has no terminal. */
export async function inPages<T>(
  { out, showPages }: Pick<Context, 'out' | 'showPages'>,
  shape: 'table' | 'csv' | 'json',
  work: (out: Outlet) => Promise<T>,
): Promise<T> {
  if (showPages === undefined || shape !== 'table') return await work(out)
  const { outlet, text } = out.keeping()
  const result = await work(outlet)
  if (!(await showPages(text()))) await out.write(text())
  return result
}

/** Groups of resources that may be one, as many as have been asked for. @module */
import { askLines, type Reply } from '../api/ask.ts'
import { type ReadPage, useListed } from '../api/use-listed.ts'

type ListedGroup = Reply<'GET /duplicates/:type'>

/** `by`: properties in which they agree; by the rules of the sources where there are none. */
export function useDuplicates(type: string, by: readonly string[]) {
  const readPage: ReadPage<ListedGroup> = ({ signal, ...page }) =>
    askLines('GET /duplicates/:type', {
      params: { type },
      query: { ...page, ...(by.length === 0 ? {} : { by: by.join(',') }) },
      signal,
    })
  const queryKey = ['duplicates', type, by]
  return { ...useListed({ queryKey, prefix: queryKey, readPage, still: true }), readPage }
}

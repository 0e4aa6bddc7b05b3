/**
 * Asks for rows of a source, and waits for them: the server gives an answer once, and then has it no more.
 *
 * @module
 */
import { useMutation } from '@tanstack/react-query'
import { ask, type Reply } from '../api/ask.ts'

export type Preview = Reply<'GET /previews/:preview'>
export type PreviewedRow = NonNullable<Preview['answer']>['rows'][number]

export interface AskedPreview {
  readonly agent: string | undefined
  readonly rows: number
  readonly mapping: string | undefined
  /** In place of a mapping. */
  readonly proposal: string | undefined
}

/** Seconds for which the server may keep one question. */
const wait = 25

export function usePreview(source: string) {
  return useMutation({
    mutationFn: async ({ agent, rows, mapping, proposal }: AskedPreview): Promise<Preview> => {
      const params = { source }
      let found: Preview =
        proposal === undefined
          ? await ask('POST /sources/:source/previews', { params, body: { agent, rows, mapping } })
          : await ask('POST /sources/:source/proposals', { params, body: { agent, rows, proposal } })
      const { preview } = found
      while (found.state === 'waiting' || found.state === 'taken')
        found = await ask('GET /previews/:preview', { params: { preview }, query: { wait } })
      return found
    },
    // Rows of nobody are kept by no page that is left.
    gcTime: 0,
  })
}

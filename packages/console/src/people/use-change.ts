/**
 * Something that is done to who may come in: what it changes is asked again afterwards.
 *
 * @module
 */
import { type UseMutationResult, useMutation, useQueryClient } from '@tanstack/react-query'

export function useChange<Given = void>(
  lists: readonly string[],
  change: (given: Given) => Promise<unknown>,
  done?: () => void,
): UseMutationResult<unknown, Error, Given> {
  const client = useQueryClient()
  return useMutation({
    mutationFn: change,
    onSuccess: async () => {
      done?.()
      await Promise.all(lists.map((list) => client.invalidateQueries({ queryKey: [list] })))
    },
  })
}

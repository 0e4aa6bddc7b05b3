/** Which root is tried: one of the stored graph, by the beginning of its name; those that failed first. @module */
import { Autocomplete } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useEffect, useState } from 'react'
import { texts } from '../texts/texts.ts'
import { rootsQuery } from './mapping-queries.ts'

const { result: words } = texts.mappings

interface RootFieldProps {
  readonly source: string
  readonly root: string | undefined
  readonly choose: (root: string | undefined) => void
}

export function RootField({ source, root, choose }: RootFieldProps): ReactNode {
  const [text, setText] = useState(root ?? '')
  const [start] = useDebouncedValue(text, 200)
  // What is chosen is no beginning: the others are offered beside it.
  const { data } = useQuery(rootsQuery(source, start === root ? '' : start))
  useEffect(() => setText(root ?? ''), [root])
  const failed = data?.failed.map((one) => one.root) ?? []
  const others = data?.others.map((one) => one.root) ?? []
  const groups = [
    { group: words.failedRoots, items: failed },
    { group: words.otherRoots, items: others },
  ].filter(({ items }) => items.length > 0)
  const submit = (name: string) => choose(name.trim() === '' ? undefined : name.trim())
  return (
    <Autocomplete
      label={words.root}
      description={data !== undefined && groups.length === 0 && start === '' ? words.noRoots : words.rootHelp}
      placeholder={others[0]}
      data={groups}
      value={text}
      onChange={setText}
      onOptionSubmit={submit}
      filter={({ options }) => options}
      maxDropdownHeight={320}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && !event.defaultPrevented) submit(text)
      }}
      clearable
      onClear={() => choose(undefined)}
    />
  )
}

/** Which rows there are to decide. @module */

import { Box, Group, NavLink, Paper, ScrollArea, Select, Stack, Text } from '@mantine/core'
import type { MatchRecord } from '@sluice/model'
import { useVirtualizer } from '@tanstack/react-virtual'
import { type ReactNode, useEffect, useRef } from 'react'
import type { ReadPage } from '../api/use-listed.ts'
import { Moment, wholeNumber } from '../design/moment.tsx'
import { SavePages } from '../design/save-pages.tsx'
import { useEnd } from '../design/use-end.ts'
import { useModel } from '../model/use-model.ts'
import { texts } from '../texts/texts.ts'
import { type MatchView, matchKey, shownStates } from './match-address.ts'
import { type ListedMatch, useMatchCount } from './use-matches.ts'

interface MatchListProps {
  readonly rows: readonly MatchRecord[]
  readonly chosen: MatchRecord | undefined
  readonly view: MatchView
  readonly change: (changes: Partial<MatchView>) => void
  readonly more: () => void
  readonly readPage: ReadPage<ListedMatch>
}

/** Of a file. */
const columns: readonly {
  readonly id: string
  readonly value: (row: ListedMatch) => string | number | null
}[] = [
  { id: 'source', value: ({ source }) => source },
  { id: 'type', value: ({ entityType }) => entityType },
  { id: 'key', value: ({ key }) => key },
  { id: 'state', value: ({ state }) => state },
  { id: 'since', value: ({ since }) => since },
  { id: 'matched', value: ({ matched }) => Object.values(matched ?? {}).join(', ') },
  { id: 'resources', value: ({ count }) => count },
  { id: 'candidates', value: ({ candidates }) => candidates.join(', ') },
  { id: 'decision', value: ({ decision }) => decision },
  { id: 'resource', value: ({ resource }) => resource },
  { id: 'by', value: ({ by }) => by },
  { id: 'decided at', value: ({ decidedAt }) => decidedAt },
  { id: 'comment', value: ({ comment }) => comment },
]

export function MatchList({ rows, chosen, view, change, more, readPage }: MatchListProps): ReactNode {
  const { model } = useModel()
  const count = useMatchCount(view)
  return (
    <Paper w={{ base: '100%', md: 280 }} style={{ flexShrink: 0 }}>
      <Stack gap="xs" p="sm">
        <Select
          aria-label={texts.matches.source}
          placeholder={texts.matches.allSources}
          data={(model?.sources ?? []).map(({ name }) => name)}
          value={view.source ?? null}
          clearable
          onChange={(source) => change({ source: source ?? undefined, row: undefined })}
        />
        <Select
          aria-label={texts.matches.state}
          data={shownStates.map((state) => ({ value: state, label: texts.matches.states[state] }))}
          value={view.state}
          allowDeselect={false}
          onChange={(state) => change({ state: shownStates.find((one) => one === state), row: undefined })}
        />
      </Stack>
      <Group justify="space-between" px="sm" pb={4} gap="xs" className="no-print">
        <Text size="xs" c="dimmed" role="status">
          {count !== undefined && texts.matches.count(count)}
        </Text>
        <SavePages name={texts.matches.title} columns={columns} readPage={readPage} />
      </Group>
      <Rows rows={rows} chosen={chosen} change={change} more={more} />
    </Paper>
  )
}

const rowHeight = 52

/** Only those that are seen are there. */
function Rows({
  rows,
  chosen,
  change,
  more,
}: Pick<MatchListProps, 'rows' | 'chosen' | 'change' | 'more'>): ReactNode {
  const place = useRef<HTMLDivElement>(null)
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => place.current,
    estimateSize: () => rowHeight,
    overscan: 8,
    initialRect: { width: 280, height: 560 },
  })
  const items = virtual.getVirtualItems()
  useEnd(items.at(-1)?.index, rows.length, more)
  const at = chosen === undefined ? -1 : rows.indexOf(chosen)
  // Whoever decides by keys sees where that is.
  useEffect(() => {
    if (at >= 0) virtual.scrollToIndex(at)
  }, [at, virtual])
  return (
    <ScrollArea.Autosize mah={560} viewportRef={place} component="nav" aria-label={texts.matches.rows}>
      <Box px={6} pb={6} h={virtual.getTotalSize()} pos="relative">
        {items.map(({ index, start }) => {
          const row = rows[index]
          if (row === undefined) return null
          return (
            <Box key={matchKey(row)} pos="absolute" left={6} right={6} top={start} h={rowHeight}>
              <Entry row={row} isChosen={row === chosen} onChoose={() => change({ row: matchKey(row) })} />
            </Box>
          )
        })}
      </Box>
    </ScrollArea.Autosize>
  )
}

interface EntryProps {
  readonly row: MatchRecord
  readonly isChosen: boolean
  readonly onChoose: () => void
}

function Entry({ row, isChosen, onChoose }: EntryProps): ReactNode {
  return (
    <NavLink
      component="button"
      active={isChosen}
      aria-current={isChosen}
      onClick={onChoose}
      h={rowHeight}
      py={4}
      style={{ borderRadius: 'var(--mantine-radius-sm)' }}
      label={<Heading row={row} />}
      description={
        <Group justify="space-between" component="span" wrap="nowrap" gap={6}>
          <span>
            {row.source} · {texts.matches.candidates(wholeNumber(row.count))}
          </span>
          <Moment at={row.since} />
        </Group>
      }
    />
  )
}

function Heading({ row }: { readonly row: MatchRecord }): ReactNode {
  const matched = Object.values(row.matched ?? {}).join(', ')
  return (
    <Text span size="sm" fw={500} truncate="end" display="block">
      {row.key}
      {matched !== '' && ` · ${matched}`}
    </Text>
  )
}

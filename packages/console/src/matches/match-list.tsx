/** Which rows there are to decide. @module */

import { Box, Group, NavLink, Paper, ScrollArea, Select, Stack, Text } from '@mantine/core'
import type { MatchRecord } from '@sluice/model'
import type { ReactNode } from 'react'
import { Moment, wholeNumber } from '../design/moment.tsx'
import { useModel } from '../model/use-model.ts'
import { texts } from '../texts/texts.ts'
import { type MatchView, matchKey, shownStates } from './match-address.ts'

interface MatchListProps {
  readonly rows: readonly MatchRecord[]
  readonly chosen: MatchRecord | undefined
  readonly view: MatchView
  readonly change: (changes: Partial<MatchView>) => void
}

export function MatchList({ rows, chosen, view, change }: MatchListProps): ReactNode {
  const { model } = useModel()
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
      <ScrollArea.Autosize mah={560} component="nav" aria-label={texts.matches.rows}>
        <Box px={6} pb={6}>
          {rows.map((row) => (
            <NavLink
              key={matchKey(row)}
              component="button"
              active={row === chosen}
              aria-current={row === chosen}
              onClick={() => change({ row: matchKey(row) })}
              py={6}
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
          ))}
        </Box>
      </ScrollArea.Autosize>
    </Paper>
  )
}

function Heading({ row }: { readonly row: MatchRecord }): ReactNode {
  const matched = Object.values(row.matched ?? {}).join(', ')
  return (
    <Text span size="sm" fw={500}>
      {row.key}
      {matched !== '' && ` · ${matched}`}
    </Text>
  )
}

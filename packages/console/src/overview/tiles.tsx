/** @module */
import { Group, Paper, SimpleGrid, Skeleton, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import type { Reply } from '../api/ask.ts'
import { Amount, Moment } from '../design/moment.tsx'
import { decisionsOf, type SourceHealth } from '../sources/source-health.ts'
import { texts } from '../texts/texts.ts'

interface TilesProps {
  readonly sources: readonly SourceHealth[] | undefined
  readonly types: Reply<'GET /resource-counts'>['types'] | undefined
}

export function Tiles({ sources, types }: TilesProps): ReactNode {
  const { tiles } = texts.overview
  const waiting =
    sources && decisionsOf(sources).filter(({ word }) => word !== 'never' && word !== 'suspended')
  const last = sources
    ?.filter(({ lastApplied }) => lastApplied !== null)
    .toSorted((one, other) => (one.lastApplied?.age ?? 0) - (other.lastApplied?.age ?? 0))[0]
  return (
    <SimpleGrid cols={{ base: 2, md: 4 }} spacing="md">
      <Tile label={tiles.sources} wait={sources === undefined} note={tiles.of(String(sources?.length ?? 0))}>
        {sources?.filter(({ attention }) => attention.length === 0).length}
      </Tile>
      <Tile
        label={tiles.decisions}
        wait={waiting === undefined}
        alert={waiting !== undefined && waiting.length > 0}
      >
        {waiting?.length}
      </Tile>
      {types !== undefined && (
        <Tile label={tiles.resources} note={tiles.types(types.length)}>
          <Amount value={types.reduce((sum, { own }) => sum + own, 0)} />
        </Tile>
      )}
      <Tile label={tiles.applied} wait={sources === undefined} note={last && tiles.by(last.name)}>
        {last === undefined ? tiles.none : <Moment at={last.lastApplied?.finishedAt} />}
      </Tile>
    </SimpleGrid>
  )
}

interface TileProps {
  readonly label: string
  readonly note?: string | undefined
  readonly wait?: boolean
  readonly alert?: boolean
  readonly children: ReactNode
}

function Tile({ label, note, wait = false, alert = false, children }: TileProps): ReactNode {
  return (
    <Paper p="md">
      <Text size="xs" c="dimmed" fw={500}>
        {label}
      </Text>
      {wait ? (
        <Skeleton h={26} w={72} mt={4} />
      ) : (
        <Group gap={6} align="baseline">
          <Text fz={22} fw={600} lh={1.4} c={alert ? 'var(--sluice-alert)' : undefined} component="div">
            {children}
          </Text>
          {note !== undefined && (
            <Text size="xs" c="dimmed">
              {note}
            </Text>
          )}
        </Group>
      )}
    </Paper>
  )
}

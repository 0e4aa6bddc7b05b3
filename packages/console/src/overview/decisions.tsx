/**
 * What needs somebody, the worst first, each with the way to go on.
 *
 * @module
 */
import { Anchor, Badge, Box, Button, Group, Skeleton, Text } from '@mantine/core'
import { IconCircleCheck } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { EmptyState } from '../design/empty-state.tsx'
import { Section } from '../design/page.tsx'
import { tones } from '../design/theme.ts'
import { linkTo } from '../shell/link-to.ts'
import {
  type Decision,
  decisionsOf,
  type SourceHealth,
  targetOf,
  toneOfWord,
} from '../sources/source-health.ts'
import { texts } from '../texts/texts.ts'
import classes from './overview.module.css'

export function Decisions({ sources }: { readonly sources: readonly SourceHealth[] | undefined }): ReactNode {
  return (
    <Section title={texts.overview.decisions} flush>
      {sources === undefined ? <Skeleton h={120} m="md" /> : <List decisions={decisionsOf(sources)} />}
    </Section>
  )
}

function List({ decisions }: { readonly decisions: readonly Decision[] }): ReactNode {
  if (decisions.length === 0)
    return (
      <EmptyState title={texts.overview.nothingToDecide} icon={<IconCircleCheck size={22} />}>
        {texts.overview.nothingToDecideHelp}
      </EmptyState>
    )
  return (
    <Box component="ul" className={classes['list'] ?? ''}>
      {decisions.map((decision) => (
        <Line key={`${decision.source.name} ${decision.attention.kind}`} decision={decision} />
      ))}
    </Box>
  )
}

function Line({ decision: { source, attention, word } }: { readonly decision: Decision }): ReactNode {
  const { to, search = {} } = targetOf(attention, source)
  return (
    <li className={classes['line']}>
      <Badge color={tones[toneOfWord[word]]} w={84}>
        {texts.sources.states[word]}
      </Badge>
      <Group gap={8} className={classes['says'] ?? ''} wrap="wrap">
        <Anchor
          component={Link}
          to={`/sources/${encodeURIComponent(source.name)}`}
          fw={600}
          size="sm"
          c="inherit"
        >
          {source.name}
        </Anchor>
        <Text size="sm" c="dimmed">
          {attention.says}
        </Text>
      </Group>
      <Button variant={word === 'held' ? 'filled' : 'default'} component={Link} {...linkTo(to, search)}>
        {attention.kind === 'held' || attention.kind === 'doubtful'
          ? texts.overview.decide
          : texts.overview.look}
      </Button>
    </li>
  )
}

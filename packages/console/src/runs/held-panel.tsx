/**
 * A held run: which limit it exceeds, by how much, how that was before; and the decision.
 *
 * @module
 */
import { Button, Group, Paper, SimpleGrid, Stack, Text, Title } from '@mantine/core'
import { useHotkeys } from '@mantine/hooks'
import type { Exceeded, RunReport } from '@sluice/model'
import { IconHandStop } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useSession } from '../api/session.tsx'
import { exactTime, wholeNumber } from '../design/moment.tsx'
import { useLabels } from '../model/use-labels.ts'
import { linkTo } from '../shell/link-to.ts'
import { texts } from '../texts/texts.ts'
import { DecideDialog, type Verdict } from './decide-dialog.tsx'
import { LimitChart } from './limit-chart.tsx'
import { percentText } from './run-facts.ts'
import { lastRunsQuery } from './run-queries.ts'
import classes from './runs.module.css'
import { historyOf, measuredValue } from './threshold-history.ts'

const { held } = texts.runs

export function HeldPanel({ report }: { readonly report: RunReport }): ReactNode {
  const { data } = useQuery({
    ...lastRunsQuery(report.source ?? undefined),
    enabled: report.source !== null,
  })
  const earlier = (data?.runs ?? []).filter(({ run }) => (run ?? 0) < (report.run ?? 0))
  return (
    <Paper component="section" aria-label={held.title} p="md" className={classes['held'] ?? ''}>
      <Stack gap="md">
        <Group gap="xs" c="var(--sluice-alert)">
          <IconHandStop size={18} aria-hidden />
          <Title order={2}>{held.title}</Title>
        </Group>
        {report.heldBecause !== undefined && <Text size="sm">{held[report.heldBecause]}</Text>}
        <SimpleGrid cols={{ base: 1, lg: report.exceeded.length > 1 ? 2 : 1 }}>
          {report.exceeded.map((one) => (
            <ExceededLimit
              key={`${one.source} ${one.level} ${one.threshold} ${one.by}`}
              exceeded={one}
              run={report.run ?? 0}
              earlier={earlier}
            />
          ))}
        </SimpleGrid>
        <Decide report={report} />
      </Stack>
    </Paper>
  )
}

interface ExceededProps {
  readonly exceeded: Exceeded
  readonly run: number
  readonly earlier: readonly RunReport[]
}

function ExceededLimit({ exceeded, run, earlier }: ExceededProps): ReactNode {
  const { level, source, threshold, by, limit, found, total, since } = exceeded
  const labels = useLabels()
  const value = measuredValue(exceeded)
  const limitText = by === 'percent' ? held.limitPercent(String(limit)) : held.limitCount(wholeNumber(limit))
  const history = historyOf(exceeded, earlier)
  const mapping = level === 'source' ? level : labels.type(level)
  const name = source === undefined ? mapping : `${source} · ${mapping}`
  return (
    <Group gap="xl" align="center">
      <Stack gap={2} miw={220}>
        <Text size="sm" fw={600}>
          {held.exceeded(name, held.thresholds[threshold])}
        </Text>
        <Text size="xl" fw={700} lh={1.3}>
          {held.found(wholeNumber(found), wholeNumber(total), percentText(found, total))}
        </Text>
        <Text size="sm">
          {limitText}
          {limit > 0 && ` · ${held.times(String(Number((value / limit).toPrecision(2))))}`}
        </Text>
        {since !== undefined && <Text size="sm">{held.since(exactTime(since))}</Text>}
      </Stack>
      <Stack gap={2} flex={1} miw={240}>
        <Text size="xs" c="dimmed">
          {history.length === 0 ? held.noHistory : held.history}
        </Text>
        <LimitChart earlier={history} now={{ run, value }} limit={limit} limitText={limitText} />
      </Stack>
    </Group>
  )
}

function Decide({ report }: { readonly report: RunReport }): ReactNode {
  const { may } = useSession()
  const [verdict, setVerdict] = useState<Verdict>()
  const navigate = useNavigate()
  const mayDecide = may('decide')
  useHotkeys(
    mayDecide && verdict === undefined
      ? [
          ['a', () => setVerdict('approve')],
          ['x', () => setVerdict('reject')],
        ]
      : [],
  )
  return (
    <Group gap="xs">
      {mayDecide && (
        <>
          <Button onClick={() => setVerdict('approve')}>{held.approve}</Button>
          <Button variant="default" onClick={() => setVerdict('reject')}>
            {held.reject}
          </Button>
        </>
      )}
      <Button
        variant="subtle"
        onClick={() => void navigate(linkTo(`/runs/${report.run}`, { tab: 'changes' }))}
      >
        {held.review}
      </Button>
      {mayDecide && (
        <Text size="xs" c="dimmed" visibleFrom="sm">
          {held.keys}
        </Text>
      )}
      <DecideDialog report={report} verdict={verdict} onClose={() => setVerdict(undefined)} />
    </Group>
  )
}

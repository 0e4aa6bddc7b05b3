/**
 * The stages of a run, as long as they took; of one at work, where it is.
 *
 * @module
 */
import { Badge, Group, Loader, Text } from '@mantine/core'
import type { RunReport, Stage, StageTiming } from '@sluice/model'
import { useQuery } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { ask } from '../api/ask.ts'
import { durationText } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { PartsBar } from './parts-bar.tsx'

const { stageNames } = texts.runs

const colors: Readonly<Record<Stage, string>> = {
  export: 'var(--mantine-color-gray-4)',
  prepare: 'var(--mantine-color-gray-5)',
  deliver: 'var(--mantine-color-gray-6)',
  receive: 'var(--mantine-color-cyan-4)',
  translate: 'var(--mantine-color-cyan-6)',
  reconcile: 'var(--mantine-color-brand-4)',
  resolve: 'var(--mantine-color-brand-6)',
  guard: 'var(--mantine-color-yellow-6)',
  apply: 'var(--mantine-color-teal-6)',
}

export function Stages({ report }: { readonly report: RunReport }): ReactNode {
  return report.state === 'running' ? (
    <AtWork run={report.run ?? 0} />
  ) : (
    <Section title={texts.runs.stages}>
      <Timings stages={report.stages} />
    </Section>
  )
}

function AtWork({ run }: { readonly run: number }): ReactNode {
  const labels = useLabels()
  const { data } = useQuery({
    queryKey: ['progress', run],
    queryFn: () => ask('GET /runs/:run/progress', { params: { run } }),
    refetchInterval: 1000,
  })
  return (
    <Section
      title={texts.runs.stages}
      aside={
        <Group gap="xs" aria-live="polite">
          <Loader size={14} aria-hidden />
          {data?.now && (
            <Badge color="brand">
              {texts.runs.atWork(
                stageNames[data.now.stage],
                data.now.subject === null ? null : labels.type(data.now.subject),
              )}
            </Badge>
          )}
        </Group>
      }
    >
      {data?.now === null ? (
        <Text size="sm" c="dimmed">
          {texts.runs.elsewhere}
        </Text>
      ) : (
        <Timings stages={data?.stages ?? []} />
      )}
    </Section>
  )
}

function Timings({ stages }: { readonly stages: readonly StageTiming[] }): ReactNode {
  const parts = stages
    .filter(({ milliseconds }) => milliseconds > 0)
    .map(({ stage, milliseconds }) => ({
      name: stageNames[stage],
      size: milliseconds,
      shown: durationText(milliseconds),
      color: colors[stage],
    }))
  if (parts.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {texts.runs.noStages}
      </Text>
    )
  return <PartsBar parts={parts} label={texts.runs.stages} />
}

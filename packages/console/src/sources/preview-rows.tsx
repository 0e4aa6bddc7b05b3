/**
 * Has the agent of a source show its first rows: by a mapping that there is, or one that is proposed here.
 *
 * @module
 */
import { Alert, Button, Group, Loader, NumberInput, Select, Stack, Text, Textarea } from '@mantine/core'
import { IconShieldLock, IconTableSpark } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { useSession } from '../api/session.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Section } from '../design/page.tsx'
import { useLabels } from '../model/use-labels.ts'
import { useDraft } from '../shell/use-draft.ts'
import { texts } from '../texts/texts.ts'
import { checksQuery, type DeliveringAgent } from './agent-queries.ts'
import { type PreviewChoice, previewChoices } from './preview-choices.ts'
import { type AskedPreview, usePreview } from './preview-queries.ts'
import { PreviewedRows, PreviewProblems } from './previewed-rows.tsx'
import type { DescribedSource } from './source-queries.ts'

const words = texts.preview

interface PreviewProps {
  readonly source: DescribedSource
  readonly agents: readonly DeliveringAgent[]
}

export function PreviewRows({ source, agents }: PreviewProps): ReactNode {
  const { may } = useSession()
  const { data } = useQuery(checksQuery(source.name, 'discover'))
  const preview = usePreview(source.name)
  const labels = useLabels()
  if (!may('decide')) return null
  const discovered = data?.checks[0]?.answer?.discovered ?? undefined
  const choices = previewChoices(source, discovered, may('administer'), labels)
  const agent = agents.find(({ agent: { there }, previews }) => there && previews) ?? agents[0]
  return (
    <>
      <Section title={words.title}>
        <Text size="sm" c="dimmed">
          {words.help}
        </Text>
        {agent === undefined && <Text size="sm">{words.noAgent}</Text>}
        {agent?.previews === false && (
          <Alert color="gray" icon={<IconShieldLock size={18} />} p="sm">
            <Text size="sm">{words.notPermitted(agent.agent.host, agent.agent.folder)}</Text>
          </Alert>
        )}
        {agent?.previews === true && choices.length === 0 && <Text size="sm">{words.nothing}</Text>}
        {agent?.previews === true && choices.length > 0 && (
          <PreviewForm name={source.name} agent={agent} choices={choices} preview={preview} />
        )}
        {preview.error !== null && <ErrorNotice error={preview.error} />}
        {preview.data !== undefined && <PreviewProblems preview={preview.data} />}
      </Section>
      {preview.data !== undefined && <PreviewedRows preview={preview.data} />}
    </>
  )
}

interface FormProps {
  readonly name: string
  readonly agent: DeliveringAgent
  readonly choices: readonly PreviewChoice[]
  readonly preview: ReturnType<typeof usePreview>
}

const mostRows = 20

function PreviewForm({ name, agent: { agent }, choices, preview }: FormProps): ReactNode {
  const [value, setValue] = useState<string | null>(null)
  const [rows, setRows] = useState(5)
  const choice = choices.find((one) => one.value === value) ?? choices[0]
  if (choice === undefined) return null
  const show = (asked: Pick<AskedPreview, 'mapping' | 'proposal'>) =>
    preview.mutate({ agent: agent.agent, rows, ...asked })
  const running = preview.isPending
  return (
    <Stack>
      <Group align="flex-end">
        <Select
          label={words.what}
          data={choices.map(({ value: one, label }) => ({ value: one, label }))}
          value={choice.value}
          onChange={(next) => {
            setValue(next)
            preview.reset()
          }}
          allowDeselect={false}
          style={{ flex: 1, minWidth: 280 }}
        />
        <NumberInput
          label={words.rows}
          min={1}
          max={mostRows}
          clampBehavior="strict"
          allowDecimal={false}
          value={rows}
          onChange={(next) => setRows(Math.min(mostRows, Math.max(1, Number(next) || 1)))}
          w={90}
        />
        {choice.proposal === undefined && (
          <Show running={running} onShow={() => show({ mapping: choice.mapping, proposal: undefined })} />
        )}
      </Group>
      {choice.proposal !== undefined && (
        <Proposal
          key={choice.value}
          name={`${name} ${choice.value}`}
          text={choice.proposal}
          running={running}
          onShow={(proposal) => show({ mapping: undefined, proposal })}
        />
      )}
      {running && (
        <Group gap="sm" aria-live="polite">
          <Loader size="sm" />
          <Text size="sm">{words.looking(agent.host)}</Text>
        </Group>
      )}
    </Stack>
  )
}

interface ShowProps {
  readonly running: boolean
  readonly onShow: () => void
}

function Show({ running, onShow }: ShowProps): ReactNode {
  return (
    <Button leftSection={<IconTableSpark size={14} />} loading={running} onClick={onShow}>
      {words.show}
    </Button>
  )
}

interface ProposalProps {
  readonly name: string
  /** To begin with. */
  readonly text: string
  readonly running: boolean
  readonly onShow: (proposal: string) => void
}

function readText(stored: unknown): string | undefined {
  return typeof stored === 'string' ? stored : undefined
}

function Proposal({ name, text, running, onShow }: ProposalProps): ReactNode {
  const { draft = text, keep, drop } = useDraft(`proposal ${name}`, readText)
  return (
    <>
      <Textarea
        label={words.proposal}
        description={words.proposalHelp}
        value={draft}
        onChange={(event) => keep(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)' } }}
        spellCheck={false}
        rows={14}
      />
      <Group justify="flex-end">
        {draft !== text && (
          <Button variant="default" onClick={drop}>
            {words.reset}
          </Button>
        )}
        <Show running={running} onShow={() => onShow(draft)} />
      </Group>
    </>
  )
}

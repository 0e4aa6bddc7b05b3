/**
 * Has a delivered source synchronized by its agent: in which mode, by which agent, and until it has begun.
 *
 * @module
 */
import { Button, Checkbox, Group, Loader, Modal, Radio, Select, Stack, Text } from '@mantine/core'
import { notifications } from '@mantine/notifications'
import { IconPlayerPlay } from '@tabler/icons-react'
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { type ReactNode, useEffect, useState } from 'react'
import { ask } from '../api/ask.ts'
import { Copy } from '../design/copy.tsx'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { PageSkeleton } from '../design/page.tsx'
import { linkTo } from '../shell/link-to.ts'
import { texts } from '../texts/texts.ts'
import { agentsQuery, type DeliveringAgent, isOpen, type Start, startQuery } from './agent-queries.ts'
import classes from './agents.module.css'
import { definitionQuery } from './source-queries.ts'

const words = texts.agents

interface NameProps {
  readonly name: string
}

interface DialogProps extends NameProps {
  readonly onClose: () => void
}

export function SynchronizeNow({ name }: NameProps): ReactNode {
  const [opened, setOpened] = useState(false)
  const onClose = () => setOpened(false)
  return (
    <>
      <Button leftSection={<IconPlayerPlay size={14} />} onClick={() => setOpened(true)}>
        {words.synchronize}
      </Button>
      <Modal opened={opened} onClose={onClose} title={words.synchronizeTitle(name)}>
        {opened && <Choice name={name} onClose={onClose} />}
      </Modal>
    </>
  )
}

function Choice({ name, onClose }: DialogProps): ReactNode {
  const { data, error, refetch } = useQuery(agentsQuery(name))
  if (error !== null) return <ErrorNotice error={error} retry={refetch} />
  if (data === undefined) return <PageSkeleton />
  const [first] = data.agents
  const there = data.agents.filter(({ agent }) => agent.there)
  if (first === undefined) return <NoAgent />
  if (there.length === 0)
    return <EmptyState title={words.away}>{words.awayHelp(first.agent.host, first.agent.folder)}</EmptyState>
  return <StartForm name={name} onClose={onClose} agents={there} />
}

function NoAgent(): ReactNode {
  return (
    <EmptyState title={words.none}>
      <Stack align="center" gap={6}>
        {words.noneHelp}
        <Group gap={4}>
          <code>{words.agentCommand}</code>
          <Copy value={words.agentCommand} />
        </Group>
      </Stack>
    </EmptyState>
  )
}

type ModeChoice = keyof typeof words.modes
const choices: readonly ModeChoice[] = ['configured', 'complete', 'incremental']

interface FormProps extends DialogProps {
  readonly agents: readonly DeliveringAgent[]
}

function StartForm({ name, onClose, agents }: FormProps): ReactNode {
  const [mode, setMode] = useState<ModeChoice>('configured')
  const [wantsHold, setWantsHold] = useState(false)
  const [agent, setAgent] = useState(agents[0]?.agent.agent)
  const known = agents.find((one) => one.agent.agent === agent)
  const hold = wantsHold && known?.holds === true
  const { mutate, data, isPending, error } = useMutation({
    mutationFn: () =>
      ask('POST /sources/:source/start', {
        params: { source: name },
        body: { agent, ...(mode === 'configured' ? {} : { mode }), ...(hold ? { hold } : {}) },
      }),
  })
  if (data !== undefined) return <Beginning name={name} asked={data} onClose={onClose} />
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        mutate()
      }}
    >
      <Stack>
        <Modes name={name} agent={known} value={mode} onChange={setMode} />
        {agents.length > 1 && (
          <Select
            label={words.agent}
            data={agents.map((one) => ({
              value: one.agent.agent,
              label: `${one.agent.host} (${one.agent.folder})`,
            }))}
            value={agent ?? null}
            onChange={(value) => setAgent(value ?? agent)}
            allowDeselect={false}
          />
        )}
        <Checkbox
          label={words.hold}
          description={known?.holds === true ? words.holdHelp : words.holdUnknown}
          disabled={known?.holds !== true}
          checked={hold}
          onChange={({ currentTarget }) => setWantsHold(currentTarget.checked)}
        />
        {error !== null && <ErrorNotice error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            {texts.common.cancel}
          </Button>
          <Button type="submit" loading={isPending}>
            {words.start}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}

interface ModesProps extends NameProps {
  readonly agent: DeliveringAgent | undefined
  readonly value: ModeChoice
  readonly onChange: (value: ModeChoice) => void
}

function Modes({ name, agent, value, onChange }: ModesProps): ReactNode {
  const { data } = useQuery(definitionQuery(name))
  const configured = data?.effective['mode']
  const says = {
    ...words.modeHelp,
    configured: words.modeHelp.configured(typeof configured === 'string' ? configured : 'auto'),
  }
  const offered = choices.filter((one) => one === 'configured' || agent?.modes.includes(one) === true)
  return (
    <Radio.Group
      label={words.mode}
      value={value}
      onChange={(chosen) => onChange(choices.find((one) => one === chosen) ?? 'configured')}
    >
      <Stack gap="xs" mt={6}>
        {offered.map((one) => (
          <Radio.Card key={one} value={one} p="sm" className={classes['choice'] ?? ''}>
            <Group wrap="nowrap" align="flex-start" gap="sm">
              <Radio.Indicator />
              <div>
                <Text size="sm" fw={600}>
                  {words.modes[one]}
                </Text>
                <Text size="sm" c="dimmed">
                  {says[one]}
                </Text>
              </div>
            </Group>
          </Radio.Card>
        ))}
      </Stack>
    </Radio.Group>
  )
}

interface BeginningProps extends DialogProps {
  readonly asked: Start
}

/** Until its agent has begun: then the overview of the source goes on with it. */
function Beginning({ name, asked, onClose }: BeginningProps): ReactNode {
  const { data = asked, error } = useQuery(startQuery(asked.start))
  const client = useQueryClient()
  const navigate = useNavigate()
  const begun = data.state === 'begun'
  useEffect(() => {
    if (!begun) return
    notifications.show({ color: 'teal', message: words.begun(name, asked.agent.host) })
    void client.invalidateQueries({ queryKey: ['agents', name] })
    onClose()
    void navigate(linkTo(`/sources/${encodeURIComponent(name)}`))
  }, [begun, name, asked.agent.host, client, navigate, onClose])
  if (error !== null) return <ErrorNotice error={error} />
  if (!isOpen(data) && !begun)
    return <ErrorNotice error={new Error(words.notBegun(data.state, data.reason))} />
  return (
    <Group gap="sm" aria-live="polite">
      <Loader size="sm" />
      <Text size="sm">{words.asked(asked.agent.host)}</Text>
    </Group>
  )
}

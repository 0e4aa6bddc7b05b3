/**
 * Makes a token, and shows its secret: once.
 *
 * @module
 */
import { Button, Code, Group, Modal, MultiSelect, Select, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { ask, type Reply } from '../api/ask.ts'
import { statusQuery } from '../api/shared-queries.ts'
import { Copy } from '../design/copy.tsx'
import { texts } from '../texts/texts.ts'
import { Dialog } from './dialog.tsx'
import { accountRoles } from './role-field.tsx'
import { useChange } from './use-change.ts'

const { tokens: words } = texts.people
const roles = ['agent', ...accountRoles] as const
type Role = (typeof roles)[number]
const lifetimes = ['30', '90', '365', 'never'] as const
const day = 86_400_000

export function NewTokenDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const [made, setMade] = useState<Reply<'POST /tokens'>>()
  if (made !== undefined) return <Made made={made} onClose={onClose} />
  return <TokenFields onMade={setMade} onClose={onClose} />
}

interface TokenFieldsProps {
  readonly onMade: (made: Reply<'POST /tokens'>) => void
  readonly onClose: () => void
}

function TokenFields({ onMade, onClose }: TokenFieldsProps): ReactNode {
  const [name, setName] = useState('')
  const [role, setRole] = useState<Role>('agent')
  const [sources, setSources] = useState<string[]>([])
  const [lifetime, setLifetime] = useState<string>('90')
  const make = useChange(['tokens'], async () => {
    const end = lifetime === 'never' ? undefined : new Date(Date.now() + Number(lifetime) * day).toISOString()
    const body = { name, role, ...(role === 'agent' ? { sources } : {}), ...(end && { expiresAt: end }) }
    onMade(await ask('POST /tokens', { body }))
  })
  return (
    <Dialog
      title={words.make}
      action={words.make}
      isBusy={make.isPending}
      error={make.error}
      onSubmit={() => make.mutate()}
      onClose={onClose}
    >
      <TextInput
        label={words.name}
        description={words.nameHelp}
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
        required
        withAsterisk={false}
      />
      <Select
        label={words.role}
        description={texts.people.roles[role]}
        data={[...roles]}
        value={role}
        onChange={(chosen) => setRole(roles.find((one) => one === chosen) ?? role)}
        allowDeselect={false}
        comboboxProps={{ zIndex: 400 }}
      />
      {role === 'agent' && <SourcesField value={sources} onChange={setSources} />}
      <Select
        label={words.expires}
        data={lifetimes.map((one) => ({ value: one, label: words.lifetimes[one] }))}
        value={lifetime}
        onChange={(chosen) => setLifetime(chosen ?? lifetime)}
        allowDeselect={false}
        comboboxProps={{ zIndex: 400 }}
      />
    </Dialog>
  )
}

interface SourcesFieldProps {
  readonly value: string[]
  readonly onChange: (value: string[]) => void
}

function SourcesField({ value, onChange }: SourcesFieldProps): ReactNode {
  const { data } = useQuery(statusQuery)
  return (
    <MultiSelect
      label={words.sources}
      description={words.sourcesHelp}
      data={(data?.sources ?? []).map(({ name }) => name)}
      value={value}
      onChange={onChange}
      searchable
      comboboxProps={{ zIndex: 400 }}
    />
  )
}

interface MadeProps {
  readonly made: Reply<'POST /tokens'>
  readonly onClose: () => void
}

function Made({ made: { token, secret }, onClose }: MadeProps): ReactNode {
  return (
    <Modal
      opened
      onClose={onClose}
      title={words.made(token.name)}
      centered
      size="md"
      closeOnClickOutside={false}
    >
      <Stack gap="sm">
        <Text size="sm">{words.shownOnce}</Text>
        <Group gap="xs" wrap="nowrap">
          <Code block flex={1} style={{ overflowWrap: 'anywhere', whiteSpace: 'pre-wrap' }}>
            {secret}
          </Code>
          <Copy value={secret} />
        </Group>
        <Group justify="flex-end">
          <Button onClick={onClose}>{words.kept}</Button>
        </Group>
      </Stack>
    </Modal>
  )
}

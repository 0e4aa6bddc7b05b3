/** A new order. @module */
import { Button, Modal, SegmentedControl, Select, Stack, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import { notifications } from '@mantine/notifications'
import { IconPlus } from '@tabler/icons-react'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { ErrorNotice } from '../design/error-notice.tsx'
import { choicesOf } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { type KnownModel, useModel } from '../model/use-model.ts'
import { texts } from '../texts/texts.ts'
import { emptyOrder, isComplete, orderOf, type TypedOrder } from './new-order.ts'

export function AddOrder(): ReactNode {
  const [opened, { open, close }] = useDisclosure(false)
  const { model } = useModel()
  return (
    <>
      <Button leftSection={<IconPlus size={14} />} onClick={open}>
        {texts.orders.add}
      </Button>
      <Modal opened={opened} onClose={close} title={texts.orders.addTitle}>
        {model !== undefined && <OrderForm model={model} onDone={close} />}
      </Modal>
    </>
  )
}

function OrderForm({
  model,
  onDone,
}: {
  readonly model: KnownModel
  readonly onDone: () => void
}): ReactNode {
  const [typed, setTyped] = useState<TypedOrder>(emptyOrder)
  const client = useQueryClient()
  const send = useMutation({
    mutationFn: () => ask('POST /orders', { body: { orders: [orderOf(typed)] } }),
    async onSuccess({ orders: [made] }) {
      notifications.show({ color: 'teal', message: texts.orders.added(made?.order ?? '') })
      onDone()
      await client.invalidateQueries({ queryKey: ['orders'] })
    },
  })
  const change = (changes: Partial<TypedOrder>) => setTyped({ ...typed, ...changes })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    send.mutate()
  }
  return (
    <Stack component="form" onSubmit={submit} gap="sm">
      <SegmentedControl
        aria-label={texts.orders.kind}
        data={(['value', 'row', 'link'] as const).map((kind) => ({
          value: kind,
          label: texts.orders.kinds[kind],
        }))}
        value={typed.kind}
        onChange={(kind) =>
          change({ kind: kind === 'link' || kind === 'row' ? kind : 'value', of: '', property: '' })
        }
      />
      <About typed={typed} change={change} model={model} />
      {typed.kind !== 'value' && (
        <Select
          label={texts.orders.should}
          data={[
            { value: 'exists', label: texts.orders.shouldExist },
            { value: 'gone', label: texts.orders.shouldGo },
          ]}
          value={typed.existence}
          allowDeselect={false}
          onChange={(existence) => change({ existence: existence === 'gone' ? 'gone' : 'exists' })}
        />
      )}
      <TextInput
        type="datetime-local"
        label={texts.orders.due}
        description={texts.orders.dueHelp}
        value={typed.due}
        onChange={(event) => change({ due: event.currentTarget.value })}
      />
      {send.error !== null && <ErrorNotice error={send.error} />}
      <Button type="submit" loading={send.isPending} disabled={!isComplete(typed)}>
        {texts.orders.send}
      </Button>
    </Stack>
  )
}

interface AboutProps {
  readonly typed: TypedOrder
  readonly change: (changes: Partial<TypedOrder>) => void
  readonly model: KnownModel
}

function About({ typed, change, model }: AboutProps): ReactNode {
  const { kind, source, of, resource, to, property, value } = typed
  const labels = useLabels()
  const chosen = model.sources.find(({ name }) => name === source)
  const ofs =
    kind === 'link'
      ? chosen?.associations.map(({ association }) => association)
      : chosen?.entities.map(({ entityType }) => entityType)
  const entity = chosen?.entities.find(({ entityType }) => entityType === of)
  const text = (label: string, written: string, name: 'resource' | 'to' | 'value', description?: string) => (
    <TextInput
      label={label}
      description={description}
      value={written}
      onChange={(event) => change({ [name]: event.currentTarget.value })}
    />
  )
  return (
    <>
      <Select
        label={texts.orders.source}
        data={model.sources.map(({ name }) => name)}
        value={source}
        onChange={(name) => change({ source: name ?? '', of: '', property: '' })}
      />
      <Select
        label={kind === 'link' ? texts.orders.association : texts.orders.type}
        data={choicesOf([...new Set(ofs)], labels.type)}
        value={of}
        onChange={(name) => change({ of: name ?? '', property: '' })}
      />
      {text(
        kind === 'link' ? texts.orders.from : texts.orders.resource,
        resource,
        'resource',
        texts.orders.resourceHelp,
      )}
      {kind === 'link' && text(texts.orders.to, to, 'to')}
      {kind === 'value' && (
        <>
          <Select
            label={texts.orders.property}
            data={choicesOf(entity?.properties.map(({ name }) => name) ?? [], (name) =>
              labels.property(of, name),
            )}
            value={property}
            onChange={(name) => change({ property: name ?? '' })}
          />
          {text(texts.orders.value, value, 'value', texts.orders.valueHelp)}
        </>
      )}
    </>
  )
}

/** A link, put by somebody. @module */

import { Button, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDisclosure } from '@mantine/hooks'
import type { Association } from '@sluice/model'
import { IconLink } from '@tabler/icons-react'
import { type FormEvent, type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { choicesOf } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { AttributeInput } from './attribute-input.tsx'
import { EditReview } from './edit-review.tsx'
import { changedValues, type Entered, type EnteredValues } from './edited-values.ts'
import { ResourcePicker } from './resource-picker.tsx'
import { useEdit } from './use-edit.ts'

interface LinkDialogProps {
  readonly type: string
  readonly id: string
  readonly associations: readonly Association[]
}

export function LinkDialog(props: LinkDialogProps): ReactNode {
  const [opened, { open, close }] = useDisclosure(false)
  return (
    <>
      <Button variant="default" leftSection={<IconLink size={14} />} onClick={open}>
        {texts.resources.addLink}
      </Button>
      <Modal opened={opened} onClose={close} title={texts.resources.addLinkTitle}>
        <LinkForm {...props} onDone={close} />
      </Modal>
    </>
  )
}

function LinkForm({
  type,
  id,
  associations,
  onDone,
}: LinkDialogProps & { readonly onDone: () => void }): ReactNode {
  const labels = useLabels()
  const [name, setName] = useState(associations[0]?.name ?? '')
  const [other, setOther] = useState<Entered>()
  const [values, setValues] = useState<EnteredValues>({})
  const [comment, setComment] = useState('')
  const association = associations.find((one) => one.name === name)
  const isFrom = association?.from === type
  const edit = useEdit((dryRun) => {
    const ends = isFrom ? { from: id, to: other?.id ?? '' } : { from: other?.id ?? '', to: id }
    return ask('PUT /links/:association/:from/:to', {
      params: { association: name, ...ends },
      query: { dryRun, ...(comment === '' ? {} : { comment }) },
      body: changedValues(association?.properties ?? [], {}, values),
    })
  }, onDone)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void edit.plan()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Select
          label={texts.resources.association}
          data={choicesOf(
            associations.map((one) => one.name),
            labels.type,
          )}
          value={name}
          onChange={(chosen) => setName(chosen ?? name)}
        />
        {association !== undefined && (
          <ResourcePicker
            key={name}
            type={isFrom ? association.to : association.from}
            label={labels.type(isFrom ? association.to : association.from)}
            value={other}
            onChange={setOther}
          />
        )}
        <LinkProperties association={association} values={values} onChange={setValues} />
        <TextInput
          label={texts.resources.comment}
          value={comment}
          onChange={(event) => setComment(event.currentTarget.value)}
        />
        <Button type="submit" loading={edit.busy} disabled={other?.id === undefined}>
          {texts.resources.review}
        </Button>
      </Stack>
      <EditReview
        edit={edit}
        title={texts.resources.reviewTitle}
        comment={comment}
        onComment={setComment}
        applyText={texts.resources.applyChange}
        onClose={edit.reset}
      />
    </form>
  )
}

interface LinkPropertiesProps {
  readonly association: Association | undefined
  readonly values: EnteredValues
  readonly onChange: (values: EnteredValues) => void
}

function LinkProperties({ association, values, onChange }: LinkPropertiesProps): ReactNode {
  const labels = useLabels()
  const labelOf = (name: string) => labels.property(association?.name ?? '', name)
  return association?.properties.map((property) => (
    <Stack key={property.name} gap={2}>
      <Text size="xs" fw={500}>
        {labelOf(property.name)}
      </Text>
      <AttributeInput
        property={property}
        label={labelOf(property.name)}
        value={values[property.name]}
        onChange={(value) => onChange({ ...values, [property.name]: value })}
      />
    </Stack>
  ))
}

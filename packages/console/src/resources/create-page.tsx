/**
 * A resource, made by somebody. What is typed outlives a reload.
 *
 * @module
 */

import { Button, Group, Stack, Table, Text } from '@mantine/core'
import type { EntityType } from '@sluice/model'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { Page, PageSkeleton, Section } from '../design/page.tsx'
import { useLabels } from '../model/use-labels.ts'
import { useModel } from '../model/use-model.ts'
import { resourceAddress, typeAddress } from '../shell/addresses.ts'
import { useDraft } from '../shell/use-draft.ts'
import { texts } from '../texts/texts.ts'
import { AttributeInput } from './attribute-input.tsx'
import { readEntered } from './edit-draft.ts'
import { EditReview } from './edit-review.tsx'
import { changedValues } from './edited-values.ts'
import { useEdit } from './use-edit.ts'

export function CreatePage(): ReactNode {
  const { type = '' }: { readonly type?: string } = useParams({ strict: false })
  const { model, error, refetch } = useModel()
  const labels = useLabels()
  if (error !== null) return <ErrorNotice error={error} retry={refetch} />
  if (model === undefined) return <PageSkeleton />
  const found = model.types.get(type)
  if (found === undefined)
    return <EmptyState title={texts.resources.noType(type)}>{texts.resources.noTypeHelp}</EmptyState>
  return (
    <Page
      title={texts.resources.createTitle(labels.type(type))}
      above={[
        [texts.resources.title, '/resources'],
        [labels.type(type), typeAddress(type)],
      ]}
    >
      <CreateForm key={type} type={found} />
    </Page>
  )
}

function CreateForm({ type }: { readonly type: EntityType }): ReactNode {
  const navigate = useNavigate()
  const { draft: entered = {}, restored, keep, drop } = useDraft(`new ${type.name}`, readEntered)
  const [comment, setComment] = useState('')
  const labels = useLabels()
  const edit = useEdit(
    (dryRun) =>
      ask('POST /resources/:entityType', {
        params: { entityType: type.name },
        query: { dryRun, ...(comment === '' ? {} : { comment }) },
        body: changedValues(type.properties, {}, entered),
      }),
    ({ report, resources: [made] }) => {
      drop()
      const to =
        report.state === 'applied' && made
          ? resourceAddress(type.name, made.resourceId)
          : typeAddress(type.name)
      void navigate({ to })
    },
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    void edit.plan()
  }
  return (
    <Section>
      <form onSubmit={submit}>
        <Stack>
          {restored && (
            <Text size="sm" c="dimmed" role="status">
              {texts.resources.draft}
            </Text>
          )}
          <Table withRowBorders={false}>
            <Table.Tbody>
              {type.properties.map((property) => (
                <Table.Tr key={property.name}>
                  <Table.Th scope="row" fw={500} w="1%" style={{ whiteSpace: 'nowrap' }}>
                    <Group gap={6} wrap="nowrap">
                      {labels.property(type.name, property.name)}
                      {property.required && (
                        <Text span size="xs" c="dimmed" fw={400}>
                          {texts.resources.required}
                        </Text>
                      )}
                    </Group>
                  </Table.Th>
                  <Table.Td>
                    <AttributeInput
                      property={property}
                      label={labels.property(type.name, property.name)}
                      value={entered[property.name]}
                      onChange={(value) => keep({ ...entered, [property.name]: value })}
                    />
                  </Table.Td>
                </Table.Tr>
              ))}
            </Table.Tbody>
          </Table>
          <Group>
            <Button type="submit" loading={edit.busy}>
              {texts.resources.review}
            </Button>
            <Button variant="default" onClick={drop}>
              {texts.resources.discard}
            </Button>
          </Group>
        </Stack>
      </form>
      <EditReview
        edit={edit}
        title={texts.resources.reviewTitle}
        comment={comment}
        onComment={setComment}
        applyText={texts.resources.createNow}
        onClose={edit.reset}
      />
    </Section>
  )
}

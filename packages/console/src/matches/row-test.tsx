/**
 * What a row would find: each rule of a source is tried against what is stored.
 *
 * @module
 */
import { Button, Flex, Select, Stack, Text, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, type ReactNode, useState } from 'react'
import { ask } from '../api/ask.ts'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { PageSkeleton, Section } from '../design/page.tsx'
import { choicesOf } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { type StoredSource, useModel } from '../model/use-model.ts'
import { texts } from '../texts/texts.ts'
import { TestedRowView } from './tested-row-view.tsx'

export function RowTest(): ReactNode {
  const { model, error, refetch } = useModel()
  if (error !== null) return <ErrorNotice error={error} retry={refetch} />
  if (model === undefined) return <PageSkeleton />
  // Of others the key alone says which resource a row belongs to.
  const sources = model.sources.filter(({ entities }) =>
    entities.some(({ federation }) => federation === true),
  )
  if (sources.length === 0)
    return <EmptyState title={texts.matches.noSource}>{texts.matches.noSourceHelp}</EmptyState>
  return <TestForm sources={sources} />
}

function TestForm({ sources }: { readonly sources: readonly StoredSource[] }): ReactNode {
  const labels = useLabels()
  const [name, setName] = useState(sources[0]?.name ?? '')
  const entities = (sources.find((source) => source.name === name)?.entities ?? []).filter(
    ({ federation }) => federation === true,
  )
  const [type, setType] = useState<string>()
  const entity = entities.find(({ entityType }) => entityType === type) ?? entities[0]
  const [values, setValues] = useState<Readonly<Record<string, string>>>({})
  const test = useMutation({
    mutationFn: () =>
      ask('POST /sources/:source/reconcile/test', {
        params: { source: name },
        body: {
          type: entity?.entityType,
          rows: [
            rowOf(values, ['primary_key', ...(entity?.properties.map((property) => property.name) ?? [])]),
          ],
        },
      }),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    test.mutate()
  }
  const field = (property: string, label: string) => (
    <TextInput
      key={property}
      label={label}
      value={values[property] ?? ''}
      onChange={({ currentTarget: { value } }) => setValues({ ...values, [property]: value })}
    />
  )
  return (
    <Flex gap="md" direction={{ base: 'column', md: 'row' }} align={{ base: 'stretch', md: 'flex-start' }}>
      <Section>
        <Stack component="form" onSubmit={submit} gap="xs" w={{ base: '100%', md: 300 }}>
          <Text size="sm" c="dimmed">
            {texts.matches.testHelp}
          </Text>
          <Select
            label={texts.matches.source}
            data={sources.map((source) => source.name)}
            value={name}
            allowDeselect={false}
            onChange={(chosen) => setName(chosen ?? name)}
          />
          <Select
            label={texts.matches.type}
            data={choicesOf(
              entities.map(({ entityType }) => entityType),
              labels.type,
            )}
            value={entity?.entityType ?? null}
            allowDeselect={false}
            onChange={(chosen) => setType(chosen ?? undefined)}
          />
          {field('primary_key', texts.matches.key)}
          {entity?.properties.map((property) =>
            field(property.name, labels.property(entity.entityType, property.name)),
          )}
          <Button type="submit" loading={test.isPending}>
            {texts.matches.tryIt}
          </Button>
        </Stack>
      </Section>
      <Stack flex={1} miw={0}>
        {test.error !== null && <ErrorNotice error={test.error} />}
        {test.data?.rows.map((row) => (
          <TestedRowView key={row.row} row={row} type={entity?.entityType ?? ''} />
        ))}
      </Stack>
    </Flex>
  )
}

/** What is left empty the row says nothing of. */
function rowOf(values: Readonly<Record<string, string>>, names: readonly string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => (values[name] ? [[name, values[name]]] : [])))
}

/**
 * Resources of a type that may be one: side by side, marked as distinct or merged.
 *
 * @module
 */

import { Accordion, Badge, Button, Center, Group, MultiSelect, Stack, Text } from '@mantine/core'
import type { Duplicates, Property } from '@sluice/model'
import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { EmptyState } from '../design/empty-state.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { wholeNumber } from '../design/moment.tsx'
import { Page, PageSkeleton } from '../design/page.tsx'
import { SavePages } from '../design/save-pages.tsx'
import { byName, choicesOf, type ReadersLabels } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { useModel } from '../model/use-model.ts'
import { typeAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'
import { alikeText, DuplicateGroup } from './duplicate-group.tsx'
import { readDuplicatesBy } from './duplicates-address.ts'
import { useDuplicates } from './use-duplicates.ts'

export function DuplicatesPage(): ReactNode {
  const { type = '' }: { readonly type?: string } = useParams({ strict: false })
  const by = readDuplicatesBy(useSearch({ strict: false }))
  const { model } = useModel()
  const labels = useLabels()
  const { rows, error, refetch, more, isWhole, readPage } = useDuplicates(type, by)
  const properties = model?.types.get(type)?.properties ?? []
  return (
    <Page
      title={texts.resources.duplicatesOf(labels.type(type))}
      above={[
        [texts.resources.title, '/resources'],
        [labels.type(type), typeAddress(type)],
      ]}
      description={texts.resources.duplicatesHelp}
      actions={
        <CompareBy
          choices={choicesOf(
            properties
              .filter(({ type: kind }) => kind !== 'file' && kind !== 'secret')
              .map(({ name }) => name),
            (name) => labels.property(type, name),
          )}
          by={by}
        />
      }
    >
      {error !== null && <ErrorNotice error={error} retry={refetch} />}
      {rows === undefined && error === null && <PageSkeleton />}
      {rows?.length === 0 && (
        <EmptyState title={texts.resources.noDuplicates}>{texts.resources.noDuplicatesHelp}</EmptyState>
      )}
      {rows !== undefined && rows.length > 0 && (
        <Stack>
          <Group justify="space-between">
            <Text size="sm" c="dimmed" role="status">
              {isWhole
                ? texts.resources.groups(wholeNumber(rows.length))
                : texts.resources.firstGroups(wholeNumber(rows.length))}
            </Text>
            <SavePages name={texts.resources.duplicatesOf(type)} columns={columns} readPage={readPage} />
          </Group>
          <Groups key={by.join(',')} groups={rows} properties={properties} labels={labels} />
          {!isWhole && (
            <Center>
              <Button variant="default" onClick={more}>
                {texts.common.more}
              </Button>
            </Center>
          )}
        </Stack>
      )}
    </Page>
  )
}

const columns = [
  { id: 'type', value: ({ entityType }: Duplicates) => entityType },
  { id: 'alike', value: (group: Duplicates) => alikeText(group, byName) },
  {
    id: 'resources',
    value: ({ resources }: Duplicates) =>
      resources
        .map(({ resourceId, display }) => `${texts.resources.id(resourceId)} ${display ?? ''}`.trim())
        .join(', '),
  },
]

interface GroupsProps {
  readonly groups: readonly Duplicates[]
  readonly properties: readonly Property[]
  readonly labels: ReadersLabels
}

/** Only those that are open are read. */
function Groups({ groups, properties, labels }: GroupsProps): ReactNode {
  const keyOf = ({ resources }: Duplicates) => resources.map(({ resourceId }) => resourceId).join('-')
  const [opened, setOpened] = useState(groups.slice(0, 1).map(keyOf))
  return (
    <Accordion multiple value={opened} onChange={setOpened} variant="contained" order={2}>
      {groups.map((group) => {
        const key = keyOf(group)
        return (
          <Accordion.Item key={key} value={key} bg="var(--mantine-color-body)">
            <Accordion.Control py={6}>
              <Group gap="xs">
                <Text size="sm" fw={600}>
                  {alikeText(group, labels)}
                </Text>
                <Badge color="gray">{wholeNumber(group.resources.length)}</Badge>
              </Group>
            </Accordion.Control>
            <Accordion.Panel>
              {opened.includes(key) && <DuplicateGroup group={group} properties={properties} />}
            </Accordion.Panel>
          </Accordion.Item>
        )
      })}
    </Accordion>
  )
}

interface CompareByProps {
  readonly choices: ReturnType<typeof choicesOf>
  readonly by: readonly string[]
}

function CompareBy({ choices, by }: CompareByProps): ReactNode {
  const navigate = useNavigate()
  return (
    <MultiSelect
      aria-label={texts.resources.compareBy}
      placeholder={by.length === 0 ? texts.resources.byRules : ''}
      data={choices}
      value={[...by]}
      clearable
      searchable
      miw={240}
      onChange={(chosen) =>
        void navigate({
          to: '.',
          search: () => (chosen.length === 0 ? {} : { by: chosen.join(',') }),
          replace: true,
        })
      }
    />
  )
}

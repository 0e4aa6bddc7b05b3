/** Resources that are alike, side by side; where they differ is marked. @module */

import { Anchor, Group, ScrollArea, Skeleton, Stack, Table, Text } from '@mantine/core'
import type { Duplicates, Property } from '@sluice/model'
import { IconEqualNot } from '@tabler/icons-react'
import { useQueries } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { type ReactNode, useState } from 'react'
import { useSession } from '../api/session.tsx'
import { ErrorNotice } from '../design/error-notice.tsx'
import { type ReadersLabels, valuesLabel } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { resourceAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'
import classes from './duplicate-group.module.css'
import { MarkDistinct } from './mark-distinct.tsx'
import { MergeResources } from './merge-resources.tsx'
import { askVersioned, type Versioned } from './use-resource.ts'
import { Value } from './value.tsx'
import { valueText } from './value-text.ts'

interface DuplicateGroupProps {
  readonly group: Duplicates
  readonly properties: readonly Property[]
}

/** More beside one another nobody compares. */
const mostShown = 6

export function DuplicateGroup({ group, properties }: DuplicateGroupProps): ReactNode {
  const { entityType, resources } = group
  const { may } = useSession()
  const labels = useLabels()
  // Until the list is there without them, nobody asks for those that are gone.
  const [isMerged, setMerged] = useState(false)
  const asked = useQueries({
    queries: resources.slice(0, mostShown).map(({ resourceId }) => ({
      queryKey: ['resource', entityType, resourceId],
      queryFn: () => askVersioned(entityType, resourceId),
      enabled: !isMerged,
    })),
  })
  const read = asked.flatMap(({ data }) => data ?? [])
  if (asked.some(({ isPending }) => isPending)) return <Skeleton h={160} />
  const failed = asked.find(({ error }) => error !== null)?.error
  return (
    <Stack gap="xs">
      {may('edit') && (
        <Group gap={6} justify="flex-end">
          <MergeResources group={group} onMerged={() => setMerged(true)} />
          <MarkDistinct group={group} />
        </Group>
      )}
      {failed && <ErrorNotice error={failed} />}
      <SideBySide
        resources={read}
        properties={properties}
        label={alikeText(group, labels)}
        labelOf={(name) => labels.property(entityType, name)}
      />
      {resources.length > mostShown && (
        <Text size="sm" c="dimmed">
          {texts.resources.of(String(mostShown), String(resources.length))}
        </Text>
      )}
    </Stack>
  )
}

/** What they have in common. */
export function alikeText({ entityType, alike }: Duplicates, labels: ReadersLabels): string {
  return texts.resources.alike(valuesLabel(entityType, alike, labels))
}

interface SideBySideProps {
  readonly resources: readonly Versioned[]
  readonly properties: readonly Property[]
  readonly label: string
  /** Of a property. */
  readonly labelOf: (name: string) => string
}

function SideBySide({ resources, properties, label, labelOf }: SideBySideProps): ReactNode {
  return (
    <ScrollArea type="auto" viewportProps={{ tabIndex: 0 }}>
      <Table aria-label={label} className={classes['sides'] ?? ''}>
        <Table.Thead>
          <Table.Tr>
            <Table.Td />
            {resources.map(({ entityType, resourceId }) => (
              <Table.Th key={resourceId}>
                <Anchor component={Link} to={resourceAddress(entityType, resourceId)} size="sm">
                  #{resourceId}
                </Anchor>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {properties.map((property) => (
            <Compared
              key={property.name}
              property={property}
              label={labelOf(property.name)}
              resources={resources}
            />
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  )
}

interface ComparedProps {
  readonly property: Property
  readonly label: string
  readonly resources: readonly Versioned[]
}

function Compared({ property, label, resources }: ComparedProps): ReactNode {
  const { name } = property
  const differs = new Set(resources.map(({ values }) => valueText(values[name]))).size > 1
  return (
    <Table.Tr className={differs ? (classes['differs'] ?? '') : (classes['same'] ?? '')}>
      <Table.Th scope="row" fw={400} c="dimmed">
        {label} {differs && <IconEqualNot size={13} role="img" aria-label={texts.resources.differsHere} />}
      </Table.Th>
      {resources.map(({ resourceId, values, references }) => (
        <Table.Td key={resourceId}>
          <Value value={values[name]} property={property} reference={references[name]} />
        </Table.Td>
      ))}
    </Table.Tr>
  )
}

/** What a row says beside what each resource has; differences are marked by a sign and a colour. @module */

import { Anchor, Badge, Button, Group, ScrollArea, Stack, Table, Text } from '@mantine/core'
import type { ComparedProperty, ShownMatch } from '@sluice/model'
import { IconEqualNot, IconSearch } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { useLabels } from '../model/use-labels.ts'
import { resourceAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'
import classes from './candidate-table.module.css'
import { compareValues } from './compare-values.ts'

interface CandidateTableProps {
  readonly match: ShownMatch
  /** Chooses the candidate at this place; `undefined`: nobody may. */
  readonly onLink: ((candidate: number) => void) | undefined
}

export function CandidateTable({ match, onLink }: CandidateTableProps): ReactNode {
  const { entityType, key, resources, properties, candidates } = match
  const labels = useLabels()
  return (
    <ScrollArea type="auto" viewportProps={{ tabIndex: 0 }}>
      <Table aria-label={`${labels.type(entityType)} ${key}`} className={classes['candidates'] ?? ''}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>
              <Text span size="xs" c="dimmed" fw={500}>
                {texts.matches.property}
              </Text>
            </Table.Th>
            <Table.Th className={classes['row'] ?? ''}>{texts.matches.row}</Table.Th>
            {resources.map(({ resourceId, display }) => {
              const candidate = candidates.indexOf(resourceId)
              return (
                <Table.Th key={resourceId}>
                  <Stack gap={6} align="flex-start">
                    <Anchor component={Link} to={resourceAddress(entityType, resourceId)} size="sm" fw={600}>
                      {display ?? `#${resourceId}`}
                    </Anchor>
                    <Text size="xs" c="dimmed" fw={400}>
                      #{resourceId}
                    </Text>
                    {onLink !== undefined && candidate >= 0 && (
                      <LinkButton candidate={candidate} onLink={onLink} />
                    )}
                    {match.resource === resourceId && <Badge>{texts.matches.decisions.link}</Badge>}
                  </Stack>
                </Table.Th>
              )
            })}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {properties.map((compared) => (
            <Compared
              key={compared.property}
              compared={compared}
              label={labels.property(entityType, compared.property)}
              labelOf={(value) => labels.value(entityType, compared.property, value)}
              resources={resources.map(({ resourceId }) => resourceId)}
            />
          ))}
        </Table.Tbody>
      </Table>
    </ScrollArea>
  )
}

interface LinkButtonProps {
  readonly candidate: number
  readonly onLink: (candidate: number) => void
}

function LinkButton({ candidate, onLink }: LinkButtonProps): ReactNode {
  const key = String(candidate + 1)
  return (
    <Button
      size="compact-xs"
      variant="light"
      aria-keyshortcuts={key}
      aria-label={`${texts.matches.link}: ${texts.matches.candidate(candidate + 1)}`}
      onClick={() => onLink(candidate)}
      rightSection={candidate < 9 ? <Badge size="xs">{key}</Badge> : undefined}
    >
      {texts.matches.link}
    </Button>
  )
}

interface ComparedProps {
  readonly compared: ComparedProperty
  readonly label: string
  /** Of a value. */
  readonly labelOf: (value: string) => string
  /** Ids, in the order of the values. */
  readonly resources: readonly string[]
}

function Compared({ compared, label, labelOf, resources }: ComparedProps): ReactNode {
  const { searched, says, values } = compared
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={400} c="dimmed">
        <Group gap={4} wrap="nowrap">
          {label}
          {searched && <IconSearch size={12} role="img" aria-label={texts.matches.searched} />}
        </Group>
      </Table.Th>
      <Table.Td className={classes['row'] ?? ''} c={says === null ? 'dimmed' : undefined}>
        {says === null ? texts.matches.silent : says === '' ? '–' : labelOf(says)}
      </Table.Td>
      {values.map((value, index) => {
        const comparison = compareValues(says, value)
        return (
          <Table.Td key={resources[index]} className={classes[comparison] ?? ''}>
            <Group gap={4} wrap="nowrap">
              {comparison === 'differs' && (
                <IconEqualNot size={13} role="img" aria-label={texts.matches.differs} />
              )}
              {value === null ? '–' : labelOf(value)}
            </Group>
          </Table.Td>
        )
      })}
    </Table.Tr>
  )
}

/**
 * One change: old and new side by side, with what differs marked.
 *
 * @module
 */
import { ActionIcon, Badge, Button, Drawer, Group, Stack, Table, Text, Tooltip } from '@mantine/core'
import type { Change } from '@sluice/model'
import { IconChevronDown, IconChevronUp } from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Copy } from '../design/copy.tsx'
import type { ReadersLabels } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { differenceOf, nameOf, pairsOf, typeOf, type ValuePair } from './change-values.ts'
import { OperationBadge } from './operation-badge.tsx'
import classes from './runs.module.css'

const { changes } = texts.runs

interface DetailsProps {
  /** `undefined`: none is looked at. */
  readonly change: Change | undefined
  /** What it inserts is there, and what it deletes is not. */
  readonly isApplied: boolean
  readonly onClose: () => void
  readonly onStep: (by: 1 | -1) => void
}

export function ChangeDetails({ change, isApplied, onClose, onStep }: DetailsProps): ReactNode {
  const labels = useLabels()
  return (
    <Drawer
      opened={change !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={changes.details}
      closeButtonProps={{ 'aria-label': changes.close }}
      overlayProps={{ backgroundOpacity: 0.15 }}
      transitionProps={{ duration: 120 }}
    >
      {change !== undefined && (
        <Stack gap="sm">
          <Heading change={change} labels={labels} onStep={onStep} />
          {change.drift && <Text size="sm">{changes.drift}</Text>}
          <SideBySide change={change} labels={labels} />
          {change.kind === 'entity' && change.operation !== (isApplied ? 'delete' : 'insert') && (
            <Button
              component={Link}
              to={`/resources/${encodeURIComponent(change.entityType)}/${change.resourceId}`}
              variant="default"
              w="fit-content"
            >
              {changes.toResource}
            </Button>
          )}
        </Stack>
      )}
    </Drawer>
  )
}

interface ChangeProps {
  readonly change: Change
  readonly labels: ReadersLabels
}

interface HeadingProps extends ChangeProps {
  readonly onStep: DetailsProps['onStep']
}

function Heading({ change, labels, onStep }: HeadingProps): ReactNode {
  return (
    <Group justify="space-between" wrap="nowrap">
      <Group gap="xs" miw={0}>
        <OperationBadge operation={change.operation} />
        <Badge color="gray">{labels.type(typeOf(change))}</Badge>
        <Text fw={600} style={{ overflowWrap: 'anywhere' }}>
          {nameOf(change)}
        </Text>
        <Copy value={nameOf(change)} />
      </Group>
      <Group gap={2} wrap="nowrap">
        <Tooltip label={changes.previous}>
          <ActionIcon aria-label={changes.previous} onClick={() => onStep(-1)}>
            <IconChevronUp size={16} />
          </ActionIcon>
        </Tooltip>
        <Tooltip label={changes.next}>
          <ActionIcon aria-label={changes.next} onClick={() => onStep(1)}>
            <IconChevronDown size={16} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </Group>
  )
}

function SideBySide({ change, labels }: ChangeProps): ReactNode {
  return (
    <Table className={classes['values'] ?? ''} aria-label={changes.details} layout="fixed">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{changes.property}</Table.Th>
          <Table.Th>{changes.before}</Table.Th>
          <Table.Th>{changes.after}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {pairsOf(change, labels).map((pair) => (
          <Pair key={pair.property} pair={pair} />
        ))}
      </Table.Tbody>
    </Table>
  )
}

function Pair({ pair: { label, before, after } }: { readonly pair: ValuePair }): ReactNode {
  const { start, end, ...middle } = differenceOf(before ?? '', after ?? '')
  const side = (value: string | undefined, differs: string, mark: 'was' | 'becomes') =>
    value === undefined ? (
      <Text span size="xs" c="dimmed" fs="italic">
        {changes.empty}
      </Text>
    ) : (
      <>
        <span className={classes['same']}>{start}</span>
        {differs !== '' && <span className={classes[mark]}>{differs}</span>}
        <span className={classes['same']}>{end}</span>
      </>
    )
  return (
    <Table.Tr>
      <Table.Th fw={500}>{label}</Table.Th>
      <Table.Td>{side(before, middle.before, 'was')}</Table.Td>
      <Table.Td>{side(after, middle.after, 'becomes')}</Table.Td>
    </Table.Tr>
  )
}

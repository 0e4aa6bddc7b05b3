/**
 * The attributes of a resource: padlock, value, whose it is, since when, and what others say.
 *
 * @module
 */

import { Anchor, Group, Stack, Table, Text } from '@mantine/core'
import type { EntityType, Property } from '@sluice/model'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Moment } from '../design/moment.tsx'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { claimReason, originOf, otherClaims, winnerOf } from './attribute-origin.ts'
import classes from './attributes.module.css'
import { FileLink } from './file-link.tsx'
import { Lock } from './lock.tsx'
import type { FactsOf } from './source-facts.ts'
import type { ExplainedValue } from './use-resource.ts'
import { Value } from './value.tsx'

interface AttributesProps {
  readonly type: EntityType | undefined
  readonly values: readonly ExplainedValue[]
  /** Id of the resource. */
  readonly resource: string
  readonly factsOf: FactsOf
  /** What stands in the place of a value while it is edited; `undefined`: it is not. */
  readonly input?: (value: ExplainedValue, property: Property) => ReactNode
}

export function Attributes({ type, values, resource, factsOf, input }: AttributesProps): ReactNode {
  const labels = useLabels()
  return (
    <Table aria-label={texts.resources.tabs.attributes} layout="auto" className={classes['attributes'] ?? ''}>
      <Table.Thead>
        <Table.Tr>
          <Heading>{texts.resources.attribute}</Heading>
          <Heading>{texts.resources.value}</Heading>
          <Heading wide>{texts.resources.origin}</Heading>
          <Heading wide>{texts.resources.since}</Heading>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {values.map((value) => {
          const property = type?.properties.find(({ name }) => name === value.property)
          return (
            <Attribute
              key={value.property}
              label={type ? labels.property(type.name, value.property) : value.property}
              value={value}
              property={property}
              factsOf={factsOf}
            >
              {property && (input?.(value, property) ?? fileLink({ value, property, type, resource }))}
            </Attribute>
          )
        })}
      </Table.Tbody>
    </Table>
  )
}

interface FileLinkProps {
  readonly value: ExplainedValue
  readonly property: Property
  readonly type: EntityType | undefined
  readonly resource: string
}

function fileLink({ value, property, type, resource }: FileLinkProps): ReactNode {
  if (property.type !== 'file' || value.value === null || type === undefined) return undefined
  return <FileLink type={type.name} resource={resource} property={property.name} value={value.value} />
}

function Heading({ children, wide }: { readonly children: ReactNode; readonly wide?: boolean }): ReactNode {
  return (
    <Table.Th visibleFrom={wide === true ? 'md' : undefined}>
      <Text span size="xs" c="dimmed" fw={500}>
        {children}
      </Text>
    </Table.Th>
  )
}

interface AttributeProps {
  readonly label: string
  readonly value: ExplainedValue
  readonly property: Property | undefined
  readonly factsOf: FactsOf
  readonly children: ReactNode
}

function Attribute({ label, value, property, factsOf, children }: AttributeProps): ReactNode {
  const others = otherClaims(value)
  const winner = winnerOf(value.claims)
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500} className={classes['name'] ?? ''}>
        <Group gap={6} wrap="nowrap">
          <Lock value={value} label={label} factsOf={factsOf} />
          <Text span size="sm" title={property?.description ?? value.property}>
            {label}
          </Text>
        </Group>
      </Table.Th>
      <Table.Td className={classes['value'] ?? ''}>
        <Stack gap={2}>
          {children ?? <Value value={value.value} property={property} reference={value.referenceId} />}
          {value.orphan !== null && <Note>{texts.resources.orphan(value.orphan)}</Note>}
          {others.map((claim) => (
            <Note key={`${claim.source} ${claim.key}`}>
              {texts.resources.says(
                claim.source,
                claim.says === '' ? texts.resources.empty : (claim.says ?? ''),
              )}
              {' · '}
              {claimReason(claim, winner)}
            </Note>
          ))}
        </Stack>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Owner value={value} />
      </Table.Td>
      <Table.Td visibleFrom="md" style={{ whiteSpace: 'nowrap' }}>
        {value.run > 0 && <Moment at={value.at} />}
      </Table.Td>
    </Table.Tr>
  )
}

function Note({ children }: { readonly children: ReactNode }): ReactNode {
  return (
    <Text size="xs" c="dimmed" component="div">
      {children}
    </Text>
  )
}

function Owner({ value }: { readonly value: ExplainedValue }): ReactNode {
  const origin = originOf(value)
  if (origin.kind === 'person') return origin.name
  if (origin.kind === 'nobody') return null
  return (
    <Anchor component={Link} to={`/sources/${encodeURIComponent(origin.source)}`} inherit>
      {origin.source}
    </Anchor>
  )
}

/** A type, closely: its properties, who fills them, in which associations it stands. @module */

import { Anchor, Badge, CloseButton, Group, Stack, Table, Text } from '@mantine/core'
import type { EntityType, Property } from '@sluice/model'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { Section } from '../design/page.tsx'
import { typeAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'
import type { ReadersLabels } from './labels.ts'
import { kindOf } from './model-diagram.ts'
import { useLabels } from './use-labels.ts'
import type { KnownModel } from './use-model.ts'
import { type Filling, whoFills } from './who-fills.ts'

interface TypePanelProps {
  readonly type: EntityType
  readonly model: KnownModel
  readonly onClose: () => void
}

export function TypePanel({ type, model, onClose }: TypePanelProps): ReactNode {
  const { name, description, extends: parent, display, properties } = type
  const labels = useLabels()
  const filled = whoFills(model.sources, name)
  const associations = model.associations.filter(({ from, to }) => from === name || to === name)
  const shownAs = typeof display === 'string' ? display : display?.expression
  return (
    <Section
      title={labels.type(name)}
      aside={
        <Group gap="xs">
          <Anchor component={Link} to={typeAddress(name)} size="sm">
            {texts.model.browse}
          </Anchor>
          <CloseButton size="sm" aria-label={texts.model.close} onClick={onClose} />
        </Group>
      }
    >
      <Stack gap={4}>
        {labels.type(name) !== name && <Fact name={texts.model.name}>{name}</Fact>}
        {description !== undefined && <Text size="sm">{description}</Text>}
        {parent !== undefined && <Fact name={texts.model.extends}>{labels.type(parent)}</Fact>}
        {shownAs !== undefined && <Fact name={texts.model.display}>{shownAs}</Fact>}
      </Stack>
      <Table aria-label={`${texts.model.properties}: ${name}`} horizontalSpacing={4}>
        <Table.Thead>
          <Table.Tr>
            {[texts.model.property, texts.model.kind, texts.model.filledBy].map((heading) => (
              <Table.Th key={heading}>
                <Text span size="xs" c="dimmed" fw={500}>
                  {heading}
                </Text>
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {properties.map((property) => (
            <PropertyRow
              key={property.name}
              labels={labels}
              type={name}
              property={property}
              fillings={filled.get(property.name) ?? []}
            />
          ))}
        </Table.Tbody>
      </Table>
      {associations.map(({ name: association, from, to, cardinality }) => (
        <Fact key={association} name={labels.type(association)}>
          {labels.type(from)} → {labels.type(to)} · {texts.model.cardinalities[cardinality]}
        </Fact>
      ))}
    </Section>
  )
}

function Fact({ name, children }: { readonly name: string; readonly children: ReactNode }): ReactNode {
  return (
    <Text size="sm">
      <Text span inherit c="dimmed">
        {name}{' '}
      </Text>
      {children}
    </Text>
  )
}

interface PropertyRowProps {
  readonly labels: ReadersLabels
  readonly type: string
  readonly property: Property
  readonly fillings: readonly Filling[]
}

function PropertyRow({ labels, type, property, fillings }: PropertyRowProps): ReactNode {
  const { name, description = name, required } = property
  return (
    <Table.Tr>
      <Table.Th scope="row" fw={500} style={{ verticalAlign: 'top' }}>
        <Text span size="sm" title={description}>
          {labels.property(type, name)}
        </Text>{' '}
        {required && <Badge color="gray">{texts.model.required}</Badge>}
      </Table.Th>
      <Table.Td style={{ verticalAlign: 'top' }}>{kindOf(property, labels)}</Table.Td>
      <Table.Td>
        <Stack gap={0}>
          {fillings.length === 0 && (
            <Text span size="sm" c="dimmed">
              {texts.model.people}
            </Text>
          )}
          {fillings.map(({ source, policy, precedence }) => (
            <Group key={source} gap={6} mih={26}>
              <Anchor component={Link} to={`/sources/${encodeURIComponent(source)}`} size="sm">
                {source}
              </Anchor>
              <Text span size="xs" c="dimmed">
                {policy.replaceAll('_', ' ')} · {precedence}
              </Text>
            </Group>
          ))}
        </Stack>
      </Table.Td>
    </Table.Tr>
  )
}

/** A configuration item or a relationship that a root would give, value by value. @module */
import { Badge, Group, Text } from '@mantine/core'
import type { TriedItem } from '@sluice/model'
import type { ReactNode } from 'react'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import type { LanguagePosition } from './language/language.ts'
import classes from './mappings.module.css'
import { PlaceLink } from './place-link.tsx'

const { result: words } = texts.mappings
const colours = { insert: 'teal', update: 'yellow', delete: 'red', unchanged: 'gray' } as const

interface TriedItemProps {
  readonly item: TriedItem
  readonly onOpen: (file: string, position: LanguagePosition) => void
}

export function TriedItemView({ item, onOpen }: TriedItemProps): ReactNode {
  const { mapping, names, change, kind, fields, by } = item
  const labels = useLabels()
  const values = Object.entries(fields)
  return (
    <div className={classes['item']}>
      <Group gap="xs" justify="space-between" wrap="nowrap" align="flex-start">
        <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
          <Text span fw={600} inherit title={mapping}>
            {labels.type(mapping)}
          </Text>{' '}
          {names.map((name) => nameWithin(name, mapping)).join(' → ')}
        </Text>
        <Group gap={6} wrap="nowrap">
          {kind !== null && (
            <Badge size="sm" variant="default">
              {words.kinds[kind]}
            </Badge>
          )}
          <Badge size="sm" variant="light" color={colours[change]}>
            {words.changes[change]}
          </Badge>
          <PlaceLink place={by} onOpen={onOpen} />
        </Group>
      </Group>
      {values.length > 0 && (
        <table className={classes['values']}>
          <tbody>
            {values.map(([name, field]) => (
              <tr key={name}>
                <th scope="row" title={name}>
                  {labels.property(mapping, name)}
                </th>
                <td>
                  <Value
                    field={field}
                    change={change}
                    labelOf={(value) => labels.value(mapping, name, value)}
                  />
                </td>
                <td>
                  <PlaceLink place={field.by} onOpen={onOpen} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </div>
  )
}

/** Its class stands before it already. */
function nameWithin(name: string, mapping: string): string {
  return name.startsWith(`${mapping}/`) ? name.slice(mapping.length + 1) : name
}

type FieldProps = {
  readonly field: TriedItem['fields'][string]
  readonly change: TriedItem['change']
  readonly labelOf: (value: string) => string
}

function Value({ field, change, labelOf }: FieldProps): ReactNode {
  const now = field.now === null ? null : labelOf(field.now)
  const stored = field.stored === null ? null : labelOf(field.stored)
  if (change === 'delete') return <span className={classes['before']}>{stored}</span>
  if (now === stored || change === 'insert') return now ?? '–'
  return (
    <>
      {stored !== null && <span className={classes['before']}>{stored}</span>} {now ?? '–'}
    </>
  )
}

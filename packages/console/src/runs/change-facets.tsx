/**
 * The changes of a run by type, kind and property, with how much of what is stored that is. Each chooses what the list shows.
 *
 * @module
 */
import { Group, Skeleton, Stack, Text, UnstyledButton } from '@mantine/core'
import type { SummarizedType } from '@sluice/model'
import type { ReactNode } from 'react'
import { Amount, wholeNumber } from '../design/moment.tsx'
import type { ReadersLabels } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { percentText } from './run-facts.ts'
import type { ChangesFilter } from './run-queries.ts'
import classes from './runs.module.css'

const { changes } = texts.runs
type Chosen = Pick<ChangesFilter, 'type' | 'operation' | 'property'>

interface FacetsProps {
  readonly types: readonly SummarizedType[] | undefined
  readonly chosen: Chosen
  readonly onChoose: (chosen: Chosen) => void
}

const nothing: Chosen = { type: undefined, operation: undefined, property: undefined }

export function ChangeFacets({ types, chosen, onChoose }: FacetsProps): ReactNode {
  const labels = useLabels()
  const total = (types ?? []).reduce((sum, one) => sum + one.inserted + one.updated + one.deleted, 0)
  return (
    <nav className={classes['facets']} aria-label={changes.facets}>
      <Facet
        label={changes.all}
        count={total}
        pressed={same(chosen, nothing)}
        onPress={() => onChoose(nothing)}
      />
      {types === undefined && <Skeleton h={120} mt="xs" />}
      {types?.map((one) => (
        <TypeFacets
          key={`${one.kind} ${one.type}`}
          type={one}
          labels={labels}
          chosen={chosen}
          onChoose={onChoose}
        />
      ))}
    </nav>
  )
}

const operations = [
  ['delete', 'deleted'],
  ['update', 'updated'],
  ['insert', 'inserted'],
] as const

interface TypeProps extends Omit<FacetsProps, 'types'> {
  readonly type: SummarizedType
  readonly labels: ReadersLabels
}

function TypeFacets({ type: of, labels, chosen, onChoose }: TypeProps): ReactNode {
  const { type, stored, properties } = of
  return (
    <Stack gap={0} mt="xs">
      <Text size="xs" c="dimmed" fw={600} px={8} py={2}>
        {labels.type(type)}
      </Text>
      {operations
        .filter(([, count]) => of[count] > 0)
        .map(([operation, count]) => {
          const choice = { ...nothing, type, operation }
          return (
            <div key={operation}>
              <Facet
                label={changes[operation]}
                count={of[count]}
                of={operation === 'insert' ? 0 : stored}
                pressed={same(chosen, choice)}
                onPress={() => onChoose(choice)}
              />
              {operation === 'update' &&
                properties.map(({ property, changes: changed }) => (
                  <Facet
                    key={property}
                    inner
                    label={labels.property(type, property)}
                    count={changed}
                    of={stored}
                    pressed={same(chosen, { ...choice, property })}
                    onPress={() => onChoose({ ...choice, property })}
                  />
                ))}
            </div>
          )
        })}
    </Stack>
  )
}

interface FacetProps {
  readonly label: string
  readonly count: number
  /** What the share is taken of; 0: none is told. */
  readonly of?: number
  readonly inner?: boolean
  readonly pressed: boolean
  readonly onPress: () => void
}

function Facet({ label, count, of = 0, inner = false, pressed, onPress }: FacetProps): ReactNode {
  return (
    <UnstyledButton
      className={classes['facet']}
      aria-pressed={pressed}
      onClick={onPress}
      pl={inner ? 22 : 8}
      title={of === 0 ? undefined : changes.of(percentText(count, of), wholeNumber(of))}
    >
      <Text span inherit truncate>
        {label}
      </Text>
      <Group gap={8} wrap="nowrap">
        {of > 0 && (
          <Text span size="xs" c="dimmed">
            {percentText(count, of)}
          </Text>
        )}
        <Text span inherit fw={500}>
          <Amount value={count} />
        </Text>
      </Group>
    </UnstyledButton>
  )
}

function same(one: Chosen, other: Chosen): boolean {
  return one.type === other.type && one.operation === other.operation && one.property === other.property
}

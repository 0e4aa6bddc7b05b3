/**
 * Search and filters above a list.
 *
 * @module
 */

import { Button, CloseButton, Group, Popover, TextInput } from '@mantine/core'
import { useDebouncedCallback } from '@mantine/hooks'
import type { EntityType } from '@sluice/model'
import { IconFilter, IconSearch } from '@tabler/icons-react'
import { type ReactNode, useEffect, useState } from 'react'
import type { ReadersLabels } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import type { Browse } from './browse.ts'
import { FilterForm } from './filter-form.tsx'
import { type Filter, isNullTest, writeFilter } from './filters.ts'
import type { ChangeBrowse } from './use-browse.ts'

interface FilterBarProps {
  readonly type: EntityType
  readonly browse: Browse
  readonly change: ChangeBrowse
}

export function FilterBar({ type, browse, change }: FilterBarProps): ReactNode {
  const { filters } = browse
  const labels = useLabels()
  const put = (index: number, filter: Filter | undefined) =>
    change({ filters: filters.toSpliced(index, 1, ...(filter === undefined ? [] : [filter])) })
  return (
    <Group gap={6}>
      <SearchField
        label={texts.resources.searchIn(labels.type(type.name))}
        words={browse.words}
        change={change}
      />
      {filters.map((filter, index) => (
        <FilterChip
          key={writeFilter(filter)}
          type={type}
          filter={filter}
          onChange={(changed) => put(index, changed)}
        />
      ))}
      <FilterPopover
        type={type}
        onApply={(filter) => change({ filters: [...filters, filter] })}
        target={(open) => (
          <Button variant="default" onClick={open} leftSection={<IconFilter size={14} />}>
            {texts.resources.addFilter}
          </Button>
        )}
      />
      {(filters.length > 0 || browse.words !== '') && (
        <Button variant="subtle" color="gray" onClick={() => change({ filters: [], words: '' })}>
          {texts.common.clear}
        </Button>
      )}
    </Group>
  )
}

interface SearchFieldProps {
  readonly label: string
  readonly words: string
  readonly change: ChangeBrowse
}

/** The list follows a moment after the last key. */
function SearchField({ label, words, change }: SearchFieldProps): ReactNode {
  const [typed, setTyped] = useState(words)
  const follow = useDebouncedCallback((text: string) => change({ words: text }), 250)
  useEffect(() => setTyped(words), [words])
  return (
    <TextInput
      type="search"
      w={240}
      aria-label={label}
      placeholder={texts.resources.searchHint}
      leftSection={<IconSearch size={14} />}
      value={typed}
      onChange={({ currentTarget: { value } }) => {
        setTyped(value)
        follow(value)
      }}
    />
  )
}

interface FilterChipProps {
  readonly type: EntityType
  readonly filter: Filter
  readonly onChange: (filter: Filter | undefined) => void
}

function FilterChip({ type, filter, onChange }: FilterChipProps): ReactNode {
  const labels = useLabels()
  const text = chipText(filter, type.name, labels)
  return (
    <Button.Group>
      <FilterPopover
        type={type}
        filter={filter}
        onApply={onChange}
        target={(open) => (
          <Button variant="light" onClick={open} aria-label={texts.resources.changeFilter(text)} maw={280}>
            {text}
          </Button>
        )}
      />
      <CloseButton
        size={30}
        iconSize={14}
        variant="light"
        aria-label={texts.resources.removeFilter(text)}
        onClick={() => onChange(undefined)}
      />
    </Button.Group>
  )
}

function chipText({ property, operator, value }: Filter, type: string, labels: ReadersLabels): string {
  const start = `${labels.property(type, property)} ${texts.resources.operators[operator]}`
  if (isNullTest(operator)) return start
  return `${start} ${value === '' ? '""' : labels.value(type, property, value)}`
}

interface FilterPopoverProps {
  readonly type: EntityType
  readonly filter?: Filter
  readonly onApply: (filter: Filter) => void
  readonly target: (open: () => void) => ReactNode
}

function FilterPopover({ type, filter, onApply, target }: FilterPopoverProps): ReactNode {
  const [opened, setOpened] = useState(false)
  return (
    <Popover opened={opened} onChange={setOpened} position="bottom-start" trapFocus width={280} shadow="md">
      <Popover.Target>{target(() => setOpened(!opened))}</Popover.Target>
      <Popover.Dropdown>
        <FilterForm
          type={type}
          filter={filter}
          onApply={(applied) => {
            setOpened(false)
            onApply(applied)
          }}
        />
      </Popover.Dropdown>
    </Popover>
  )
}

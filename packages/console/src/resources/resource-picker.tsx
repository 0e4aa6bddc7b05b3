/** A resource of a type, found by what is typed. @module */
import { Select } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import { askLines } from '../api/ask.ts'
import { keptWithin } from '../api/query-client.ts'
import { useModel } from '../model/use-model.ts'
import { texts } from '../texts/texts.ts'
import type { Entered } from './edited-values.ts'
import { searchConditions } from './filters.ts'
import { leadingColumn, usualColumns } from './usual-columns.ts'
import { valueText } from './value-text.ts'

interface ResourcePickerProps {
  readonly type: string
  readonly label: string
  readonly hideLabel?: boolean
  readonly value: Entered | undefined
  readonly onChange: (value: Entered) => void
}

const shown = 20

export function ResourcePicker({
  type,
  label,
  hideLabel = false,
  value,
  onChange,
}: ResourcePickerProps): ReactNode {
  const [words, setWords] = useState('')
  const found = useFound(type, words === value?.text ? '' : words)
  const chosen = value?.id === undefined ? [] : [{ value: value.id, label: value.text }]
  const options = [...chosen, ...found.filter((one) => one.value !== value?.id)]
  return (
    <Select
      {...(hideLabel ? { 'aria-label': label } : { label })}
      data={options}
      value={value?.id ?? null}
      onChange={(id, option) =>
        onChange(id === null || option === null ? { text: '' } : { text: option.label, id })
      }
      searchable
      clearable
      filter={({ options: all }) => all}
      searchValue={words}
      onSearchChange={setWords}
      placeholder={texts.resources.search}
      nothingFoundMessage={texts.resources.nothingOf(words)}
      renderOption={({ option }) => `${option.label} · #${option.value}`}
      maxDropdownHeight={260}
    />
  )
}

function useFound(type: string, words: string) {
  const { model } = useModel()
  const [asked] = useDebouncedValue(words, 200)
  const entityType = model?.types.get(type)
  const { data = [] } = useQuery({
    queryKey: ['resources', 'found', type, asked],
    ...keptWithin('resources', 'found', type),
    enabled: entityType !== undefined,
    queryFn: async ({ signal }) => {
      if (entityType === undefined) return []
      const column = leadingColumn(entityType, usualColumns(entityType))
      const listed = await askLines('GET /resources/:entityType', {
        params: { entityType: type },
        query: { anyOf: searchConditions(entityType, asked), limit: shown },
        signal,
      })
      return listed.map(({ resourceId, values }) => {
        const text = column === undefined ? '' : valueText(values[column])
        return { value: resourceId, label: text === '' ? `#${resourceId}` : text }
      })
    },
  })
  return data
}

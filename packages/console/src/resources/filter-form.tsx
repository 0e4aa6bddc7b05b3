/** A filter as it is made: property, comparison, value. @module */

import { Button, Select, Stack, TextInput } from '@mantine/core'
import type { EntityType, Property } from '@sluice/model'
import { type FormEvent, type ReactNode, useState } from 'react'
import { valueLabel } from '../model/labels.ts'
import { useLabels } from '../model/use-labels.ts'
import { texts } from '../texts/texts.ts'
import { type Filter, isNullTest, operatorsOf } from './filters.ts'

interface FilterFormProps {
  readonly type: EntityType
  readonly filter: Filter | undefined
  readonly onApply: (filter: Filter) => void
}

export function FilterForm({ type, filter, onApply }: FilterFormProps): ReactNode {
  const [property, setProperty] = useState(filter?.property ?? type.properties[0]?.name ?? '')
  const labels = useLabels()
  const found = type.properties.find(({ name }) => name === property)
  const operators = found === undefined ? [] : operatorsOf(found)
  const [wanted, setWanted] = useState(filter?.operator)
  const [value, setValue] = useState(filter?.value ?? '')
  const operator = operators.find((one) => one === wanted) ?? operators[0]
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (operator !== undefined) onApply({ property, operator, value })
  }
  return (
    <form onSubmit={submit}>
      <Stack gap="xs">
        <Select
          label={texts.resources.filterOn}
          data={type.properties.map(({ name }) => ({ value: name, label: labels.property(type.name, name) }))}
          value={property}
          onChange={(name) => setProperty(name ?? property)}
          searchable
          comboboxProps={{ withinPortal: false }}
        />
        <Select
          label={texts.resources.operator}
          data={operators.map((one) => ({ value: one, label: texts.resources.operators[one] }))}
          value={operator ?? null}
          onChange={(one) => setWanted(operators.find((each) => each === one))}
          comboboxProps={{ withinPortal: false }}
        />
        {found !== undefined && operator !== undefined && !isNullTest(operator) && (
          <FilterValue property={found} value={value} onChange={setValue} />
        )}
        <Button type="submit">{texts.resources.apply}</Button>
      </Stack>
    </form>
  )
}

interface FilterValueProps {
  readonly property: Property
  readonly value: string
  readonly onChange: (value: string) => void
}

function FilterValue({ property, value, onChange }: FilterValueProps): ReactNode {
  const choices =
    property.type === 'enum' ? property.values : property.type === 'boolean' ? ['true', 'false'] : []
  if (choices.length > 0)
    return (
      <Select
        label={texts.resources.value}
        data={choices.map((one) => ({ value: one, label: valueLabel(property, one) }))}
        value={value}
        onChange={(one) => onChange(one ?? '')}
        comboboxProps={{ withinPortal: false }}
      />
    )
  return (
    <TextInput
      label={texts.resources.value}
      type={property.type === 'date' ? 'date' : 'text'}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      data-autofocus
    />
  )
}

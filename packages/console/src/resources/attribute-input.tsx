/**
 * The field of an attribute, as its type wants it.
 *
 * @module
 */

import { FileInput, PasswordInput, Select, Textarea, TextInput } from '@mantine/core'
import type { Property } from '@sluice/model'
import type { ReactNode } from 'react'
import { choicesOf, valueLabel } from '../model/labels.ts'
import { texts } from '../texts/texts.ts'
import type { Entered } from './edited-values.ts'
import { ResourcePicker } from './resource-picker.tsx'

interface AttributeInputProps {
  readonly property: Property
  readonly label: string
  readonly value: Entered | undefined
  readonly onChange: (value: Entered) => void
}

export function AttributeInput({ property, label, value, onChange }: AttributeInputProps): ReactNode {
  const common = {
    'aria-label': label,
    'aria-required': property.required,
    size: 'xs',
    maw: 420,
    value: value?.text ?? '',
  } as const
  const write = (text: string | null) => onChange({ text: text ?? '' })
  switch (property.type) {
    case 'reference':
      return <ResourcePicker type={property.to} label={label} hideLabel value={value} onChange={onChange} />
    case 'enum':
      return (
        <Select
          {...common}
          data={choicesOf(property.values, (one) => valueLabel(property, one))}
          clearable={!property.required}
          onChange={write}
        />
      )
    case 'boolean':
      return (
        <Select
          {...common}
          data={[
            { value: 'true', label: texts.resources.yes },
            { value: 'false', label: texts.resources.no },
          ]}
          clearable={!property.required}
          onChange={write}
        />
      )
    case 'text':
      return (
        <Textarea {...common} autosize maxRows={10} onChange={(event) => write(event.currentTarget.value)} />
      )
    case 'file':
      return <FileField label={label} value={value} onChange={onChange} />
    case 'secret':
      return (
        <PasswordInput
          {...common}
          autoComplete="new-password"
          placeholder={texts.resources.newSecret}
          onChange={(event) => write(event.currentTarget.value)}
        />
      )
    default:
      return (
        <TextInput
          {...common}
          type={property.type === 'date' ? 'date' : 'text'}
          inputMode={
            property.type === 'integer' ? 'numeric' : property.type === 'decimal' ? 'decimal' : 'text'
          }
          onChange={(event) => write(event.currentTarget.value)}
        />
      )
  }
}

function FileField({ label, value, onChange }: Omit<AttributeInputProps, 'property'>): ReactNode {
  const read = async (file: File | null) => {
    if (file === null) return onChange({ text: '' })
    const bytes = new Uint8Array(await file.arrayBuffer())
    const text = Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
    onChange({ text: file.name, content: btoa(text), mediaType: file.type })
  }
  return (
    <FileInput
      aria-label={label}
      size="xs"
      maw={420}
      clearable
      placeholder={value?.text === undefined || value.text === '' ? texts.resources.chooseFile : value.text}
      onChange={(file) => void read(file)}
    />
  )
}

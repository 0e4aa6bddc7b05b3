/** Why somebody does something: kept with what is done. @module */
import { Textarea } from '@mantine/core'
import type { ReactNode } from 'react'

/** Characters that the server takes. */
const longest = 10_000

interface ReasonFieldProps {
  readonly label: string
  readonly description?: string
  readonly value: string
  readonly onChange: (value: string) => void
  /** It is the first field of its dialog. */
  readonly focused?: boolean
}

export function ReasonField({ onChange, focused = false, ...props }: ReasonFieldProps): ReactNode {
  return (
    <Textarea
      {...props}
      onChange={(event) => onChange(event.currentTarget.value)}
      maxLength={longest}
      autosize
      minRows={2}
      data-autofocus={focused || undefined}
    />
  )
}

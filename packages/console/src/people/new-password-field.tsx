import { PasswordInput } from '@mantine/core'
import type { ReactNode } from 'react'
import { texts } from '../texts/texts.ts'

interface NewPasswordFieldProps {
  readonly label?: string
  readonly value: string
  readonly onChange: (value: string) => void
}

const { password: words } = texts.people

/** What the server asks of a password is asked here, too. */
export function NewPasswordField({ label = words.new, value, onChange }: NewPasswordFieldProps): ReactNode {
  return (
    <PasswordInput
      label={label}
      description={words.rule}
      size="xs"
      autoComplete="new-password"
      minLength={12}
      maxLength={1000}
      value={value}
      onChange={(event) => onChange(event.currentTarget.value)}
      required
      withAsterisk={false}
    />
  )
}

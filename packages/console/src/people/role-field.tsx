import { Select } from '@mantine/core'
import type { ReactNode } from 'react'
import { texts } from '../texts/texts.ts'

export const accountRoles = ['viewer', 'editor', 'operator', 'admin'] as const
export type AccountRole = (typeof accountRoles)[number]

interface RoleFieldProps {
  readonly value: AccountRole
  readonly onChange: (role: AccountRole) => void
}

/** With what each may do. */
export function RoleField({ value, onChange }: RoleFieldProps): ReactNode {
  return (
    <Select
      label={texts.people.accounts.role}
      description={texts.people.roles[value]}
      data={[...accountRoles]}
      value={value}
      onChange={(chosen) => {
        const role = accountRoles.find((one) => one === chosen)
        if (role !== undefined) onChange(role)
      }}
      allowDeselect={false}
      comboboxProps={{ zIndex: 400 }}
    />
  )
}

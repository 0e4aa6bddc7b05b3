import { Alert, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiError } from '../api/api-errors.ts'

/** Of a session that is over; the page asks for the password by itself. */
const sessionOver = 'SLUICE-SERVER-01'

/** Below the fields: they are to be filled in again. */
export function SignInError({ error }: { readonly error: Error | undefined }): ReactNode {
  if (error === undefined || (error instanceof ApiError && error.code === sessionOver)) return null
  const remedy = error instanceof ApiError ? error.remedy : undefined
  return (
    <Alert color="red" role="alert" p="xs" title={error.message}>
      {remedy !== undefined && <Text size="xs">{remedy}</Text>}
    </Alert>
  )
}

import { Alert, Text } from '@mantine/core'
import type { ReactNode } from 'react'
import { ApiError } from '../api/api-errors.ts'

/** Below the fields: they are to be filled in again. */
export function SignInError({ error }: { readonly error: Error | undefined }): ReactNode {
  if (error === undefined) return null
  const remedy = error instanceof ApiError ? error.remedy : undefined
  return (
    <Alert color="red" role="alert" p="xs" title={error.message}>
      {remedy !== undefined && <Text size="xs">{remedy}</Text>}
    </Alert>
  )
}

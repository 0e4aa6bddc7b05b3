/**
 * What went wrong, in place: the server's words, its code, and what to do.
 *
 * @module
 */
import { Alert, Button, Code, Group, Stack, Text } from '@mantine/core'
import { IconAlertTriangle } from '@tabler/icons-react'
import type { ReactNode } from 'react'
import { ApiError } from '../api/api-errors.ts'
import { texts } from '../texts/texts.ts'

interface ErrorNoticeProps {
  readonly error: Error
  /** Asks again. */
  readonly retry?: (() => unknown) | undefined
}

export function ErrorNotice({ error, retry }: ErrorNoticeProps): ReactNode {
  const { code, remedy } = error instanceof ApiError ? error : { code: undefined, remedy: undefined }
  return <ProblemNotice message={error.message} code={code} remedy={remedy} retry={retry} />
}

interface ProblemNoticeProps {
  readonly message: string
  readonly code?: string | undefined
  readonly remedy?: string | null | undefined
  readonly retry?: ErrorNoticeProps['retry']
}

/** Something that somebody else has said went wrong. */
export function ProblemNotice({ message, code, remedy, retry }: ProblemNoticeProps): ReactNode {
  const [title = '', ...lines] = message.split('\n')
  return (
    <Alert color="red" icon={<IconAlertTriangle size={18} />} title={title} role="alert">
      <Stack gap="xs">
        {lines.length > 0 && (
          <Code block style={{ whiteSpace: 'pre-wrap' }}>
            {lines.join('\n')}
          </Code>
        )}
        {typeof remedy === 'string' && <Text size="sm">{remedy}</Text>}
        <Group gap="sm">
          {code !== undefined && <Code>{code}</Code>}
          {retry !== undefined && (
            <Button variant="default" onClick={() => retry()}>
              {texts.common.tryAgain}
            </Button>
          )}
        </Group>
      </Stack>
    </Alert>
  )
}

/** Lines that a check has found, below what they are. @module */
import { Code, List, Text } from '@mantine/core'
import type { ReactNode } from 'react'

interface FindingLinesProps {
  readonly title: string
  readonly lines: readonly string[]
}

export function FindingLines({ title, lines }: FindingLinesProps): ReactNode {
  if (lines.length === 0) return null
  return (
    <div>
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <List size="sm">
        {lines.map((line) => (
          <List.Item key={line}>
            <Code>{line}</Code>
          </List.Item>
        ))}
      </List>
    </div>
  )
}

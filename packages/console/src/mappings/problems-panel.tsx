/** What is wrong with all modules, each a way to its place. @module */
import { Badge, Group, Text, UnstyledButton } from '@mantine/core'
import type { ReactNode } from 'react'
import { EmptyState } from '../design/empty-state.tsx'
import { Section } from '../design/page.tsx'
import { texts } from '../texts/texts.ts'
import type { LanguagePosition, Problem } from './language/language.ts'
import classes from './mappings.module.css'

const { problems: words } = texts.mappings
const colours = { error: 'red', warning: 'yellow', info: 'gray' } as const

interface ProblemsPanelProps {
  readonly problems: readonly Problem[]
  readonly onOpen: (file: string, position: LanguagePosition) => void
}

export function ProblemsPanel({ problems, onOpen }: ProblemsPanelProps): ReactNode {
  return (
    <Section flush>
      {problems.length === 0 && <EmptyState title={words.none} />}
      {problems.map((problem) => {
        const { file, range, severity, code, message } = problem
        return (
          <div
            key={`${file} ${range.start.line} ${range.start.character} ${code}`}
            className={classes['item']}
          >
            <UnstyledButton onClick={() => onOpen(file, range.start)} w="100%">
              <Group gap="xs" wrap="nowrap" align="flex-start">
                <Badge size="sm" variant="light" color={colours[severity]}>
                  {words.severities[severity]}
                </Badge>
                <div>
                  <Text size="sm" style={{ whiteSpace: 'pre-line' }}>
                    {message}
                  </Text>
                  <Text size="xs" c="dimmed">
                    {texts.mappings.place(file, range.start.line + 1)} · {code}
                  </Text>
                </div>
              </Group>
            </UnstyledButton>
          </div>
        )
      })}
    </Section>
  )
}

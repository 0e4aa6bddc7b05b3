/** What a row that was tried out would find, rule by rule. @module */

import { Anchor, Badge, Group, List, Stack, Text } from '@mantine/core'
import type { TestedRow, TestedRule } from '@sluice/model'
import { Link } from '@tanstack/react-router'
import type { ReactNode } from 'react'
import { wholeNumber } from '../design/moment.tsx'
import { Section } from '../design/page.tsx'
import { tones } from '../design/theme.ts'
import { useLabels } from '../model/use-labels.ts'
import { resourceAddress } from '../shell/addresses.ts'
import { texts } from '../texts/texts.ts'

interface TestedRowViewProps {
  readonly row: TestedRow
  readonly type: string
}

const toneOf = { link: 'good', create: 'busy', wait: 'wait', ignore: 'quiet', error: 'bad' } as const

export function TestedRowView({ row, type }: TestedRowViewProps): ReactNode {
  const { outcome, resource, error, rules } = row
  return (
    <Section>
      <Group gap="xs" role="status">
        <Badge color={tones[toneOf[outcome]]}>{texts.matches.outcomes[outcome]}</Badge>
        {resource !== null && (
          <Anchor component={Link} to={resourceAddress(type, resource.resourceId)} size="sm">
            {resource.display}
          </Anchor>
        )}
        {error !== null && <Text size="sm">{error.text}</Text>}
      </Group>
      {rules.length === 0 && (
        <Text size="sm" c="dimmed">
          {texts.matches.noRules}
        </Text>
      )}
      {rules.map((rule) => (
        <Rule key={rule.rule} rule={rule} type={type} decided={row.rule !== null && row.rule < rule.rule} />
      ))}
    </Section>
  )
}

interface RuleProps {
  readonly rule: TestedRule
  readonly type: string
  /** By a rule before it. */
  readonly decided: boolean
}

function Rule({ rule: { rule, keys, count, resources, decides }, type, decided }: RuleProps): ReactNode {
  const labels = useLabels()
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Text size="sm" fw={600}>
          {texts.matches.rule(rule)}
        </Text>
        {decides && <Badge>{texts.matches.decides}</Badge>}
        {decided && <Badge color="gray">{texts.matches.notHeard}</Badge>}
        <Text size="sm" c="dimmed">
          {texts.matches.all(wholeNumber(count))}
        </Text>
      </Group>
      <List size="sm" spacing={2}>
        {keys.map(({ property, says, key, without, alone }) => (
          <List.Item key={property}>
            {labels.property(type, property)}: {says === null ? '–' : labels.value(type, property, says)}
            {key !== null && key !== says && ` → ${key}`}
            {' · '}
            {without === null
              ? texts.matches.alone(wholeNumber(alone ?? 0))
              : texts.matches.nothingCompared[without]}
          </List.Item>
        ))}
      </List>
      <Group gap="xs">
        {resources.map(({ resourceId, display }) => (
          <Anchor key={resourceId} component={Link} to={resourceAddress(type, resourceId)} size="sm">
            {display} (#{resourceId})
          </Anchor>
        ))}
      </Group>
    </Stack>
  )
}

/** The parts of a resource's page. @module */
import { Flex, Paper, Stack, Tabs } from '@mantine/core'
import { type ReactNode, useMemo } from 'react'
import { Section } from '../design/page.tsx'
import { familyOf } from '../model/type-tree.ts'
import { useLabels } from '../model/use-labels.ts'
import type { KnownModel } from '../model/use-model.ts'
import { AttributeInput } from './attribute-input.tsx'
import { Attributes } from './attributes.tsx'
import { EditBar } from './edit-bar.tsx'
import { History } from './history.tsx'
import { Links } from './links.tsx'
import { Neighbourhood } from './neighbourhood.tsx'
import { Replicas } from './replicas.tsx'
import type { FactsOf } from './source-facts.ts'
import type { Editor } from './use-editor.ts'
import type { Explanation } from './use-resource.ts'

interface ResourceTabsProps {
  readonly explanation: Explanation
  readonly model: KnownModel
  readonly factsOf: FactsOf
  readonly editor: Editor
  readonly name: string
}

export function ResourceTabs(props: ResourceTabsProps): ReactNode {
  const { explanation, model, name } = props
  const { entityType, resourceId } = explanation
  const associations = useMemo(() => associationsOf(model, entityType), [model, entityType])
  return (
    <>
      <Tabs.Panel value="attributes">
        <AttributesTab {...props} />
      </Tabs.Panel>
      <Tabs.Panel value="links">
        <Links type={entityType} id={resourceId} name={name} associations={associations} />
      </Tabs.Panel>
      <Tabs.Panel value="graph">
        <Paper>
          <Neighbourhood type={entityType} id={resourceId} name={name} />
        </Paper>
      </Tabs.Panel>
      <Tabs.Panel value="history">
        <Section>
          <History {...explanation} />
        </Section>
      </Tabs.Panel>
    </>
  )
}

function AttributesTab({ explanation, model, factsOf, editor }: ResourceTabsProps): ReactNode {
  const { values, replicas, entityType, resourceId } = explanation
  const { draft, set } = editor
  const labels = useLabels()
  const input = draft && {
    input: (value: (typeof values)[number], property: Parameters<typeof AttributeInput>[0]['property']) =>
      value.lockedBy === null ? (
        <AttributeInput
          property={property}
          label={labels.property(entityType, property.name)}
          value={draft.entered[property.name]}
          onChange={(entered) => set(property.name, entered)}
        />
      ) : undefined,
  }
  return (
    <Flex gap="md" direction={{ base: 'column', lg: 'row' }} align={{ base: 'stretch', lg: 'flex-start' }}>
      <Stack flex={1} miw={0}>
        <Section flush>
          <Attributes
            type={model.types.get(entityType)}
            values={values}
            resource={resourceId}
            factsOf={factsOf}
            {...input}
          />
          <EditBar editor={editor} explanation={explanation} />
        </Section>
      </Stack>
      <Stack w={{ base: '100%', lg: 320 }} style={{ flexShrink: 0 }}>
        <Replicas type={entityType} replicas={replicas} factsOf={factsOf} />
      </Stack>
    </Flex>
  )
}

/** In which a resource of the type may stand at an end. */
function associationsOf({ types, associations }: KnownModel, type: string) {
  const listed = [...types.values()].map(({ name, extends: parent }) => ({
    type: name,
    extends: parent ?? null,
  }))
  return associations.filter(({ from, to }) => [from, to].some((end) => familyOf(listed, end).includes(type)))
}

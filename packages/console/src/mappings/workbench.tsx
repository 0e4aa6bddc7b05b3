/**
 * The editor with the modules' files above it, and beside it result, problems and drawing.
 *
 * @module
 */
import { Badge, Flex, Paper, Stack, Tabs, Text } from '@mantine/core'
import type { SourceModules } from '@sluice/model'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { type ReactNode, useCallback, useState } from 'react'
import { useSession } from '../api/session.tsx'
import { texts } from '../texts/texts.ts'
import { DrawingPanel } from './drawing-panel.tsx'
import { CodeEditor } from './editor/code-editor.tsx'
import type { LanguagePosition, Problem } from './language/language.ts'
import { useLanguage } from './language/use-language.ts'
import { useProblems } from './language/use-problems.ts'
import { type MappingView, readMappingView, tabs, writeMappingView } from './mapping-view.ts'
import classes from './mappings.module.css'
import { ProblemsPanel } from './problems-panel.tsx'
import { ResultPanel } from './result-panel.tsx'
import type { ModulesDraft } from './use-modules-draft.ts'

const { mappings: words } = texts

interface WorkbenchProps {
  readonly source: string
  readonly stored: SourceModules
  readonly draft: ModulesDraft
}

/** Where somebody goes in a module; each time another object. */
interface GoTo {
  readonly file: string
  readonly position: LanguagePosition
}

export function Workbench({ source, stored, draft }: WorkbenchProps): ReactNode {
  const view = readMappingView(useSearch({ strict: false }))
  const navigate = useNavigate()
  const change = useCallback(
    (changes: Partial<MappingView>) =>
      void navigate({
        to: '.',
        search: (now: Record<string, unknown>) => writeMappingView({ ...readMappingView(now), ...changes }),
        replace: true,
      }),
    [navigate],
  )
  const [goTo, setGoTo] = useState<GoTo>()
  const open = useCallback(
    (file: string, position: LanguagePosition) => {
      setGoTo({ file, position })
      change({ file })
    },
    [change],
  )
  const language = useLanguage(stored)
  const problems = useProblems(language, draft.modules)
  const { may } = useSession()
  const module = draft.modules.find(({ file }) => file === view.file) ?? draft.modules[0]
  if (module === undefined) return null
  return (
    <Flex gap="md" direction={{ base: 'column', lg: 'row' }} align="stretch">
      <Stack flex={5} miw={0} gap="xs">
        <Paper className={classes['editor'] ?? ''}>
          <Files draft={draft} problems={problems} chosen={module.file} choose={(file) => change({ file })} />
          <div className={classes['text']}>
            <CodeEditor
              key={module.file}
              file={module.file}
              text={module.text}
              label={words.editor(module.file)}
              readOnly={!may('decide')}
              language={language}
              problems={problems.filter(({ file }) => file === module.file)}
              goTo={goTo?.file === module.file ? goTo : undefined}
              onWrite={(text) => draft.write({ file: module.file, text })}
              onOpen={open}
            />
          </div>
        </Paper>
        <Text size="xs" c="dimmed" visibleFrom="md">
          {words.keys}
        </Text>
      </Stack>
      <Stack flex={4} miw={0}>
        <Tabs
          value={view.tab}
          onChange={(tab) => change({ tab: tabs.find((one) => one === tab) ?? 'result' })}
          keepMounted={false}
        >
          <Tabs.List>
            <Tabs.Tab value="result">{words.result.tab}</Tabs.Tab>
            <Tabs.Tab value="problems" rightSection={countOf(problems)}>
              {words.problems.tab}
            </Tabs.Tab>
            <Tabs.Tab value="drawing">{words.drawing.tab}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="result" pt="md">
            <ResultPanel
              source={source}
              modules={draft.modules}
              hasErrors={problems.some(({ severity }) => severity === 'error')}
              root={view.root}
              choose={(root) => change({ root })}
              onOpen={open}
            />
          </Tabs.Panel>
          <Tabs.Panel value="problems" pt="md">
            <ProblemsPanel problems={problems} onOpen={open} />
          </Tabs.Panel>
          <Tabs.Panel value="drawing" pt="md">
            <DrawingPanel language={language} modules={draft.modules} onOpen={open} />
          </Tabs.Panel>
        </Tabs>
      </Stack>
    </Flex>
  )
}

interface FilesProps {
  readonly draft: ModulesDraft
  readonly problems: readonly Problem[]
  readonly chosen: string
  readonly choose: (file: string) => void
}

function Files({ draft: { modules, changed }, problems, chosen, choose }: FilesProps): ReactNode {
  return (
    <Tabs
      value={chosen}
      onChange={(file) => file !== null && choose(file)}
      variant="outline"
      className={classes['files'] ?? ''}
    >
      <Tabs.List className={classes['file-list'] ?? ''} aria-label={words.modules}>
        {modules.map(({ file }) => (
          <Tabs.Tab
            key={file}
            value={file}
            leftSection={changed.includes(file) ? <Changed /> : undefined}
            rightSection={countOf(problems.filter((one) => one.file === file))}
          >
            {file}
          </Tabs.Tab>
        ))}
      </Tabs.List>
    </Tabs>
  )
}

function Changed(): ReactNode {
  return (
    <span role="img" title={words.changed} aria-label={words.changed} className={classes['changed']}>
      ●
    </span>
  )
}

/** Of what matters; `undefined`: nothing is wrong. */
function countOf(problems: readonly Problem[]): ReactNode {
  const errors = problems.filter(({ severity }) => severity === 'error').length
  const warnings = problems.filter(({ severity }) => severity === 'warning').length
  if (errors + warnings === 0) return undefined
  const says = errors > 0 ? words.problems.errors(errors) : words.problems.warnings(warnings)
  return (
    <Badge size="sm" variant="light" color={errors > 0 ? 'red' : 'yellow'} title={says} aria-label={says}>
      {errors > 0 ? errors : warnings}
    </Badge>
  )
}

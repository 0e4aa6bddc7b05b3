/**
 * `sluice source add`: asks how a managed system is reached, connects, looks at what is there, and writes that down as a file of the project.
 *
 * @module
 */
import { nearMatch, printable } from '@sluice/model'
import { askedOptions, type ConnectorQuestion, suggestNewSource, writeNewSource } from '@sluice/project'
import type { Context, GlobalOptions } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { projectPath } from '../project-path.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { writeChecked } from './systems.ts'

export interface AddSourceFlags extends GlobalOptions {
  readonly name?: string
  readonly option?: readonly string[]
  readonly dryRun?: boolean
}

export async function addSource(
  context: Context,
  connector: string,
  flags: AddSourceFlags,
): Promise<ExitStatus> {
  const { out, environment, signal } = context
  const name = nameOf(connector, flags.name)
  const place = projectPath(context, flags)
  const questions = await askedOptions(place, { name, connector })
  const options = await answersOf(context, questions, { name, given: givenOptions(flags.option ?? []) })
  const added = { name, connector, options }
  const { checked, yaml } = await suggestNewSource(place, added, { environment, signal })
  await writeChecked(context, checked)
  if (flags.dryRun === true) {
    await out.write(`\n${yaml.split('\n').map(printable).join('\n')}`)
    return exitStatus.done
  }
  const { file, included } = await writeNewSource(place, name, yaml)
  await out.line(`\nWrote ${printable(file)}: take out of it what you do not need.`)
  if (!included) await out.line(`Add it to include in sluice.yaml: [${printable(file)}]`)
  return exitStatus.done
}

function nameOf(connector: string, name: string | undefined): string {
  const last = connector.split('/').at(-1) ?? ''
  const found = name ?? last
  if (/^[A-Za-z][\w-]*$/.test(found)) return found
  throw new WrongUsageError(
    `"${printable(found)}" is no name of a source.`,
    'Choose one with --name: letters, digits, dashes and underscores.',
  )
}

/** `name=value`, each; an object or a list is written as JSON. */
function givenOptions(written: readonly string[]): ReadonlyMap<string, unknown> {
  return new Map(
    written.map((text) => {
      const [, name = '', value = ''] = /^([\w.-]+)=(.*)$/s.exec(text) ?? []
      if (name === '')
        throw new WrongUsageError(
          `"${printable(text)}" is no option.`,
          'Write --option url=ldaps://ldap.example.org.',
        )
      return [name, parsedValue(value)]
    }),
  )
}

function parsedValue(text: string): unknown {
  if (!/^[[{]|^(true|false|\d+)$/.test(text)) return text
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}

interface Answering {
  readonly name: string
  readonly given: ReadonlyMap<string, unknown>
}

/** What was given, and what somebody at a terminal says of the rest. */
async function answersOf(
  { ask, err }: Context,
  questions: readonly ConnectorQuestion[],
  { name, given }: Answering,
): Promise<Readonly<Record<string, unknown>>> {
  const options = new Map(given)
  const open = questions.filter((question) => !given.has(question.name))
  const missing = open.filter(({ required }) => required).map((question) => question.name)
  if (ask === undefined && missing.length > 0)
    throw new WrongUsageError(
      `The connector has to know ${missing.join(', ')}.`,
      [...missing.flatMap((one) => misspelt(one, given)), ...missing.map((one) => `--option ${one}=…`)].join(
        ' ',
      ),
    )
  if (ask === undefined) return Object.fromEntries(options)
  for (const question of open) {
    await err.line(printable(question.says))
    const answer = (await ask(promptOf(question, name))).trim()
    if (answer !== '') options.set(question.name, question.secret ? { environment: answer } : answer)
    else if (question.required)
      throw new WrongUsageError('Nothing was added.', `The connector has to know ${question.name}.`)
  }
  return Object.fromEntries(options)
}

/** What was given under a name that is nearly the one. */
function misspelt(wanted: string, given: ReadonlyMap<string, unknown>): readonly string[] {
  const written = nearMatch(wanted, [...given.keys()])
  return written === undefined ? [] : [`You gave "${printable(written)}"; did you mean "${wanted}"?`]
}

function promptOf({ name, required, secret }: ConnectorQuestion, source: string): string {
  if (!secret) return `${name}${required ? '' : ' (Enter for none)'}: `
  const variable = `${source}_${name}`.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_')
  return `${name}: the environment variable that holds it, such as ${variable} (Enter for none): `
}

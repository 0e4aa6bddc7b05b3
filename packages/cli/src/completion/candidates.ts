/**
 * What the last word of a line may become, found in the program's own commands, options and arguments.
 *
 * @module
 */
import type { Argument, Command, Option } from 'commander'

/** What a word may name that the commands do not know: names in `sluice.yaml`, or a file. */
export type NameKind = 'source' | 'entityType' | 'association' | 'job' | 'receiver' | 'topic' | 'file'

export interface Candidate {
  readonly word: string
  /** One line; empty where there is nothing to say. */
  readonly says: string
}

/** Words of the one, and names of the others that are to be looked up. */
export interface Candidates {
  readonly words: readonly Candidate[]
  readonly names: NameKind | undefined
  /** What stands before what is completed: `--mode=`. */
  readonly prefix: string
}

/** `words`: what is typed behind the program's name; the last one is completed, and may be empty. */
export function candidatesFor(program: Command, words: readonly string[]): Candidates {
  const last = words.at(-1) ?? ''
  const place = placeBehind(program, words.slice(0, -1))
  if (place.option !== undefined) return valuesOf(place.option, '')
  const [, long = ''] = /^(--[\w-]+)=/.exec(last) ?? []
  if (long !== '' && !place.literal) {
    const option = optionNamed(place.command, long)
    return option === undefined ? nothing : valuesOf(option, `${long}=`)
  }
  if (last.startsWith('-') && !place.literal) return { ...nothing, words: optionsOf(place.command) }
  const below = place.position === 0 ? subcommandsOf(place.command) : []
  const argument = argumentAt(place.command, place.position)
  const values = argument === undefined ? nothing : valuesOf(argument, '')
  return { ...values, words: [...below, ...values.words] }
}

const nothing: Candidates = { words: [], names: undefined, prefix: '' }

interface Place {
  readonly command: Command
  /** Arguments that stand already. */
  readonly position: number
  /** The option that the word is the value of. */
  readonly option: Option | undefined
  /** Behind `--`, where nothing is an option. */
  readonly literal: boolean
}

function placeBehind(program: Command, words: readonly string[]): Place {
  let place: Place = { command: program, position: 0, option: undefined, literal: false }
  for (const word of words) place = placeAfter(place, word)
  return place
}

function placeAfter(place: Place, word: string): Place {
  const { command, position, option, literal } = place
  if (option !== undefined) return { ...place, option: undefined }
  if (!literal && word === '--') return { ...place, literal: true }
  if (!literal && word.startsWith('-') && word !== '-') {
    const found = word.includes('=') ? undefined : optionNamed(command, word)
    return { ...place, option: found !== undefined && takesValue(found) ? found : undefined }
  }
  const below = position === 0 ? command.commands.find((one) => one.name() === word) : undefined
  return below === undefined ? { ...place, position: position + 1 } : { ...place, command: below }
}

function takesValue(option: Option): boolean {
  return option.required || option.optional
}

/** Options of all commands above may stand behind a command, too. */
function withParents(command: Command): readonly Command[] {
  return command.parent === null ? [command] : [command, ...withParents(command.parent)]
}

function optionNamed(command: Command, name: string): Option | undefined {
  return withParents(command)
    .flatMap((one) => one.options)
    .find(({ long, short }) => long === name || short === name)
}

function optionsOf(command: Command): readonly Candidate[] {
  const options = withParents(command).flatMap((one) => one.createHelp().visibleOptions(one))
  const words = options.flatMap(({ long, description }) =>
    long === undefined || long === null ? [] : [{ word: long, says: firstLine(description) }],
  )
  return words.filter(({ word }, index) => words.findIndex((other) => other.word === word) === index)
}

function subcommandsOf(command: Command): readonly Candidate[] {
  return command
    .createHelp()
    .visibleCommands(command)
    .map((one) => ({ word: one.name(), says: firstLine(one.summary() || one.description()) }))
}

function argumentAt(command: Command, position: number): Argument | undefined {
  const { registeredArguments } = command
  const last = registeredArguments.at(-1)
  return registeredArguments[position] ?? (last?.variadic === true ? last : undefined)
}

function valuesOf(of: Argument | Option, prefix: string): Candidates {
  const placeholder = 'flags' in of ? (/[<[](\w+)/.exec(of.flags)?.[1] ?? '') : of.name()
  return {
    words: (of.argChoices ?? []).map((word) => ({ word, says: '' })),
    names: kinds[placeholder],
    prefix,
  }
}

/** By what stands in the place of the value in the help. */
const kinds: Readonly<Record<string, NameKind>> = {
  SOURCE: 'source',
  TYPE: 'entityType',
  ASSOCIATION: 'association',
  JOB: 'job',
  RECEIVER: 'receiver',
  TOPIC: 'topic',
  FILE: 'file',
  FOLDER: 'file',
  DIR: 'file',
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? ''
}

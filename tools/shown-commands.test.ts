/**
 * Every command that a page shows is one: its words and options are those of the program, whether a test plays the block or nobody does.
 */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { Outlet } from '../packages/cli/src/output/outlet.ts'
import { createProgram } from '../packages/cli/src/program.ts'

const root = fileURLToPath(new URL('..', import.meta.url))
const outlet = new Outlet(new Writable(), { color: false })
const program = createProgram({ run: async () => undefined, out: outlet, err: outlet })

/** What stands behind `sluice`, in sentences and in blocks. */
function commandsOn(page: string): readonly string[] {
  const inSentences = [...page.matchAll(/`(?:npx )?sluice ([^`\n]+)`/g)]
  const blocks = [...page.matchAll(/^```(?:sh|console|bash)\n([\s\S]*?)^```/gm)].map(
    ([, block = '']) => block,
  )
  const inBlocks = blocks.flatMap((block) => [
    ...block.matchAll(/^(?:\$ )?(?:\w+=\S+ )*(?:npx )?sluice (.+)$/gm),
  ])
  return [...inSentences, ...inBlocks].map(([, words = '']) => words)
}

/** `undefined`: nothing. What is written in capitals, or left out (`…`), stands for any command. */
function wrongIn(line: string): string | undefined {
  const words = line.replace(/ [|>#].*/, '').split(/\s+/)
  if (/^(…|[A-Z]+$|-)/.test(words[0] ?? '')) return undefined
  let command: Command = program
  for (const word of words) {
    const next = command.commands.find((one) => one.name() === word || one.aliases().includes(word))
    if (next === undefined) break
    command = next
  }
  if (command === program) return `there is no command ${words[0]}`
  const known = optionsOf(command)
  const unknown = words.find((word) => /^--\w/.test(word) && !known.has(optionIn(word)))
  return unknown === undefined ? undefined : `${command.name()} has no option ${unknown}`
}

const optionIn = (word: string) => /^--[a-z0-9-]*[a-z0-9]/.exec(word)?.[0] ?? word

/** Those of the command, of what is above it, and of what is meant where nothing below it is named. */
function optionsOf(command: Command): ReadonlySet<string> {
  const above = (one: Command | null): readonly Command[] => (one === null ? [] : [one, ...above(one.parent)])
  const options = [...above(command), ...command.commands].flatMap((one) => one.options)
  return new Set(['--help', ...options.flatMap(({ long }) => long ?? [])])
}

const pages = ['README.md', 'SECURITY.md', 'CONTRIBUTING.md', ...globSync('docs/*.md', { cwd: root })]

test.each(pages)('commands on the page %s are commands', (path) => {
  const wrong = commandsOn(readFileSync(join(root, path), 'utf8')).flatMap((line) => {
    const problem = wrongIn(line)
    return problem === undefined ? [] : [`sluice ${line}: ${problem}`]
  })
  expect(wrong).toEqual([])
})

test('what is none is noticed', () => {
  expect(wrongIn('edit Person 4711 name=Ada')).toBe('there is no command edit')
  expect(wrongIn('runs show 12 --jsno')).toBe('show has no option --jsno')
  expect(wrongIn('runs --limit all')).toBeUndefined()
  expect(commandsOn('See `sluice orphans`.\n```sh\nSLUICE_LOG=x npx sluice sync hr\n```\n')).toEqual([
    'orphans',
    'sync hr',
  ])
})

/**
 * `sluice completion`: what a shell is told once, and what it asks each time.
 *
 * @module
 */
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { type Candidate, candidatesFor, type NameKind } from '../completion/candidates.ts'
import { filesLine, type Shell, scripts } from '../completion/scripts.ts'
import type { Context } from '../context.ts'
import { type ExitStatus, exitStatus } from '../exit-status.ts'
import { findProject, projectFile } from '../find-project.ts'
import { topics } from '../topics.ts'

export async function writeScript({ out }: Context, shell: Shell): Promise<ExitStatus> {
  await out.write(scripts[shell])
  return exitStatus.done
}

export interface Line {
  readonly shell: Shell
  /** The program's name first; the last one is completed. */
  readonly words: readonly string[]
}

/** Prints what the last word may become, a line each; nothing where it is wrong already. */
export async function complete(
  context: Context,
  program: Command,
  { shell, words }: Line,
): Promise<ExitStatus> {
  const typed = (shell === 'bash' ? joined(words) : words).slice(1)
  const { words: known, names, prefix } = candidatesFor(program, typed)
  const found = [...known, ...(names === 'topic' ? helpful(program) : await namesOf(context, typed, names))]
  // Bash takes a word apart at "=", and completes what stands behind.
  const before = shell === 'bash' ? '' : prefix
  const start = (typed.at(-1) ?? '').slice(prefix.length)
  const lines = found
    .filter(({ word }) => word.startsWith(start) && /^[\w.-]+$/.test(word))
    .map(({ word, says }) => written(shell, `${before}${word}`, says))
  if (lines.length > 0) await context.out.write(`${lines.join('\n')}\n`)
  if (names === 'file') await context.out.line(filesLine)
  return exitStatus.done
}

/** What `sluice help` can tell about. */
function helpful(program: Command): readonly Candidate[] {
  const commands = program.commands.map((one) => ({ word: one.name(), says: one.summary() }))
  return [...Object.entries(topics).map(([word, says]) => ({ word, says })), ...commands]
}

async function namesOf(
  { workingFolder }: Context,
  typed: readonly string[],
  kind: NameKind | undefined,
): Promise<readonly Candidate[]> {
  if (kind === undefined || kind === 'file') return []
  const { projectNames } = await import('../completion/project-names.ts')
  const names = await projectNames(mainFile(workingFolder, typed), kind)
  return names.map((word) => ({ word, says: '' }))
}

/** Of the project that the line names, or the nearest one. */
function mainFile(workingFolder: string, typed: readonly string[]): string {
  const named = (...options: readonly string[]) =>
    typed[typed.findIndex((word) => options.includes(word)) + 1]
  const project = typed.some((word) => word === '-C' || word === '--project')
    ? named('-C', '--project')
    : undefined
  const folder = project === undefined ? findProject(workingFolder).folder : resolve(workingFolder, project)
  const config = typed.includes('--config') ? named('--config') : undefined
  return resolve(folder, config ?? projectFile)
}

/** As it was typed: bash hands over `--mode`, `=`, `co`. */
function joined(words: readonly string[]): readonly string[] {
  const whole: string[] = []
  for (const [index, word] of words.entries()) {
    const apart = index > 0 && (word === '=' || words[index - 1] === '=')
    if (apart) whole.push(`${whole.pop() ?? ''}${word}`)
    else whole.push(word)
  }
  return whole
}

function written(shell: Shell, word: string, says: string): string {
  if (shell === 'bash' || says === '') return word
  return shell === 'zsh' ? `${word.replaceAll(':', '\\:')}:${says}` : `${word}\t${says}`
}

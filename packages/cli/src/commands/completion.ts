/**
 * How `sluice completion` is called.
 *
 * @module
 */
import { Argument, type Command } from 'commander'
import { describedCommand, type Runner } from '../command.ts'
import { type Shell, shells } from '../completion/scripts.ts'

const work = () => import('../actions/completion.ts')

export function completionCommand(run: Runner): Command {
  const command = describedCommand(
    'completion',
    'Print what makes a shell complete commands, options, and the names in sluice.yaml.',
    [
      { command: 'eval "$(sluice completion bash)"', says: 'in ~/.bashrc' },
      { command: 'eval "$(sluice completion zsh)"', says: 'in ~/.zshrc, after compinit' },
      { command: 'sluice completion fish | source', says: 'in ~/.config/fish/config.fish' },
    ],
  )
    .addArgument(new Argument('<SHELL>', 'the shell').choices(shells))
    .argument('[WORDS...]', 'the line so far, its last word too: prints what that may become; shells ask so')
  return command.action((shell: Shell, words: readonly string[]) =>
    run(
      work,
      ({ complete, writeScript }, context) =>
        words.length === 0
          ? writeScript(context, shell)
          : complete(context, command.parent ?? command, { shell, words }),
      { withoutLocks: true },
    ),
  )
}

/**
 * How `sluice server` and `sluice server reload` are called.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { ServerFlags } from '../actions/server.ts'
import { describedCommand, type Runner } from '../command.ts'
import type { GlobalOptions } from '../context.ts'

const work = () => import('../actions/server.ts')

export function serverCommand(run: Runner): Command {
  const command = describedCommand(
    'server',
    'Receive and apply what agents deliver, and answer requests, until it is stopped.',
    [
      { command: 'sluice server', says: 'at the address of sluice.yaml, or 127.0.0.1:8620' },
      { command: 'sluice server --host 0.0.0.0 --port 8620', says: 'for other machines, too' },
      { command: 'sluice server --demo', says: 'with made-up data, to look at the console' },
      { command: 'sluice token create laptop --role agent --source hr', says: 'let an agent deliver' },
    ],
  )
    .option('--host <HOST>', 'address to listen at, instead of the one in sluice.yaml')
    .addOption(new Option('--port <PORT>', 'port to listen at; 0 takes a free one').argParser(parsePort))
    .addOption(
      new Option(
        '--demo [FOLDER]',
        'serve a project with made-up data, which is written to a new folder; sluice-demo when not given',
      ).preset('sluice-demo'),
    )
    .addOption(
      new Option('--log-level <LEVEL>', 'how much is logged')
        .choices(['error', 'warn', 'info', 'debug', 'silent'])
        .default('info'),
    )
    .addOption(
      new Option('--log-format <FORMAT>', 'text on a terminal and json elsewhere when not given').choices([
        'text',
        'json',
      ]),
    )
  return command
    .addCommand(reloadCommand(run))
    .action(() => run(work, ({ serve }, context) => serve(context, command.optsWithGlobals<ServerFlags>())))
}

function reloadCommand(run: Runner): Command {
  const command = describedCommand(
    'reload',
    'Make a running server read its configuration again: model, sources, mappings, thresholds.',
    [
      { command: 'sluice server reload --server http://127.0.0.1:8620', says: 'with the token of an admin' },
      { command: 'kill -HUP PID', says: 'the same, on its machine' },
    ],
  )
  return command.action(() =>
    run(work, ({ reload }, context) => reload(context, command.optsWithGlobals<GlobalOptions>())),
  )
}

function parsePort(text: string): number {
  const port = Number(text)
  if (!/^\d{1,5}$/.test(text) || port > 65_535)
    throw new InvalidArgumentError('It must be a number up to 65535.')
  return port
}

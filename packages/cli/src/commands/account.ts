/**
 * How `sluice account` and the commands below it are called.
 *
 * @module
 */
import { type Command, InvalidArgumentError, Option } from 'commander'
import type { AccountFlags } from '../actions/account.ts'
import { describedCommand, type Runner } from '../command.ts'

const work = () => import('../actions/account.ts')

export function accountCommand(run: Runner): Command {
  return describedCommand(
    'account',
    'Add, list and change accounts, with which people sign in at the console of a server.',
    [
      { command: 'sluice account add ada --role operator', says: 'asks for a first password' },
      { command: 'sluice account disable ada', says: 'signed out at once, and not let in again' },
      { command: 'sluice account list', says: 'who there is, and when they signed in last' },
    ],
  )
    .addCommand(withLocal(addCommand(run)))
    .addCommand(withLocal(listCommand(run)))
    .addCommand(withLocal(setPasswordCommand(run)))
    .addCommand(withLocal(setRoleCommand(run)))
    .addCommand(withLocal(ableCommand(run, 'disable')))
    .addCommand(withLocal(ableCommand(run, 'enable')))
    .addCommand(withLocal(deleteCommand(run)))
}

const flagsOf = (command: Command) => command.optsWithGlobals<AccountFlags>()

function withLocal(command: Command): Command {
  return command.option('--local', 'on the repository itself, even where a server is configured')
}

const roles = ['viewer', 'editor', 'operator', 'admin'] as const
const asked =
  'The password is asked for at the terminal, or read from what is piped in: at least 12 characters, nothing else.'

function addCommand(run: Runner): Command {
  const command = describedCommand('add', `Add an account. ${asked}`, [
    {
      command: 'sluice account add ada --role admin',
      says: 'the first one, on the machine of the repository',
    },
    {
      command: 'pass show sluice/ada | sluice account add ada --role viewer',
      says: 'with the password that another program prints',
    },
  ])
    .argument('<NAME>', 'with which the person signs in, such as ada or ada@example.org', parseName)
    .addOption(
      new Option(
        '--role <ROLE>',
        'viewer reads; editor also changes what no source locks; operator reads, approves and rejects; admin may do everything',
      )
        .choices(roles)
        .default('viewer'),
    )
    .option('--email <ADDRESS>', 'e-mail address, for people')
    .option('--json', 'print the account as one JSON document')
  return command.action((name: string) =>
    run(work, ({ add }, context) => add(context, name, flagsOf(command))),
  )
}

function listCommand(run: Runner): Command {
  const command = describedCommand('list', 'List the accounts; of their passwords only hashes are stored.', [
    { command: 'sluice account list --json', says: 'for scripts' },
  ]).option('--json', 'print the accounts as one JSON array')
  return command.action(() => run(work, ({ list }, context) => list(context, flagsOf(command))))
}

function setPasswordCommand(run: Runner): Command {
  const command = describedCommand(
    'set-password',
    `Set the password of an account, and sign its person out everywhere. ${asked}`,
    [{ command: 'sluice account set-password ada', says: 'for somebody who has forgotten it' }],
  ).argument('<NAME>', 'name of the account')
  return command.action((name: string) =>
    run(work, ({ setPassword }, context) => setPassword(context, name, flagsOf(command))),
  )
}

function setRoleCommand(run: Runner): Command {
  const command = describedCommand('set-role', 'Give an account another role, from its next request on.', [
    { command: 'sluice account set-role ada admin', says: 'may do everything' },
  ])
    .argument('<NAME>', 'name of the account')
    .argument('<ROLE>', `${roles.join(', ')}`, parseRole)
  return command.action((name: string, role: (typeof roles)[number]) =>
    run(work, ({ change }, context) => change(context, name, { role }, flagsOf(command))),
  )
}

function ableCommand(run: Runner, verb: 'disable' | 'enable'): Command {
  const command = describedCommand(
    verb,
    verb === 'disable'
      ? 'Disable an account: its person is signed out everywhere, and not let in again.'
      : 'Enable an account that was disabled.',
    [
      {
        command: `sluice account ${verb} ada`,
        says: verb === 'disable' ? 'until it is enabled again' : 'signs in as before',
      },
    ],
  ).argument('<NAME>', 'name of the account')
  return command.action((name: string) =>
    run(work, ({ change }, context) =>
      change(context, name, { disabled: verb === 'disable' }, flagsOf(command)),
    ),
  )
}

function deleteCommand(run: Runner): Command {
  const command = describedCommand(
    'delete',
    'Delete an account. What its person did stays recorded under its name.',
    [{ command: 'sluice account delete ada', says: 'of somebody who has left' }],
  ).argument('<NAME>', 'name of the account')
  return command.action((name: string) =>
    run(work, ({ remove }, context) => remove(context, name, flagsOf(command))),
  )
}

function parseName(text: string): string {
  if (/^[A-Za-z0-9][A-Za-z0-9._@+-]{0,99}$/.test(text)) return text
  throw new InvalidArgumentError('It must be letters, digits, dots, underscores, hyphens, @ and +.')
}

function parseRole(text: string): string {
  if (roles.some((role) => role === text)) return text
  throw new InvalidArgumentError(`It must be one of ${roles.join(', ')}.`)
}

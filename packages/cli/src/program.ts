/**
 * The whole command line: every command with its options, as `sluice --help` shows it.
 *
 * @module
 */
import { Command } from 'commander'
import { formatExamples, type Runner } from './command.ts'
import { accountCommand } from './commands/account.ts'
import { ageCommand } from './commands/age.ts'
import { agentCommand } from './commands/agent.ts'
import { applyCommand } from './commands/apply.ts'
import { auditCommand } from './commands/audit.ts'
import { checkCommand } from './commands/check.ts'
import { completionCommand } from './commands/completion.ts'
import { connectorCommand, connectorsCommand } from './commands/connectors.ts'
import { deliveriesCommand } from './commands/deliveries.ts'
import { driftCommand } from './commands/drift.ts'
import { duplicatesCommand } from './commands/duplicates.ts'
import { linkCommand, resourceCommand } from './commands/edit.ts'
import { explainCommand } from './commands/explain.ts'
import { formatTopics, helpCommand } from './commands/help.ts'
import { impactCommand } from './commands/impact.ts'
import { initCommand } from './commands/init.ts'
import { jobsCommand } from './commands/jobs.ts'
import { orphansCommand, rejectedCommand } from './commands/left-out.ts'
import { linksCommand } from './commands/links.ts'
import { loadCommand } from './commands/load.ts'
import { lspCommand } from './commands/lsp.ts'
import { mappingCommand } from './commands/mapping.ts'
import { matchesCommand } from './commands/matches.ts'
import { modelCommand } from './commands/model.ts'
import { neighboursCommand } from './commands/neighbours.ts'
import { notificationsCommand } from './commands/notifications.ts'
import { diffCommand, ordersCommand } from './commands/orders.ts'
import { pruneCommand } from './commands/prune.ts'
import { reconcileCommand } from './commands/reconcile.ts'
import { replicaCommand } from './commands/replica.ts'
import { replicasCommand } from './commands/replicas.ts'
import { resourcesCommand } from './commands/resources.ts'
import { rootsCommand } from './commands/roots.ts'
import { runCommand } from './commands/run.ts'
import { runsCommand } from './commands/runs.ts'
import { serverCommand } from './commands/server.ts'
import { sourceCommand } from './commands/source.ts'
import { deliverCommand, exportCommand, prepareCommand, synchronizeCommand } from './commands/stages.ts'
import { statusCommand } from './commands/status.ts'
import { planCommand, syncCommand } from './commands/sync.ts'
import { tokenCommand } from './commands/token.ts'
import { typesCommand } from './commands/types.ts'
import { Misuse } from './misuse.ts'
import type { Outlet } from './output/outlet.ts'
import { version } from './version.ts'

export interface ProgramOptions {
  readonly run: Runner
  readonly out: Outlet
  readonly err: Outlet
}

/** Commander's command, ready to parse; it throws in place of ending the process. */
export function createProgram({ run, out, err }: ProgramOptions): Command {
  const program = new Command('sluice')
    .description(
      'Brings the data of many managed systems up into one repository of typed, linked resources,\nand keeps it true.',
    )
    .version(version, '-V, --version', 'print the version')
    .helpOption('-h, --help', 'show this help')
    .usage('[OPTIONS] COMMAND')
    .option(
      '-C, --project <FOLDER>',
      'folder of the project; this folder or the nearest above it that has a sluice.yaml, when not given',
    )
    .option('--config <FILE>', 'configuration file in the project; sluice.yaml when not given')
    .option('--server <URL>', 'server to work through; SLUICE_SERVER, or that of sluice.yaml, when not given')
    .option(
      '--language <LANGUAGE>',
      'language of labels, such as de; none for names; SLUICE_LANGUAGE, or LC_ALL, LC_MESSAGES or LANG, when not given',
    )
    .option(
      '--sql <FILE>',
      'write every statement that the repository executes, with its rows and time; SLUICE_SQL',
    )
    .option('--no-pager', 'no pager for what is longer than the window, as with PAGER=cat in the environment')
    .option('--no-color', 'no colors, as with NO_COLOR in the environment')
    .option(
      '--escape-formulas',
      'in CSV, an apostrophe before texts that a spreadsheet would take for formulas; SLUICE_ESCAPE_FORMULAS=1',
    )
    // Ours knows topics, too.
    .helpCommand(false)
    .addHelpText('after', `${formatExamples(examples)}\n${formatTopics()}`)
  for (const { heading, commands } of groups)
    for (const command of commands) program.addCommand(command(run).helpGroup(heading))
  everyCommand(program, (command) => configure(command, out, err))
  return program
}

/** What `--help` lists together, in the order in which one gets to know them. */
const groups = [
  {
    heading: 'To begin with:',
    commands: [initCommand, checkCommand, syncCommand, planCommand, applyCommand, statusCommand, runCommand],
  },
  {
    heading: 'What runs did, and what is decided about them:',
    commands: [
      runsCommand,
      jobsCommand,
      deliveriesCommand,
      rejectedCommand,
      orphansCommand,
      driftCommand,
      notificationsCommand,
    ],
  },
  {
    heading: 'What is stored, and why:',
    commands: [
      resourcesCommand,
      linksCommand,
      explainCommand,
      neighboursCommand,
      impactCommand,
      duplicatesCommand,
    ],
  },
  {
    heading: 'What people change and order:',
    commands: [resourceCommand, linkCommand, ordersCommand, diffCommand],
  },
  {
    heading: 'Sources, and the rows they share:',
    commands: [
      sourceCommand,
      connectorsCommand,
      connectorCommand,
      loadCommand,
      ageCommand,
      replicasCommand,
      replicaCommand,
      matchesCommand,
      reconcileCommand,
      rootsCommand,
    ],
  },
  {
    heading: 'The stages of a sync, one by one:',
    commands: [exportCommand, prepareCommand, deliverCommand, synchronizeCommand],
  },
  {
    heading: 'The model and the mappings:',
    commands: [modelCommand, typesCommand, mappingCommand, lspCommand],
  },
  {
    heading: 'Programs that keep running, and this one:',
    commands: [serverCommand, agentCommand, pruneCommand, completionCommand, helpCommand],
  },
  {
    heading: 'Who may come in, and who did what:',
    commands: [accountCommand, tokenCommand, auditCommand],
  },
] as const

const examples = [
  { command: 'sluice init demo && cd demo', says: 'a small project that runs' },
  { command: 'sluice plan hr', says: 'what would change, and why' },
  { command: 'sluice sync', says: 'read all sources and apply their changes to the repository' },
  { command: 'sluice status', says: 'the state of every source, and what to do next' },
  { command: "sluice resources Person --where 'name~grace'", says: 'look at what is stored' },
] as const

function configure(command: Command, out: Outlet, err: Outlet): void {
  // The program has a command of its own for that.
  if (command.commands.length > 0 && command.parent !== null)
    command.helpCommand('help [COMMAND]', 'show the help of a command')
  command
    .exitOverride((error) => {
      throw error.exitCode === 0 ? error : new Misuse(error, pathOf(command))
    })
    .showSuggestionAfterError()
    .configureHelp({ showGlobalOptions: command.parent !== null })
    .configureOutput({
      writeOut: (text) => void out.write(text),
      // What went wrong is printed with its code by whoever started the program.
      writeErr: () => undefined,
      getOutHelpWidth: () => (Number.isFinite(out.width) ? out.width : 100),
      getErrHelpWidth: () => (Number.isFinite(err.width) ? err.width : 100),
      getOutHasColors: () => out.colors.isColorSupported,
      getErrHasColors: () => err.colors.isColorSupported,
    })
}

function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

/** Calls `work` for the command and every command below it. */
export function everyCommand(command: Command, work: (command: Command) => void): void {
  work(command)
  for (const sub of command.commands) everyCommand(sub, work)
}

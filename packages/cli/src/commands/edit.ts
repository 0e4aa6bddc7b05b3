/**
 * How `sluice resource` and `sluice link` and the commands below them are called.
 *
 * @module
 */
import type { Command } from 'commander'
import type { DistinctFlags } from '../actions/duplicates.ts'
import type { EditFlags } from '../actions/edit.ts'
import { describedCommand, type Runner } from '../command.ts'
import { collectValue, type GivenValue } from '../given-value.ts'

const work = () => import('../actions/edit.ts')

const names = 'A resource is named by the key a source gives it, what it is called, property:value, or #id.'

export function resourceCommand(run: Runner): Command {
  return describedCommand(
    'resource',
    `Create, change, delete and merge resources, as far as no source locks them.\n${names}`,
    [
      { command: "sluice resource create Department code=LAB name='The laboratory'", says: 'a new one' },
      { command: 'sluice resource set Person 1007 phone=42 nickname=', says: 'one value given, one emptied' },
      { command: 'sluice resource delete Department code:LAB', says: 'if its sources allow it' },
      { command: "sluice resource merge Person '#1007' '#1019'", says: 'two that are one' },
    ],
  )
    .addCommand(createCommand(run))
    .addCommand(setCommand(run))
    .addCommand(deleteCommand(run))
    .addCommand(mergeCommand(run))
    .addCommand(distinctCommand(run))
}

export function linkCommand(run: Runner): Command {
  return describedCommand('link', `Add and remove links, beside those that sources deliver.\n${names}`, [
    { command: 'sluice link add Approver 1007 LAB since=2026-01-31', says: 'with a property' },
    { command: 'sluice link remove Approver "Grace O\'Neill" #1001', says: 'one that people have made' },
  ])
    .addCommand(addCommand(run))
    .addCommand(removeCommand(run))
}

function createCommand(run: Runner): Command {
  const command = withEditOptions(
    describedCommand('create', 'Create a resource.', [
      {
        command: 'sluice resource create Person employeeNumber=2001 name=Ada department=Engineering',
        says: 'a reference by the name of its target',
      },
      { command: 'sluice resource create Person photo=@ada.png', says: 'a file' },
      { command: 'sluice resource create Person password=@-', says: 'a secret, typed or piped in' },
    ])
      .argument('<TYPE>', 'name of an entity type')
      .argument('[VALUES...]', 'name=value of each property', collectValue),
  )
  return command.action((type: string, values: readonly GivenValue[] = []) =>
    run(work, ({ create }, context) => create(context, { type, values }, flagsOf(command))),
  )
}

function setCommand(run: Runner): Command {
  const command = withEditOptions(
    describedCommand('set', 'Give a resource other values.', [
      { command: 'sluice resource set Person 1007 phone=42', says: 'by the key a source gives it' },
      { command: "sluice resource set Person '#1001' phone=", says: 'by its id; emptied' },
      { command: 'sluice resource set Person mail:ada@example.com phone=42', says: 'by a property' },
    ])
      .argument('<TYPE>', 'name of an entity type')
      .argument('<RESOURCE>', 'its key in a source, its display property, property:value, or #id')
      .argument('<VALUES...>', 'name=value of each property; name= empties it', collectValue),
  )
  return command.action((type: string, resource: string, values: readonly GivenValue[]) =>
    run(work, ({ set }, context) => set(context, { type, resource, values }, flagsOf(command))),
  )
}

function deleteCommand(run: Runner): Command {
  const command = withEditOptions(
    describedCommand('delete', 'Delete a resource, with the replicas that sources have of it.', [
      { command: 'sluice resource delete Person 1007 --comment "left in March"', says: 'and why' },
    ])
      .argument('<TYPE>', 'name of an entity type')
      .argument('<RESOURCE>', 'its key in a source, its display property, property:value, or #id'),
  )
  return command.action((type: string, resource: string) =>
    run(work, ({ remove }, context) => remove(context, { type, resource }, flagsOf(command))),
  )
}

function mergeCommand(run: Runner): Command {
  const command = withEditOptions(
    describedCommand(
      'merge',
      'Merge duplicates into one resource, with their values, references, links, replicas and histories.',
      [
        { command: "sluice resource merge Person '#1007' '#1019' --dry-run", says: 'what it would change' },
        { command: 'sluice resource merge Server srv01 srv01.example.com', says: 'by their names' },
      ],
    )
      .argument('<TYPE>', 'name of an entity type')
      .argument('<RESOURCE>', 'the one that stays')
      .argument('<OTHERS...>', 'those that are merged into it'),
  )
  return command.action((type: string, resource: string, merged: string[]) =>
    run(work, ({ merge }, context) => merge(context, { type, resource, merged }, flagsOf(command))),
  )
}

function distinctCommand(run: Runner): Command {
  const command = describedCommand(
    'distinct',
    'Mark resources as distinct, whatever they have in common: sluice duplicates no longer shows them.',
    [
      {
        command: "sluice resource distinct Person '#1007' '#1019' --reason 'father and son'",
        says: 'and why',
      },
      { command: "sluice resource distinct Person '#1007' '#1019' --undo", says: 'takes it back' },
    ],
  )
    .argument('<TYPE>', 'name of an entity type')
    .argument('<RESOURCES...>', 'two or more')
    .option('--reason <TEXT>', 'why; is kept with it')
    .option('--undo', 'take it back')
  return command.action((type: string, resources: string[]) =>
    run(
      () => import('../actions/duplicates.ts'),
      ({ distinct }, context) =>
        distinct(context, { type, resources }, command.optsWithGlobals<DistinctFlags>()),
    ),
  )
}

function addCommand(run: Runner): Command {
  const command = withEditOptions(
    describedCommand('add', 'Link two resources, or give their link other properties.', [
      { command: 'sluice link add Approver 1007 LAB since=2026-01-31', says: 'with a property' },
    ])
      .argument('<ASSOCIATION>', 'name of an association')
      .argument('<FROM>', 'the one end')
      .argument('<TO>', 'the other end')
      .argument('[PROPERTIES...]', 'name=value of each property of the link', collectValue),
  )
  return command.action((association: string, from: string, to: string, values: readonly GivenValue[] = []) =>
    run(work, ({ link }, context) => link(context, { association, from, to, values }, flagsOf(command))),
  )
}

function removeCommand(run: Runner): Command {
  const command = withEditOptions(
    describedCommand('remove', 'Remove a link that people have made.', [
      { command: 'sluice link remove Approver 1007 LAB', says: 'whatever properties it has' },
    ])
      .argument('<ASSOCIATION>', 'name of an association')
      .argument('<FROM>', 'the one end')
      .argument('<TO>', 'the other end'),
  )
  return command.action((association: string, from: string, to: string) =>
    run(work, ({ unlink }, context) => unlink(context, { association, from, to }, flagsOf(command))),
  )
}

function withEditOptions(command: Command): Command {
  return command
    .option('--comment <TEXT>', 'a comment for the history')
    .option('--dry-run', 'say what would change, and write nothing')
    .option('--json', 'print the report as one JSON document')
}

function flagsOf(command: Command): EditFlags {
  return command.optsWithGlobals<EditFlags>()
}

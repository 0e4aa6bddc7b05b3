/**
 * What syncmappings are checked against, as options of commands.
 *
 * @module
 */
import type { Command } from 'commander'

export function withRules(command: Command): Command {
  return command
    .option(
      '--cdm <FILE>',
      'class model (JSON); when not given, the model of the project; where there is none, every class and attribute is accepted, and BMC classes extend one another as in the CDM',
    )
    .option('--kinds <FILE>', 'kinds of the source graph, their attributes and relationships (JSON or YAML)')
    .option(
      '--extended-where',
      'let where clauses have what searches have: <>, <, not, has, in, is defined, #role:relationship:role:kind',
    )
}

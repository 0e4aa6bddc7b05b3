/**
 * Names that are read: whether there is such a thing where they stand.
 *
 * @module
 */
import { suggestion } from '@sluice/model'
import { kindOf } from '../link/node-kind.ts'
import { inForce, type Named, readableNames } from '../link/program.ts'
import type { Name } from '../tree/tree.ts'
import { checkNodeAttribute } from './check-source.ts'
import { type Checking, type Here, meaningOf, namesAt } from './checking.ts'

export function checkName(name: Name, here: Here, checking: Checking): void {
  checking.read.add(name.text)
  const meaning = meaningOf(name.text, here, checking)
  checking.observe({ type: 'name', name, meaning }, checking.mapping)
  if (meaning.type === 'unknown') {
    const remedy = suggestion(name.text, namesAt(here, checking))
    checking.report('NAME_UNKNOWN', name.at, `There is nothing called ${name.text} here.`, remedy)
  }
  if (meaning.type === 'elsewhere') {
    const outer = meaning.scope.name.text
    const message = `${name.text} is known only inside of "for each ${outer}".`
    checking.report('NAME_OUT_OF_LOOP', name.at, message, 'Use it there, or keep its value in a variable.')
  }
}

/** `a.b`: where `a` is another mapping or a configuration, `b` has to be in it. */
export function checkMember(object: Name, member: Name, here: Here, checking: Checking): void {
  const meaning = meaningOf(object.text, here, checking)
  checking.observe({ type: 'member', name: member, of: meaning }, checking.mapping)
  if (meaning.type === 'variable' && meaning.declared === meaning.scope.name) {
    checkNodeAttribute(member, kindOf(meaning.scope, checking.mapping), checking)
  }
  if (meaning.type !== 'named') return
  const known = membersOf(meaning.named)
  if (known === undefined || known.includes(member.text)) return
  const remedy = suggestion(member.text, known)
  checking.report('NAME_UNKNOWN', member.at, `${object.text} has no ${member.text}.`, remedy)
}

function membersOf(named: Named): readonly string[] | undefined {
  if (named.type === 'mapping') {
    return [
      ...readableNames(inForce(named.mapping)),
      ...named.mapping.tree.constants.map(({ name }) => name.text),
    ]
  }
  return named.type === 'configuration'
    ? named.configuration.settings.map(({ name }) => name.text)
    : undefined
}

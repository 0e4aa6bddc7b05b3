/**
 * What a row would find, and why, as people read it.
 *
 * @module
 */
import { printable, type TestedRow, type TestedRule } from '@sluice/model'
import { cut, quoteValue } from './display-value.ts'
import type { Colors } from './outlet.ts'
import { formatCount } from './quantities.ts'

export function formatTestedRow(row: TestedRow, colors: Colors, width: number): readonly string[] {
  const name = row.key === '' ? `Row ${row.row}` : `Row ${row.row} (${printable(row.key)})`
  const lines = [
    ...(row.rules.length === 0 ? ['nothing is searched: each new key is a new resource'] : []),
    ...row.rules.flatMap((rule) => describeRule(rule, row)),
  ]
  return [
    cut(`${colors.bold(name)}: ${outcomeOf(row)}`, width + 20),
    ...lines.map((line) => cut(`  ${line}`, width)),
  ]
}

function outcomeOf({ outcome, resource, rule, decided, error }: TestedRow): string {
  const why = decided ? 'by decision of a person' : rule === null ? '' : `by rule ${rule}`
  const behind = why === '' ? '' : `, ${why}`
  switch (outcome) {
    case 'link':
      return `belongs to resource ${resource?.resourceId} ${printable(resource?.display ?? '')}${behind}`
    case 'create':
      return `makes a new resource${decided ? behind : ', since no rule finds one'}`
    case 'ignore':
      return `is ignored${behind}`
    case 'wait':
      return `waits for a decision: ${printable(error?.text ?? '')}`
    case 'error':
      return `cannot be applied: ${printable(error?.text ?? '')}`
  }
}

function describeRule(rule: TestedRule, { rule: deciding, decided }: TestedRow): readonly string[] {
  const { keys, count, resources } = rule
  const compared = keys.map(describeKey).join(', ')
  const without = keys.filter(({ without }) => without !== null)
  const about = `rule ${rule.rule}: ${compared}`
  if (without.length > 0) return [`${about}: not searched`]
  const unheard =
    !decided && deciding !== null && rule.rule > deciding
      ? `, and is not used: rule ${deciding} comes first`
      : ''
  if (count === 0)
    return [
      `${about}: finds nothing${unheard}`,
      ...(keys.length > 1 ? [`  alone: ${keys.map(describeAlone).join(', ')}`] : []),
    ]
  const names = resources.map(({ resourceId, display }) => `#${resourceId} ${printable(display)}`).join(', ')
  return [`${about}: finds ${formatCount(count)}: ${names}${count > resources.length ? ', …' : ''}${unheard}`]
}

/** `serial "S/N: AB-1" = "AB1" (serial)` */
function describeKey({ property, normalize, says, key, without }: TestedRule['keys'][number]): string {
  if (without === 'unsaid') return `${property} has no value`
  if (without === 'worthless') return `${property} ${quoteValue(says)} is a placeholder`
  if (without === 'impossible') return `${property} ${quoteValue(says)} cannot be a value of this type`
  const made = normalize.length === 0 || key === says ? '' : ` = ${quoteValue(key)} (${normalize.join(', ')})`
  return `${property} ${quoteValue(says)}${made}`
}

function describeAlone({ property, alone }: TestedRule['keys'][number]): string {
  return `${property} finds ${formatCount(alone ?? 0)}`
}

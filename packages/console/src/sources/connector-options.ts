/**
 * The options of a connector as people look at them: what its schema says of each, and what the definition has.
 *
 * @module
 */
import { texts } from '../texts/texts.ts'

type Values = Readonly<Record<string, unknown>>

export interface OptionRow {
  readonly name: string
  readonly description: string
  readonly required: boolean
  /** As it is shown; of a secret only from where it comes. */
  readonly value: string | undefined
  /** What it is where nothing is given. */
  readonly usual: string | undefined
  readonly secret: boolean
  /** More than one line. */
  readonly long: boolean
}

const words = texts.connection

/** Those that the schema knows in its order, and then all others that are given. */
export function optionRows(schema: Values | null, given: Values): readonly OptionRow[] {
  const known = Object.entries(valuesIn(schema?.['properties']))
  const required = listIn(schema?.['required'])
  const names = new Set(known.map(([name]) => name))
  const others = Object.keys(given).filter((name) => !names.has(name) && name !== 'connector')
  return [
    ...known.map(([name, property]) =>
      rowOf(name, resolved(valuesIn(property), schema), given[name], required.includes(name)),
    ),
    ...others.map((name) => rowOf(name, {}, given[name], false)),
  ]
}

function rowOf(name: string, property: Values, given: unknown, required: boolean): OptionRow {
  const { description, default: usual, secret } = property
  const isSecret = secret === true
  const value = given === undefined ? undefined : isSecret ? secretText(given) : textOf(given)
  return {
    name,
    description: typeof description === 'string' ? description.replaceAll('`', '') : '',
    required,
    value,
    usual: usual === undefined || isSecret ? undefined : textOf(usual),
    secret: isSecret,
    long: value?.includes('\n') === true,
  }
}

/** A part that several share stands in another place of the schema. */
function resolved(property: Values, schema: Values | null): Values {
  const reference = property['$ref']
  if (typeof reference !== 'string') return property
  const name = reference.split('/').at(-1) ?? ''
  return { ...valuesIn(valuesIn(schema?.['$defs'])[name]), ...property }
}

/** Where a secret is to be found; never what it is, whatever stands there. */
function secretText(given: unknown): string {
  if (typeof given === 'string') {
    const names = [...given.matchAll(/\$\{(\w+)\}/g)].map(([, name = '']) => name)
    return names.length === 0 ? words.secrets.written : words.secrets.variable(names.join(', '))
  }
  const { environment, file, command } = valuesIn(given)
  if (typeof environment === 'string') return words.secrets.variable(environment)
  if (typeof file === 'string') return words.secrets.file(file)
  const [program] = listIn(command)
  return program === undefined ? words.secrets.written : words.secrets.command(String(program))
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (typeof value === 'boolean') return value ? words.yes : words.no
  if (Array.isArray(value) && value.every((one) => typeof one !== 'object')) return value.join(', ')
  return JSON.stringify(value, undefined, 2) ?? ''
}

function valuesIn(value: unknown): Values {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}
}

function listIn(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

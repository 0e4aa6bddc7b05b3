/**
 * What names stand for.
 *
 * @module
 */
import { inForce, type LinkedModule, type Mapping, type Named } from '../link/program.ts'
import { RootFailedError } from '../root-failed-error.ts'
import type { Expression } from '../tree/tree.ts'
import { isEqual, tableKey } from '../value/compare.ts'
import { Ci, GraphNode, GraphRelationship, Table, typeName, type Value } from '../value/value.ts'
import type { Frame } from './frame.ts'
import type { Run } from './run.ts'

/** How an expression that depends on nothing but its module is evaluated. */
export type EvaluateStill = (expression: Expression, frame: Frame, run: Run) => Value

/** Something of a module that is no value in itself, such as another mapping. */
export function namedIn(name: string, { names, module, mapping }: Frame): Named | undefined {
  if (names.has(name) || mapping.tree.constants.some((constant) => constant.name.text === name))
    return undefined
  return module.names.get(name)
}

export function valueOfName(name: string, frame: Frame, run: Run, evaluate: EvaluateStill): Value {
  const value = frame.names.get(name)
  if (value !== undefined) return value
  return constantsOf(frame.mapping, frame, run, evaluate).get(name) ?? null
}

/** `Mapping.name`, `Config.setting`. A mapping that this body does not run on behalf of has only its constants. */
export function memberOfNamed(
  named: Named,
  member: string,
  frame: Frame,
  run: Run,
  evaluate: EvaluateStill,
): Value {
  if (named.type === 'mapping') {
    const mapping = inForce(named.mapping)
    const found = (frame.mapping === mapping ? frame : frame.path.get(mapping))?.names.get(member)
    const own = found ?? constantsOf(mapping, frame, run, evaluate).get(member)
    return own ?? constantsOf(named.mapping, frame, run, evaluate).get(member) ?? null
  }
  if (named.type === 'configuration') {
    const { configuration, module } = named
    return (
      kept(
        run,
        configuration,
        () =>
          new Map(
            configuration.settings.map(({ name, values }) => {
              const all = values.map((value) => evaluate(value, still(frame, module), run))
              return [name.text, all.length === 1 ? (all[0] ?? null) : all]
            }),
          ),
      ).get(member) ?? null
    )
  }
  throw new RootFailedError(
    'NO_ATTRIBUTES',
    `There is no ${member} in what is not a mapping and no configuration.`,
  )
}

function constantsOf(
  mapping: Mapping,
  frame: Frame,
  run: Run,
  evaluate: EvaluateStill,
): ReadonlyMap<string, Value> {
  return kept(run, mapping, () => {
    const values = new Map<string, Value>()
    const inside = { ...still(frame, mapping.module), mapping, names: values }
    // Later constants are made of earlier ones, which have to be there meanwhile.
    run.constants.set(mapping, values)
    for (const { name, value } of mapping.tree.constants) values.set(name.text, evaluate(value, inside, run))
    return values
  })
}

/** In this module, and outside of all bodies. */
function still(frame: Frame, module: LinkedModule): Frame {
  return { ...frame, module, names: new Map(), path: new Map() }
}

function kept(run: Run, owner: object, make: () => ReadonlyMap<string, Value>): ReadonlyMap<string, Value> {
  const known = run.constants.get(owner)
  if (known !== undefined) return known
  const made = make()
  run.constants.set(owner, made)
  return made
}

/** One column gives the value, several give a list. */
export function rowOf(
  named: Extract<Named, { type: 'table' }>,
  key: Value,
  frame: Frame,
  run: Run,
  evaluate: EvaluateStill,
): Value {
  const inside = still(frame, named.module)
  const { rows, name } = named.table
  const row =
    rows.find((one) => one.key !== undefined && isEqual(evaluate(one.key, inside, run), key)) ??
    rows.find((one) => one.key === undefined)
  if (row === undefined) {
    throw new RootFailedError(
      'MISSING_ELEMENT',
      `Table ${name.text} has no row ${String(tableKey(key))}, and no default.`,
    )
  }
  const values = row.values.map((value) => evaluate(value, inside, run))
  return values.length === 1 ? (values[0] ?? null) : values
}

/** `undefined`: it is something that has no attributes. */
export function attributeOf(value: Value, name: string): Value | undefined {
  if (value instanceof GraphNode || value instanceof GraphRelationship)
    return value.attributes.get(name) ?? null
  if (value instanceof Ci) return name === 'key' ? value.key : (value.attributes.get(name) ?? null)
  if (value instanceof Table) return value.get(name) ?? null
  if (Array.isArray(value) && value.every((one) => one instanceof GraphNode)) {
    const all = value.map((node) => node.attributes.get(name) ?? null)
    return all.length > 1 ? all : (all[0] ?? null)
  }
  return undefined
}

export function elementOf(value: Value, index: Value): Value {
  if (value instanceof GraphNode || value instanceof GraphRelationship || value instanceof Ci) {
    return value.attributes.get(String(tableKey(index))) ?? null
  }
  if (value instanceof Table) {
    const found = value.get(tableKey(index))
    if (found !== undefined) return found
    throw new RootFailedError('MISSING_ELEMENT', `The table has no row ${String(tableKey(index))}.`)
  }
  if (typeof value !== 'string' && !Array.isArray(value)) {
    throw new RootFailedError('TYPE', `${typeName(value)} has no elements.`)
  }
  const elements: readonly Value[] = typeof value === 'string' ? [...value] : value
  const found = typeof index === 'number' ? elements.at(index) : undefined
  if (found !== undefined) return found
  throw new RootFailedError(
    'MISSING_ELEMENT',
    `There is no element ${String(tableKey(index))} among ${elements.length}.`,
  )
}

/**
 * Calls that specify CIs and relationships, and assignments to attributes of CIs.
 *
 * @module
 */

import { isOrExtends } from '../class-model.ts'
import type { Span } from '../diagnostic.ts'
import { outwards } from '../link/program.ts'
import { RootFailedError } from '../root-failed-error.ts'
import type { Argument, RelationshipCall, SyncCall } from '../tree/tree.ts'
import { Ci, nothing, typeName, type Value } from '../value/value.ts'
import { textOf } from '../value/value-text.ts'
import { evaluate } from './evaluate-expression.ts'
import type { Frame } from './frame.ts'
import { placeOf, type Run, warn } from './run.ts'
import { type Impact, nameOf } from './target-graph.ts'

/** Where a class is when a call names no other namespace. */
export const defaultNamespace = 'BMC.CORE'

/** @param target The name it is assigned to. */
export function executeSync(call: SyncCall, target: string, frame: Frame, run: Run): Ci {
  const given = evaluateArguments(call.arguments, frame, run)
  const place = placeOf(frame.mapping, call.at)
  const key = given.get('key') ?? null
  if (key === null || key === nothing || key === '') {
    throw new RootFailedError(
      'KEY_MISSING',
      `The key of this ${call.className.text} is ${textOf(key) || 'empty'}.`,
      place,
    )
  }
  const className = call.className.text
  const declared = outwards(frame.scope)
    .map((scope) => scope.targets.get(target))
    .find((found) => found !== undefined)
  if (declared !== undefined && !isOrExtends(run.surroundings.classes, className, declared.text)) {
    throw new RootFailedError(
      'CLASS_MISMATCH',
      `${target} is declared as ${declared.text}, not as ${className}.`,
      place,
    )
  }
  const namespace = textOf(given.get('namespace') ?? defaultNamespace)
  const ci = run.target.specify({ className, namespace, key: textOf(key) }, call.kind, place)
  run.surroundings.onWrite?.({ type: 'ci', ci, mapping: frame.mapping.tree.name.text, place })
  for (const { name } of call.arguments) {
    if (name === undefined || name.text === 'key' || name.text === 'namespace') continue
    setAttribute(ci, name.text, given.get(name.text) ?? null, name.at, frame, run)
  }
  run.surroundings.trace?.({
    mapping: frame.mapping.tree.name.text,
    place,
    what: `${target} := ${describe(ci)}`,
  })
  return ci
}

/** @throws RootFailedError when it is no CI whose attributes are set here. */
export function assignAttribute(
  object: Value,
  name: string,
  value: Value,
  at: Span,
  frame: Frame,
  run: Run,
): void {
  const place = placeOf(frame.mapping, at)
  if (!(object instanceof Ci)) {
    throw new RootFailedError(
      'NOT_ASSIGNABLE',
      `${name} cannot be set, for this is ${typeName(object)}.`,
      place,
    )
  }
  if (object.kind === 'external' || object.kind === 'crossref') {
    const message = `${name} cannot be set on ${describe(object)}, which is specified elsewhere.`
    throw new RootFailedError('NOT_ASSIGNABLE', message, place)
  }
  setAttribute(object, name, value, at, frame, run)
  run.surroundings.trace?.({
    mapping: frame.mapping.tree.name.text,
    place,
    what: `${describe(object)}.${name} := ${textOf(value)}`,
  })
}

function setAttribute(ci: Ci, name: string, value: Value, at: Span, frame: Frame, run: Run): void {
  const written = `${nameOf(ci)}.${name}`
  const other = run.writers.get(written)
  if (other !== undefined && other !== frame.mapping && ci.attributes.has(name)) {
    const message = `${name} of ${describe(ci)} was written by ${other.tree.name.text} before.`
    warn(run, { code: 'ATTRIBUTE_OVERWRITTEN', message, place: placeOf(frame.mapping, at) })
  }
  run.writers.set(written, frame.mapping)
  run.target.setAttribute(ci, name, value)
  run.surroundings.onWrite?.({
    type: 'attribute',
    ci,
    name,
    value,
    mapping: frame.mapping.tree.name.text,
    place: placeOf(frame.mapping, at),
  })
}

function describe({ className, key, kind }: Ci): string {
  return kind === 'own' ? `${className} "${key}"` : `${kind} ${className} "${key}"`
}

const ends = new Set(['Source', 'Destination', 'Impacted', 'ImpactWeight', 'namespace'])

export function executeRelationship(call: RelationshipCall, frame: Frame, run: Run): void {
  const given = evaluateArguments(call.arguments, frame, run)
  const place = placeOf(frame.mapping, call.at)
  const end = (name: string): Ci => {
    const value = given.get(name) ?? null
    if (value instanceof Ci) return value
    throw new RootFailedError(
      'NOT_A_CI',
      `${name} of this ${call.className.text} is ${typeName(value)}, and no CI.`,
      place,
    )
  }
  const [source, destination] = [end('Source'), end('Destination')]
  const impacted = given.has('Impacted') ? end('Impacted') : undefined
  if (
    impacted !== undefined &&
    nameOf(impacted) !== nameOf(source) &&
    nameOf(impacted) !== nameOf(destination)
  ) {
    throw new RootFailedError('NOT_A_CI', 'Impacted is neither the Source nor the Destination.', place)
  }
  const weight = given.get('ImpactWeight') ?? null
  const impact: Impact | undefined = impacted && {
    isOfSource: nameOf(impacted) !== nameOf(destination),
    weight,
  }
  const attributes = new Map(
    [...given].filter(([name, value]) => !ends.has(name) && value !== null && value !== nothing),
  )
  const namespace = textOf(given.get('namespace') ?? defaultNamespace)
  const className = call.className.text
  const relationship = { className, namespace, source, destination, attributes, impact }
  run.target.relate(relationship, place)
  run.surroundings.onWrite?.({
    type: 'relationship',
    relationship,
    mapping: frame.mapping.tree.name.text,
    place,
  })
  const what = `${className}: ${describe(source)} → ${describe(destination)}`
  run.surroundings.trace?.({ mapping: frame.mapping.tree.name.text, place, what })
}

function evaluateArguments(given: readonly Argument[], frame: Frame, run: Run): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>()
  for (const { name, value } of given)
    if (name !== undefined) values.set(name.text, evaluate(value, frame, run))
  return values
}

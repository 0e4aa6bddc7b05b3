/**
 * Calls that specify CIs and relationships, and assignments to attributes of CIs.
 *
 * @module
 */

import { isOrExtends } from '../class-model.ts'
import type { Span } from '../diagnostic.ts'
import type { Mapping, Scope } from '../link/program.ts'
import { RootFailedError } from '../root-failed-error.ts'
import type { Argument, Name, RelationshipCall, SyncCall } from '../tree/tree.ts'
import { isBounded } from '../value/bounded.ts'
import { Ci, nothing, typeName, type Value } from '../value/value.ts'
import { textOf } from '../value/value-text.ts'
import { evaluate } from './evaluate-expression.ts'
import type { Frame } from './frame.ts'
import { placeOf, type Run, type Written, warn } from './run.ts'
import type { Impact } from './target-graph.ts'

/** Where a class is when a call names no other namespace. */
export const defaultNamespace = 'BMC.CORE'

/** @param target The name it is assigned to. */
export function executeSync(call: SyncCall, target: string, frame: Frame, run: Run): Ci {
  const values = evaluateArguments(call.arguments, frame, run)
  const identity = identityOf(call, values, frame)
  checkDeclared(call, target, frame, run)
  const ci = run.target.specify(identity, call.kind, placeOf(frame.mapping, call.at))
  report(() => ({ type: 'ci', ci }), call.at, frame, run)
  call.arguments.forEach(({ name }, index) => {
    if (name === undefined || name.text === 'key' || name.text === 'namespace') return
    setAttribute(ci, name, values[index] ?? null, frame, run)
  })
  traceAt(call.at, () => `${target} := ${describe(ci)}`, frame, run)
  return ci
}

function identityOf({ arguments: given, className, at }: SyncCall, values: readonly Value[], frame: Frame) {
  const key = argumentOf('key', given, values)
  if (key === null || key === nothing || key === '') {
    const message = `The key of this ${className.text} is ${textOf(key) || 'empty'}.`
    throw new RootFailedError('KEY_MISSING', message, placeOf(frame.mapping, at))
  }
  const namespace = argumentOf('namespace', given, values)
  return {
    className: className.text,
    namespace: namespace === null ? defaultNamespace : textOf(namespace),
    key: textOf(key),
  }
}

/** A CI is of the class that its target is declared as, or of one that extends it. */
function checkDeclared({ className, at }: SyncCall, target: string, frame: Frame, run: Run): void {
  let scope: Scope | undefined = frame.scope
  while (scope !== undefined && !scope.targets.has(target)) scope = scope.parent
  const declared = scope?.targets.get(target)
  if (declared === undefined || isOrExtends(run.surroundings.classes, className.text, declared.text)) return
  const message = `${target} is declared as ${declared.text}, not as ${className.text}.`
  throw new RootFailedError('CLASS_MISMATCH', message, placeOf(frame.mapping, at))
}

/** `what` is only made where somebody listens. */
function report(what: () => Written, at: Span, { mapping }: Frame, { surroundings }: Run): void {
  surroundings.onWrite?.({ ...what(), mapping: mapping.tree.name.text, place: placeOf(mapping, at) })
}

function traceAt(at: Span, what: () => string, { mapping }: Frame, { surroundings }: Run): void {
  surroundings.trace?.({ mapping: mapping.tree.name.text, place: placeOf(mapping, at), what: what() })
}

/** @throws RootFailedError when it is no CI whose attributes are set here. */
export function assignAttribute(object: Value, name: Attribute, value: Value, frame: Frame, run: Run): void {
  if (!(object instanceof Ci)) {
    const message = `${name.text} cannot be set, for this is ${typeName(object)}.`
    throw new RootFailedError('NOT_ASSIGNABLE', message, placeOf(frame.mapping, name.at))
  }
  if (object.kind === 'external' || object.kind === 'crossref') {
    const message = `${name.text} cannot be set on ${describe(object)}, which is specified elsewhere.`
    throw new RootFailedError('NOT_ASSIGNABLE', message, placeOf(frame.mapping, name.at))
  }
  setAttribute(object, name, bounded(value, name.at, frame), frame, run)
  traceAt(name.at, () => `${describe(object)}.${name.text} := ${textOf(value)}`, frame, run)
}

/** The name of an attribute, and where it is written. */
type Attribute = Pick<Name, 'text' | 'at'>

function setAttribute(ci: Ci, name: Attribute, value: Value, frame: Frame, run: Run): void {
  const other = writeBy(frame.mapping, ci, name.text, run)
  if (other !== undefined && other !== frame.mapping && ci.attributes.has(name.text)) {
    const message = `${name.text} of ${describe(ci)} was written by ${other.tree.name.text} before.`
    warn(run, { code: 'ATTRIBUTE_OVERWRITTEN', message, place: placeOf(frame.mapping, name.at) })
  }
  run.target.setAttribute(ci, name.text, value)
  report(() => ({ type: 'attribute', ci, name: name.text, value }), name.at, frame, run)
}

/** Remembers who writes the attribute, and says who did before. */
function writeBy(mapping: Mapping, ci: Ci, name: string, { writers }: Run): Mapping | undefined {
  const known = writers.get(ci)
  if (known === undefined) {
    writers.set(ci, { first: mapping, others: undefined })
    return undefined
  }
  const { first } = known
  if (mapping === first && known.others === undefined) return first
  known.others ??= new Map()
  const before = known.others.get(name) ?? first
  known.others.set(name, mapping)
  return before
}

function describe({ className, key, kind }: Ci): string {
  return kind === 'own' ? `${className} "${key}"` : `${kind} ${className} "${key}"`
}

const ends = new Set(['Source', 'Destination', 'Impacted', 'ImpactWeight', 'namespace'])

export function executeRelationship(call: RelationshipCall, frame: Frame, run: Run): void {
  const given = call.arguments
  const values = evaluateArguments(given, frame, run)
  const place = placeOf(frame.mapping, call.at)
  const end = (name: string): Ci => {
    const value = argumentOf(name, given, values)
    if (value instanceof Ci) return value
    const message = `${name} of this ${call.className.text} is ${typeName(value)}, and no CI.`
    throw new RootFailedError('NOT_A_CI', message, place)
  }
  const [source, destination] = [end('Source'), end('Destination')]
  const impacted = given.some(({ name }) => name?.text === 'Impacted') ? end('Impacted') : undefined
  if (impacted !== undefined && impacted.name !== source.name && impacted.name !== destination.name) {
    throw new RootFailedError('NOT_A_CI', 'Impacted is neither the Source nor the Destination.', place)
  }
  const impact: Impact | undefined = impacted && {
    isOfSource: impacted.name !== destination.name,
    weight: argumentOf('ImpactWeight', given, values),
  }
  const attributes = relationshipAttributes(given, values)
  const namespace = textOf(argumentOf('namespace', given, values) ?? defaultNamespace)
  const className = call.className.text
  const relationship = { className, namespace, source, destination, attributes, impact }
  run.target.relate(relationship, place)
  report(() => ({ type: 'relationship', relationship }), call.at, frame, run)
  traceAt(call.at, () => `${className}: ${describe(source)} → ${describe(destination)}`, frame, run)
}

function relationshipAttributes(given: readonly Argument[], values: readonly Value[]): Map<string, Value> {
  const attributes = new Map<string, Value>()
  given.forEach(({ name }, index) => {
    const value = values[index] ?? null
    if (name !== undefined && !ends.has(name.text) && value !== null && value !== nothing)
      attributes.set(name.text, value)
  })
  return attributes
}

/** In the order of the arguments. */
function evaluateArguments(given: readonly Argument[], frame: Frame, run: Run): readonly Value[] {
  return given.map(({ value }) => bounded(evaluate(value, frame, run), value.at, frame))
}

/** Of the argument of that name; none where it is not given. */
function argumentOf(name: string, given: readonly Argument[], values: readonly Value[]): Value {
  return values[given.findIndex((argument) => argument.name?.text === name)] ?? null
}

/** What is written down has an end. */
function bounded(value: Value, at: Span, { mapping }: Frame): Value {
  if (isBounded(value)) return value
  const message = `This ${typeName(value)} holds itself, or too much, so that it cannot be written.`
  throw new RootFailedError('TOO_LARGE', message, placeOf(mapping, at))
}

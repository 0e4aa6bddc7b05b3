/**
 * Calls that specify CIs and relationships.
 *
 * @module
 */
import { suggestion } from '@sluice/model'
import {
  attributesOf,
  isAbstract,
  isOrExtends,
  knowsClass,
  knowsRelationship,
  relationshipAttributesOf,
} from '../class-model.ts'
import { printExpression } from '../tree/print-expression.ts'
import type { Argument, Expression, Name, RelationshipCall, SyncCall } from '../tree/tree.ts'
import { checkArgumentNames } from './check-calls.ts'
import { type Checking, type Handle, type Here, handleOf, meaningOf, type Write } from './checking.ts'

/** Attributes that are none of the class. */
const reserved = new Set(['key', 'namespace'])

/** `target := sync.Class(…)`. */
export function checkAssignedSync(target: Expression, call: SyncCall, here: Here, checking: Checking): void {
  checkSync(call, checking)
  if (target.type !== 'name') {
    checking.report(
      'SYNC_NOT_ASSIGNED',
      call.at,
      'A CI is assigned to a target, and to nothing else.',
      assignIt,
    )
    return
  }
  const meaning = meaningOf(target.name.text, here, checking)
  if (meaning.type !== 'target') {
    reportUndeclared(target.name, here, checking)
    return
  }
  const { text } = call.className
  if (!isOrExtends(checking.classes, text, meaning.className)) {
    const message = `${target.name.text} is declared as ${meaning.className}, which ${text} is not and does not extend.`
    checking.report('CLASS_MISMATCH', call.at, message, suggestion(text, [meaning.className]))
  }
  const handle = { mapping: checking.mapping, target: target.name.text, className: text }
  for (const { name } of call.arguments) if (name !== undefined) noteWrite(handle, name, checking)
}

const assignIt = 'Declare "name -> Class;" in the mapping block, and write "name := sync.…".'

function reportUndeclared(name: Name, here: Here, checking: Checking): void {
  const meaning = meaningOf(name.text, here, checking)
  const known = [...here.scope.targets.keys()]
  if (meaning.type === 'elsewhere' && meaning.scope.targets.has(name.text)) {
    const where = `for each ${meaning.scope.name.text}`
    checking.report(
      'TARGET_UNDECLARED',
      name.at,
      `${name.text} is declared inside of "${where}", and is assigned there.`,
    )
    return
  }
  const remedy = suggestion(name.text, known) ?? assignIt
  checking.report('TARGET_UNDECLARED', name.at, `No target ${name.text} is declared here.`, remedy)
}

/** A call whose CI is lost. */
export function checkLooseSync(call: SyncCall, checking: Checking): void {
  checkSync(call, checking)
  checking.report('SYNC_NOT_ASSIGNED', call.at, 'The CI of this call is assigned to no target.', assignIt)
}

function checkSync(call: SyncCall, checking: Checking): void {
  const { className, arguments: given, kind, at } = call
  checking.observe({ type: 'class', name: className }, checking.mapping)
  checkParameters(given, checking)
  if (!given.some(({ name }) => name?.text === 'key')) {
    checking.report('KEY_MISSING', at, 'This call gives the CI no key.', 'Write "key := …" first.')
  }
  const isReference = kind === 'external' || kind === 'crossref'
  for (const { name } of given) {
    if (name === undefined || reserved.has(name.text)) continue
    if (isReference) {
      const message = `sync.${kind} refers to a CI that is specified elsewhere, and sets no attribute.`
      checking.report('ATTRIBUTE_NOT_ALLOWED', name.at, message, `Leave ${name.text} out.`)
    } else checkAttribute(className.text, name, checking)
  }
  if (!knowsClass(checking.classes, className.text)) {
    const remedy = suggestion(className.text, checking.classes.classes.keys())
    checking.report('CLASS_UNKNOWN', className.at, `The class model has no class ${className.text}.`, remedy)
  } else if (isAbstract(checking.classes, className.text)) {
    const message = `${className.text} is abstract: there are CIs of the classes that extend it, and none of its own.`
    checking.report('CLASS_ABSTRACT', className.at, message)
  }
}

/** Warns of one that the class lacks: it would be ignored. */
export function checkAttribute(className: string, name: Name, checking: Checking): void {
  const { classes, report, observe, mapping } = checking
  observe({ type: 'attribute', name, className }, mapping)
  const known = attributesOf(classes, className)
  if (known === undefined || known.size === 0 || known.has(name.text) || reserved.has(name.text)) return
  const message = `${className} has no attribute ${name.text}, so that it is ignored.`
  report('ATTRIBUTE_UNKNOWN', name.at, message, suggestion(name.text, known))
}

export function noteWrite(handle: Handle, attribute: Name, checking: Checking): void {
  if (reserved.has(attribute.text)) return
  const write: Write = { handle, by: checking.mapping, attribute }
  checking.writes.push(write)
}

export function checkRelationship(call: RelationshipCall, here: Here, checking: Checking): void {
  const { className, arguments: given, at } = call
  checking.observe({ type: 'relationshipClass', name: className }, checking.mapping)
  checkParameters(given, checking)
  checkRelationshipClass(call, checking)
  const [source, destination] = given
  if (source?.name?.text !== 'Source' || destination?.name?.text !== 'Destination') {
    const message = 'The first two parameters of a relationship are Source and Destination.'
    checking.report('REL_SOURCE_DESTINATION', at, message)
    return
  }
  const wanted = checking.classes.relationships?.get(className.text)?.ends
  if (wanted !== undefined) {
    checkEnd(source, wanted.source, here, checking)
    checkEnd(destination, wanted.destination, here, checking)
  }
  checkImpacted(given, checking)
}

/** Both are said of the class by name, so that what is misspelt is not ignored in silence. */
function checkRelationshipClass({ className, arguments: given }: RelationshipCall, checking: Checking): void {
  const { classes, report } = checking
  if (!knowsRelationship(classes, className.text)) {
    const remedy = suggestion(className.text, classes.relationships?.keys() ?? [])
    report('CLASS_UNKNOWN', className.at, `The class model has no relationship ${className.text}.`, remedy)
  }
  const known = relationshipAttributesOf(classes, className.text)
  if (known === undefined || !knowsRelationship(classes, className.text)) return
  for (const { name } of given) {
    if (name === undefined) continue
    if (name.text === 'Impacted' && !known.has('HasImpact')) {
      const message = `${className.text} has no attribute HasImpact, so that what is impacted is ignored.`
      report('ATTRIBUTE_UNKNOWN', name.at, message)
    } else if (!known.has(name.text) && !ends.has(name.text)) {
      const message = `${className.text} has no attribute ${name.text}, so that it is ignored.`
      report('ATTRIBUTE_UNKNOWN', name.at, message, suggestion(name.text, known))
    }
  }
}

/** Parameters of a relationship that are none of its attributes. */
const ends = new Set(['Source', 'Destination', 'Impacted', 'ImpactWeight', 'namespace'])

/** A target may be given a CI of any class that extends the declared one; which one, the run knows. */
function checkEnd({ name, value }: Argument, wanted: string, here: Here, checking: Checking): void {
  const { classes } = checking
  const declared = handleOf(value, here, checking)?.className
  if (declared === undefined || name === undefined || !knowsClass(classes, declared)) return
  if (isOrExtends(classes, declared, wanted) || isOrExtends(classes, wanted, declared)) return
  const message = `${name.text} is a ${declared} here, and has to be a ${wanted}, or to extend it.`
  checking.report('END_MISMATCH', value.at, message)
}

function checkImpacted(given: readonly Argument[], checking: Checking): void {
  const [source, destination] = given
  const impacted = given.find(({ name }) => name?.text === 'Impacted')
  if (impacted?.name === undefined || source === undefined || destination === undefined) return
  const both = [source.value, destination.value].map(printExpression)
  if (both.includes(printExpression(impacted.value))) return
  const message = 'Impacted is the Source or the Destination of the same call.'
  checking.report('IMPACTED_NOT_ENDPOINT', impacted.name.at, message, `Write ${both.join(' or ')}.`)
}

function checkParameters(given: readonly Argument[], checking: Checking): void {
  checkArgumentNames(given, checking)
  for (const { name, value } of given) {
    if (name === undefined) {
      checking.report(
        'PARAMETER_UNNAMED',
        value.at,
        'Every parameter of this call has a name.',
        'Write "Name := …".',
      )
    }
    if (name?.text === 'namespace' && !isLiteral(value)) {
      const message = 'A namespace is a literal text. It cannot be computed in the body.'
      checking.report('NAMESPACE_NOT_LITERAL', name.at, message, 'Write e.g. namespace := "BMC.CORE".')
    }
  }
}

function isLiteral(value: Expression): boolean {
  return value.type === 'text' && value.parts.every((part) => typeof part === 'string')
}

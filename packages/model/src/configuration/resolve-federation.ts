/**
 * How a mapping shares its resources: what was left out filled in, and what cannot work refused, so that no run ever starts on it.
 *
 * @module
 */
import { canName, type EntityType } from '../entity/entity-model.ts'
import { type DeletePolicy, type Federation, keyOnly, type Reconciliation } from '../source/federation.ts'
import { inOrder, type RuleKey } from '../source/key-normalizers.ts'
import { legalValue } from '../source/legal-value.ts'
import { millisecondsOf } from './common-schema.ts'
import { type Definition, placeIn } from './definition.ts'
import { findingCodes } from './finding.ts'
import type { Findings } from './findings.ts'
import { suggestion } from './names.ts'
import type { PropertyMappingInput } from './property-mapping-schema.ts'
import type { RuleKeyInput } from './sharing-schema.ts'
import type { EntityMappingInput, SourceInput } from './source-schema.ts'
import type { YamlPath } from './yaml-file.ts'

interface Context {
  readonly source: Definition<SourceInput>
  readonly findings: Findings
  /** From the source to the mapping. */
  readonly path: YamlPath
  readonly type: EntityType
  readonly worthlessValues: readonly string[]
}

/** `undefined`: the mapping says nothing of it, and its source is no open table. */
export function resolveFederation(context: Context, input: EntityMappingInput): Federation | undefined {
  const { value: source } = context.source
  if (source.table !== true && !saysAnything(input)) return undefined
  const fullLoadInterval = millisecondsOf(input.fullLoadInterval ?? '0s')
  return {
    reconciliation: resolveReconciliation(context, input),
    deletePolicy: resolveDeletePolicy(context, input, source.table === true ? 'ignore' : 'delete'),
    fullLoadInterval,
  }
}

function saysAnything(input: EntityMappingInput): boolean {
  const written = [input.reconciliation, input.delete, input.fullLoadInterval]
  return written.some((part) => part !== undefined) || Object.values(input.properties).some(isShared)
}

/** A property that others may write, too. */
function isShared(input: PropertyMappingInput): boolean {
  if (typeof input !== 'object') return false
  const { policy, precedence, update, reconcile } = input
  return [policy, precedence, update, reconcile].some((part) => part !== undefined)
}

function resolveReconciliation(context: Context, input: EntityMappingInput): Reconciliation {
  const { source, findings, path, type } = context
  const given = input.reconciliation ?? {}
  const marked = Object.entries(input.properties)
    .filter(([, property]) => typeof property === 'object' && property.reconcile === true)
    .map(([name]) => name)
  const asked = given.rules ?? (marked.length > 0 ? [marked] : [])
  const rules = asked.map((rule) => rule.map((key) => ruleKey(context, key)))
  const policy = given.policy ?? (rules.length > 0 ? 'attributes' : 'key')
  const at = placeIn(source, given.policy === undefined ? path : [...path, 'reconciliation', 'policy'], 'key')
  if (policy === 'attributes' && rules.length === 0) {
    findings.add(findingCodes.federation, at, `"${type.name}" has the policy "attributes", but no rule.`, {
      remedy: 'List rules, or write `reconcile: true` at a property.',
    })
  }
  given.rules?.forEach((rule, index) => {
    for (const [place, key] of rule.entries())
      checkRuleProperty(context, input, ruleKey(context, key), [index, place])
  })
  for (const name of given.rules === undefined ? marked : [])
    checkSearchable(context, name, [...path, 'properties', name])
  return {
    policy,
    rules: policy === 'attributes' ? rules : [],
    ...actionsOf(given),
  }
}

function actionsOf(
  given: NonNullable<EntityMappingInput['reconciliation']>,
): Pick<Reconciliation, 'onZero' | 'onOne' | 'onMultiple' | 'onRekey'> {
  const { onZero, onOne, onMultiple, onRekey } = keyOnly.reconciliation
  return {
    onZero: given.onZero ?? onZero,
    onOne: given.onOne ?? onOne,
    onMultiple: given.onMultiple ?? onMultiple,
    onRekey: given.onRekey ?? onRekey,
  }
}

function ruleKey({ worthlessValues }: Context, input: RuleKeyInput): RuleKey {
  if (typeof input === 'string') return { property: input, normalize: [], worthless: [] }
  const normalize = inOrder(typeof input.normalize === 'string' ? [input.normalize] : input.normalize)
  return {
    property: input.property,
    normalize,
    worthless: normalize.includes('worthless') ? worthlessValues : [],
  }
}

/** `place`: of the rule, and of the property in it. */
function checkRuleProperty(
  context: Context,
  input: EntityMappingInput,
  { property: name, normalize }: RuleKey,
  place: readonly [number, number],
): void {
  const { source, findings, path } = context
  const at = [...path, 'reconciliation', 'rules', ...place]
  const mapped = Object.keys(input.properties)
  if (mapped.includes(name)) {
    checkSearchable(context, name, at)
    if (normalize.length > 0) checkNormalizable(context, name, at)
    return
  }
  findings.add(
    findingCodes.federation,
    placeIn(source, at),
    `"${name}" is not among the mapped properties.`,
    {
      remedy: suggestion(name, mapped),
    },
  )
}

function checkSearchable({ source, findings, type }: Context, name: string, at: YamlPath): void {
  const property = type.properties.find((candidate) => candidate.name === name)
  if (property?.type !== 'file' && property?.type !== 'secret') return
  const message = `"${name}" is a ${property.type}, which cannot be used to find resources.`
  findings.add(findingCodes.federation, placeIn(source, at), message, { remedy: 'Use another property.' })
}

/** What a number or a date is written like does not count anyway. */
function checkNormalizable({ source, findings, type }: Context, name: string, at: YamlPath): void {
  const property = type.properties.find((candidate) => candidate.name === name)
  if (property === undefined || ['string', 'text', 'enum', 'file', 'secret'].includes(property.type)) return
  const message = `"${name}" is of type ${property.type}, but normalizers are only for texts.`
  findings.add(findingCodes.federation, placeIn(source, at), message, {
    remedy: `Write ${name} without normalizers: values of this type are compared as values, not as texts.`,
  })
}

function resolveDeletePolicy(
  context: Context,
  input: EntityMappingInput,
  standard: DeletePolicy['action'],
): DeletePolicy {
  const { source, findings, path } = context
  const given = typeof input.delete === 'string' ? { action: input.delete } : input.delete
  const action = given?.action ?? standard
  const at = placeIn(source, [...path, 'delete'], 'key')
  const values = Object.entries(given?.update ?? {})
  const updates = action === 'update' || action === 'update_then_delete'
  if (updates && values.length === 0) {
    findings.add(findingCodes.federation, at, `The delete policy "${action}" has no value to write.`, {
      remedy: 'Write {action: update, update: {status: obsolete}}, with a property of the type.',
    })
  }
  if (!updates && values.length > 0) {
    findings.add(findingCodes.federation, at, `The delete policy "${action}" writes nothing.`, {
      remedy: 'Take `update` out, or choose `update` or `update_then_delete` as the action.',
    })
  }
  if (action === 'update_then_delete' && given?.retention === undefined) {
    findings.add(
      findingCodes.federation,
      at,
      'The retention is missing: how long after the update the resource is deleted.',
      {
        remedy: 'Write a retention such as 30d.',
      },
    )
  }
  return {
    action,
    update: new Map(values.flatMap(([name, value]) => updateValue(context, name, String(value)))),
    retention: millisecondsOf(given?.retention ?? '0s'),
  }
}

function updateValue(
  { source, findings, path, type }: Context,
  name: string,
  value: string,
): readonly (readonly [string, string])[] {
  const at = (part: 'key' | 'value') => placeIn(source, [...path, 'delete', 'update', name], part)
  const property = type.properties.find((candidate) => candidate.name === name)
  if (property === undefined) {
    findings.add(findingCodes.unknownName, at('key'), `"${type.name}" has no property "${name}".`, {
      remedy: suggestion(
        name,
        type.properties.map((each) => each.name),
      ),
    })
    return []
  }
  if (!canName(property)) {
    const message = `"${name}" is a ${property.type}, which a delete policy cannot write.`
    findings.add(findingCodes.federation, at('key'), message, {
      remedy: 'Use a property with a plain value.',
    })
    return []
  }
  const { isLegal, expected } = legalValue(property, {})
  if (value === '' ? property.required : !isLegal(value)) {
    const message =
      value === '' ? `"${name}" is required and cannot be reset.` : `"${value}" is not ${expected}.`
    findings.add(findingCodes.federation, at('value'), message, {
      remedy: `Write a value that "${name}" can hold.`,
    })
    return []
  }
  return [[name, value]]
}

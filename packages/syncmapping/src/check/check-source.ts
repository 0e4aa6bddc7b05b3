/**
 * What modules say of the source graph: its kinds, their attributes, the ways between them.
 *
 * @module
 */
import { suggestion } from '@sluice/model'
import { type SpecPart, specParts, strayPart } from '../kind-model.ts'
import type { Name, PlacedSpec } from '../tree/tree.ts'
import type { Checking } from './checking.ts'

export function checkKind(kind: Name, { kinds, report, observe, mapping }: Checking): void {
  observe({ type: 'kind', name: kind }, mapping)
  if (kinds === undefined || kinds.kinds.has(kind.text)) return
  const message = `The source graph has no nodes of kind ${kind.text}.`
  report('KIND_UNKNOWN', kind.at, message, suggestion(kind.text, kinds.kinds.keys()))
}

/** @param kind Of the node, where it is known. */
export function checkNodeAttribute(
  attribute: Name,
  kind: string | undefined,
  { kinds, report }: Checking,
): void {
  const known = kind === undefined ? undefined : kinds?.kinds.get(kind)?.attributes
  if (known === undefined || known.has(attribute.text)) return
  const message = `Nodes of kind ${kind} have no attribute ${attribute.text}, so its value is none.`
  report('NODE_ATTRIBUTE_UNKNOWN', attribute.at, message, suggestion(attribute.text, known))
}

/** @param from The kind from which it goes, where it is known. */
export function checkSpec(spec: PlacedSpec, from: string | undefined, checking: Checking): void {
  for (const part of specParts) {
    const name = spec.names[part]
    if (name === undefined) continue
    if (part === 'kind') checkKind(name, checking)
    else checking.observe({ type: part === 'relationship' ? part : 'role', name }, checking.mapping)
  }
  const { kinds, report } = checking
  const stray = kinds && strayPart(kinds, spec, from)
  const name = stray && spec.names[stray.part]
  // That there is no such kind has been reported.
  if (stray === undefined || name === undefined || (stray.part === 'kind' && !kinds?.kinds.has(name.text)))
    return
  const of = from === undefined ? '' : ` from ${from}`
  const message = `No relationship${of} has the ${words[stray.part]} ${name.text} here, so this traversal reaches nothing.`
  report('TRAVERSAL_UNKNOWN', name.at, message, suggestion(name.text, stray.known))
}

const words: Readonly<Record<SpecPart, string>> = {
  role: 'role',
  relationship: 'name',
  otherRole: 'role',
  kind: 'kind',
}

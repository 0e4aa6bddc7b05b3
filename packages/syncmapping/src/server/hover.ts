/**
 * What is said of a name, as Markdown.
 *
 * @module
 */
import { attributesOf, type ClassModel } from '../class-model.ts'
import { signatures } from '../functions/signatures.ts'
import type { KindModel } from '../kind-model.ts'
import { printExpression } from '../tree/print-expression.ts'
import { printSpec } from '../tree/print-spec.ts'
import type { Analysis } from './analysis.ts'
import type { Occurrence, What } from './occurrence.ts'

/** `undefined`: there is nothing to say. */
export function hoverText({ name, what, declaration }: Occurrence, analysis: Analysis): string | undefined {
  const module =
    declaration && analysis.modules.get((declaration.original ?? declaration).file)?.tree.name.text
  const text = says(name.text, what, analysis)
  if (text === undefined) return undefined
  const isElsewhere = what.type === 'syncmapping' || what.type === 'table' || what.type === 'configuration'
  return isElsewhere && module !== undefined ? `${text} of module \`${module}\`` : text
}

function says(name: string, what: What, { rules: { classes, kinds } }: Analysis): string | undefined {
  switch (what.type) {
    case 'unknown':
      return undefined
    case 'unavailable':
      return `\`${name}\`: imported from a module that is not here`
    case 'function':
      return ofFunction(name)
    case 'class':
      return ofClass(name, classes)
    case 'relationshipClass':
      return `relationship class \`${name}\``
    case 'kind':
      return ofKind(name, kinds)
    case 'role':
      return `role \`${name}\` of a relationship`
    case 'relationship':
      return ofRelationship(name, kinds)
    case 'attribute':
      return ofAttribute(name, what.className, classes)
    case 'nodeAttribute':
      return `attribute \`${name}\` of a node${what.kind === undefined ? '' : ` of kind \`${what.kind}\``}`
    case 'target':
      return `target \`${name}\`: one CI of class ${ofClass(what.className, classes).replace(/^class /, '')}`
    case 'variable': {
      const kind = what.kind === undefined ? '' : `, node of kind \`${what.kind}\``
      return `variable \`${name}\`${kind} (${what.says})`
    }
    case 'constant':
      return `constant \`${name}\`${what.value === undefined ? '' : ` = \`${printExpression(what.value)}\``}`
    case 'syncmapping':
      return `syncmapping \`${name}\`${what.says === '' ? '' : `, ${what.says},`}`
    case 'local':
      return `variable \`${name}\` of the body`
    default:
      return `${what.type} \`${name}\``
  }
}

function ofFunction(name: string): string | undefined {
  const signature = signatures.get(name)
  return signature && `\`\`\`tpl\n${name}${signature.call}\n\`\`\`\n\n${signature.says}`
}

function ofKind(name: string, model: KindModel | undefined): string {
  const kind = model?.kinds.get(name)
  if (model !== undefined && kind === undefined)
    return `kind of node \`${name}\`, which is not in the source graph`
  const attributes = [...(kind?.attributes ?? [])].sort()
  if (attributes.length === 0) return `kind of node \`${name}\``
  return `kind of node \`${name}\`\n\nAttributes: ${attributes.map((one) => `\`${one}\``).join(', ')}`
}

/** With the ways that it leads, each written as a traversal. */
function ofRelationship(name: string, model: KindModel | undefined): string {
  const ways = (model?.ways ?? []).filter(({ relationship }) => relationship === name)
  const lines = ways.map((way) => `- from \`${way.from}\`: \`${printSpec(way)}\``)
  return [`relationship \`${name}\` of the source graph`, ...(lines.length === 0 ? [] : ['', ...lines])].join(
    '\n',
  )
}

function ofClass(name: string, { classes }: ClassModel): string {
  const known = classes.get(name)
  return `class \`${name}\`${known?.super === undefined ? '' : `, which extends \`${known.super}\``}`
}

function ofAttribute(name: string, className: string, classes: ClassModel): string {
  const known = attributesOf(classes, className)
  const isMissing = known !== undefined && known.size > 0 && !known.has(name)
  return `attribute \`${name}\` of \`${className}\`${isMissing ? ', which has no such attribute' : ''}`
}

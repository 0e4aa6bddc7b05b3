/**
 * What is said of a name, as Markdown.
 *
 * @module
 */
import { attributesOf, type ClassModel } from '../class-model.ts'
import { signatures } from '../functions/signatures.ts'
import { printExpression } from '../tree/print-expression.ts'
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

function says(name: string, what: What, { classes }: Analysis): string | undefined {
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
      return `kind of node \`${name}\``
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

function ofClass(name: string, { classes }: ClassModel): string {
  const known = classes.get(name)
  return `class \`${name}\`${known?.super === undefined ? '' : `, which extends \`${known.super}\``}`
}

function ofAttribute(name: string, className: string, classes: ClassModel): string {
  const known = attributesOf(classes, className)
  const isMissing = known !== undefined && known.size > 0 && !known.has(name)
  return `attribute \`${name}\` of \`${className}\`${isMissing ? ', which has no such attribute' : ''}`
}

/**
 * The mutants of a source's TypeScript: conditions made constant, boundaries moved, operands, statements, elements and
 * filters taken out, numbers and truths changed.
 *
 * Texts are left as they are, and so are error classes and what errors are made of: wordings are looked at by people.
 *
 * @module
 */
import { type ESTree, parseSync, Visitor } from 'vite'
import type { Mutant } from './mutant.ts'
import { mutateSql } from './mutate-sql.ts'

type Span = Pick<ESTree.Node, 'start' | 'end'>

const otherOperator: Readonly<Record<string, string>> = {
  '<': '<=',
  '<=': '<',
  '>': '>=',
  '>=': '>',
  '===': '!==',
  '!==': '===',
  '+': '-',
  '-': '+',
  '*': '/',
  '/': '*',
}

const otherMethod: Readonly<Record<string, string>> = { some: 'every', every: 'some', min: 'max', max: 'min' }

/** Methods that leave things out or put them in order: without the call there is more, or in another order. */
const narrowing: ReadonlySet<string> = new Set(['filter', 'slice', 'sort', 'toSorted', 'toReversed', 'catch'])

/** Elements that mostly are a place in a tuple, which nobody leaves out. */
const places: ReadonlySet<string> = new Set(['Identifier', 'TemplateLiteral', 'TaggedTemplateExpression'])

/** Every mutant of a file, its SQL included, in the order in which they stand there. */
export function mutantsOf(text: string): readonly Mutant[] {
  const found: Mutant[] = []
  const wordings: Span[] = []
  const replace = ({ start, end }: Span, replacement: string) => found.push({ start, end, replacement })
  const source = ({ start, end }: Span) => text.slice(start, end)
  const constant = (condition: Span) => ['true', 'false'].map((truth) => replace(condition, truth))
  /** Each alone; the comma goes too. */
  const without = (list: readonly (ESTree.Node | null)[]) => {
    for (const [at, element] of list.entries()) {
      if (element === null || places.has(element.type)) continue
      const next = list[at + 1]
      const before = list[at - 1]
      if (next) replace({ start: element.start, end: next.start }, '')
      else replace({ start: before?.end ?? element.start, end: element.end }, '')
    }
  }
  new Visitor({
    IfStatement: ({ test }) => constant(test),
    ConditionalExpression: ({ test }) => constant(test),
    WhileStatement: ({ test }) => replace(test, 'false'),
    BinaryExpression(node) {
      const other = otherOperator[node.operator]
      if (other !== undefined) replace(node, `${source(node.left)} ${other} ${source(node.right)}`)
    },
    LogicalExpression(node) {
      replace(node, source(node.left))
      replace(node, source(node.right))
    },
    UnaryExpression(node) {
      if (node.operator === '!') replace(node, source(node.argument))
    },
    ExpressionStatement: (node) => replace(node, ';'),
    ThrowStatement(node) {
      wordings.push(node.argument)
      replace(node, ';')
    },
    BreakStatement: (node) => replace(node, ';'),
    ContinueStatement: (node) => replace(node, ';'),
    ArrayExpression: ({ elements }) => without(elements),
    CallExpression({ callee }) {
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return
      const other = otherMethod[callee.property.name]
      if (other !== undefined) replace(callee.property, other)
    },
    'CallExpression:exit'(node) {
      const { callee } = node
      if (callee.type !== 'MemberExpression' || callee.property.type !== 'Identifier') return
      if (narrowing.has(callee.property.name)) replace(node, source(callee.object))
    },
    Literal(node) {
      if (typeof node.value === 'number') replace(node, String(node.value + 1))
      if (typeof node.value === 'boolean') replace(node, String(!node.value))
    },
    TaggedTemplateExpression({ tag, quasi }) {
      if (source(tag) === 'sql') found.push(...mutateSql(text, quasi))
    },
    ClassDeclaration(node) {
      if (node.superClass && source(node.superClass).endsWith('Error')) wordings.push(node.body)
    },
    NewExpression(node) {
      if (source(node.callee).endsWith('Error')) wordings.push(node)
    },
    TSTypeAnnotation: (node) => wordings.push(node),
    TSTypeAliasDeclaration: (node) => wordings.push(node),
    TSTypeParameterInstantiation: (node) => wordings.push(node),
    ImportDeclaration: (node) => wordings.push(node),
  }).visit(parseSync('mutated.ts', text, { lang: 'ts' }).program)
  const isWording = ({ start, end }: Span) => wordings.some((one) => one.start <= start && end <= one.end)
  return unique(found.filter((mutant) => !isWording(mutant))).sort((a, b) => a.start - b.start)
}

function unique(mutants: readonly Mutant[]): Mutant[] {
  return [
    ...new Map(
      mutants.map((mutant) => [`${mutant.start} ${mutant.end} ${mutant.replacement}`, mutant]),
    ).values(),
  ]
}

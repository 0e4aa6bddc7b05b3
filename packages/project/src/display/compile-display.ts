/**
 * From a display expression to what it comes to: the part of CEL that the database can do with the values of a resource.
 *
 * What is wrong for every resource is found here. What is left cannot fail, but for a part of a text that is too short.
 *
 * @module
 */
import {
  type DisplayProblem,
  type DisplayTerm,
  type DisplayTest,
  type Property,
  suggestion,
} from '@sluice/model'
import { DisplaySource, type Expr, integerIn, textIn, UnfitExpression } from './display-source.ts'

type Call = Extract<Expr['exprKind'], { case: 'callExpr' }>['value']

export function compileDisplay(
  expression: string,
  properties: readonly Property[],
): DisplayTerm | DisplayProblem {
  try {
    const source = new DisplaySource(expression, properties)
    return new Compiler(source).text(source.expr)
  } catch (error) {
    if (error instanceof UnfitExpression) return error.problem
    throw error
  }
}

const functions = [
  ...['string', 'upperAscii', 'lowerAscii', 'trim', 'substring', 'join', 'filter'],
  ...['contains', 'startsWith', 'endsWith', 'has'],
]

class Compiler {
  readonly #source: DisplaySource

  constructor(source: DisplaySource) {
    this.#source = source
  }

  text(expr: Expr | undefined): DisplayTerm {
    if (expr === undefined) return this.#source.refuse(expr, 'A text is missing.')
    const constant = textIn(expr)
    if (constant !== undefined) return this.#constant(expr, constant)
    const property = this.#source.propertyOf(expr)
    if (property !== undefined) return this.#property(expr, property)
    if (expr.exprKind.case === 'callExpr') return this.#textOfCall(expr, expr.exprKind.value)
    if (expr.exprKind.case === 'constExpr')
      return this.#source.refuse(expr, 'A text is needed here, and this is none.', 'A text stands in quotes.')
    return this.#source.refuse(expr, 'A text is needed here, and this is none.')
  }

  #constant(expr: Expr, text: string): DisplayTerm {
    if (text.includes('\0')) this.#source.refuse(expr, 'No text that is stored holds the character U+0000.')
    return { is: 'text', text }
  }

  #property(expr: Expr, { name, type }: Property): DisplayTerm {
    if (type === 'integer' || type === 'decimal')
      return this.#source.refuse(
        expr,
        `"${name}" is a number, and a text is needed here.`,
        `string(${name}) makes a text of it.`,
      )
    if (type === 'boolean')
      return this.#source.refuse(
        expr,
        `"${name}" is true or false, and a text is needed here.`,
        `Choose by it: ${name} ? "…" : "…".`,
      )
    return { is: 'property', property: name }
  }

  #textOfCall(expr: Expr, call: Call): DisplayTerm {
    const { target, args } = call
    switch (call.function) {
      case '_+_':
        return {
          is: 'joined',
          terms: args.flatMap((arg) => partsOf(this.text(arg))),
          between: '',
          filled: false,
        }
      case '_?_:_':
        return {
          is: 'choice',
          when: this.test(args[0]),
          chosen: this.text(args[1]),
          otherwise: this.text(args[2]),
        }
      case 'string':
        return this.#asText(args[0])
      case 'upperAscii':
        return { is: 'upper', of: this.text(target) }
      case 'lowerAscii':
        return { is: 'lower', of: this.text(target) }
      case 'trim':
        return { is: 'trimmed', of: this.text(target) }
      case 'substring':
        return this.#part(expr, call)
      case 'join':
        return this.#list(expr, call)
      default:
        return this.#unknown(expr, call)
    }
  }

  /** Of whatever has a text. */
  #asText(expr: Expr | undefined): DisplayTerm {
    const property = expr === undefined ? undefined : this.#source.propertyOf(expr)
    return property === undefined ? this.text(expr) : { is: 'property', property: property.name }
  }

  #part(expr: Expr, { target, args }: Call): DisplayTerm {
    const [from, to] = args.map(integerIn)
    const isWhole = from !== undefined && (args.length === 1 || to !== undefined)
    if (!isWhole || from < 0n || (to !== undefined && to < from) || (to ?? from) > 100_000n)
      return this.#source.refuse(
        expr,
        'substring() takes one or two whole numbers, the first not above the second.',
      )
    const end = to === undefined ? {} : { to: Number(to) }
    return { is: 'part', of: this.text(target), from: Number(from), ...end }
  }

  #list(expr: Expr, { target, args }: Call): DisplayTerm {
    const between = args.length === 0 ? '' : textIn(args[0])
    if (between === undefined || between.includes('\0'))
      return this.#source.refuse(expr, 'join() takes the text that stands between the others, in quotes.')
    const filter = target === undefined ? undefined : this.#source.filterOf(target)
    const list = filter === undefined ? target : filter.list
    if (list?.exprKind.case !== 'listExpr')
      return this.#source.refuse(
        expr,
        'join() puts a list together.',
        'Such as [lastName, firstName].join(", ").',
      )
    if (filter !== undefined) this.#requireFilled(expr, filter.args)
    const terms = list.exprKind.value.elements.map((element) => this.text(element))
    return { is: 'joined', terms, between, filled: filter !== undefined }
  }

  #requireFilled(at: Expr, [name, test]: readonly Expr[]): void {
    const variable = name?.exprKind.case === 'identExpr' ? name.exprKind.value.name : undefined
    const call = test?.exprKind.case === 'callExpr' ? test.exprKind.value : undefined
    const [left, right] = call?.args ?? []
    const isVariable = left?.exprKind.case === 'identExpr' && left.exprKind.value.name === variable
    if (call?.function === '_!=_' && isVariable && textIn(right) === '') return
    this.#source.refuse(
      at,
      'Of a list, what is filled can be kept, and nothing else.',
      'Write filter(x, x != "").',
    )
  }

  test(expr: Expr | undefined): DisplayTest {
    if (expr === undefined) return this.#source.refuse(expr, 'A condition is missing.')
    const constant = expr.exprKind.case === 'constExpr' ? expr.exprKind.value.constantKind : undefined
    if (constant?.case === 'boolValue') return { is: constant.value ? 'all' : 'any', tests: [] }
    const property = this.#source.propertyOf(expr)
    if (property !== undefined) {
      const { name } = property
      if (expr.exprKind.case === 'selectExpr' && expr.exprKind.value.testOnly)
        return { is: 'filled', property: name }
      if (property.type === 'boolean') return { is: 'flag', property: name }
      return this.#source.refuse(
        expr,
        `"${name}" is neither true nor false.`,
        `Compare it with something, such as ${name} == "…".`,
      )
    }
    if (expr.exprKind.case !== 'callExpr')
      return this.#source.refuse(expr, 'What is true or false is needed here, and this is neither.')
    return this.#testOfCall(expr, expr.exprKind.value)
  }

  #testOfCall(expr: Expr, call: Call): DisplayTest {
    const { target, args } = call
    const [left, right] = args
    const tested = (is: 'contains' | 'starts' | 'ends') =>
      ({ is, of: this.text(target), text: this.text(left) }) as const
    switch (call.function) {
      case '_==_':
        return this.#same(left, right)
      case '_!=_':
        return { is: 'not', test: this.#same(left, right) }
      case '!_':
        return { is: 'not', test: this.test(left) }
      case '_&&_':
        return { is: 'all', tests: args.map((arg) => this.test(arg)) }
      case '_||_':
        return { is: 'any', tests: args.map((arg) => this.test(arg)) }
      case '@in':
        return { is: 'any', tests: this.#elements(right).map((each) => this.#same(left, each)) }
      case 'contains':
        return tested('contains')
      case 'startsWith':
        return tested('starts')
      case 'endsWith':
        return tested('ends')
      default:
        return this.#unknown(expr, call)
    }
  }

  #same(left: Expr | undefined, right: Expr | undefined): DisplayTest {
    const [one, other] = [this.#compared(left), this.#compared(right)]
    if (one.kind !== other.kind)
      this.#source.refuse(
        right,
        `A ${one.kind} is compared with a ${other.kind}.`,
        'string(…) makes a text of a number.',
      )
    return { is: 'same', left: one.term, right: other.term }
  }

  /** Whole numbers have one spelling each. */
  #compared(expr: Expr | undefined): { readonly kind: string; readonly term: DisplayTerm } {
    const number = integerIn(expr)
    if (number !== undefined) return { kind: 'whole number', term: { is: 'text', text: String(number) } }
    const property = expr === undefined ? undefined : this.#source.propertyOf(expr)
    if (property?.type === 'integer')
      return { kind: 'whole number', term: { is: 'property', property: property.name } }
    return { kind: 'text', term: this.text(expr) }
  }

  #elements(list: Expr | undefined): readonly Expr[] {
    if (list?.exprKind.case === 'listExpr') return list.exprKind.value.elements
    return this.#source.refuse(list, 'Behind "in" stands a list.', 'Such as status in ["left", "gone"].')
  }

  #unknown(expr: Expr, call: Call): never {
    const name = call.function
    if (/^\w+$/.test(name) && !functions.includes(name))
      return this.#source.refuse(
        expr,
        `There is no function "${name}" in a display expression.`,
        suggestion(name, functions),
      )
    const shown = name.replaceAll('_', '').replace('@', '')
    return this.#source.refuse(expr, `"${shown}" is not for this place in a display expression.`)
  }
}

/** `a + b + c` is one row of three. */
function partsOf(term: DisplayTerm): readonly DisplayTerm[] {
  return term.is === 'joined' && term.between === '' && !term.filled ? term.terms : [term]
}

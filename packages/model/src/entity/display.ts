/**
 * What people are shown of a resource: the value of a property, or a text that is made of several.
 *
 * An expression is written in CEL. Kept of it, beside what was written, is what it comes to: a tree of the few things that the
 * database can do with values and that cannot fail, so that a name is true whenever it is read, and lists are searched and sorted by it.
 *
 * @module
 */
import { z } from 'zod'

/** A text. */
export type DisplayTerm =
  | { readonly is: 'text'; readonly text: string }
  /** The value of a property as readers show it; empty where there is none. */
  | { readonly is: 'property'; readonly property: string }
  /** One behind the other, with a text between them; without those that are empty where `filled` says so. */
  | {
      readonly is: 'joined'
      readonly terms: readonly DisplayTerm[]
      readonly between: string
      readonly filled: boolean
    }
  | {
      readonly is: 'choice'
      readonly when: DisplayTest
      readonly chosen: DisplayTerm
      readonly otherwise: DisplayTerm
    }
  | { readonly is: 'upper' | 'lower' | 'trimmed'; readonly of: DisplayTerm }
  /** Characters from, counted from 0, up to but not including; none, and the resource is not shown by the expression, where the text is shorter. */
  | {
      readonly is: 'part'
      readonly of: DisplayTerm
      readonly from: number
      readonly to?: number | undefined
    }

/** What is true of a resource or not. */
export type DisplayTest =
  /** A property of the type boolean; false where there is no value. */
  | { readonly is: 'flag'; readonly property: string }
  | { readonly is: 'filled'; readonly property: string }
  | { readonly is: 'same'; readonly left: DisplayTerm; readonly right: DisplayTerm }
  | {
      readonly is: 'contains' | 'starts' | 'ends'
      readonly of: DisplayTerm
      readonly text: DisplayTerm
    }
  | { readonly is: 'not'; readonly test: DisplayTest }
  | { readonly is: 'all' | 'any'; readonly tests: readonly DisplayTest[] }

export interface DisplayExpression {
  /** As it was written. */
  readonly expression: string
  readonly term: DisplayTerm
}

export const displayTermSchema: z.ZodType<DisplayTerm> = z.lazy(() =>
  z.discriminatedUnion('is', [
    z.object({ is: z.literal('text'), text: z.string() }),
    z.object({ is: z.literal('property'), property: z.string() }),
    z.object({
      is: z.literal('joined'),
      terms: z.array(displayTermSchema),
      between: z.string(),
      filled: z.boolean(),
    }),
    z.object({
      is: z.literal('choice'),
      when: displayTestSchema,
      chosen: displayTermSchema,
      otherwise: displayTermSchema,
    }),
    z.object({ is: z.enum(['upper', 'lower', 'trimmed']), of: displayTermSchema }),
    z.object({ is: z.literal('part'), of: displayTermSchema, from: z.int(), to: z.int().optional() }),
  ]),
)

export const displayTestSchema: z.ZodType<DisplayTest> = z.lazy(() =>
  z.discriminatedUnion('is', [
    z.object({ is: z.literal('flag'), property: z.string() }),
    z.object({ is: z.literal('filled'), property: z.string() }),
    z.object({ is: z.literal('same'), left: displayTermSchema, right: displayTermSchema }),
    z.object({ is: z.enum(['contains', 'starts', 'ends']), of: displayTermSchema, text: displayTermSchema }),
    z.object({ is: z.literal('not'), test: displayTestSchema }),
    z.object({ is: z.enum(['all', 'any']), tests: z.array(displayTestSchema) }),
  ]),
)

export const displayExpressionSchema = z.object({ expression: z.string(), term: displayTermSchema })

/** The properties that are read for it. */
export function propertiesShown(display: string | DisplayExpression): readonly string[] {
  return typeof display === 'string' ? [display] : [...new Set(inTerm(display.term))]
}

function inTerm(term: DisplayTerm): readonly string[] {
  switch (term.is) {
    case 'text':
      return []
    case 'property':
      return [term.property]
    case 'joined':
      return term.terms.flatMap(inTerm)
    case 'choice':
      return [...inTest(term.when), ...inTerm(term.chosen), ...inTerm(term.otherwise)]
    default:
      return inTerm(term.of)
  }
}

function inTest(test: DisplayTest): readonly string[] {
  switch (test.is) {
    case 'flag':
    case 'filled':
      return [test.property]
    case 'same':
      return [...inTerm(test.left), ...inTerm(test.right)]
    case 'not':
      return inTest(test.test)
    case 'all':
    case 'any':
      return test.tests.flatMap(inTest)
    default:
      return [...inTerm(test.of), ...inTerm(test.text)]
  }
}

/**
 * Regular expressions, found in a time that grows with the text and the pattern and not faster, whatever the pattern is: a mapping
 * is not to hang for one that backtracks without end.
 *
 * @module
 */
import { RE2JS, RE2JSException } from 're2js'
import { inRe2, unservedIn } from './python-pattern.ts'

/** One that cannot be run, and why. */
export class PatternError extends Error {
  /** It means something, but to another engine. */
  readonly isUnserved: boolean

  constructor(reason: string, isUnserved = false) {
    super(reason)
    this.name = 'PatternError'
    this.isUnserved = isUnserved
  }
}

export interface Match {
  readonly all: string
  /** `undefined`: the group has no part in the match. */
  readonly groups: readonly (string | undefined)[]
  readonly named: Readonly<Record<string, string | undefined>>
}

/** @throws PatternError when it cannot be run. */
export function regularExpression(source: string): RegularExpression {
  const known = compiled.get(source)
  if (known !== undefined) return known
  const expression = new RegularExpression(source)
  if (compiled.size > 1000) compiled.clear()
  compiled.set(source, expression)
  return expression
}

const compiled = new Map<string, RegularExpression>()

export class RegularExpression {
  readonly #engine: RE2JS

  constructor(source: string) {
    const unserved = unservedIn(source)
    if (unserved !== undefined) throw new PatternError(`it has ${unserved}`, true)
    this.#engine = compile(inRe2(source))
  }

  isIn(text: string): boolean {
    return this.#engine.test(text)
  }

  first(text: string): Match | undefined {
    const [match] = this.#matches(text)
    return match
  }

  /** From left to right, without overlaps. */
  all(text: string): readonly Match[] {
    return [...this.#matches(text)]
  }

  *#matches(text: string): Generator<Match> {
    const matcher = this.#engine.matcher(text)
    const names = Object.keys(this.#engine.namedGroups())
    while (matcher.find()) {
      const groups = Array.from(
        { length: matcher.groupCount() },
        (_, index) => matcher.group(index + 1) ?? undefined,
      )
      const named = names.map((name) => [name, matcher.group(name) ?? undefined])
      yield { all: matcher.group() ?? '', groups, named: Object.fromEntries(named) }
    }
  }
}

function compile(pattern: string): RE2JS {
  try {
    return RE2JS.compile(pattern, RE2JS.LOOKBEHINDS)
  } catch (error) {
    if (error instanceof RE2JSException) {
      throw new PatternError(error.message.replace(/^error parsing regexp: /, ''))
    }
    throw error
  }
}

/** `\1`, `\g<1>` and `\g<name>` in a substitution, from a match. */
export function substituted(template: string, match: Match): string {
  return template.replace(
    /\\g<(\w+)>|\\(\d{1,2})|\\([\s\S])/g,
    (all, name: string | undefined, number: string | undefined, other: string | undefined) => {
      const group = name ?? number
      if (group === undefined) return { n: '\n', t: '\t', r: '\r', '\\': '\\' }[other ?? ''] ?? all
      if (!/^\d+$/.test(group)) return match.named[group] ?? ''
      return (Number(group) === 0 ? match.all : match.groups[Number(group) - 1]) ?? ''
    },
  )
}

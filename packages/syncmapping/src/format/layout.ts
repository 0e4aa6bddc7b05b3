/**
 * Text that is laid out by how much room there is: what fits stands on one line, what does not is broken at all places
 * of the innermost group that is too long, and never at some of them.
 *
 * @module
 */

export type Layout =
  | string
  | readonly Layout[]
  /** A blank where its group stands on one line, else the beginning of a new one; `soft`: nothing instead of the blank. */
  | { readonly type: 'line'; readonly soft: boolean }
  | { readonly type: 'group'; readonly content: Layout }
  | { readonly type: 'indent'; readonly steps: number; readonly content: Layout }
  /** Up to the end of its line, so that what follows begins another one; `own`: and nothing stands before it. */
  | { readonly type: 'comment'; readonly text: string; readonly own: boolean }

export const line: Layout = { type: 'line', soft: false }
export const softLine: Layout = { type: 'line', soft: true }

export function group(content: Layout): Layout {
  return { type: 'group', content }
}

/** One step is four blanks. */
export function indent(content: Layout, steps = 1): Layout {
  return { type: 'indent', steps, content }
}

const width = 100
const step = '    '

/** The text, whose first line is indented already as the others will be. */
export function printLayout(layout: Layout, depth: number): string {
  const printer = new Printer(depth)
  printer.print(layout, { depth, isBroken: true })
  return printer.text
}

interface Where {
  readonly depth: number
  /** Whether the group around stands on several lines. */
  readonly isBroken: boolean
}

class Printer {
  text: string
  #column: number
  /** A comment stands before, so that nothing can on its line. */
  #isEnded = false

  constructor(depth: number) {
    this.text = step.repeat(depth)
    this.#column = this.text.length
  }

  /** @param after How much stands behind it before the line can end. */
  print(layout: Layout, where: Where, after = 0): void {
    if (typeof layout === 'string') this.#put(layout, where)
    else if (isSequence(layout)) {
      for (const [index, one] of layout.entries()) {
        this.print(one, where, tailWidth(layout.slice(index + 1), where.isBroken, after))
      }
    } else this.#printOne(layout, where, after)
  }

  #printOne(layout: Exclude<Layout, string | readonly Layout[]>, where: Where, after: number): void {
    switch (layout.type) {
      case 'line':
        if (where.isBroken) this.#end(where)
        else if (!layout.soft) this.#put(' ', where)
        break
      case 'group': {
        const isBroken = !fits(layout.content, width - this.#column - after)
        this.print(layout.content, { ...where, isBroken }, after)
        break
      }
      case 'indent':
        this.print(layout.content, { ...where, depth: where.depth + layout.steps }, after)
        break
      case 'comment':
        if (layout.own) this.#end(where)
        else if (!this.text.endsWith(' ')) this.#put(' ', where)
        this.#put(layout.text, where)
        this.#isEnded = true
    }
  }

  #put(text: string, where: Where): void {
    if (this.#isEnded) this.#end(where)
    const isBlankAtStart = text === ' ' && this.#isAtStart()
    if (isBlankAtStart) return
    this.text += text
    const lines = text.split('\n')
    this.#column = (lines.length === 1 ? this.#column : 0) + (lines.at(-1)?.length ?? 0)
  }

  #end({ depth }: Where): void {
    this.#isEnded = false
    if (this.#isAtStart()) this.text = this.text.trimEnd()
    if (!this.text.endsWith('\n')) this.text += '\n'
    this.text += step.repeat(depth)
    this.#column = step.length * depth
  }

  #isAtStart(): boolean {
    return /(?:^|\n) *$/.test(this.text.slice(-this.#column - 1))
  }
}

function isSequence(layout: Layout): layout is readonly Layout[] {
  return Array.isArray(layout)
}

/** Whether it has room on one line. What spans lines by itself, such as a long text, counts up to its first line's end. */
function fits(layout: Layout, room: number): boolean {
  const found = flatWidth(layout)
  return found !== undefined && found <= room
}

/** `undefined`: a comment is in it, so that it cannot stand on one line. */
function flatWidth(layout: Layout): number | undefined {
  if (typeof layout === 'string') return layout.split('\n', 1)[0]?.length ?? 0
  if (isSequence(layout)) {
    let sum = 0
    for (const one of layout) {
      const found = flatWidth(one)
      if (found === undefined) return undefined
      sum += found
    }
    return sum
  }
  if (layout.type === 'comment') return undefined
  if (layout.type === 'line') return layout.soft ? 0 : 1
  return flatWidth(layout.content)
}

/** The width of what follows up to where the line can end. */
function tailWidth(layouts: readonly Layout[], isBroken: boolean, after: number): number {
  const { width: own, isEnded } = upToEnd(layouts, isBroken)
  return isEnded ? own : own + after
}

interface Tail {
  readonly width: number
  readonly isEnded: boolean
}

function upToEnd(layout: Layout, isBroken: boolean): Tail {
  if (typeof layout === 'string') return { width: flatWidth(layout) ?? 0, isEnded: false }
  if (isSequence(layout)) {
    let sum = 0
    for (const one of layout) {
      const { width: own, isEnded } = upToEnd(one, isBroken)
      sum += own
      if (isEnded) return { width: sum, isEnded }
    }
    return { width: sum, isEnded: false }
  }
  if (layout.type === 'line' && isBroken) return { width: 0, isEnded: true }
  if (layout.type === 'indent') return upToEnd(layout.content, isBroken)
  const own = flatWidth(layout)
  return { width: own ?? 0, isEnded: own === undefined }
}

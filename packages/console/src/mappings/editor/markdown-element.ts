/**
 * The little Markdown in which the language tells of names: paragraphs, lists, code.
 *
 * @module
 */

export interface MarkdownPart {
  readonly kind: 'code' | 'list' | 'text'
  /** Lines of a list, or one text. */
  readonly lines: readonly string[]
}

export function markdownParts(text: string): readonly MarkdownPart[] {
  return text
    .split(/\n{2,}/)
    .filter((part) => part !== '')
    .map((part): MarkdownPart => {
      const code = /^```\w*\n([\s\S]*?)\n?```$/.exec(part)
      if (code !== null) return { kind: 'code', lines: [code[1] ?? ''] }
      const lines = part.split('\n')
      return lines.every((line) => line.startsWith('- '))
        ? { kind: 'list', lines: lines.map((line) => line.slice(2)) }
        : { kind: 'text', lines: [part] }
    })
}

/** Texts only, never markup: names come from data. */
export function markdownElement(text: string): HTMLElement {
  const element = document.createElement('div')
  element.className = 'sluice-hover'
  for (const { kind, lines } of markdownParts(text)) {
    const part = document.createElement(kind === 'code' ? 'pre' : kind === 'list' ? 'ul' : 'p')
    if (kind === 'list') for (const line of lines) part.append(withCode(document.createElement('li'), line))
    else if (kind === 'code') part.textContent = lines.join('\n')
    else withCode(part, lines.join('\n'))
    element.append(part)
  }
  return element
}

function withCode(element: HTMLElement, text: string): HTMLElement {
  for (const [index, part] of text.split('`').entries()) {
    if (index % 2 === 0) element.append(part)
    else {
      const code = document.createElement('code')
      code.textContent = part
      element.append(code)
    }
  }
  return element
}

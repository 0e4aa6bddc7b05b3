/**
 * Where the next page is, by what the one before says.
 *
 * @module
 */
import LinkHeader from 'http-link-header'
import type { Answer } from '../http/answer.ts'
import type { Pages } from './options.ts'
import { saysYes, textOf, valueAt } from './value-path.ts'

/** How a page is asked for: with parameters beside those of the table, or by an address of the system's own. */
export type Position =
  | { readonly kind: 'parameters'; readonly values: ReadonlyMap<string, number | string> }
  | { readonly kind: 'link'; readonly link: string }

/** A page that was read. */
export interface ReadPage {
  readonly position: Position
  readonly body: unknown
  readonly answer: Pick<Answer, 'headers'>
  /** How many records it holds. */
  readonly records: number
  /** How many were read with it, this page included. */
  readonly all: number
}

export function firstPage(pages: Pages): Position {
  const size =
    pages.by !== 'none' && pages.size !== undefined ? [[pages.size.parameter, pages.size.value] as const] : []
  const start =
    pages.by === 'page' || pages.by === 'offset'
      ? [[pages.parameter, pages.first ?? (pages.by === 'page' ? 1 : 0)] as const]
      : pages.by === 'cursor' && pages.first !== undefined
        ? [[pages.parameter, pages.first] as const]
        : []
  return { kind: 'parameters', values: new Map<string, number | string>([...start, ...size]) }
}

/** `undefined`: it was the last one. */
export function nextPage(pages: Pages, page: ReadPage): Position | undefined {
  switch (pages.by) {
    case 'none':
      return undefined
    case 'page':
      return numbered(pages, page, 1)
    case 'offset':
      return numbered(pages, page, page.records)
    case 'cursor': {
      const cursor = textOf(valueAt(page.body, pages.next), ',')
      if (cursor === undefined || cursor === '' || cursor === 'false') return undefined
      return {
        kind: 'parameters',
        values: new Map([...parametersOf(page.position), [pages.parameter, cursor]]),
      }
    }
    case 'link':
      return linked(textOf(valueAt(page.body, pages.next), ','))
    case 'link-header':
      return linked(linkIn(page.answer.headers.get('link')))
  }
}

/** How many records there are in all, where the system says it. */
export function totalOf(
  pages: Pages,
  { body, answer }: Pick<ReadPage, 'body' | 'answer'>,
): number | undefined {
  const { total, totalHeader } = pages
  const text =
    total === undefined
      ? totalHeader === undefined
        ? undefined
        : answer.headers.get(totalHeader.toLowerCase())
      : textOf(valueAt(body, total), ',')
  return text !== undefined && /^\d+$/.test(text.trim()) ? Number(text) : undefined
}

type Numbered = Extract<Pages, { readonly by: 'page' | 'offset' }>

/** A page may be shorter than was asked for and not be the last one: systems have limits of their own. */
function numbered(pages: Numbered, page: ReadPage, step: number): Position | undefined {
  if (page.records === 0) return undefined
  if (pages.more !== undefined && !saysYes(valueAt(page.body, pages.more))) return undefined
  const total = totalOf(pages, page)
  if (total !== undefined && pages.more === undefined && page.all >= total) return undefined
  const values = parametersOf(page.position)
  const at = Number(values.get(pages.parameter) ?? 0)
  return { kind: 'parameters', values: new Map([...values, [pages.parameter, at + step]]) }
}

function parametersOf(position: Position): ReadonlyMap<string, number | string> {
  return position.kind === 'parameters' ? position.values : new Map()
}

function linked(link: string | undefined): Position | undefined {
  return link === undefined || link === '' ? undefined : { kind: 'link', link }
}

function linkIn(header: string | undefined): string | undefined {
  return header === undefined ? undefined : LinkHeader.parse(header).rel('next')[0]?.uri
}

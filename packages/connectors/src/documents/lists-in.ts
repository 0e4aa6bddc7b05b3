/**
 * Where in a document records may be: lists of maps in JSON, elements that are repeated in XML.
 *
 * @module
 */
import sax from 'sax'
import type { SourceDocument } from '../formats/document.ts'
import { textsOf } from '../formats/document-text.ts'
import { isMap } from '../formats/record.ts'
import { documentTrouble } from '../formats/trouble.ts'
import { declaredEncoding, localName } from '../formats/xml.ts'
import { parsedJson } from '../json/exact-json.ts'

/** Characters of a document that is looked at whole. */
const longest = 16 * 1024 * 1024

/** Paths of lists with a map as their first item; of a list at the top it is empty. */
export async function listsIn(document: SourceDocument): Promise<readonly string[]> {
  let text = ''
  for await (const piece of textsOf(document)) {
    text += piece
    // A list at the top needs no other path.
    if (/^\s*\[/.test(text)) return ['']
    if (text.length > longest)
      throw documentTrouble(document.name, 'is too long to look for lists in it', {
        remedy: 'Say with records where they are.',
      })
  }
  const lists = below(parsed(document.name, text), '')
  if (lists.length > 0) return lists
  throw documentTrouble(document.name, 'has no list of maps')
}

function parsed(name: string, text: string): unknown {
  try {
    return parsedJson(text)
  } catch (error) {
    throw documentTrouble(name, `is not JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** What lies within records is a part of them. */
function below(value: unknown, path: string): readonly string[] {
  if (Array.isArray(value)) return value.some(isMap) ? [path] : []
  if (!isMap(value)) return []
  return Object.entries(value).flatMap(([name, part]) => below(part, `${path}/${name}`))
}

/** Paths of elements that stand several times beside one another, and in no other such. */
export async function repeatedElements(document: SourceDocument): Promise<readonly string[]> {
  const open: string[] = []
  const seen = new Map<string, number>()
  let length = 0
  const parser = sax.parser(true)
  parser.onopentag = ({ name }) => {
    open.push(localName(name))
    const path = `/${open.join('/')}`
    seen.set(path, (seen.get(path) ?? 0) + 1)
  }
  parser.onclosetag = () => void open.pop()
  parser.onerror = () => undefined
  for await (const text of textsOf(document, declaredEncoding)) {
    parser.write(text)
    length += text.length
    if (length > longest) break
  }
  const paths = [...seen].filter(([, count]) => count > 1).map(([path]) => path)
  const outermost = paths.filter((path) => !paths.some((other) => path.startsWith(`${other}/`)))
  // A single record is one below the top.
  const [single] = [...seen.keys()].filter((path) => path.split('/').length === 3)
  const found = outermost.length > 0 ? outermost : single === undefined ? [] : [single]
  if (found.length === 0) throw documentTrouble(document.name, 'has no elements that could be records')
  return found
}

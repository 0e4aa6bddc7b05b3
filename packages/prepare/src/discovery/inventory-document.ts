/**
 * The two ways in which inventories are written: XML of OCS and FusionInventory, JSON of GLPI.
 *
 * @module
 */
import sax from 'sax'
import { isMap, parseExactly } from '../json/exact-json.ts'
import { type Fields, NotUnderstoodError, textIn } from './found.ts'
import type { Inventory } from './inventory.ts'

export function readInventory(text: string): Inventory {
  return text.trimStart().startsWith('<') ? ofXml(text) : ofJson(parseExactly(text))
}

/** `{deviceid, content: {hardware: {…}, networks: [{…}]}}`. */
function ofJson(document: unknown): Inventory {
  const content = isMap(document) ? document['content'] : undefined
  if (!isMap(document) || !isMap(content))
    throw new NotUnderstoodError('it is no inventory: it has no content')
  const sections = Object.entries(content).flatMap(([name, section]): [string, Fields[]][] => {
    const things = (Array.isArray(section) ? section : [section]).filter(isMap)
    return things.length === 0 ? [] : [[name.toLowerCase(), things.map(lowered)]]
  })
  return { device: textIn(document, 'deviceid'), sections: new Map(sections) }
}

function lowered(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name.toLowerCase(), value]))
}

/** `<REQUEST><DEVICEID/><CONTENT><NETWORKS><MACADDR/>…</NETWORKS>…</CONTENT></REQUEST>`, each thing an element of its section. */
function ofXml(text: string): Inventory {
  const sections = new Map<string, Fields[]>()
  const open: string[] = []
  let device = ''
  let thing: Record<string, string> = {}
  let value = ''
  const reader = sax.parser(true)
  reader.onopentag = ({ name }) => {
    open.push(name.toLowerCase())
    value = ''
    if (open.length === 3 && open[1] === 'content') thing = {}
  }
  const add = (part: string) => {
    value += part
  }
  reader.ontext = add
  reader.oncdata = add
  reader.onclosetag = () => {
    const name = open.pop() ?? ''
    if (open.length === 1 && name === 'deviceid') device = value.trim()
    if (open[1] === 'content' && open.length === 3 && value.trim() !== '') thing[name] ??= value.trim()
    if (open[1] === 'content' && open.length === 2 && Object.keys(thing).length > 0)
      sections.set(name, [...(sections.get(name) ?? []), thing])
    value = ''
  }
  reader.onerror = ({ message }) => {
    throw new NotUnderstoodError(`it is not valid XML: ${message.split('\n')[0]}`)
  }
  reader.write(text).close()
  return { device: device === '' ? undefined : device, sections }
}

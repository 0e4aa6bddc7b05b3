/**
 * Names that carry the GUID of what they name: `<GUID=…>;<SID=…>;CN=Ann,DC=example`, as Active Directory writes them when it is asked to.
 *
 * @module
 */
import type { Control } from 'ldapts'
import { controlOf } from './controls.ts'
import type { Ldapts } from './ldapts.ts'

const oid = '1.2.840.113556.1.4.529'

/** Asks for such names, in all values that are names, too. */
export function extendedNames(ldapts: Ldapts): Control {
  const asText = 1
  return controlOf(ldapts, oid, (writer) => writer.writeInt(asText))
}

export interface ExtendedName {
  /** The name as people know it. */
  readonly dn: string
  /** With dashes, in small letters; `undefined`: the text is a name alone. */
  readonly guid: string | undefined
}

const extended = /^<GUID=([0-9a-fA-F-]{36})>(?:;<SID=[^>]*>)?;?/

export function nameOf(text: string): ExtendedName {
  const found = extended.exec(text)
  if (found === null) return { dn: text, guid: undefined }
  return { dn: text.slice(found[0].length), guid: found[1]?.toLowerCase() }
}

/** What a search of this one entry names as its base: the GUID where it is known, as that survives renaming. */
export function baseOf(text: string): string {
  const { dn, guid } = nameOf(text)
  return guid === undefined ? dn : `<GUID=${guid}>`
}

/**
 * Reads the document `$metadata` of OData 2 and 4 (CSDL in XML).
 *
 * @module
 */
import sax, { type Tag } from 'sax'
import { ManagedSystemError } from '../contract/managed-system-error.ts'

export interface EntityType {
  /** With its namespace. */
  readonly name: string
  readonly keys: readonly string[]
  readonly properties: readonly { readonly name: string; readonly type: string }[]
  /** Properties that hold a property of another type. */
  readonly references: readonly Reference[]
}

interface Reference {
  readonly property: string
  readonly type: string
  readonly referenced: string
}

export interface EntitySet {
  readonly name: string
  readonly type: EntityType
}

interface OpenType {
  readonly name: string
  readonly base: string | undefined
  readonly keys: string[]
  readonly properties: { readonly name: string; readonly type: string }[]
  readonly references: Reference[]
}

/** @param place Where it comes from, for people. */
export function readMetadata(text: string, place: string): readonly EntitySet[] {
  const reading = new MetadataReading()
  const xml = sax.parser(true, {})
  const failed = (cause: unknown) =>
    new ManagedSystemError(`${place} is no document of OData.`, {
      remedy: 'Look at the address: it is where $metadata is.',
      cause,
    })
  xml.onopentag = (tag) => reading.open(tag)
  xml.onerror = (error) => {
    throw failed(error)
  }
  xml.write(text).close()
  const sets = reading.sets()
  if (sets.length === 0) throw failed(undefined)
  return sets
}

/** Types and sets as they come; a schema may be spread over several. */
class MetadataReading {
  readonly #types = new Map<string, OpenType>()
  readonly #sets: { readonly name: string; readonly type: string }[] = []
  #namespaces = { name: '', alias: '' }
  #type: OpenType | undefined
  #target = ''

  open({ name: tag, attributes }: Pick<Tag, 'name'> & { readonly attributes: object }): void {
    const written = (name: string) => String(Reflect.get(attributes, name) ?? '')
    switch (tag.replace(/^.*:/, '')) {
      case 'Schema':
        this.#namespaces = { name: written('Namespace'), alias: written('Alias') }
        return
      case 'EntityType':
        this.#begin(written('Name'), written('BaseType'))
        return
      case 'ComplexType':
        this.#type = undefined
        return
      case 'PropertyRef':
        this.#type?.keys.push(written('Name'))
        return
      case 'Property':
        if (!written('Type').startsWith('Collection('))
          this.#type?.properties.push({ name: written('Name'), type: written('Type') })
        return
      case 'NavigationProperty':
        this.#target = this.#whole(written('Type'))
        return
      case 'ReferentialConstraint':
        this.#refer(written('Property'), written('ReferencedProperty'))
        return
      case 'EntitySet':
        this.#type = undefined
        this.#sets.push({ name: written('Name'), type: this.#whole(written('EntityType')) })
        return
      default:
    }
  }

  sets(): readonly EntitySet[] {
    return this.#sets.flatMap(({ name, type }) => {
      const found = this.#types.get(type)
      return found === undefined ? [] : [{ name, type: this.#withBase(found, new Set()) }]
    })
  }

  #begin(name: string, base: string): void {
    const whole = `${this.#namespaces.name}.${name}`
    this.#type = {
      name: whole,
      base: base === '' ? undefined : this.#whole(base),
      keys: [],
      properties: [],
      references: [],
    }
    this.#types.set(whole, this.#type)
  }

  #refer(property: string, referenced: string): void {
    if (property !== '') this.#type?.references.push({ property, type: this.#target, referenced })
  }

  /** With the namespace in place of its alias. */
  #whole(name: string): string {
    const { name: namespace, alias } = this.#namespaces
    return alias !== '' && name.startsWith(`${alias}.`)
      ? `${namespace}.${name.slice(alias.length + 1)}`
      : name
  }

  #withBase(type: OpenType, seen: Set<string>): EntityType {
    const base = type.base === undefined || seen.has(type.base) ? undefined : this.#types.get(type.base)
    if (base === undefined) return type
    const above = this.#withBase(base, seen.add(type.name))
    return {
      name: type.name,
      keys: [...above.keys, ...type.keys],
      properties: [...above.properties, ...type.properties],
      references: [...above.references, ...type.references],
    }
  }
}

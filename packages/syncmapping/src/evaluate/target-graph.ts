/**
 * The CIs and relationships that one root gives, while they come up.
 *
 * @module
 */
import type { Place } from '@sluice/model'
import {
  attributesOf,
  type ClassModel,
  isAbstract,
  isOrExtends,
  knowsClass,
  knowsRelationship,
} from '../class-model.ts'
import type { Dataset } from '../graph.ts'
import { RootFailedError } from '../root-failed-error.ts'
import { Ci, type CiIdentity, nothing, type Value } from '../value/value.ts'

export interface Relationship {
  readonly className: string
  readonly namespace: string
  readonly source: Ci
  readonly destination: Ci
  readonly attributes: Map<string, Value>
  readonly impact: Impact | undefined
}

export interface Impact {
  readonly isOfSource: boolean
  readonly weight: Value
}

export class TargetGraph {
  readonly #classes: ClassModel
  readonly #cis = new Map<string, Ci>()
  readonly #externals = new Map<string, Ci>()
  readonly #crossReferences: { readonly ci: Ci; readonly place: Place }[] = []
  readonly #relationships = new Map<string, Relationship>()

  constructor(classes: ClassModel) {
    this.#classes = classes
  }

  /** The CI of this identity: a new one, or the one that was specified before. */
  specify(identity: CiIdentity, kind: Ci['kind'], place: Place): Ci {
    if (!knowsClass(this.#classes, identity.className)) {
      throw new RootFailedError('UNKNOWN_CLASS', `There is no class ${identity.className}.`, place)
    }
    if (isAbstract(this.#classes, identity.className)) {
      throw new RootFailedError('CLASS_ABSTRACT', `${identity.className} is abstract, and has no CIs.`, place)
    }
    const made = new Ci(identity, kind)
    const ci = this.#cis.get(made.name) ?? made
    if (kind === 'crossref') {
      if (ci.kind === 'crossref') this.#crossReferences.push({ ci, place })
      return ci
    }
    if (kind === 'external') return ci === made ? this.#refer(made) : ci
    if (kind === 'shared') ci.kind = kind
    if (ci === made) this.#cis.set(ci.name, ci)
    return ci
  }

  #refer(external: Ci): Ci {
    const known = this.#externals.get(external.name)
    if (known === undefined) this.#externals.set(external.name, external)
    return known ?? external
  }

  /** `none` and `void` take the attribute away; what the class lacks is left out. */
  setAttribute(ci: Ci, name: string, value: Value): void {
    const known = attributesOf(this.#classes, ci.className)
    if (known !== undefined && !known.has(name)) return
    if (value === null || value === nothing) ci.attributes.delete(name)
    else ci.attributes.set(name, value)
  }

  /** Relationships of one class, ends and name are one. */
  relate(relationship: Relationship, place: Place): void {
    const { className, namespace, source, destination, attributes } = relationship
    this.#checkRelationship(relationship, place)
    const title = attributes.get('Name') ?? ''
    const name = `${className}\n${namespace}\n${source.name}\n${destination.name}\n${String(title)}`
    const known = this.#relationships.get(name)
    if (known === undefined) this.#relationships.set(name, relationship)
    else {
      for (const [attribute, value] of attributes) known.attributes.set(attribute, value)
      this.#relationships.set(name, { ...known, impact: relationship.impact ?? known.impact })
    }
  }

  #checkRelationship({ className, source, destination }: Relationship, place: Place): void {
    if (!knowsRelationship(this.#classes, className)) {
      throw new RootFailedError('UNKNOWN_CLASS', `There is no relationship class ${className}.`, place)
    }
    const wanted = this.#classes.relationships?.get(className)?.ends
    if (wanted === undefined) return
    this.#checkEnd(source, wanted.source, `Source of ${className}`, place)
    this.#checkEnd(destination, wanted.destination, `Destination of ${className}`, place)
  }

  #checkEnd({ className, key }: Ci, wanted: string, title: string, place: Place): void {
    if (isOrExtends(this.#classes, className, wanted)) return
    const message = `${title} is ${className} "${key}", and has to be a ${wanted}, or to extend it.`
    throw new RootFailedError('END_MISMATCH', message, place)
  }

  /** @throws RootFailedError when a cross-reference names what nothing specified. */
  result(dataset: Dataset): TargetResult {
    const unresolved = this.#crossReferences.find(({ ci }) => !this.#cis.has(ci.name))
    if (unresolved !== undefined) {
      const { className, key } = unresolved.ci
      throw new RootFailedError(
        'CROSSREF_UNRESOLVED',
        `A cross-reference names ${className} "${key}", which no mapping of this root makes.`,
        unresolved.place,
      )
    }
    for (const external of this.#externals.values()) {
      if (!this.#cis.has(external.name) && dataset.has(external)) this.#cis.set(external.name, external)
    }
    const relationships = [...this.#relationships.values()].flatMap((one) => this.#connected(one) ?? [])
    return { cis: [...this.#cis.values()], relationships }
  }

  /** With the CIs themselves in place of references to them; `undefined` where one is not there. */
  #connected(relationship: Relationship): Relationship | undefined {
    const source = this.#cis.get(relationship.source.name)
    const destination = this.#cis.get(relationship.destination.name)
    if (source === relationship.source && destination === relationship.destination) return relationship
    return source && destination && { ...relationship, source, destination }
  }
}

export interface TargetResult {
  readonly cis: readonly Ci[]
  readonly relationships: readonly Relationship[]
}

/**
 * What a mapping wants from a file of changes that lacks some of its columns.
 *
 * @module
 */
import { deliveredAs, type EntityModel, entityWithin, lackingOfLinks, type Source } from '@sluice/model'
import { type Projection, projectionsOf } from './projection.ts'
import { columnName } from './read/read-header.ts'

type Narrowed =
  /** `absent`: properties of which the file says nothing. */
  | { readonly kind: 'projection'; readonly projection: Projection; readonly absent: readonly string[] }
  /** A column without which nothing can be taken; `ofKey`: it names what the rows are of. */
  | { readonly kind: 'lacking'; readonly column: string; readonly ofKey: boolean }

/** Of the mapping with this name, for a file with these columns. */
export type Narrowing = (projection: Projection, header: readonly string[]) => Narrowed

export function narrowingOf(of: Source, modelOf: EntityModel): Narrowing {
  const { source, model } = deliveredAs(of, modelOf)
  return (projection, header) => {
    const has = (column: string) => header.includes(columnName(column))
    if (projection.wanted.every(has)) return { kind: 'projection', projection, absent: [] }
    const entity = source.entities.find(({ name }) => name === projection.mapping)
    if (entity === undefined) {
      const links = source.associations.find(({ name }) => name === projection.mapping)
      const lacking = links && lackingOfLinks(links, has)
      return lacking === undefined
        ? { kind: 'projection', projection, absent: [] }
        : { kind: 'lacking', ...lacking }
    }
    const within = entityWithin(entity, has)
    if (within.kind === 'lacking') return within
    const others = source.entities.filter(({ name }) => name !== entity.name)
    const narrow = { ...source, entities: [within.mapping, ...others] }
    const [narrowed = projection] = projectionsOf(narrow, model)
    return { kind: 'projection', projection: narrowed, absent: within.absent }
  }
}

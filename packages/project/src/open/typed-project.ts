/**
 * A project whose resources and links have the types that `sluice types` has written of its model.
 *
 * The types are a promise of whoever hands them in: that the model they were made of is the one of the repository. Nothing is
 * converted, and what the readers return is the same without them.
 *
 * @module
 */
import type {
  LinkQuery,
  ListedLink,
  ListedResource,
  RepositoryReader,
  ResourceQuery,
  VersionedResource,
} from '@sluice/repository'
import type { Project } from './project.ts'

/** The shape of the `Model` in a module that `sluice types` has written. */
export interface ModelTypes {
  readonly entityTypes: object
  readonly associations: object
}

type EntityTypes<M extends ModelTypes> = M['entityTypes']
type Associations<M extends ModelTypes> = M['associations']

/** Names of entity types. */
export type EntityTypeName<M extends ModelTypes> = Extract<keyof EntityTypes<M>, string>
/** Names of associations. */
export type AssociationName<M extends ModelTypes> = Extract<keyof Associations<M>, string>

/** The values of a resource of the type, by property. */
export type ValuesOf<M extends ModelTypes, T extends EntityTypeName<M>> = EntityTypes<M>[T] extends {
  readonly values: infer V
}
  ? V
  : never
type ReferenceOf<M extends ModelTypes, T extends EntityTypeName<M>> = EntityTypes<M>[T] extends {
  readonly references: infer R
}
  ? Extract<R, string>
  : never
/** What is known of a link of the association, by property. */
export type LinkPropertiesOf<
  M extends ModelTypes,
  A extends AssociationName<M>,
> = Associations<M>[A] extends { readonly properties: infer P } ? P : never

/** As the untyped record, with values and references of the type. */
export type Typed<R extends ListedResource | VersionedResource, V, N extends string> = Omit<
  R,
  'values' | 'references'
> & { readonly values: V; readonly references: Readonly<Partial<Record<N, string>>> }

/** A query that reads some of the properties, or all. */
export type TypedQuery<Column> = Omit<ResourceQuery, 'columns'> & {
  /** Properties to read; all of them when absent. */
  readonly columns?: readonly Column[] | undefined
}

/** Reads resources and links as a model has them; everything else is as it is without types. */
export interface TypedReader<M extends ModelTypes>
  extends Omit<RepositoryReader, 'resources' | 'resource' | 'count' | 'links'> {
  resources<T extends EntityTypeName<M>, C extends keyof ValuesOf<M, T> = keyof ValuesOf<M, T>>(
    entityType: T,
    query?: TypedQuery<C>,
  ): AsyncIterable<Typed<ListedResource, Pick<ValuesOf<M, T>, C>, ReferenceOf<M, T>>>
  count(
    entityType: EntityTypeName<M>,
    query?: Pick<ResourceQuery, 'where' | 'includeSubtypes'>,
  ): Promise<number>
  resource<T extends EntityTypeName<M>>(
    entityType: T,
    resourceId: string,
  ): Promise<Typed<VersionedResource, ValuesOf<M, T>, ReferenceOf<M, T>> | undefined>
  links<A extends AssociationName<M>>(
    association: A,
    query?: LinkQuery,
  ): AsyncIterable<Omit<ListedLink, 'properties'> & { readonly properties: LinkPropertiesOf<M, A> }>
}

/** A project that reads what is stored with the types of its model. */
export interface TypedProject<M extends ModelTypes> extends Omit<Project, 'repository'> {
  readonly repository: TypedReader<M>
}

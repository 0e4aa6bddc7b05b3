/**
 * A name in a text, and what it stands for.
 *
 * @module
 */
import type { Scope } from '../link/program.ts'
import type { Expression, Name } from '../tree/tree.ts'

export interface Occurrence {
  readonly file: string
  readonly name: Name
  readonly what: What
  /** What it names; `undefined`: it is declared in none of the modules (a class, a function, an attribute). */
  readonly declaration: Declaration | undefined
}

export interface Declaration {
  readonly file: string
  readonly name: Name
  /** What an alias of an import stands for. */
  readonly original?: Declaration | undefined
}

export type What =
  | { readonly type: 'module' }
  | { readonly type: 'syncmapping'; readonly says: string }
  | { readonly type: 'table' | 'configuration' | 'setting' | 'local' | 'unavailable' | 'unknown' }
  /** A node, a relationship or a group. */
  | {
      readonly type: 'variable'
      readonly scope: Scope
      readonly kind: string | undefined
      readonly says: string
    }
  | { readonly type: 'target'; readonly className: string }
  | { readonly type: 'constant'; readonly value: Expression | undefined }
  | { readonly type: 'class' | 'relationshipClass' | 'function' }
  /** Of the source graph. */
  | { readonly type: 'kind' | 'relationship' | 'role' }
  | { readonly type: 'attribute'; readonly className: string }
  | { readonly type: 'nodeAttribute'; readonly kind: string | undefined }

/** Tells declarations apart. */
export function identityOf({ file, name }: Declaration): string {
  return `${file}\n${name.at.offset}`
}

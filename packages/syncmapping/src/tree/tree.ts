/**
 * A module as plain data: what the grammar read, without anything that is incomplete.
 *
 * @module
 */
import type { Span } from '../diagnostic.ts'

export interface Name {
  /** Without the `$` that keeps a name from being a keyword. */
  readonly text: string
  readonly at: Span
}

/** `1.10` is `{ major: 1, minor: 10 }`; a third part is not compared. */
export interface Version {
  readonly major: number
  readonly minor: number
  readonly at: Span
}

export interface ModuleTree {
  readonly file: string
  readonly text: string
  readonly name: Name
  readonly imports: readonly Import[]
  readonly tables: readonly TableTree[]
  readonly configurations: readonly ConfigurationTree[]
  readonly syncmappings: readonly SyncmappingTree[]
  /** Names of blocks that synchronization skips. */
  readonly skipped: readonly string[]
}

export interface Import {
  readonly module: Name
  /** As it is declared there. */
  readonly name: Name
  /** As it is called here. */
  readonly alias: Name
  readonly version: Version
}

export interface TableTree {
  readonly name: Name
  readonly version: Version
  readonly rows: readonly TableRow[]
  readonly at: Span
}

interface TableRow {
  /** `undefined`: the row of everything that no other row names. */
  readonly key: Expression | undefined
  readonly values: readonly Expression[]
  readonly at: Span
}

export interface ConfigurationTree {
  readonly name: Name
  readonly version: Version
  readonly settings: readonly { readonly name: Name; readonly values: readonly Expression[] }[]
  readonly at: Span
}

export interface SyncmappingTree {
  readonly name: Name
  readonly version: Version
  readonly overview: Overview
  readonly constants: readonly { readonly name: Name; readonly value: Expression }[]
  readonly source: Source
  /** What stands directly in the mapping block. */
  readonly items: Items
  readonly body: readonly Statement[]
  readonly at: Span
}

export interface Overview {
  readonly at: Span
  readonly tags: readonly Name[]
  readonly dataModels: readonly DataModel[] | undefined
  readonly overrides: readonly Name[]
}

export interface DataModel {
  readonly number: number
  readonly at: Span
}

/** `mapping on`: a root mapping; `mapping from`: an extension, of one or several variables. */
export type Source =
  | { readonly type: 'on'; readonly kind: Name; readonly where: Expression | undefined; readonly name: Name }
  | { readonly type: 'from'; readonly extended: readonly Extended[]; readonly name: Name }

export interface Extended {
  readonly mapping: Name
  readonly variable: Name
  readonly where: Expression | undefined
}

export interface Items {
  readonly targets: readonly TargetTree[]
  readonly traversals: readonly Traversal[]
  readonly groups: readonly Group[]
}

interface TargetTree {
  readonly name: Name
  readonly className: Name
}

export interface Traversal {
  readonly spec: PlacedSpec
  readonly where: Expression | undefined
  readonly relationship: Name | undefined
  readonly name: Name
  readonly items: Items
  readonly at: Span
}

/** `role:relationship:otherRole:kind`; what is `undefined` matches anything. */
export interface Spec {
  readonly role: string | undefined
  readonly relationship: string | undefined
  readonly otherRole: string | undefined
  readonly kind: string | undefined
}

/** With the words as they stand in the text. */
export interface PlacedSpec extends Spec {
  readonly names: { readonly [Part in keyof Spec]: Name | undefined }
}

export interface Group {
  readonly name: Name
  readonly items: Items
  readonly expand: { readonly name: Name; readonly items: Items; readonly at: Span } | undefined
  readonly at: Span
}

export type Statement =
  | Assignment
  | { readonly type: 'call'; readonly call: Expression; readonly at: Span }
  | If
  | ForEach
  | ForIn
  | GroupStatement
  | DataModelStatement
  | { readonly type: 'jump'; readonly kind: 'break' | 'continue' | 'stop'; readonly at: Span }

export interface Assignment {
  readonly type: 'assign'
  readonly targets: readonly Expression[]
  readonly values: readonly Expression[]
  readonly at: Span
}

export interface If {
  readonly type: 'if'
  readonly branches: readonly { readonly condition: Expression; readonly statements: readonly Statement[] }[]
  readonly otherwise: readonly Statement[]
  readonly at: Span
}

export interface ForEach {
  readonly type: 'forEach'
  readonly relationship: Name | undefined
  readonly name: Name
  readonly statements: readonly Statement[]
  readonly at: Span
}

export interface ForIn {
  readonly type: 'forIn'
  readonly name: Name
  readonly values: Expression
  readonly statements: readonly Statement[]
  readonly at: Span
}

export interface GroupStatement {
  readonly type: 'group'
  readonly name: Name
  readonly identifier: Expression
  readonly statements: readonly Statement[]
  readonly at: Span
}

interface DataModelStatement {
  readonly type: 'datamodel'
  readonly dataModels: readonly DataModel[]
  readonly statements: readonly Statement[]
  readonly at: Span
}

export type Expression =
  | TextExpression
  | { readonly type: 'number'; readonly value: number | bigint; readonly at: Span }
  | { readonly type: 'word'; readonly word: 'true' | 'false' | 'none' | 'void'; readonly at: Span }
  | { readonly type: 'name'; readonly name: Name; readonly at: Span }
  | { readonly type: 'list'; readonly items: readonly Expression[]; readonly at: Span }
  | Binary
  | Unary
  | { readonly type: 'member'; readonly object: Expression; readonly member: Name; readonly at: Span }
  | { readonly type: 'index'; readonly object: Expression; readonly index: Expression; readonly at: Span }
  /** `host.#role:rel:role:kind`; without an object it belongs to a where clause, which may not have it. */
  | {
      readonly type: 'keyPath'
      readonly object: Expression | undefined
      readonly spec: PlacedSpec
      readonly at: Span
    }
  | FunctionCall
  | SyncCall
  | RelationshipCall
  | { readonly type: 'search'; readonly at: Span }

export type BinaryOperator =
  | 'or'
  | 'and'
  | '='
  | '<>'
  | '<'
  | '<='
  | '>'
  | '>='
  | 'matches'
  | 'in'
  | 'not in'
  | 'has subword'
  | 'has substring'
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'

export interface Binary {
  readonly type: 'binary'
  readonly operator: BinaryOperator
  readonly operatorAt: Span
  readonly left: Expression
  readonly right: Expression
  readonly at: Span
}

export interface Unary {
  readonly type: 'unary'
  readonly operator: 'not' | '-' | 'is defined' | 'exists'
  readonly operatorAt: Span
  readonly operand: Expression
  readonly at: Span
}

export interface TextExpression {
  readonly type: 'text'
  readonly qualifier: string | undefined
  readonly parts: readonly TextPart[]
  readonly at: Span
}

/** Text as it is, or `%name.attr%`. */
export type TextPart = string | { readonly path: readonly [Name, ...Name[]] }

export interface Argument {
  readonly name: Name | undefined
  readonly value: Expression
}

/** `text.split(…)`: the names in front of the parenthesis. */
export interface FunctionCall {
  readonly type: 'call'
  readonly path: readonly [Name, ...Name[]]
  readonly arguments: readonly Argument[]
  readonly at: Span
}

/** `sync.Class(…)` and `sync.shared.Class(…)`, `external`, `crossref`; `at` is the word `sync`. */
export interface SyncCall {
  readonly type: 'sync'
  readonly kind: CiKind
  readonly className: Name
  readonly arguments: readonly Argument[]
  readonly at: Span
}

export type CiKind = 'own' | 'shared' | 'external' | 'crossref'

/** `sync.rel.Class(…)`; `at` is the word `sync`. */
export interface RelationshipCall {
  readonly type: 'relationship'
  readonly className: Name
  readonly arguments: readonly Argument[]
  readonly at: Span
}

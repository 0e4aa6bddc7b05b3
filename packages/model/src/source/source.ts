/**
 * One managed system and how it is synchronized: its files, its mappings, its thresholds.
 *
 * @module
 */
import type { Labels } from '../entity/label.ts'
import type { AttributePolicy, Federation, SourceStatus } from './federation.ts'
import type { FileEncoding } from './file-encoding.ts'
import type { Several } from './file-pattern.ts'
import type { GraphSource } from './graph.ts'
import type { LinkSetMapping } from './link-set.ts'
import type { ThousandsSeparator } from './number-form.ts'
import type { RowFilter, Shape } from './shape.ts'

/** How a run treats what it is given: design.md section 4. */
export const modes = ['auto', 'initial', 'complete', 'incremental'] as const
export type Mode = (typeof modes)[number]
/** `auto` is decided before a delivery is announced. */
export type DeliveryMode = Exclude<Mode, 'auto'>

/** How a source file is written. What is not given is detected from the file. */
export interface FileFormat {
  readonly separator?: ',' | ';' | '\t' | '|' | undefined
  readonly encoding?: FileEncoding | undefined
  /** Lines to skip before the header. */
  readonly skipLines: number
  /** `trust` accepts quoted line breaks even where the lines inside look like rows of the file. */
  readonly quotedLineBreaks: 'check' | 'trust'
  /** A row with fewer fields than the header: left out, or its missing fields taken for empty. */
  readonly shortRows: 'reject' | 'fill'
}

export const percents = ['fraction', 'number'] as const
type Percent = (typeof percents)[number]

/** How the values of a column are written. */
export interface ValueFormat {
  /** date and datetime: tokens yyyy MM dd HH mm ss SSS; ISO 8601 when absent. */
  readonly format?: string | undefined
  /** decimal and integer: `.` when absent. */
  readonly decimalSeparator?: ',' | '.' | undefined
  /** Any of its family, such as all blanks that do not break a line. */
  readonly thousandsSeparator?: ThousandsSeparator | undefined
  /** decimal and integer: whether `1.5E3` is 1500; where absent it is of a decimal, and not of an integer. */
  readonly exponents?: boolean | undefined
  /** decimal and integer: `false` where `7-` is no number; it is -7 when absent. */
  readonly trailingMinus?: false | undefined
  /** decimal and integer: `50%` is 0.5, or 50; no number when absent. */
  readonly percent?: Percent | undefined
  /** datetime: the zone of times that say none, such as `Europe/Berlin`; UTC when absent. */
  readonly timeZone?: string | undefined
  /** boolean: the words that stand for true and false; `true` and `false` when absent. */
  readonly words?: { readonly true: readonly string[]; readonly false: readonly string[] } | undefined
}

/** What a mapping takes for no value. */
export interface Absence {
  /** Texts that are written where there is no value, compared exactly. */
  readonly absent?: readonly string[] | undefined
}

/** One of the columns that name a resource together. */
export interface ReferencePart extends ValueFormat, Absence {
  readonly column: string
  /** The property of the target type whose values it holds. */
  readonly by: string
}

/** Where one property gets its value. Of a reference, the format is that of the values it is looked up by. */
export interface PropertyMapping extends ValueFormat, Absence {
  readonly property: string
  /** Of the source; of a shaped value, that of prepared files. */
  readonly column: string
  /** How its texts are made of columns of the source; absent where they are those of its column. */
  readonly shape?: Shape | undefined
  /** reference: the property of the target type whose values the column holds; several of them (`lookup-by.ts`) where there are parts. */
  readonly by?: string | undefined
  /** reference: the columns that name its target together; `column` lists them, for people. */
  readonly parts?: readonly ReferencePart[] | undefined
  /** file: how the column holds the content; and the columns of name and media type, if any. */
  readonly encoding?: 'base64' | 'hex' | undefined
  readonly fileNameColumn?: string | undefined
  readonly mediaTypeColumn?: string | undefined
  /** What the source's value means to others; `master_locked` when absent. */
  readonly policy?: AttributePolicy | undefined
  /** In place of the mapping's. */
  readonly precedence?: number | undefined
  /** `false`: the column serves to find resources, and its values are not written. */
  readonly update?: false | undefined
  /** string and text: resources are looked up by it, so it is kept in the one spelling in which names are compared. */
  readonly lookedUp?: true | undefined
}

/** What every mapping of a file may be. */
interface Switchable {
  /** It is not read, and what it has brought stays (`switched-off.ts`). */
  readonly active?: false | undefined
}

/** Which of the files that a system drops is that of a mapping. */
export interface FileChoice {
  /** Of several that fit the pattern that `file` is; `refuse` when absent. */
  readonly several?: Several | undefined
  /** Milliseconds since it was written, in place of what the source says. */
  readonly maxAge?: number | undefined
}

/** Columns of a source file to the properties of an entity type. One per entity type and source. */
export interface EntityMapping extends FileChoice, Switchable {
  /** Named like its entity type. */
  readonly name: string
  readonly entityType: string
  /** The concrete types of which its rows find resources, where these are not only those of its own; what it creates is of its own. */
  readonly scope?: readonly string[] | undefined
  /** Path of the file, or of a folder of part files, relative to the source's folder; its name may be a pattern (`file-pattern.ts`). */
  readonly file: string
  readonly format: FileFormat
  /** The mapped property that identifies a row of this source: unique and immutable. */
  readonly key: string
  /**
   * A column `command` of the file acts on this mapping (`true`) or never does (`false`); when absent, where the configuration
   * tells that the rows are of it.
   */
  readonly commands?: boolean | undefined
  /** Where commands act on it, the column that holds them; `command` when absent. */
  readonly commandColumn?: string | undefined
  /** Rows for which it does not hold are left out. */
  readonly where?: RowFilter | undefined
  readonly properties: readonly PropertyMapping[]
  readonly thresholds: EntityThresholds
  /** Where resources of the type are shared with other sources or with people; absent where the source owns them whole. */
  readonly federation?: Federation | undefined
  /** Of an open table: columns that hold the links of a row. */
  readonly linkSets?: readonly LinkSetMapping[] | undefined
}

/** The format is that of the values by which the end is looked up. */
export interface EndMapping extends ValueFormat, Absence {
  /** Of the source; of a shaped value, that of prepared files. */
  readonly column: string
  /** How its texts are made of columns of the source; absent where they are those of its column. */
  readonly shape?: Shape | undefined
  /** The property of the end's entity type whose values the column holds. */
  readonly by: string
}

/** Two columns of a source file to the ends of an association. One per association and source. */
export interface AssociationMapping extends FileChoice, Switchable {
  /** Named like its association. */
  readonly name: string
  readonly association: string
  readonly file: string
  readonly format: FileFormat
  readonly from: EndMapping
  readonly to: EndMapping
  /**
   * A column `command` of the file acts on this mapping (`true`) or never does (`false`); when absent, where its file
   * feeds nothing else.
   */
  readonly commands?: boolean | undefined
  /** Where commands act on it, the column that holds them; `command` when absent. */
  readonly commandColumn?: string | undefined
  /** Rows for which it does not hold are left out. */
  readonly where?: RowFilter | undefined
  readonly properties: readonly PropertyMapping[]
  readonly thresholds: AssociationThresholds
}

/** More than `count`, or more than `percent` of what is stored, holds the run; all that are set count. */
export interface Limit {
  readonly count?: number | undefined
  readonly percent?: number | undefined
  /** Changes below this number never trip `percent`. */
  readonly atLeast?: number | undefined
}

export interface EntityThresholds {
  readonly inserted?: Limit | undefined
  readonly updated?: Limit | undefined
  readonly deleted?: Limit | undefined
  /** Of the rows read. */
  readonly rejected?: Limit | undefined
  /** Of a federated mapping: replicas that disappear, whatever becomes of their resources; of those that are attached. */
  readonly disappeared?: Limit | undefined
  /** Of a federated mapping: that all of them disappear holds the run, however few they are. */
  readonly everything?: true | undefined
}

export interface AssociationThresholds {
  readonly inserted?: Limit | undefined
  readonly deleted?: Limit | undefined
  readonly rejected?: Limit | undefined
}

/** How far back losses are added up: to the runs of so many days, or so many runs. */
export type ThresholdWindow = { readonly deleted: Limit } & (
  | { readonly days: number }
  | { readonly runs: number }
)

export interface SourceThresholds extends EntityThresholds {
  /** Of each mapping whose deletions have a limit: how much of it may be gone at the end of several runs. */
  readonly window?: ThresholdWindow | undefined
  readonly linksInserted?: Limit | undefined
  readonly linksDeleted?: Limit | undefined
}

/** A program that writes the source files: any script that can write CSV. */
export interface ExportProgram {
  /** Program and arguments; no shell stands in between. */
  readonly command: readonly [string, ...string[]]
  /** Absolute path of the folder it runs in. */
  readonly workingFolder: string
  /** Set besides those that Sluice sets. */
  readonly environment: Readonly<Record<string, string>>
  /** Milliseconds after which it is stopped and has failed. */
  readonly timeout: number
  /** Without a statement that the export was complete, it has failed. */
  readonly requireStatement: boolean
}

/** A connector that writes the source files of one kind of managed system. */
export interface ConnectorExport {
  /** Its kind, such as `ldap`; or a path that begins with a dot, or a package. */
  readonly connector: string
  /** As the connector's schema has them. Secrets are references, and hold no secret. */
  readonly options: Readonly<Record<string, unknown>>
  /** Where secrets stand in the options. */
  readonly secrets: readonly (readonly string[])[]
  /** Variables in the options, secrets apart, that this process was not given. */
  readonly unset: readonly string[]
  /** Absolute path of the folder that paths in the options are relative to. */
  readonly workingFolder: string
  /** Milliseconds after which it is stopped and has failed. */
  readonly timeout: number
  /** How often it begins again after what may pass, such as a lost connection. */
  readonly retries: number
}

/** Who may delete resources that the source has created; administrators are among everybody. */
export const userDeletePolicies = ['nobody', 'administrators', 'everybody'] as const
export type UserDeletePolicy = (typeof userDeletePolicies)[number]

export interface Source {
  readonly name: string
  readonly labels?: Labels | undefined
  readonly description?: string | undefined
  /** Where people find a row of the source: a URL in which `{key}` stands for the key of the row, `{property}` for a property's name. */
  readonly link?: string | undefined
  /** A picture of it: a URL, with the placeholders of `link`. */
  readonly icon?: string | undefined
  /** Nobody when absent. */
  readonly userDelete?: UserDeletePolicy | undefined
  /** Absolute path of the folder that holds the source files; an export program writes a new one each time. */
  readonly folder: string
  /** Absolute path of the folder that holds files of changes, which incrementals take; those of `folder` are everything then. */
  readonly changesFolder?: string | undefined
  /** Relative to the folder of the files: it is there, and not older than any of them, or they are not all there. */
  readonly marker?: string | undefined
  /** Milliseconds since a file was written after which it is not taken any more. */
  readonly maxAge?: number | undefined
  /** Its rows stand in open tables, which SQL clients and loads write; there are no files. */
  readonly table?: true | undefined
  /** It is a graph, and its mappings follow from what its syncmappings make; absent of all other sources. */
  readonly graph?: GraphSource | undefined
  /** `production` when absent. */
  readonly status?: SourceStatus | undefined
  /** Who answers for it, and may run it besides administrators. */
  readonly owner?: string | undefined
  /** Its values win over those of sources with a lower number; 0 when absent. */
  readonly precedence?: number | undefined
  /** `false`: a replica that has disappeared and only marked its resource locks it no more. */
  readonly obsoleteLocks?: false | undefined
  readonly export?: ExportProgram | ConnectorExport | undefined
  readonly mode: Mode
  readonly entities: readonly EntityMapping[]
  readonly associations: readonly AssociationMapping[]
  readonly thresholds: SourceThresholds
  /** Names of the receivers that hear of it; all when absent. */
  readonly notify?: readonly string[] | undefined
  /** Milliseconds within which a run of it is expected to be applied. */
  readonly expected?: number | undefined
}

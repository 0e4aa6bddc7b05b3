/**
 * What a connector is: one kind of managed system, what has to be known to reach it, and how its rows are read.
 *
 * A connector reads and says; the folder of the files, their place in the chain of deliveries, cookies that count only after success,
 * time-outs and new attempts are not its concern.
 *
 * @module
 */
import type { Environment, SecretReference, WrittenTable } from '@sluice/model'
import type { z } from 'zod'
import type { Discovered } from './discovered.ts'
import type { ExportContext } from './export-context.ts'

export interface ConnectorDefinition<Options extends z.ZodObject> {
  /** What `export.connector` of a source names: lower case, with dashes. */
  readonly kind: string
  /** Which systems it reads, in some words. */
  readonly title: string
  /** A strict object whose parts have descriptions; `secretSchema` for what nobody may read. */
  readonly options: Options
  /** npm packages that it imports when it is used, with the version it was made for. */
  readonly packages?: Readonly<Record<string, string>>
  /** The files that it writes with these options. */
  tables(options: z.output<Options>): readonly WrittenTable[]
  /** Connects, and says what is visible. Throws `ManagedSystemError`, with what to do. */
  check(options: z.output<Options>, context: ConnectorContext): Promise<Checked>
  /** What there is to read, so that a mapping can be suggested. */
  discover(options: z.output<Options>, context: ConnectorContext): Promise<Discovered>
  /** Writes the rows of every table that is wanted. What is not all there is thrown, and never left out. */
  export(options: z.output<Options>, context: ExportContext): Promise<ConnectorStatement>
}

/** Surroundings of a connector at work. */
export interface ConnectorContext {
  /** Name of the source. */
  readonly source: string
  /** The secret itself. It is kept out of all messages and logs afterwards, wherever the connector puts it. */
  secret(reference: SecretReference): Promise<string>
  /** What programs inherit that it runs. */
  readonly environment: Environment
  /** A path of the options as an absolute one. */
  resolvePath(path: string): string
  /** A line for the log. */
  log(text: string): void
  /** Aborted when the work shall end: somebody interrupts it, or its time is over. */
  readonly signal: AbortSignal
}

/** What is visible of a managed system. */
export interface Checked {
  /** In the order in which they are shown: `server`, `version`, `user`, rights, and how much there is. */
  readonly facts: Readonly<Record<string, string>>
  /** What will not work, or not as one may think: whole sentences. */
  readonly warnings: readonly string[]
}

/** What a connector says of what it has written. */
export interface ConnectorStatement {
  /** `false`: something is missing, so nothing of it is used. */
  readonly complete: boolean
  /**
   * `incremental`: files with a column `command` hold changes. `complete`: they hold everything, whatever was asked for. The table in
   * docs/export-programs.md says what is made of it.
   */
  readonly mode?: 'complete' | 'incremental' | undefined
  /** A sentence for the log, or the reason why it is not complete. */
  readonly note?: string | undefined
}

/** A connector whose options are nobody else's concern. */
export interface Connector {
  readonly kind: string
  readonly title: string
  readonly schema: z.ZodObject
  readonly packages: Readonly<Record<string, string>>
  /** With options that its schema accepts; throws what the schema throws. */
  with(options: unknown): ReadyConnector
}

/** A connector that knows which system is meant. */
export interface ReadyConnector {
  tables(): readonly WrittenTable[]
  check(context: ConnectorContext): Promise<Checked>
  discover(context: ConnectorContext): Promise<Discovered>
  export(context: ExportContext): Promise<ConnectorStatement>
}

/** Makes a connector: what its folder exports. */
export function defineConnector<Options extends z.ZodObject>(
  definition: ConnectorDefinition<Options>,
): Connector {
  const { kind, title, options: schema, packages = {} } = definition
  return {
    kind,
    title,
    schema,
    packages,
    with(input) {
      const options = schema.parse(input)
      return {
        tables: () => definition.tables(options),
        check: (context) => definition.check(options, context),
        discover: (context) => definition.discover(options, context),
        export: (context) => definition.export(options, context),
      }
    },
  }
}

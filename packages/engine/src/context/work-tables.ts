/**
 * The work tables of a run: what one stage leaves for the next.
 *
 * They live in the run's transaction, so a run that dies leaves none. What a held run has computed is copied into
 * tables that stay until somebody decides.
 *
 * @module
 */
import {
  run,
  type Session,
  type SQL,
  type Statement,
  shortened,
  sql,
  statement,
  Table,
} from '@sluice/repository'

/** What a work table holds. */
export type WorkTableKind =
  /** the rows of a mapping as they came, as text */
  | 'staged'
  /** the rows that the source has changed since the delivery before */
  | 'changed_since'
  /** fields of rows that could not be read */
  | 'unreadable'
  /** staged rows that say something new */
  | 'candidates'
  /** the same, each with the resource it belongs to */
  | 'attached'
  /** rows with a value that their property cannot hold */
  | 'bad_rows'
  /** all rows that are set aside, with the reasons */
  | 'rejected_rows'
  /** replicas that the source does not mention any more */
  | 'disappeared'
  /** resources that an external write has changed */
  | 'external'
  /** those of them that a replica of the source stands for, or that are gone */
  | 'external_attached'
  /** those of them that no replica stands for */
  | 'external_unattached'
  /** the versions of those rows, as they were found */
  | 'external_versions'
  /** the change set of an entity type */
  | 'changes'
  /** the change set of the links of one source and association */
  | 'link_changes'
  /** the last command about each pair */
  | 'netted_pairs'
  | 'replaced_ends'
  /** pairs that the source asserts, with their ends */
  | 'pairs'
  /** links and waiting pairs of which an end changes */
  | 'affected_pairs'
  /** what names find, where several associations ask for it */
  | 'lookups'
  /** references whose target changes */
  | 'affected_references'
  /** values that name another resource after the run */
  | 'changed_keys'
  /** stored resources that answer to a changed key */
  | 'changed_key_resources'
  /** replicas that a run applies, with what they assert */
  | 'replica_rows'
  /** replicas whose resource is gone without them */
  | 'vanished'
  /** the entries of their sets of links */
  | 'link_entries'
  /** those that name what an earlier one makes */
  | 'named'
  /** what is wrong with them */
  | 'faults'
  /** replicas that have disappeared */
  | 'missing'
  /** resources that are deleted with them */
  | 'doomed'
  /** rows that look for their resource; what each rule finds; and what comes of it */
  | 'searches'
  | 'matches'
  | 'found'
  /** of them, those that a person is to decide about */
  | 'doubtful'
  /** resources of which the values are decided, and what every replica says of them */
  | 'affected'
  | 'claims'
  /** resources that become one, and the values that stand then where no source decides */
  | 'merging'
  | 'standing'
  /** replicas as the run leaves them */
  | 'statuses'
  /** what a run changed that is taken back, and what stands in the way */
  | 'undone'
  | 'undone_links'
  | 'conflicts'
  /** what is undone with the replicas of a source */
  | 'undone_replicas'
  /** the nodes and relationships of a graph, as they came */
  | 'graph_nodes'
  | 'graph_relationships'
  /** what a run evaluates of it, with numbers for names */
  | 'graph_ways'
  | 'graph_edges'
  | 'graph_numbered_roots'
  /** nodes that changes touch, the roots that reach them, and what these reach */
  | 'graph_changed'
  | 'graph_roots'
  | 'graph_reached'
  | 'graph_reached_nodes'
  | 'graph_reached_relationships'
  /** what roots give, and those that give nothing */
  | 'graph_results'
  /** of these, what several give */
  | 'graph_together'
  | 'graph_failed'
  /** what changes of what is stored of a graph */
  | 'graph_changed_nodes'
  | 'graph_changed_relationships'
  | 'graph_changed_results'
  | 'graph_changed_failures'
  /** what a held run keeps */
  | 'held'

export class WorkTables {
  readonly #session: Session
  readonly #prefix: string
  readonly #persistence: SQL
  /** They go by themselves, with the transaction. */
  readonly #temporary: boolean
  /** Names of those there are at the moment. */
  readonly #names = new Set<string>()

  /**
   * `few` rows: temporary tables where the role may make them, which cost a fraction of the trouble; else unlogged ones,
   * which several processes of the database may read at once.
   */
  constructor(
    session: Session,
    of: { readonly runId: number; readonly few: boolean; readonly temporaryTables: boolean },
  ) {
    this.#session = session
    // Work tables of a plan must not meet those of another.
    const suffix = of.runId === 0 ? `plan_${Math.random().toString(36).slice(2, 10)}` : `run_${of.runId}`
    this.#prefix = `sluice_${suffix}`
    this.#temporary = of.few && of.temporaryTables
    this.#persistence = this.#temporary ? sql`temporary` : of.few ? sql.blank : sql`unlogged`
  }

  /** The table of this kind about a mapping, type or association. */
  named(kind: WorkTableKind, about = ''): Table {
    const name = [this.#prefix, kind, about].filter((part) => part !== '').join('_')
    return new Table(shortened(name.toLowerCase()))
  }

  get #end(): SQL {
    return this.#temporary ? sql` on commit drop` : sql.blank
  }

  /** Makes a table of what a query finds; returns it, and how many rows those are. */
  async fill(table: Table, query: Statement): Promise<{ readonly table: Table; readonly count: number }> {
    this.#names.add(table.name)
    const { count } = await run(
      this.#session,
      statement(query.name, sql`create ${this.#persistence} table ${table}${this.#end} as ${query.query}`),
    )
    return { table, count }
  }

  /** Makes a table without rows; `columns` is their definition. */
  async create(name: string, table: Table, columns: SQL): Promise<void> {
    this.#names.add(table.name)
    const made = sql`create ${this.#persistence} table ${table} (${columns})${this.#end}`
    await run(this.#session, statement(name, made))
  }

  /** Makes a copy that outlives the transaction and a crash of the server. */
  async keep(name: string, table: Table, rows: SQL): Promise<void> {
    await run(this.#session, statement(name, sql`create table ${table} as ${rows}`))
  }

  /** Drops tables that nobody needs any more; all there are when none is named. */
  async drop(tables?: readonly Table[]): Promise<void> {
    const names = tables === undefined ? [...this.#names] : tables.map(({ name }) => name)
    if (names.length === 0 || (tables === undefined && this.#temporary)) return
    const list = sql.join(
      names.map((name) => sql.identifier(name)),
      ', ',
    )
    await run(this.#session, statement('work-tables/drop', sql`drop table ${list}`))
    for (const name of names) this.#names.delete(name)
  }
}

/** Under so many rows, the planner knows enough by the size of a table. */
const fewRows = 2_000

/** From here on statistics and indexes of a work table cost less than what a misjudged plan does. */
export const manyRows = 10_000

/**
 * Statistics for the planner: of every column where there is much to misjudge, else the number of rows and one column,
 * which takes a tenth of the time.
 */
export async function analyzeTable(
  session: Session,
  table: Table,
  rows: number,
  column: string,
): Promise<void> {
  if (rows < manyRows) await analyzeColumns(session, table, rows, [column])
  else await run(session, analyze(table))
}

/** Statistics of the columns by which a table is joined and looked through, and of no other: of wide rows that is what costs. */
export async function analyzeColumns(
  session: Session,
  table: Table,
  rows: number,
  columns: readonly [string, ...string[]],
): Promise<void> {
  if (rows < fewRows) return
  await run(
    session,
    statement(
      'work-tables/analyze',
      sql`analyze ${table} (${sql.join(
        columns.map((name) => sql.identifier(name)),
        ', ',
      )})`,
    ),
  )
}

/** Statistics of a table whatever its size, where a plan depends on them. */
export function analyze(table: Table): Statement {
  return statement('work-tables/analyze', sql`analyze ${table}`)
}

/**
 * Tells PostgreSQL the size of a staged table, so that no statement takes it for a small one. Its size alone: statistics of
 * every column would cost a second.
 */
export function measure(table: Table): Statement {
  return statement('work-tables/measure', sql`analyze ${table} (_row)`)
}

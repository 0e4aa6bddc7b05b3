/**
 * Which columns of a record are read, each once for all that take the same texts in it for no value.
 *
 * @module
 */

export class ColumnsRead {
  readonly columns: string[] = []
  /** By place, the texts that are no values; none when absent. */
  readonly absent: (ReadonlySet<string> | undefined)[] = []
  readonly #places = new Map<string, number>()

  /** Of a column, its place among all; `absent` are texts that are read as empty ones. */
  without(absent: readonly string[] = []): (column: string) => number {
    return (column) => {
      const id = JSON.stringify([column, absent])
      const known = this.#places.get(id)
      if (known !== undefined) return known
      this.#places.set(id, this.columns.length)
      this.absent.push(absent.length === 0 ? undefined : new Set(absent))
      return this.columns.push(column) - 1
    }
  }
}

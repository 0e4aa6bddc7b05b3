/**
 * How many rows the pages of a list have: so many that their statement costs little beside them, and so few that a page of wide rows is not
 * large. While a page waits for whoever reads slowly, it is all that is held of the list, without a connection.
 *
 * @module
 */
import type { Row } from '../database/database.ts'

/** Rows of the first page, of which nothing is known; each may have so many times as many as the one before. */
const firstPage = 100
const growth = 5
const mostRows = 5000
/** Characters of a page, roughly: what is made of them in one go is time that nobody else is answered. */
const pageLength = 200_000
/** Rows of a page that are looked at. */
const looks = 20

export class PageSize {
  #rows: number

  /** @param first Rows of the first page, where one more page would cost more than some that are wide. */
  constructor(first: number = firstPage) {
    this.#rows = first
  }

  get rows(): number {
    return this.#rows
  }

  /** Called with every page that was read: the next is made for rows as wide as the widest of some of them. */
  learn(page: readonly Row[]): void {
    const step = Math.max(1, Math.floor(page.length / looks))
    let widest = 1
    for (let index = 0; index < page.length; index += step) {
      const row = page[index]
      if (row !== undefined) widest = Math.max(widest, JSON.stringify(row).length)
    }
    const fitting = Math.max(1, Math.floor(pageLength / widest))
    this.#rows = Math.min(fitting, this.#rows * growth, mostRows)
  }
}

/**
 * Where staged rows stand in the files of their source, as far as it is known: rows of commands are staged in the order of their
 * file, so that a few places say it of all; of rows that were sorted, those are known whose values are wrong.
 *
 * @module
 */
import { type SQL, sql } from '@sluice/repository'

/** From this staged row (`_row`) up to that of the next place, each row is one line further. */
export interface RowPlace {
  readonly row: number
  readonly file: string
  /** First physical line of that row; null where it is not known, nor of those behind it. */
  readonly line: number | null
}

/** SQL of the file (text) and line (bigint) of the staged row `row`; `file` where no place is known. */
export function placeOfRow(
  places: readonly RowPlace[],
  row: SQL,
  file: string,
): { readonly file: SQL; readonly line: SQL } {
  if (places.length === 0) return { file: sql.literal(file), line: sql`null::bigint` }
  const values = sql.join(
    places.map((place) => sql`(${sql.literal(place.row)}, ${sql.literal(place.file)}, ${lineOf(place)})`),
    ', ',
  )
  const at = (what: SQL) => sql`(select ${what} from (values ${values}) p(row, file, line)
    where p.row <= ${row} order by p.row desc limit 1)`
  return { file: at(sql`p.file`), line: at(sql`p.line + ${row} - p.row`) }
}

function lineOf({ line }: RowPlace): SQL {
  return line === null ? sql`null::bigint` : sql`${sql.literal(line)}::bigint`
}

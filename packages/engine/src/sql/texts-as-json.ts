/**
 * Documents of texts, where there is one for every row.
 *
 * `jsonb_build_object` finds out anew for each row what its arguments are, and takes three times as long.
 *
 * @module
 */
import { commas, type SQL, sql } from '@sluice/repository'

/** SQL (jsonb): `{name: text}`; a text that is null is null there. */
export function textsAsJson(entries: readonly { readonly name: string; readonly text: SQL }[]): SQL {
  return sql`jsonb_object(array[${commas(entries.flatMap(({ name, text }) => [sql.literal(name), text]))}]::text[])`
}

/// <reference path="./pgpass.d.ts" />
/**
 * The password that the file of PostgreSQL's programs holds for a server: `PGPASSFILE`, or `~/.pgpass`.
 *
 * https://www.postgresql.org/docs/current/libpq-pgpass.html; a file that others may read is not used, which is printed.
 *
 * @module
 */
import process from 'node:process'
import passwordOf from 'pgpass'

/**
 * As the driver asks for it, with what the connection is to. The driver would look into the file by itself, too, but says at each start that it will
 * not for ever.
 */
export async function passwordFromFile(...[about]: readonly unknown[]): Promise<string> {
  // biome-ignore lint/style/noProcessEnv: as every program of PostgreSQL takes it
  const given = process.env['PGPASSWORD']
  if (given !== undefined) return given
  const found = await new Promise<string | undefined>((resolve) => passwordOf(about, resolve))
  // Where there is none the server says that it wanted one.
  return found ?? ''
}

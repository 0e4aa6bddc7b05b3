/**
 * Imported first by a process and its threads (`NODE_OPTIONS`): notes what reaches the disk, a path a line, in the file that
 * `RECORDED_SYNCS` names. Each file is synced as before.
 *
 * @module
 */
import fs from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'
import process from 'node:process'

const sync = fs.fsyncSync

fs.fsyncSync = (file) => {
  sync(file)
  fs.appendFileSync(process.env['RECORDED_SYNCS'] ?? '', `${fs.readlinkSync(`/proc/self/fd/${file}`)}\n`)
}
syncBuiltinESMExports()

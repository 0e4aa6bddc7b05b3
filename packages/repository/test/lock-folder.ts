/**
 * A process for the tests of the folder lock: takes the lock of the folder it is given, says how
 * that went, and keeps it until its input ends.
 *
 * @module
 */
import process from 'node:process'
import { SluiceError } from '@sluice/model'
import { lockFolder } from '../src/database/folder-lock.ts'

const say = (word: string) => process.stdout.write(`${word}\n`)

say('ready')
process.stdin.once('data', async () => {
  try {
    const lock = await lockFolder(process.argv[2] ?? '')
    say('locked')
    process.stdin.once('end', async () => {
      await lock[Symbol.asyncDispose]()
      say('released')
    })
  } catch (error) {
    say(error instanceof SluiceError ? error.code : String(error))
    process.stdin.destroy()
  }
})

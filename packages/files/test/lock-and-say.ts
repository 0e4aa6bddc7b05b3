/**
 * A process for the tests of locks: takes the lock of a folder and says what became of it, and at each line of its input
 * writes durably into the folder and says what became of that.
 *
 * @module
 */
import { join } from 'node:path'
import { createInterface } from 'node:readline/promises'
import { withinLock } from '../src/held-lock.ts'
import { onLockWait, takeLock } from '../src/take-lock.ts'
import { writeDurably } from '../src/write-durably.ts'

const [folder = '', beat = '100', expiry = '1500'] = process.argv.slice(2)
const say = (word: string) => process.stdout.write(`${word}\n`)

onLockWait((sentence) => say(`waits: ${sentence}`))
const lock = await takeLock(folder, 'lock', { beat: Number(beat), expiry: Number(expiry) })
say(lock.kind === 'busy' ? `busy: process ${lock.holder.pid} on ${lock.holder.host}` : 'locked')
const write = (text: string) => () => writeDurably(join(folder, 'note'), text)
// Nothing goes on by itself: what is written next is written at a word from outside.
for await (const text of createInterface({ input: process.stdin })) {
  await (lock.kind === 'busy' ? write(text)() : withinLock(lock.held, write(text))).then(
    () => say('written'),
    (error: unknown) => say(error instanceof Error && 'code' in error ? String(error.code) : String(error)),
  )
}

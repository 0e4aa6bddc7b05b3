/**
 * Reads a new password, which is no argument: others see those, and shells remember them.
 *
 * @module
 */
import { passwordSchema } from '@sluice/project'
import type { Context } from '../context.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'
import { readSecret } from './read-secret.ts'

/** From whom sits at the terminal, who types it twice and sees none of it; or else from what is piped in. */
export async function readNewPassword(context: Pick<Context, 'ask' | 'input'>): Promise<string> {
  const password = await readSecret(context, 'new password')
  const problem = passwordSchema.safeParse(password).error?.issues[0]?.message
  if (problem !== undefined)
    throw new WrongUsageError(`The password ${problem}.`, 'Choose another one; nothing else is asked of it.')
  if (context.ask !== undefined && (await context.ask('the same again: ', { hidden: true })) !== password)
    throw new WrongUsageError('The two passwords differ.', 'Type it again.')
  return password
}

/**
 * Reads a secret that is not to stand in the command, which others see and shells remember.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import type { Context } from '../context.ts'
import { WrongUsageError } from '../wrong-usage-error.ts'

/** How a command says that the value comes from there. */
export const fromInput = '@-'

/** From whom sits at the terminal, or else from what is piped in, without the line break at its end. `name`: of the property. */
export async function readSecret(
  { ask, input }: Pick<Context, 'ask' | 'input'>,
  name: string,
  { removable = false }: { readonly removable?: boolean } = {},
): Promise<string> {
  const text = ask === undefined ? await allOf(input) : await ask(`${name}: `, { hidden: true })
  if (text !== '') return text
  throw new WrongUsageError(
    `No ${name} is given.`,
    `Pipe it in, or type it when you are asked${removable ? `; ${name}= removes it` : ''}.`,
  )
}

async function allOf(input: AsyncIterable<Uint8Array> | undefined): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of input ?? []) chunks.push(chunk)
  return Buffer.concat(chunks)
    .toString('utf8')
    .replace(/\r?\n$/, '')
}

/**
 * Passwords as they are kept: Argon2id with the parameters that OWASP recommends, in the form of PHC, which says them.
 *
 * They are computed on other threads than that of the events. The library is loaded by whoever needs it and by nobody else.
 *
 * @module
 */

/** 19 MiB, two passes, one lane: https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html */
const parameters = { memoryCost: 19_456, timeCost: 2, parallelism: 1 } as const
type Parameters = Readonly<Record<keyof typeof parameters, number>>

/** The same characters, whichever way a keyboard composes them. */
const normalized = (password: string) => password.normalize('NFKC')

export async function hashPassword(password: string, cost: Parameters = parameters): Promise<string> {
  const { hash } = await import('@node-rs/argon2')
  return await hash(normalized(password), { ...cost })
}

export interface VerifiedPassword {
  readonly good: boolean
  /** Made with less than what is asked today: it is to be made again of the password that is known now. */
  readonly outdated: boolean
}

/** Takes as long where there is no hash as where there is one, so that nobody learns which names there are. */
export async function verifyPassword(hash: string | undefined, password: string): Promise<VerifiedPassword> {
  const { verify, parseOptions } = await import('@node-rs/argon2')
  const known = hash ?? (await noPassword())
  const good = (await verify(known, normalized(password))) && hash !== undefined
  const { memoryCost, timeCost } = parseOptions(known)
  return { good, outdated: memoryCost < parameters.memoryCost || timeCost < parameters.timeCost }
}

let dummy: Promise<string> | undefined

/** A hash of what nobody knows. */
function noPassword(): Promise<string> {
  dummy ??= hashPassword(crypto.randomUUID())
  return dummy
}

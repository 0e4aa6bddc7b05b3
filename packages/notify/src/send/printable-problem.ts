/**
 * What went wrong, for a list that many people see: one line, cut, without the secrets that an error may repeat.
 *
 * @module
 */
import { Buffer } from 'node:buffer'
import { cutText, storableText } from '@sluice/model'

const longest = 500

/** `secrets`: those that were used in the attempt. */
export function printableProblem(text: string, secrets: readonly string[]): string {
  const hidden = spellingsOf(secrets).reduce((rest, secret) => rest.replaceAll(secret, '***'), text)
  const line = storableText(hidden)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replaceAll(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, ' ')
    .trim()
  return cutText(line, longest)
}

/** As they are, and as protocols write them. The longest first, so that no rest of one stays. */
function spellingsOf(secrets: readonly string[]): readonly string[] {
  return secrets
    .filter((secret) => secret.length > 3)
    .flatMap((secret) => [secret, Buffer.from(secret).toString('base64'), encodeURIComponent(secret)])
    .sort((a, b) => b.length - a.length)
}

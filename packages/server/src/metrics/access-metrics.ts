/**
 * When what lets people and agents in ends: tokens and the certificate.
 *
 * @module
 */
import type { Token } from '@sluice/model'
import { Gauge, type Registry } from 'prom-client'

export function tokenMetrics(registers: Registry[]) {
  const expiry = new Gauge({
    name: 'sluice_token_expiry_timestamp_seconds',
    help: 'When a token ends, in seconds since 1970; none of one without an end. The same at every server of the repository.',
    labelNames: ['token', 'role'],
    registers,
  })
  const used = new Gauge({
    name: 'sluice_token_used_timestamp_seconds',
    help: 'When a request last came with a token, in seconds since 1970; the same at every server of the repository.',
    labelNames: ['token', 'role'],
    registers,
  })
  return (tokens: readonly Token[]) => {
    for (const gauge of [expiry, used]) gauge.reset()
    for (const { name: token, role, expiresAt, lastUsedAt } of tokens) {
      if (expiresAt !== null) expiry.set({ token, role }, Date.parse(expiresAt) / 1000)
      if (lastUsedAt !== null) used.set({ token, role }, Date.parse(lastUsedAt) / 1000)
    }
  }
}

/** `end`: absent where the server speaks HTTP. */
export function certificateMetrics(registers: Registry[], end: () => Date | undefined): void {
  new Gauge({
    name: 'sluice_certificate_expiry_timestamp_seconds',
    help: 'When the certificate of this server ends, in seconds since 1970; none of one that speaks HTTP.',
    // Without a label it would be 0 until it is known.
    labelNames: ['protocol'],
    registers,
    collect() {
      const found = end()
      if (found !== undefined) this.set({ protocol: 'https' }, found.getTime() / 1000)
    },
  })
}

/**
 * How the server listens and how agents reach it.
 *
 * @module
 */
import type { AgentSettings, ServerSettings } from '../source.ts'

export function resolveServer(workFolder: string): ServerSettings {
  return {
    host: '127.0.0.1',
    port: 8620,
    behindProxy: false,
    inbox: `${workFolder}/inbox`,
    deliveryExpiry: 3_600_000,
    runsAtOnce: 2,
    stopTimeout: 30_000,
    limits: { deliverySize: 20_000_000_000, requestsPerMinute: 1200, idle: 60_000 },
  }
}

export function resolveAgent(): AgentSettings {
  return { compression: 'auto', retryFor: 60_000 }
}

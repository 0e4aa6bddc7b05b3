/**
 * Faults between an agent and its server, and what the agent may report of them.
 *
 * @module
 */
import type { Fault, PassedRequest } from '../../packages/agent/test/faulty-proxy.ts'
import type { RequestFaults } from './steps.ts'

/** Why an incremental is not made. */
export const brokenChain = ['SLUICE-PREPARE-11', 'SLUICE-PREPARE-13', 'SLUICE-PROJECT-05']
export const held = 'SLUICE-DELIVER-01'
/** What a network or a server that goes away may lead to. */
const interrupted = [
  'SLUICE-DELIVER-03',
  'SLUICE-DELIVER-09',
  'SLUICE-REMOTE-01',
  'SLUICE-PROJECT-03',
  'aborted',
]
/** What a byte that arrives as another one leads to, when it does so more than once or in what was compressed. */
const damaged = ['SLUICE-RECEIVE-03', 'SLUICE-SERVER-04']
/** Why the server has not worked on a delivery: the chain was broken, it was not prepared, it never came. */
export const refusals = ['SLUICE-RECEIVE-06', 'SLUICE-RECEIVE-13', 'SLUICE-RECEIVE-14']

/** Codes that faults may lead to. */
export function codesOf(faults: RequestFaults | undefined): readonly string[] {
  if (faults === undefined) return []
  return faults.kind === 'flip' ? [...interrupted, ...damaged] : interrupted
}

/** What happens to each request, by what was asked for. */
export function faultsOf(
  faults: RequestFaults | undefined,
  stop: () => void,
  abort: () => void,
): (request: PassedRequest) => Fault {
  if (faults === undefined) return () => 'none'
  const { kind, at, times, byte } = faults
  const onlyUploads = kind === 'cut' || kind === 'flip'
  let count = 0
  return ({ method }) => {
    if (onlyUploads && method !== 'PATCH') return 'none'
    const index = count++
    if (index < at || index >= at + times) return 'none'
    switch (kind) {
      case 'lose request':
      case 'lose answer':
        return kind
      case 'cut':
        return { cutAfter: byte }
      case 'flip':
        return { flipAt: byte }
      case 'stop':
        return { answered: stop }
      case 'abort':
        return { answered: abort }
    }
  }
}

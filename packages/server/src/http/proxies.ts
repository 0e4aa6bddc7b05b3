/**
 * Who is one of our proxies, by the address that connects.
 *
 * @module
 */
import { BlockList, isIPv6 } from 'node:net'
import type { ServerSettings } from '@sluice/model'

export function proxiesIn(behindProxy: ServerSettings['behindProxy']): (address: string) => boolean {
  if (typeof behindProxy === 'boolean') return () => behindProxy
  const list = new BlockList()
  for (const one of behindProxy) {
    const [network = '', prefix] = one.split('/')
    const family = isIPv6(network) ? 'ipv6' : 'ipv4'
    if (prefix === undefined) list.addAddress(network, family)
    else list.addSubnet(network, Number(prefix), family)
  }
  return (address) => {
    // As a socket that takes both kinds has those of IPv4.
    const plain = address.replace(/^::ffff:(?=\d+\.)/, '')
    return list.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
  }
}

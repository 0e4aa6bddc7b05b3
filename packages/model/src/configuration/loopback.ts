/**
 * Whether a name or address never leaves this machine.
 *
 * @module
 */

/** `localhost`, `127.x.x.x`, `::1`, in brackets too. */
export function isLoopback(host: string): boolean {
  const name = host.replace(/^\[(.*)\]$/, '$1').toLowerCase()
  return name === 'localhost' || name.endsWith('.localhost') || name === '::1' || /^127(\.\d+){3}$/.test(name)
}

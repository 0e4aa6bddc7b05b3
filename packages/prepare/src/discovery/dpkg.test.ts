import { describe, expect, test } from 'vitest'
import { readDiscovery } from '../../test/read-discovery.ts'

describe('the status of dpkg', () => {
  const status = `Package: libc6
Status: install ok installed
Priority: optional
Installed-Size: 12986
Architecture: amd64
Multi-Arch: same
Version: 2.36-9
Description: GNU C Library: Shared libraries
 Contains the standard libraries that are used by nearly all programs on
 the system.

Package: mawk
Status: install ok installed
Architecture: amd64
Provides: awk
Version: 1.3.4
Pre-Depends: libc6 (>= 2.34)

Package: base-files
Status: install ok installed
Architecture: amd64
Version: 12.4
Depends: gawk | awk, libcrypt1 (>= 1), mawk

Package: oldthing
Status: deinstall ok config-files
Version: 1
`

  test('is the installed packages of a host, and what they depend on', async () => {
    const { nodes, ways } = await readDiscovery('dpkg', { 'web1.status': status })
    expect(Object.keys(nodes).toSorted()).toEqual([
      'Host web1',
      'Package web1/Package/base-files',
      'Package web1/Package/libc6:amd64',
      'Package web1/Package/mawk',
    ])
    expect(nodes['Package web1/Package/libc6:amd64']).toEqual({
      architecture: 'amd64',
      installed_size: 12986,
      key: 'web1/Package/libc6:amd64',
      name: 'libc6',
      priority: 'optional',
      summary: 'GNU C Library: Shared libraries',
      version: '2.36-9',
    })
    expect(ways.filter((way) => way.includes('Dependency'))).toEqual([
      'web1/Package/base-files Dependent:Dependency:DependedOn web1/Package/mawk',
      'web1/Package/mawk Dependent:Dependency:DependedOn web1/Package/libc6:amd64',
    ])
  })

  test('that is cut off in the middle of a line, or is something else, is refused', async () => {
    await expect(readDiscovery('dpkg', { 'web1.status': status.slice(0, 300) })).rejects.toThrow(
      /web1\.status.*its last line does not end/,
    )
    await expect(readDiscovery('dpkg', { 'web1.status': '{"a": 1}\n<html>\n' })).rejects.toThrow(
      'found/web1.status, line 1, is no list of packages of dpkg: it is no field such as "Package: openssl".',
    )
  })
})

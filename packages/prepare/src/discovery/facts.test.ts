import { describe, expect, test } from 'vitest'
import { readDiscovery } from '../../test/read-discovery.ts'

describe('facts of a host', () => {
  test('as Ansible gathers them', async () => {
    const { nodes, ways } = await readDiscovery('facts', {
      'web1.example.org': JSON.stringify({
        ansible_facts: {
          ansible_fqdn: 'web1.example.org',
          ansible_hostname: 'web1',
          ansible_distribution: 'Debian',
          ansible_processor_vcpus: 4,
          ansible_default_ipv4: { address: '10.0.0.7', interface: 'eth0' },
          ansible_interfaces: ['eth0', 'br-7'],
          ansible_eth0: {
            device: 'eth0',
            active: true,
            macaddress: '52:54:00:00:00:01',
            ipv4: { address: '10.0.0.7', netmask: '255.255.255.0' },
            ipv6: [{ address: 'fe80::1' }],
          },
          ansible_br_7: { device: 'br-7', active: false },
          ansible_mounts: [
            { mount: '/', device: '/dev/vda1', fstype: 'ext4', size_total: 100, size_available: 7 },
          ],
          ansible_devices: { vda: { model: 'virtio', size: '20 GB', partitions: { vda1: {} } } },
          ansible_date_time: { epoch: '1' },
          ansible_uptime_seconds: 9,
          ansible_memfree_mb: 5,
          ansible_memtotal_mb: 4000,
          ansible_env: { TOKEN: 'hunter2' },
          ansible_proc_cmdline: { key: 'hunter2' },
          ansible_virtualization_tech_guest: ['kvm', 'container'],
          packages: { openssl: [{ name: 'openssl', version: '3.0.15', arch: 'amd64', source: 'apt' }] },
          services: { 'ssh.service': { name: 'ssh.service', state: 'running', status: 'enabled' } },
        },
      }),
    })
    expect(nodes).toEqual({
      'Host web1.example.org': {
        default_ipv4_address: '10.0.0.7',
        default_ipv4_interface: 'eth0',
        distribution: 'Debian',
        fqdn: 'web1.example.org',
        hostname: 'web1',
        key: 'web1.example.org',
        memtotal_mb: 4000,
        name: 'web1',
        processor_vcpus: 4,
        virtualization_tech_guest: ['container', 'kvm'],
      },
      'NetworkInterface web1.example.org/NetworkInterface/eth0': {
        active: true,
        address: '10.0.0.7',
        addresses: ['10.0.0.7', 'fe80::1'],
        device: 'eth0',
        key: 'web1.example.org/NetworkInterface/eth0',
        mac: '52:54:00:00:00:01',
        macaddress: '52:54:00:00:00:01',
        name: 'eth0',
        netmask: '255.255.255.0',
      },
      'NetworkInterface web1.example.org/NetworkInterface/br-7': {
        active: false,
        addresses: [],
        device: 'br-7',
        key: 'web1.example.org/NetworkInterface/br-7',
        name: 'br-7',
      },
      'FileSystem web1.example.org/FileSystem//': {
        device: '/dev/vda1',
        fstype: 'ext4',
        key: 'web1.example.org/FileSystem//',
        mount: '/',
        name: '/',
        size_total: 100,
      },
      'Disk web1.example.org/Disk/vda': {
        key: 'web1.example.org/Disk/vda',
        model: 'virtio',
        name: 'vda',
        size: '20 GB',
      },
      'Package web1.example.org/Package/openssl': {
        arch: 'amd64',
        key: 'web1.example.org/Package/openssl',
        name: 'openssl',
        source: 'apt',
        version: '3.0.15',
      },
      'Service web1.example.org/Service/ssh.service': {
        key: 'web1.example.org/Service/ssh.service',
        name: 'ssh.service',
        status: 'enabled',
      },
    })
    expect(ways).toContain('web1.example.org Host:HostPackage:Package web1.example.org/Package/openssl')
    expect(ways).toHaveLength(6)
  })

  test('as Facter gathers them', async () => {
    const { nodes } = await readDiscovery('facts', {
      'db1.json': JSON.stringify({
        networking: {
          fqdn: 'db1.example.org',
          hostname: 'db1',
          interfaces: {
            eth0: { ip: '10.0.0.9', mac: '52:54:00:00:00:09', bindings: [{ address: '10.0.0.9' }] },
          },
        },
        os: { name: 'Debian', release: { full: '12.8', major: '12' } },
        memory: { system: { total_bytes: 8, used_bytes: 3, available_bytes: 5 } },
        mountpoints: { '/': { device: '/dev/vda1', filesystem: 'ext4', size_bytes: 9, available: '1 GiB' } },
        system_uptime: { days: 3 },
        load_averages: { '1m': 0.5 },
      }),
    })
    expect(nodes['Host db1.example.org']).toEqual({
      key: 'db1.example.org',
      memory_system_total_bytes: 8,
      name: 'db1',
      networking_fqdn: 'db1.example.org',
      networking_hostname: 'db1',
      os_name: 'Debian',
      os_release_full: '12.8',
      os_release_major: '12',
    })
    expect(nodes['FileSystem db1.example.org/FileSystem//']).toMatchObject({
      filesystem: 'ext4',
      size_bytes: 9,
    })
    expect(nodes['NetworkInterface db1.example.org/NetworkInterface/eth0']).toMatchObject({
      address: '10.0.0.9',
    })
    expect(Object.keys(nodes)).toHaveLength(3)
  })

  test('what holds none is refused whole', async () => {
    await expect(readDiscovery('facts', { 'a.json': '{"msg": "unreachable"}' })).rejects.toThrow(
      'found/a.json cannot be read: it holds no facts of Ansible or Facter.',
    )
    await expect(readDiscovery('facts', { 'a.json': '{"hostname": ' })).rejects.toThrow(
      /^found\/a\.json cannot be read: it is not valid JSON/,
    )
  })
})

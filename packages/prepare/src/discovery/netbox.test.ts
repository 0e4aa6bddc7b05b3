import { describe, expect, test } from 'vitest'
import { readDiscovery } from '../../test/read-discovery.ts'

describe('a list of NetBox', () => {
  const at = (path: string) => `https://netbox.example.org/api/${path}/`
  const page = (results: readonly unknown[], next: string | null = null) =>
    JSON.stringify({ count: 9, next, previous: null, results })
  const device = {
    id: 17,
    url: at('dcim/devices/17'),
    display_url: 'https://netbox.example.org/dcim/devices/17/',
    display: 'sw-1',
    name: 'sw-1',
    device_type: { id: 3, url: at('dcim/device-types/3'), display: 'EX4300', model: 'EX4300' },
    site: { id: 2, url: at('dcim/sites/2'), display: 'Berlin', name: 'Berlin' },
    primary_ip4: {
      id: 5,
      url: at('ipam/ip-addresses/5'),
      display: '10.0.0.1/24',
      family: { value: 4, label: 'IPv4' },
    },
    status: { value: 'active', label: 'Active' },
    position: 12.5,
    comments: '',
    tags: [{ id: 1, url: at('extras/tags/1'), display: 'core', name: 'core', slug: 'core' }],
    custom_fields: {
      cost_centre: '4711',
      owner: { id: 9, url: at('tenancy/contacts/9'), display: 'Ann' },
      none: null,
    },
    last_updated: '2026-11-30T04:00:00Z',
  }

  test('has objects as nodes, and what they show of one another as relationships', async () => {
    const { nodes, ways } = await readDiscovery('netbox', { 'devices.json': page([device]) })
    expect(nodes).toEqual({
      'Device Device/17': {
        cf_cost_centre: '4711',
        cf_owner: 'Ann',
        comments: '',
        device_type: 'EX4300',
        display: 'sw-1',
        key: 'Device/17',
        name: 'sw-1',
        position: 12.5,
        primary_ip4: '10.0.0.1/24',
        site: 'Berlin',
        status: 'active',
        tags: ['core'],
      },
    })
    expect(new Set(ways)).toEqual(
      new Set([
        'Device/17 Device:CfOwner:Contact Contact/9',
        'Device/17 Device:DeviceType:DeviceType DeviceType/3',
        'Device/17 Device:PrimaryIp4:IpAddress IpAddress/5',
        'Device/17 Device:Site:Site Site/2',
        'Device/17 Device:Tags:Tag Tag/1',
      ]),
    )
  })

  test.each([
    ['ipam/prefixes/1', 'Prefix'],
    ['dcim/power-feeds/1', 'PowerFeed'],
    ['dcim/virtual-chassis/1', 'VirtualChassis'],
    ['dcim/interfaces/1', 'Interface'],
    ['virtualization/interfaces/1', 'VmInterface'],
    ['virtualization/virtual-machines/1', 'VirtualMachine'],
    ['plugins/bgp/session-policies/1', 'SessionPolicy'],
  ])('%s is a node of kind %s', async (path, kind) => {
    const { nodes } = await readDiscovery('netbox', { 'a.json': page([{ id: 1, url: at(path) }]) })
    expect(Object.keys(nodes)).toEqual([`${kind} ${kind}/1`])
  })

  test('that is one page of several is refused, or what is on the others would be deleted', async () => {
    const next = `${at('dcim/devices')}?offset=50`
    await expect(readDiscovery('netbox', { 'devices.json': page([device], next) })).rejects.toThrow(
      `found/devices.json is one page of several: the next is ${next}.`,
    )
  })
})

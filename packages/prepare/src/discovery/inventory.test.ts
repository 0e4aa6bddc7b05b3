import { describe, expect, test } from 'vitest'
import { readDiscovery } from '../../test/read-discovery.ts'

describe('inventories', () => {
  const xml = `<?xml version="1.0" encoding="UTF-8"?>
    <REQUEST><CONTENT>
      <HARDWARE><NAME>pc-7</NAME><OSNAME>Debian</OSNAME><UUID>U-7</UUID><LASTLOGGEDUSER>ann</LASTLOGGEDUSER></HARDWARE>
      <BIOS><SSN>S7</SSN><SMANUFACTURER>Dell &amp; Co</SMANUFACTURER></BIOS>
      <NETWORKS><DESCRIPTION>eth0</DESCRIPTION><MACADDR>aa:bb</MACADDR><IPADDRESS>10.0.0.7</IPADDRESS></NETWORKS>
      <NETWORKS><DESCRIPTION>eth1</DESCRIPTION><MACADDR>aa:bc</MACADDR></NETWORKS>
      <SOFTWARES><NAME>openssl</NAME><VERSION>3.0</VERSION></SOFTWARES>
      <SOFTWARES><NAME>openssl</NAME><VERSION>3.0</VERSION></SOFTWARES>
      <DRIVES><VOLUMN>/dev/sda1</VOLUMN><TYPE>/</TYPE><TOTAL>900</TOTAL><FREE>7</FREE></DRIVES>
      <ENVS><KEY>TOKEN</KEY><VAL>hunter2</VAL></ENVS>
      <ACCESSLOG><LOGDATE>now</LOGDATE></ACCESSLOG>
    </CONTENT><DEVICEID>pc-7-2026-01-01-08-00-00</DEVICEID><QUERY>INVENTORY</QUERY></REQUEST>`
  const device = 'pc-7-2026-01-01-08-00-00'

  test('of OCS and FusionInventory are a host with what is in it', async () => {
    const { nodes, ways } = await readDiscovery('inventory', { 'pc-7.xml': xml })
    expect(nodes).toEqual({
      [`Host ${device}`]: {
        bios_smanufacturer: 'Dell & Co',
        bios_ssn: 'S7',
        key: device,
        name: 'pc-7',
        osname: 'Debian',
        uuid: 'U-7',
      },
      [`NetworkInterface ${device}/NetworkInterface/eth0 aa:bb 10.0.0.7`]: {
        description: 'eth0',
        ipaddress: '10.0.0.7',
        key: `${device}/NetworkInterface/eth0 aa:bb 10.0.0.7`,
        macaddr: 'aa:bb',
      },
      [`NetworkInterface ${device}/NetworkInterface/eth1 aa:bc`]: {
        description: 'eth1',
        key: `${device}/NetworkInterface/eth1 aa:bc`,
        macaddr: 'aa:bc',
      },
      [`Software ${device}/Software/openssl 3.0`]: {
        key: `${device}/Software/openssl 3.0`,
        name: 'openssl',
        version: '3.0',
      },
      [`Software ${device}/Software/openssl 3.0#2`]: {
        key: `${device}/Software/openssl 3.0#2`,
        name: 'openssl',
        version: '3.0',
      },
      [`FileSystem ${device}/FileSystem//dev/sda1 /`]: {
        key: `${device}/FileSystem//dev/sda1 /`,
        total: '900',
        type: '/',
        volumn: '/dev/sda1',
      },
    })
    expect(ways).toContain(`${device} Host:HostSoftware:Software ${device}/Software/openssl 3.0`)
  })

  test('of GLPI are the same, written as JSON', async () => {
    const { nodes } = await readDiscovery('inventory', {
      'pc-8.json': JSON.stringify({
        action: 'inventory',
        deviceid: 'pc-8',
        content: {
          versionclient: 'GLPI-Agent_v1.11',
          hardware: { name: 'pc-8', memory: 16000, uuid: 'U-8' },
          operatingsystem: { name: 'Debian', boot_time: 'now', timezone: { name: 'x' } },
          cpus: [{ name: 'Xeon', core: 8 }],
          virtualmachines: [{ name: 'vm1', uuid: 'V1', status: 'running' }],
        },
      }),
    })
    expect(nodes).toEqual({
      'Host pc-8': { key: 'pc-8', memory: 16000, name: 'pc-8', os_name: 'Debian', uuid: 'U-8' },
      'Processor pc-8/Processor/Xeon': { core: 8, key: 'pc-8/Processor/Xeon', name: 'Xeon' },
      'Virtualmachine pc-8/Virtualmachine/V1': {
        key: 'pc-8/Virtualmachine/V1',
        name: 'vm1',
        status: 'running',
        uuid: 'V1',
      },
    })
  })

  test('that are cut off or none are refused whole', async () => {
    await expect(readDiscovery('inventory', { 'a.xml': xml.slice(0, 700) })).rejects.toThrow(
      /^found\/a\.xml cannot be read: it is not valid XML/,
    )
    await expect(
      readDiscovery('inventory', { 'a.xml': '<html><body>Not found</body></html>' }),
    ).rejects.toThrow(
      'found/a.xml cannot be read: it is no inventory: it has no hardware, no bios and no operatingsystem.',
    )
  })
})

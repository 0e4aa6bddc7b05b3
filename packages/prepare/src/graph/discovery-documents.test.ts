import type { GraphForm, GraphInput } from '@sluice/model'
import { describe, expect, test } from 'vitest'
import { prepareText } from '../../test/prepare-text.ts'

/** What the files of one folder come to. */
async function read(form: GraphForm, files: Readonly<Record<string, string>>) {
  const inputs: readonly GraphInput[] = [{ type: 'document', file: 'found', form }]
  const parts = Object.fromEntries(Object.entries(files).map(([name, text]) => [`found/${name}`, text]))
  const { files: written, rejected } = await prepareText({ files: parts, inputs })
  const rows = (name: string) => recordsOf(written[`${name}.sorted.csv`] ?? '')
  return {
    nodes: Object.fromEntries(
      rows('nodes').map(([id = '', kind = '', attributes = '']) => [`${kind} ${id}`, JSON.parse(attributes)]),
    ),
    ways: rows('relationships').map(
      ([, from, fromRole, kind, toRole, to]) => `${from} ${fromRole}:${kind}:${toRole} ${to}`,
    ),
    rejected: rejected.map(({ file, line, reason }) => `${file}:${line} ${reason}`),
  }
}

/** Of a table that is written by us: no line breaks in a field. */
function recordsOf(csv: string): readonly (readonly string[])[] {
  const lines = csv.split('\n').slice(1, -1)
  return lines.map((line) =>
    [...line.matchAll(/("(?:[^"]|"")*"|[^,]*)(?:,|$)/g)].map(([, field = '']) =>
      field.startsWith('"') ? field.slice(1, -1).replaceAll('""', '"') : field,
    ),
  )
}

describe('objects of Kubernetes', () => {
  const meta = (name: string, parts = {}) => ({ name, namespace: 'shop', uid: `u-${name}`, ...parts })
  const list = (...items: unknown[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  const pod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: meta('web-1', {
      labels: { app: 'web' },
      ownerReferences: [{ kind: 'ReplicaSet', name: 'web', uid: 'u-web' }],
      resourceVersion: '99',
    }),
    spec: {
      nodeName: 'worker-1',
      serviceAccountName: 'web',
      hostNetwork: false,
      containers: [
        {
          name: 'nginx',
          image: 'nginx:1.27',
          ports: [{ containerPort: 80 }],
          env: [{ name: 'KEY', value: 'hunter2' }],
        },
      ],
      volumes: [
        { secret: { secretName: 'tls' } },
        { persistentVolumeClaim: { claimName: 'data' } },
        { emptyDir: {} },
      ],
    },
    status: { phase: 'Running', podIP: '10.1.0.7' },
  }

  test('are nodes with what was asked for, and a pod has its containers', async () => {
    const { nodes, ways } = await read('kubernetes', { 'all.json': list(pod) })
    expect(nodes).toEqual({
      'Pod Pod/shop/web-1': {
        api_version: 'v1',
        host_network: false,
        images: ['nginx:1.27'],
        key: 'u-web-1',
        labels: ['app=web'],
        name: 'web-1',
        namespace: 'shop',
        node_name: 'worker-1',
        phase: 'Running',
        pod_ip: '10.1.0.7',
        service_account_name: 'web',
        uid: 'u-web-1',
      },
      'Container Container/shop/web-1/nginx': {
        image: 'nginx:1.27',
        key: 'u-web-1/nginx',
        name: 'nginx',
        ports: ['80/TCP'],
      },
    })
    expect(new Set(ways)).toEqual(
      new Set([
        'Namespace/shop Namespace:Containment:Contained Pod/shop/web-1',
        'Pod/shop/web-1 Hosted:Hosting:Host Node/worker-1',
        'Pod/shop/web-1 Pod:PodContainer:Container Container/shop/web-1/nginx',
        'Pod/shop/web-1 User:Usage:Used PersistentVolumeClaim/shop/data',
        'Pod/shop/web-1 User:Usage:Used Secret/shop/tls',
        'Pod/shop/web-1 User:Usage:Used ServiceAccount/shop/web',
        'ReplicaSet/shop/web Owner:Ownership:Owned Pod/shop/web-1',
      ]),
    )
  })

  test('say by slices of endpoints which pods answer for a service, by claims which volume they have, by bindings who may what', async () => {
    const { nodes, ways } = await read('kubernetes', {
      'all.json': list(
        {
          kind: 'EndpointSlice',
          metadata: meta('web-x', { labels: { 'kubernetes.io/service-name': 'web' } }),
          endpoints: [{ targetRef: { kind: 'Pod', name: 'web-1' } }, { addresses: ['10.0.0.1'] }],
        },
        {
          kind: 'Service',
          metadata: meta('web'),
          spec: {
            type: 'ClusterIP',
            clusterIP: '10.2.0.1',
            ports: [{ port: 80 }, { port: 53, protocol: 'UDP' }],
          },
        },
        {
          kind: 'PersistentVolumeClaim',
          metadata: meta('data'),
          spec: { volumeName: 'pv-7', resources: { requests: { storage: '8Gi' } } },
        },
        {
          kind: 'Ingress',
          metadata: meta('front'),
          spec: {
            rules: [
              {
                host: 'shop.example.org',
                http: {
                  paths: [
                    { backend: { service: { name: 'web' } } },
                    { backend: { service: { name: 'web' } } },
                  ],
                },
              },
            ],
          },
        },
        {
          kind: 'HorizontalPodAutoscaler',
          metadata: meta('web'),
          spec: { scaleTargetRef: { kind: 'Deployment', name: 'web' }, minReplicas: 2 },
        },
        {
          kind: 'RoleBinding',
          metadata: meta('readers'),
          roleRef: { kind: 'ClusterRole', name: 'view' },
          subjects: [
            { kind: 'ServiceAccount', name: 'web', namespace: 'shop' },
            { kind: 'User', name: 'ann' },
          ],
        },
      ),
    })
    expect(Object.keys(nodes)).not.toContain('EndpointSlice EndpointSlice/shop/web-x')
    expect(nodes['Service Service/shop/web']).toMatchObject({
      cluster_ip: '10.2.0.1',
      ports: ['80/TCP', '53/UDP'],
    })
    expect(nodes['PersistentVolumeClaim PersistentVolumeClaim/shop/data']).toMatchObject({ requested: '8Gi' })
    expect(nodes['Ingress Ingress/shop/front']).toMatchObject({ hosts: ['shop.example.org'] })
    const others = ways.filter((way) => !way.startsWith('Namespace/'))
    expect(new Set(others)).toEqual(
      new Set([
        'HorizontalPodAutoscaler/shop/web Scaler:Scaling:Scaled Deployment/shop/web',
        'Ingress/shop/front User:Usage:Used Service/shop/web',
        'PersistentVolumeClaim/shop/data Claim:Binding:Volume PersistentVolume/pv-7',
        'RoleBinding/shop/readers Binding:Grant:Role ClusterRole/view',
        'RoleBinding/shop/readers Binding:Grant:Subject ServiceAccount/shop/web',
        'RoleBinding/shop/readers Binding:Grant:Subject User/ann',
        'Service/shop/web Service:Endpoint:Backend Pod/shop/web-1',
      ]),
    )
  })

  test('a node of the cluster has what it is made of and its addresses', async () => {
    const { nodes } = await read('kubernetes', {
      'nodes.json': list({
        kind: 'Node',
        metadata: { name: 'worker-1', uid: 'n1' },
        spec: { podCIDR: '10.1.0.0/24', taints: [{ key: 'x' }] },
        status: {
          nodeInfo: { kubeletVersion: 'v1.31.2', osImage: 'Debian 12', systemUUID: 'S-1' },
          addresses: [
            { type: 'InternalIP', address: '10.0.0.5' },
            { type: 'Hostname', address: 'worker-1' },
          ],
          capacity: { cpu: '8', memory: '32Gi', pods: '110' },
          conditions: [{ type: 'Ready', lastHeartbeatTime: 'now' }],
        },
      }),
    })
    expect(nodes).toEqual({
      'Node Node/worker-1': {
        cpu: '8',
        hostname: 'worker-1',
        internal_ip: '10.0.0.5',
        key: 'n1',
        kubelet_version: 'v1.31.2',
        labels: [],
        memory: '32Gi',
        name: 'worker-1',
        os_image: 'Debian 12',
        pod_cidr: '10.1.0.0/24',
        system_uuid: 'S-1',
        uid: 'n1',
      },
    })
  })

  test('what is secret is not read', async () => {
    const secret = {
      kind: 'Secret',
      metadata: meta('tls'),
      type: 'Opaque',
      data: { key: 'aHVudGVyMg==' },
      stringData: { a: 'hunter2' },
    }
    const { nodes } = await read('kubernetes', { 'all.json': list(secret, pod) })
    expect(JSON.stringify(nodes)).not.toMatch(/hunter2|aHVudGVyMg/)
  })

  test('one that is none is one rejected row, with its line', async () => {
    const { nodes, rejected } = await read('kubernetes', {
      'all.json': `{"items": [\n${JSON.stringify(pod)},\n{"kind": "Pod"},\n7]}`,
    })
    expect(Object.keys(nodes)).toHaveLength(2)
    expect(new Set(rejected)).toEqual(
      new Set([
        'found/all.json:3 it is no object of Kubernetes: it has no kind, or no metadata.name',
        'found/all.json:4 it is not a map',
      ]),
    )
  })

  test('a document without a list is refused', async () => {
    await expect(read('kubernetes', { 'pod.json': JSON.stringify(pod) })).rejects.toThrow(
      'found/pod.json has no list "items".',
    )
  })
})

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
    const { nodes, ways } = await read('netbox', { 'devices.json': page([device]) })
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
    const { nodes } = await read('netbox', { 'a.json': page([{ id: 1, url: at(path) }]) })
    expect(Object.keys(nodes)).toEqual([`${kind} ${kind}/1`])
  })

  test('that is one page of several is refused, or what is on the others would be deleted', async () => {
    const next = `${at('dcim/devices')}?offset=50`
    await expect(read('netbox', { 'devices.json': page([device], next) })).rejects.toThrow(
      `found/devices.json is one page of several: the next is ${next}.`,
    )
  })
})

describe('facts of a host', () => {
  test('as Ansible gathers them', async () => {
    const { nodes, ways } = await read('facts', {
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
    const { nodes } = await read('facts', {
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
    await expect(read('facts', { 'a.json': '{"msg": "unreachable"}' })).rejects.toThrow(
      'found/a.json cannot be read: it holds no facts of Ansible or Facter.',
    )
    await expect(read('facts', { 'a.json': '{"hostname": ' })).rejects.toThrow(
      /^found\/a\.json cannot be read: it is not valid JSON/,
    )
  })
})

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
    const { nodes, ways } = await read('inventory', { 'pc-7.xml': xml })
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
    const { nodes } = await read('inventory', {
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
    await expect(read('inventory', { 'a.xml': xml.slice(0, 700) })).rejects.toThrow(
      /^found\/a\.xml cannot be read: it is not valid XML/,
    )
    await expect(read('inventory', { 'a.xml': '<html><body>Not found</body></html>' })).rejects.toThrow(
      'found/a.xml cannot be read: it is no inventory: it has no hardware, no bios and no operatingsystem.',
    )
  })
})

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
    const { nodes, ways } = await read('dpkg', { 'web1.status': status })
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
    await expect(read('dpkg', { 'web1.status': status.slice(0, 300) })).rejects.toThrow(
      /web1\.status.*its last line does not end/,
    )
    await expect(read('dpkg', { 'web1.status': '{"a": 1}\n<html>\n' })).rejects.toThrow(
      'found/web1.status, line 1, is no list of packages of dpkg: it is no field such as "Package: openssl".',
    )
  })
})

import { describe, expect, test } from 'vitest'
import { readDiscovery } from '../../test/read-discovery.ts'

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
    const { nodes, ways } = await readDiscovery('kubernetes', { 'all.json': list(pod) })
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
    const { nodes, ways } = await readDiscovery('kubernetes', {
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
    const { nodes } = await readDiscovery('kubernetes', {
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
    const { nodes } = await readDiscovery('kubernetes', { 'all.json': list(secret, pod) })
    expect(JSON.stringify(nodes)).not.toMatch(/hunter2|aHVudGVyMg/)
  })

  test('one that is none is one rejected row, with its line', async () => {
    const { nodes, rejected } = await readDiscovery('kubernetes', {
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
    await expect(readDiscovery('kubernetes', { 'pod.json': JSON.stringify(pod) })).rejects.toThrow(
      'found/pod.json has no list "items".',
    )
  })
})

/**
 * How objects of Kubernetes belong together.
 *
 * @module
 */
import { type Fields, type FoundRelationship, mapIn, mapsIn, textIn } from './found.ts'
import { type KubernetesObject, objectId } from './kubernetes-object.ts'

/** Kinds that belong to no namespace, as far as others refer to them. */
const ofTheCluster = new Set([
  'ClusterRole',
  'ClusterRoleBinding',
  'IngressClass',
  'Namespace',
  'Node',
  'PersistentVolume',
  'PriorityClass',
  'StorageClass',
])

export function kubernetesReferences(object: KubernetesObject): readonly FoundRelationship[] {
  return [
    ...namespaceOf(object),
    ...ownersOf(object),
    ...(references[object.kind] ?? noReferences)(object).map(({ kind, roles: [fromRole, toRole], to }) => ({
      from: object.id,
      fromRole,
      kind,
      toRole,
      to,
    })),
    ...selectedBy(object),
  ]
}

function namespaceOf({ id, namespace }: KubernetesObject): readonly FoundRelationship[] {
  if (namespace === undefined) return []
  const from = objectId('Namespace', undefined, namespace)
  return [{ from, fromRole: 'Namespace', kind: 'Containment', toRole: 'Contained', to: id }]
}

function ownersOf({ id, namespace, fields }: KubernetesObject): readonly FoundRelationship[] {
  return mapsIn(mapIn(fields, 'metadata'), 'ownerReferences').flatMap((owner) => {
    const from = named(owner, namespace)
    return from === undefined ? [] : [{ from, fromRole: 'Owner', kind: 'Ownership', toRole: 'Owned', to: id }]
  })
}

interface Reference {
  readonly kind: string
  readonly roles: readonly [string, string]
  readonly to: string
}

const usage = (to: string): Reference => ({ kind: 'Usage', roles: ['User', 'Used'], to })
const noReferences = (): readonly Reference[] => []

const references: Readonly<Record<string, (object: KubernetesObject) => readonly Reference[]>> = {
  Pod: ({ namespace, fields }) => {
    const spec = mapIn(fields, 'spec')
    const node = textIn(spec, 'nodeName')
    const account = textIn(spec, 'serviceAccountName')
    return [
      ...(node === undefined
        ? []
        : [{ kind: 'Hosting', roles: ['Hosted', 'Host'] as const, to: objectId('Node', undefined, node) }]),
      ...(account === undefined ? [] : [usage(objectId('ServiceAccount', namespace, account))]),
      ...mapsIn(spec, 'volumes').flatMap((volume) => volumeOf(volume, namespace).map(usage)),
    ]
  },
  PersistentVolumeClaim: ({ fields }) => {
    const volume = textIn(fields, 'spec', 'volumeName')
    const to = objectId('PersistentVolume', undefined, volume ?? '')
    return volume === undefined ? [] : [{ kind: 'Binding', roles: ['Claim', 'Volume'], to }]
  },
  Ingress: ({ namespace, fields }) => {
    const spec = mapIn(fields, 'spec')
    const backends = [
      mapIn(spec, 'defaultBackend'),
      ...mapsIn(spec, 'rules').flatMap((rule) =>
        mapsIn(mapIn(rule, 'http'), 'paths').map((path) => mapIn(path, 'backend')),
      ),
    ]
    const services = backends.flatMap((backend) => textIn(backend, 'service', 'name') ?? [])
    return [...new Set(services)].map((service) => usage(objectId('Service', namespace, service)))
  },
  HorizontalPodAutoscaler: ({ namespace, fields }) => {
    const to = named(mapIn(fields, 'spec', 'scaleTargetRef'), namespace)
    return to === undefined ? [] : [{ kind: 'Scaling', roles: ['Scaler', 'Scaled'], to }]
  },
  RoleBinding: grantsOf,
  ClusterRoleBinding: grantsOf,
}

function grantsOf({ namespace, fields }: KubernetesObject): readonly Reference[] {
  const role = named(mapIn(fields, 'roleRef'), namespace)
  return [
    ...(role === undefined ? [] : [{ kind: 'Grant', roles: ['Binding', 'Role'] as const, to: role }]),
    ...mapsIn(fields, 'subjects').flatMap((subject) => {
      const to = named(subject, textIn(subject, 'namespace'))
      return to === undefined ? [] : [{ kind: 'Grant', roles: ['Binding', 'Subject'] as const, to }]
    }),
  ]
}

function volumeOf(volume: Fields, namespace: string | undefined): readonly string[] {
  const used = [
    ['PersistentVolumeClaim', textIn(volume, 'persistentVolumeClaim', 'claimName')],
    ['ConfigMap', textIn(volume, 'configMap', 'name')],
    ['Secret', textIn(volume, 'secret', 'secretName')],
  ] as const
  return used.flatMap(([kind, name]) => (name === undefined ? [] : [objectId(kind, namespace, name)]))
}

/** What a slice of endpoints says: which pods answer for a service. */
function selectedBy({ kind, namespace, fields }: KubernetesObject): readonly FoundRelationship[] {
  const service = textIn(fields, 'metadata', 'labels', 'kubernetes.io/service-name')
  if (kind !== 'EndpointSlice' || service === undefined) return []
  const from = objectId('Service', namespace, service)
  return mapsIn(fields, 'endpoints').flatMap((endpoint) => {
    const to = named(mapIn(endpoint, 'targetRef'), namespace)
    return to === undefined ? [] : [{ from, fromRole: 'Service', kind: 'Endpoint', toRole: 'Backend', to }]
  })
}

/** What a reference names. */
function named(reference: Fields, namespace: string | undefined): string | undefined {
  const kind = textIn(reference, 'kind')
  const name = textIn(reference, 'name')
  if (kind === undefined || name === undefined) return undefined
  return objectId(kind, ofTheCluster.has(kind) ? undefined : namespace, name)
}

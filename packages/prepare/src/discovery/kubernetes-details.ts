/**
 * What is worth knowing of some kinds of Kubernetes objects, beyond what was asked for.
 *
 * @module
 */
import { attributeName, type Fields, type Found, isAttribute, mapIn, mapsIn, textIn } from './found.ts'
import type { KubernetesObject } from './kubernetes-object.ts'

export interface KubernetesDetails {
  readonly attrs: Fields
  /** Nodes of what an object consists of, and how they belong to it. */
  readonly parts: readonly Found[]
}

const none: KubernetesDetails = { attrs: {}, parts: [] }

export function kubernetesDetails(object: KubernetesObject): KubernetesDetails {
  return details[object.kind]?.(object) ?? none
}

type Details = (object: KubernetesObject) => KubernetesDetails

const ofTemplate: Details = ({ fields }) => {
  const pod = mapIn(fields, 'spec', 'template', 'spec')
  return { attrs: { images: imagesOf(pod) }, parts: [] }
}

const details: Readonly<Record<string, Details>> = {
  Pod: (object) => {
    const { fields } = object
    const spec = mapIn(fields, 'spec')
    const status = mapIn(fields, 'status')
    return {
      attrs: { images: imagesOf(spec), phase: status['phase'], pod_ip: status['podIP'] },
      parts: mapsIn(spec, 'containers').flatMap((container) => containerOf(object, container)),
    }
  },
  Node: ({ fields }) => {
    const capacity = mapIn(fields, 'status', 'capacity')
    return {
      attrs: {
        ...scalarsOf(mapIn(fields, 'status', 'nodeInfo')),
        ...Object.fromEntries(
          mapsIn(mapIn(fields, 'status'), 'addresses').map(({ type, address }) => [
            attributeName(String(type)),
            address,
          ]),
        ),
        cpu: capacity['cpu'],
        memory: capacity['memory'],
      },
      parts: [],
    }
  },
  Service: ({ fields }) => ({
    attrs: {
      ports: mapsIn(mapIn(fields, 'spec'), 'ports').map(
        ({ port, protocol = 'TCP' }) => `${String(port)}/${String(protocol)}`,
      ),
    },
    parts: [],
  }),
  Ingress: ({ fields }) => ({
    attrs: {
      hosts: mapsIn(mapIn(fields, 'spec'), 'rules').flatMap(({ host }) => (host === undefined ? [] : [host])),
    },
    parts: [],
  }),
  PersistentVolume: ({ fields }) => ({
    attrs: { capacity: textIn(fields, 'spec', 'capacity', 'storage') },
    parts: [],
  }),
  PersistentVolumeClaim: ({ fields }) => ({
    attrs: {
      requested: textIn(fields, 'spec', 'resources', 'requests', 'storage'),
      phase: textIn(fields, 'status', 'phase'),
    },
    parts: [],
  }),
  Namespace: ({ fields }) => ({ attrs: { phase: textIn(fields, 'status', 'phase') }, parts: [] }),
  Deployment: ofTemplate,
  StatefulSet: ofTemplate,
  DaemonSet: ofTemplate,
  ReplicaSet: ofTemplate,
  Job: ofTemplate,
}

function imagesOf(pod: Fields): readonly unknown[] {
  return mapsIn(pod, 'containers').flatMap(({ image }) => (image === undefined ? [] : [image]))
}

function containerOf(pod: KubernetesObject, container: Fields): readonly Found[] {
  const name = textIn(container, 'name')
  if (name === undefined) return []
  const id = `Container/${pod.namespace ?? ''}/${pod.name}/${name}`
  const uid = textIn(pod.fields, 'metadata', 'uid')
  const ports = mapsIn(container, 'ports').map(
    ({ containerPort, protocol = 'TCP' }) => `${String(containerPort)}/${String(protocol)}`,
  )
  const attrs = { key: uid === undefined ? id : `${uid}/${name}`, name, image: container['image'], ports }
  return [
    { id, kind: 'Container', attrs },
    { from: pod.id, fromRole: 'Pod', kind: 'PodContainer', toRole: 'Container', to: id },
  ]
}

function scalarsOf(fields: Fields): Fields {
  const scalars = Object.entries(fields).filter(([, value]) => isAttribute(value))
  return Object.fromEntries(scalars.map(([name, value]) => [attributeName(name), value]))
}

/**
 * The data centres of the demo: which hosts there are, and what they are for. The CMDB and the discovery both speak of them, each in its way.
 *
 * @module
 */
import type { DemoRandom } from './demo-random.ts'

export type Role = 'web' | 'app' | 'db' | 'hypervisor' | 'backup' | 'dns' | 'monitoring' | 'files'

export interface Host {
  /** `fra-crm-web-01`. */
  readonly name: string
  readonly site: string
  readonly role: Role
  /** Code of its application; hosts that serve all of them have none. */
  readonly application?: string
  readonly system: string
  readonly model: string
  readonly serial: string
  /** GB. */
  readonly memory: number
  /** Name of the hypervisor that it runs on. */
  readonly on?: string
}

export interface Application {
  readonly code: string
  readonly name: string
  readonly criticality: string
  readonly site: string
}

export const applications: readonly Application[] = [
  { code: 'crm', name: 'Customer relations', criticality: 'high', site: 'fra' },
  { code: 'erp', name: 'Enterprise resources', criticality: 'critical', site: 'fra' },
  { code: 'wiki', name: 'Intranet wiki', criticality: 'low', site: 'muc' },
  { code: 'git', name: 'Source code', criticality: 'medium', site: 'muc' },
  { code: 'build', name: 'Build farm', criticality: 'medium', site: 'muc' },
  { code: 'mail', name: 'Mail', criticality: 'high', site: 'fra' },
  { code: 'vpn', name: 'Remote access', criticality: 'high', site: 'muc' },
  { code: 'reports', name: 'Reporting', criticality: 'medium', site: 'fra' },
  { code: 'payroll', name: 'Payroll', criticality: 'critical', site: 'fra' },
  { code: 'shop', name: 'Web shop', criticality: 'critical', site: 'muc' },
]

const sites = ['fra', 'muc']
const shared: readonly Role[] = ['backup', 'dns', 'monitoring', 'files']
const systems = ['Debian GNU/Linux 12', 'Red Hat Enterprise Linux 9.6', 'Windows Server 2025']

export function fleet(random: DemoRandom): readonly Host[] {
  const hypervisors = sites.flatMap((site) =>
    numbered(5).map((number) => hypervisor(`${site}-esx-${number}`, site, random)),
  )
  const guests = [...applications.flatMap((one) => hostsOf(one, random)), ...sharedHosts(random)]
  return [
    ...hypervisors,
    ...guests.map((guest) => {
      const on = random.of(hypervisors.filter(({ site }) => site === guest.site)).name
      return { ...guest, on }
    }),
  ]
}

function hostsOf({ code, site }: Application, random: DemoRandom): readonly Host[] {
  const parts: readonly (readonly [Role, number])[] = [
    ['web', 2],
    ['app', 2 + random.below(3)],
    ['db', 2],
  ]
  return parts.flatMap(([role, count]) =>
    numbered(count).map((number) => ({
      ...guestOf(`${site}-${code}-${role}-${number}`, site, random),
      role,
      application: code,
    })),
  )
}

function sharedHosts(random: DemoRandom): readonly Host[] {
  return sites.flatMap((site) =>
    shared.flatMap((role) =>
      numbered(2).map((number) => ({ ...guestOf(`${site}-${role}-${number}`, site, random), role })),
    ),
  )
}

/** The virtual machine that a host is. */
export function guestOf(name: string, site: string, random: DemoRandom): Omit<Host, 'role'> {
  return {
    name,
    site,
    system: random.of(systems),
    model: 'VMware20,1',
    serial: `VMW-${hex(random)}${hex(random)}`,
    memory: random.of([8, 16, 32]),
  }
}

function hypervisor(name: string, site: string, random: DemoRandom): Host {
  return {
    name,
    site,
    role: 'hypervisor',
    system: 'VMware ESXi 8.0.3',
    model: random.of(['PowerEdge R760', 'ProLiant DL380 Gen11']),
    serial: `${hex(random)}${hex(random)}`.toUpperCase(),
    memory: random.of([512, 768]),
  }
}

function hex(random: DemoRandom): string {
  return (0x1000 + random.below(0xf000)).toString(16)
}

/** `01`, `02`, … */
function numbered(count: number): readonly string[] {
  return Array.from({ length: count }, (_, index) => String(index + 1).padStart(2, '0'))
}

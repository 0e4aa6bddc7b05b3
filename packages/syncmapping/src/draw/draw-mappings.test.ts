import type { Drawing, DrawnCluster } from '@sluice/drawing'
import { describe, expect, test } from 'vitest'
import { compile } from '../compile.ts'
import { drawMappings } from './draw-mappings.ts'

const head = '"""A test."""\noverview\n tags T;'
const mapping = (name: string, block: string, body = '', overview = '') =>
  `syncmapping ${name} 1.0\n${head}${overview}\nend overview;\n${block}\nend mapping;\nbody\n${body}\nend body;\nend syncmapping;\n`
const draw = (...modules: readonly string[]) => {
  const { program, diagnostics } = compile(modules.map((text, n) => ({ file: `${n}.tpl`, text })))
  expect(diagnostics.filter(({ severity }) => severity === 'error').map(({ message }) => message)).toEqual([])
  return drawMappings(program)
}

/** Frames as indented lines, nodes as `[box]` and `(round)`, `~` before what is dashed; then the edges by what nodes say. */
function outline(drawing: Drawing): readonly string[] {
  const names = new Map<string, string>()
  const inside = (
    { nodes, clusters }: Pick<DrawnCluster, 'nodes' | 'clusters'>,
    indent: string,
  ): string[] => [
    ...nodes.map(({ id, lines, look }) => {
      names.set(id, lines.join(' '))
      const text = look.shape === 'box' ? `[${lines.join(' ')}]` : `(${lines.join(' ')})`
      return `${indent}${look.dashed === true ? '~' : ''}${text}`
    }),
    ...clusters.flatMap((one) => [
      `${indent}${one.dashed === true ? '~' : ''}${one.lines.join(', ')}`,
      ...inside(one, `${indent}  `),
    ]),
  ]
  const frames = inside(drawing, '')
  const edges = drawing.edges.map(({ from, to, lines, dashed, plain }) => {
    const line = dashed === true ? '..' : '--'
    return [
      names.get(from),
      `${line}${lines.join(' ')}${plain === true ? line : `${line}>`}`,
      names.get(to),
    ].join(' ')
  })
  return [...frames, ...edges]
}

describe('a picture of mappings', () => {
  test('shows the root, what is traversed from where, the targets of each and how they are related', () => {
    const text = `tpl 1.15 module A;\n${mapping(
      'Hosts',
      `mapping on Host where name matches "^w" as host
        cs -> BMC_ComputerSystem;
        traverse Host:HostedSoftware:RunningSoftware:VirtualMachine as rel, vm
          vse -> BMC_VirtualSystemEnabler;
          traverse HostContainer:HostContainment:ContainedHost:Host where os exists as guest
            guest_cs -> BMC_ComputerSystem;
          end traverse;
        end traverse;`,
      `cs := sync.BMC_ComputerSystem(key := host.key);
      for each vm do
        vse := sync.shared.BMC_VirtualSystemEnabler(key := vm.key);
        sync.rel.BMC_Dependency(Source := cs, Destination := vse, Name := "HOSTEDVM", Impacted := vse, ImpactWeight := 50);
        for each guest do
          guest_cs := sync.external.BMC_ComputerSystem(key := guest.key);
          sync.rel.BMC_Dependency(Source := vse, Destination := guest_cs, Impacted := vse, ImpactWeight := rel.weight);
        end for;
      end for;`,
    )}`
    expect(outline(draw(text))).toEqual([
      'Hosts 1.0, A',
      '  (on Host as host where name matches "^w")',
      '  [BMC_ComputerSystem cs]',
      '  (VirtualMachine as vm)',
      '  [BMC_VirtualSystemEnabler vse shared]',
      '  (Host as guest where os exists)',
      '  ~[BMC_ComputerSystem guest_cs external]',
      'on Host as host where name matches "^w" ---- BMC_ComputerSystem cs',
      'on Host as host where name matches "^w" --Host:HostedSoftware:RunningSoftware:VirtualMachine as rel--> VirtualMachine as vm',
      'VirtualMachine as vm ---- BMC_VirtualSystemEnabler vse shared',
      'VirtualMachine as vm --HostContainer:HostContainment:ContainedHost:Host--> Host as guest where os exists',
      'Host as guest where os exists ---- BMC_ComputerSystem guest_cs external',
      'BMC_ComputerSystem cs --BMC_Dependency HOSTEDVM impacts vse by 50%--> BMC_VirtualSystemEnabler vse shared',
      'BMC_VirtualSystemEnabler vse shared --BMC_Dependency impacts vse by rel.weight--> BMC_ComputerSystem guest_cs external',
    ])
  })

  test('shows an extension inside of what it extends, and one of several beside them', () => {
    const base = `tpl 1.15 module A;\n${mapping('Hosts', 'mapping on Host as host\ncs -> BMC_ComputerSystem;', 'cs := sync.BMC_ComputerSystem(key := host.key);')}${mapping('Printers', 'mapping on Printer as printer\np -> BMC_Printer;', 'p := sync.BMC_Printer(key := printer.key);')}`
    const more = `tpl 1.15 module B;
from A import Hosts 1.0 as H;
from A import Printers 1.0;
${mapping('One', 'mapping from H.host where os exists as host\nos -> BMC_OperatingSystem;', 'mine := H.cs;\nos := sync.BMC_OperatingSystem(key := host.key);\nsync.rel.BMC_HostedSystemComponents(Source := mine, Destination := os);')}
${mapping('Both', 'mapping from H.host from Printers.printer as any', 'log.info("x");')}`
    expect(outline(draw(base, more))).toEqual([
      'Hosts 1.0, A',
      '  (on Host as host)',
      '  [BMC_ComputerSystem cs]',
      '  One 1.0, B',
      '    (host)',
      '    [BMC_OperatingSystem os]',
      'Printers 1.0, A',
      '  (on Printer as printer)',
      '  [BMC_Printer p]',
      'Both 1.0, B',
      '  (any)',
      'on Host as host ---- BMC_ComputerSystem cs',
      'on Printer as printer ---- BMC_Printer p',
      'on Host as host ..extended where os exists..> host',
      'host ---- BMC_OperatingSystem os',
      'BMC_ComputerSystem cs --BMC_HostedSystemComponents--> BMC_OperatingSystem os',
      'on Host as host ..extended..> any',
      'on Printer as printer ..extended..> any',
    ])
  })

  test('gives a group a frame of its own, and an end that is no target its text', () => {
    const text = `tpl 1.15 module A;\n${mapping(
      'Applications',
      `mapping on Host as host
        traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance as si
          group by_type
            app -> BMC_ApplicationSystem;
            expand group as member
            end expand;
          end group;
        end traverse;`,
      `all := [];
      for each si do
        group by_type with si.type do
          app := sync.BMC_ApplicationSystem(key := si.type);
          for each member do
            list.append(all, member.key);
          end for;
        end group;
      end for;
      for one in all do
        sync.rel.BMC_Dependency(Source := one, Destination := all[0]);
      end for;`,
    )}`
    expect(outline(draw(text))).toEqual([
      'Applications 1.0, A',
      '  (on Host as host)',
      '  (SoftwareInstance as si)',
      '  [one]',
      '  [all[0]]',
      '  group by_type',
      '    (by its first member)',
      '    [BMC_ApplicationSystem app]',
      '    (each as member)',
      'on Host as host --Host:HostedSoftware:RunningSoftware:SoftwareInstance--> SoftwareInstance as si',
      'SoftwareInstance as si ....> by its first member',
      'by its first member ---- BMC_ApplicationSystem app',
      'by its first member ....> each as member',
      'one --BMC_Dependency--> all[0]',
    ])
  })

  test('says which mapping is overridden, and by which', () => {
    const base = `tpl 1.15 module A;\n${mapping('Hosts', 'mapping on Host as host\ncs -> BMC_ComputerSystem;', 'cs := sync.BMC_ComputerSystem(key := host.key);')}`
    const other = `tpl 1.15 module B;
from A import Hosts 1.0;
${mapping('Mine', 'mapping on Host as host\ncs -> BMC_ComputerSystem;', 'cs := sync.BMC_ComputerSystem(key := host.key);', '\noverrides Hosts;')}`
    expect(outline(draw(base, other))[0]).toBe('~Hosts 1.0, A, overridden by Mine')
  })
})

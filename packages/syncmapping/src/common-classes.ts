/**
 * The class model where none is given: the common part of BMC's, as far as it matters which class extends which.
 *
 * @module
 */
import type { ClassModel } from './class-model.ts'

/** By class: those that extend it. */
const extendedBy: Readonly<Record<string, readonly string[]>> = {
  BMC_ApplicationSystem: ['BMC_Application', 'BMC_SoftwareServer'],
  BMC_System: ['BMC_ApplicationSystem', 'BMC_ComputerSystem'],
  BMC_BaseElement: ['BMC_CloudInstance', 'BMC_Document', 'BMC_PhysicalLocation'],
  BMC_ConcreteCollection: ['BMC_Cluster', 'BMC_ConnectivityCollection'],
  BMC_Collection: ['BMC_ConcreteCollection'],
  BMC_SystemResource: ['BMC_DataBase'],
  BMC_ConnectivityCollection: ['BMC_IPConnectivitySubnet'],
  BMC_ProtocolEndpoint: ['BMC_IPEndpoint', 'BMC_LANEndpoint'],
  BMC_ComputerSystem: ['BMC_Mainframe'],
  BMC_SystemSoftware: ['BMC_OperatingSystem', 'BMC_VirtualSystemEnabler'],
  BMC_SystemComponent: ['BMC_Processor'],
}

/** Every class and every attribute is accepted; a class that is not listed extends none. */
export const commonClassModel: ClassModel = {
  isOpen: true,
  relationships: undefined,
  classes: new Map(
    Object.entries(extendedBy).flatMap(([extended, names]) =>
      names.map((name) => [name, { super: extended, attributes: undefined }]),
    ),
  ),
}

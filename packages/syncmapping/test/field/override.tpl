tpl 1.10 module Example.CMDB.Override;
from CMDB.Host_ComputerSystem import Host_ComputerSystem 1.2;from CMDB.VM import VM_Mapping 3.2;
// The mapping referred to by the overrides keyword must be imported
syncmapping VM_override 3.2
"""
Example override mapping.
"""
overview tags CMDB, Core_Mapping; datamodel 0, 1, 2, 3, 4, 5, 6;
overrides VM_Mapping; // imported above
end overview;
mapping from Host_ComputerSystem.host as host
traverse Host:HostedSoftware::SoftwareInstance as si_node
traverse Element:Maintainer:Pattern:Pattern as si_pattern
end traverse;
traverse ContainedHost:HostContainment:HostContainer:SoftwareInstance as vm_si
vse -> BMC_VirtualSystemEnabler;
traverse RunningSoftware:HostedSoftware:Host:Host as containing_host
containing_cs -> BMC_ComputerSystem;
end traverse;
end traverse;
end traverse;
end mapping;
body
cs := Host_ComputerSystem.computersystem;
for each si_node do
for each si_pattern do log.info("""%si_pattern.name%
   of %si_node.name%"""); end for;
for each vm_si do
vse := sync.BMC_VirtualSystemEnabler(key := vm_si.key, Name := vm_si.name or vm_si.type or "no name", TokenId := "ADDM:%vm_si.key%");
for each containing_host do
containing_cs := sync.external.BMC_ComputerSystem(key := containing_host.key);
sync.rel.BMC_HostedSystemComponents(Source := containing_cs, Destination := vse, Name := "HOSTEDSYSTEMCOMPONENTS");
end for; sync.rel.BMC_Dependency(Source := vse, Destination := cs, Name := "VIRTUALSYSTEMOS", Impacted := cs, ImpactWeight := 100); end for; end for;
if regex.extract(cs.Name, regex """^(?P<n>\w+)"x"$""", raw '\g<n>') = 'a' or cs.Name in ["a", 'b', ] then cs.Department := none; end if;
end body;
end syncmapping;

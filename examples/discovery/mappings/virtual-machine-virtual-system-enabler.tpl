tpl 1.15 module CMDB.VirtualMachine_VirtualSystemEnabler;

from CMDB.Host_ComputerSystem import Host_ComputerSystem 2.0;

syncmapping VirtualMachine_VirtualSystemEnabler 2.0
    """
    Virtual machines that a host runs, and the hosts inside of them.

    The host inside is a root of its own, whose mapping specifies it. Here it is only referred to: where discovery has not seen it
    yet, the relationship waits for it.
    """
    overview
        tags CMDB, Core_Mapping;
    end overview;

    mapping from Host_ComputerSystem.host as host
        traverse Host:HostedSoftware:RunningSoftware:VirtualMachine as vm_node
            vse -> BMC_VirtualSystemEnabler;
            traverse HostContainer:HostContainment:ContainedHost:Host as contained_host
                contained_cs -> BMC_ComputerSystem;
            end traverse;
        end traverse;
    end mapping;

    body
        computersystem := Host_ComputerSystem.computersystem;
        for each vm_node do
            vse := sync.BMC_VirtualSystemEnabler(
                key := vm_node.key,
                Name := vm_node.name,
                ShortDescription := vm_node.name,
                Description := vm_node.vm_type,
                TokenId := "ADDM:" + text.hash(vm_node.key),
                EnablerType := vm_node.vm_type,
                Model := vm_node.vm_type,
                Category := "Software",
                Type := "Operating System Software",
                Item := "Hypervisor"
            );
            sync.rel.BMC_HostedSystemComponents(
                Source := computersystem,
                Destination := vse,
                Name := "HOSTEDENABLER",
                Impacted := vse
            );

            for each contained_host do
                contained_cs := sync.external.BMC_ComputerSystem(key := contained_host.key);
                sync.rel.BMC_Dependency(
                    Source := vse,
                    Destination := contained_cs,
                    Name := "VIRTUALSYSTEMENABLER",
                    Impacted := contained_cs
                );
            end for;
        end for;
    end body;
end syncmapping;

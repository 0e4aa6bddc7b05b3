tpl 1.15 module CMDB.SoftwareInstance_SoftwareServer;

from CMDB.Host_ComputerSystem import Host_ComputerSystem 2.0;
from CMDB.SyncConfig import Config 1.2;

syncmapping SoftwareInstance_SoftwareServer 4.3
    """
    Software that runs on a host.

    What the host runs is impacted by the host. Software that has to do with several hosts is not hosted by one, see
    SoftwareInstance_ApplicationSystem.
    """
    overview
        tags CMDB, Core_Mapping;
    end overview;

    mapping from Host_ComputerSystem.host as host
        traverse Host:HostedSoftware:RunningSoftware:SoftwareInstance as si_node
            softwareserver -> BMC_SoftwareServer;
            traverse Element:Maintainer:Pattern:Pattern as si_pattern
            end traverse;
        end traverse;
    end mapping;

    body
        computersystem := Host_ComputerSystem.computersystem;
        for each si_node do
            publisher := si_node.publisher;
            for each si_pattern do
                publisher := publisher or si_pattern.publisher;
            end for;

            name := si_node.name or si_node.type;
            if Config.cs_in_ci_name then
                name := "%name% on %computersystem.Name%";
            end if;
            softwareserver := sync.BMC_SoftwareServer(
                key := si_node.key,
                Name := name,
                ShortDescription := si_node.short_name or si_node.type,
                Description := si_node.type,
                TokenId := "ADDM:" + text.hash(si_node.key),
                ManufacturerName := publisher or Config.default_publisher,
                Model := si_node.type,
                VersionNumber := si_node.version,
                MarketVersion := si_node.product_version,
                InstanceName := si_node.instance,
                ListeningPorts := text.join(si_node.listening_ports or [], ", ") or void,
                Category := "Software",
                Type := "Software Application/System",
                Item := "BMC Discovered"
            );
            sync.rel.BMC_Dependency(
                Source := computersystem,
                Destination := softwareserver,
                Name := "APPLICATIONSYSTEMCOMPUTER",
                Impacted := softwareserver,
                ImpactWeight := 100
            );
        end for;
    end body;
end syncmapping;
